"""The front door of the Web API: tokens, arguments, scopes, limits and faults, in Slack's order."""

from collections import deque
from dataclasses import dataclass

from aiohttp import web

from rehearsal.backstage import Backstage
from rehearsal.settling import Settling
from rehearsal.web_api import METHODS
from rehearsal.web_api.faults import Fault, Faults
from rehearsal.web_api.method import Call, Method, SlackError
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import Json

_REMEMBERED_CALLS = 5_000


@dataclass(frozen=True)
class CallRecord:
    """A call as it was made and answered, for tests to look at."""

    method: str
    arguments: Json
    answer: Json


class WebApi:
    """`calls` are the last few thousand calls; `faults` are failures ordered by a test."""

    def __init__(
        self,
        stage: Backstage,
        settling: Settling,
        *,
        unavailable: frozenset[str],
        limits: RateLimits | None,
    ) -> None:
        self._stage = stage
        self._settling = settling
        self._unavailable = unavailable
        self._limits = limits
        self.faults = Faults()
        self.calls: deque[CallRecord] = deque(maxlen=_REMEMBERED_CALLS)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        with self._settling.call(name):
            arguments, from_json = await _arguments(request)
            fault = self.faults.take(name)
            if fault and fault.kind != "hang_up_after":
                return self._failed(request, name, arguments, fault)
            response = self._respond(name, arguments, _token(request, arguments), from_json=from_json)
            if fault:
                return _hang_up(request)
            return response

    def _respond(self, name: str, arguments: Json, token: str, *, from_json: bool) -> web.Response:
        headers = {"x-oauth-scopes": ",".join(sorted(self._stage.manifest.scopes or ()))}
        try:
            method = self._method(name, token)
            wait = self._limits.seconds_to_wait(method, arguments) if self._limits else 0
            if wait:
                headers["Retry-After"] = str(wait)
                return self._finish(name, arguments, {"ok": False, "error": "ratelimited"}, headers, 429)
            answer: Json = {"ok": True}
            answer |= self._call(method, arguments, from_json=from_json)
        except SlackError as error:
            answer = {"ok": False, "error": error.code, **error.fields}
        return self._finish(name, arguments, answer, headers)

    def _finish(
        self, name: str, arguments: Json, answer: Json, headers: dict[str, str], status: int = 200
    ) -> web.Response:
        self.calls.append(CallRecord(name, {**arguments, "token": "…"}, answer))
        return web.json_response(answer, headers=headers, status=status)

    def _method(self, name: str, token: str) -> Method:
        method = METHODS.get(name)
        if method is None or name in self._unavailable:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token not in (self._stage.bot_token, self._stage.app_token):
            raise SlackError("invalid_auth")
        if method.app_token != (token == self._stage.app_token):
            raise SlackError("not_allowed_token_type")
        return method

    def _call(self, method: Method, arguments: Json, *, from_json: bool) -> Json:
        # Slack reads a JSON body only in methods that write; in the others it finds no arguments there.
        given = {} if from_json and not method.json else arguments
        call = Call(self._stage, given)
        if method.scope:
            call.need(method.scope)
        missing = [name for name in method.required if given.get(name) in (None, "")]
        unknown = sorted(set(given) - method.known)
        if missing or unknown:
            raise _wrong_arguments(missing, unknown)
        return method.handler(call)

    def _failed(self, request: web.Request, name: str, arguments: Json, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang_up_before":
            return _hang_up(request)
        retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        error = "ratelimited" if fault.kind == "status" and fault.status == 429 else fault.error
        status = fault.status if fault.kind == "status" else 200
        return self._finish(name, arguments, {"ok": False, "error": error}, retry, status)


def _wrong_arguments(missing: list[str], unknown: list[str]) -> SlackError:
    messages = [f"[ERROR] missing required field: {name}" for name in missing]
    messages += [f"[ERROR] no such argument: {name}" for name in unknown]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


async def _arguments(request: web.Request) -> tuple[Json, bool]:
    """The arguments of the query and the body, and whether the body was JSON."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        return (arguments | body, True) if isinstance(body, dict) else (arguments, True)
    form = await request.post()
    return arguments | {name: value for name, value in form.items() if isinstance(value, str)}, False


def _token(request: web.Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token
    return str(arguments.get("token", ""))


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)
