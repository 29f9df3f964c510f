"""The front door of the Web API: tokens, arguments, scopes, limits and faults, in Slack's order."""

import asyncio
from collections import deque
from dataclasses import dataclass
from email.utils import formatdate

from aiohttp import web

from rehearsal.backstage import Backstage
from rehearsal.faults.answers import Answers, Fault, Trouble, cut
from rehearsal.faults.occurrences import channel_names
from rehearsal.faults.rule import Rule
from rehearsal.settling import Settling
from rehearsal.web_api import METHODS
from rehearsal.web_api.method import Call, Method, SlackError
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import SECOND, Json

_REMEMBERED_CALLS = 5_000
_YES = (True, "true", "1", 1)


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
        self.faults = Answers(stage.workspace.clock, stage.faults)
        self.calls: deque[CallRecord] = deque(maxlen=_REMEMBERED_CALLS)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        with self._settling.call(name):
            arguments, from_json = await _arguments(request)
            names = channel_names(self._stage.workspace, arguments.get("channel"))
            trouble = self.faults.trouble(name, names)
            response = self._answer(request, name, arguments, trouble, from_json=from_json)
            for rule in trouble.slow:
                await self._keep_waiting(rule)
            return response or _hang_up(request)

    def _answer(
        self, request: web.Request, name: str, arguments: Json, trouble: Trouble, *, from_json: bool
    ) -> web.Response | None:
        """Do what is asked, unless it fails before; `None` where the connection drops instead of an answer."""
        fault = trouble.fault
        if fault and fault.kind == "hang_up_before":
            return None
        if fault and fault.kind != "hang_up_after":
            return self._failed(name, arguments, fault)
        response = self._respond(name, arguments, _token(request, arguments), trouble.cuts, from_json=from_json)
        return None if fault else response

    async def _keep_waiting(self, rule: Rule) -> None:
        if rule.real:
            await asyncio.sleep(rule.seconds or 0)
        else:
            await self._settling.pass_time(rule.seconds or 0)

    def _respond(self, name: str, arguments: Json, token: str, cuts: list[Rule], *, from_json: bool) -> web.Response:
        headers = {"x-oauth-scopes": ",".join(self._stage.manifest.provided)}
        try:
            method = self._method(name, token)
            wait = self._limits.seconds_to_wait(method, arguments) if self._limits else 0
            if wait:
                headers["Retry-After"] = str(wait)
                return self._finish(name, arguments, {"ok": False, "error": "ratelimited"}, headers, 429)
            answer: Json = {"ok": True}
            answer |= self._call(method, arguments, from_json=from_json)
            cut(answer, cuts, full=arguments.get("full") in _YES)
        except SlackError as error:
            answer = {"ok": False, "error": error.code, **error.fields}
        return self._finish(name, arguments, answer, headers)

    def _finish(
        self, name: str, arguments: Json, answer: Json, headers: dict[str, str], status: int = 200
    ) -> web.Response:
        self.calls.append(CallRecord(name, {**arguments, "token": "…"}, answer))
        date = formatdate(self._stage.workspace.clock.now_us // SECOND, usegmt=True)
        return web.json_response(answer, headers={"Date": date, **headers}, status=status)

    def _method(self, name: str, token: str) -> Method:
        method = METHODS.get(name)
        if method is None or name in self._unavailable:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token not in (self._stage.bot_token, self._stage.app_token):
            raise SlackError("invalid_auth")
        if self._stage.revoked and token == self._stage.bot_token:
            raise SlackError("token_revoked")
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

    def _failed(self, name: str, arguments: Json, fault: Fault) -> web.Response:
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
