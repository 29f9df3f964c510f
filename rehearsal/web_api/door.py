"""The front door of the Web API: tokens, arguments, scopes, limits and faults, in Slack's order."""

import asyncio
import base64
from collections import deque
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial

from aiohttp import web

from rehearsal.backstage import Backstage, Backstages
from rehearsal.faults.answers import Answers, Fault, Trouble, cut
from rehearsal.faults.occurrences import channel_names, workspace_names
from rehearsal.faults.rule import Rule
from rehearsal.settling import Settling
from rehearsal.web_api import METHODS
from rehearsal.web_api.method import Call, Method, SlackError
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import SECOND, Json

_REMEMBERED_CALLS = 5_000
_YES = (True, "true", "1", 1)
_SECRETS = {"client_secret", "code"}


@dataclass(frozen=True)
class CallRecord:
    """A call as it was made and answered, for tests to look at; `team` is the workspace of its token."""

    method: str
    arguments: Json
    answer: Json
    team: str = ""


class WebApi:
    """`calls` are the last few thousand calls; `faults` are failures ordered by a test."""

    def __init__(
        self,
        stages: Backstages,
        settling: Settling,
        *,
        unavailable: frozenset[str],
        limits: RateLimits | None,
    ) -> None:
        self._stages = stages
        self._app = stages.first.app
        self._settling = settling
        self._unavailable = unavailable
        self._limits = limits
        self.faults = Answers(self._app.clock, self._app.faults)
        self.calls: deque[CallRecord] = deque(maxlen=_REMEMBERED_CALLS)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        with self._settling.call(name):
            arguments, from_json = await _arguments(request)
            asked = _Asked(name, arguments, from_json, *self._caller(request, arguments))
            workspace = asked.stage.workspace
            names = channel_names(workspace, arguments.get("channel"))
            trouble = self.faults.trouble(name, names, workspace_names(workspace))
            for held in trouble.before:
                await held.keep_waiting()
            response = self._answer(asked, trouble)
            for held in trouble.after:
                await held.keep_waiting()
            for rule in trouble.slow:
                await self._keep_waiting(rule)
            return response or _hang_up(request)

    def _caller(self, request: web.Request, arguments: Json) -> tuple[str, Backstage]:
        """The token, and the workspace that it is for; what belongs to none is put down to the first."""
        token = _token(request, arguments)
        return token, self._stages.of_token(token) or self._stages.first

    def _answer(self, asked: "_Asked", trouble: Trouble) -> web.Response | None:
        """Do what is asked, unless it fails before; `None` where the connection drops instead of an answer."""
        fault = trouble.fault
        if fault and fault.kind == "hang_up_before":
            return None
        take = partial(self._respond, asked, trouble.cuts)
        if fault and fault.kind == "taken_late":
            self._app.agenda.after(fault.seconds, take)
            return None
        if fault and fault.kind != "hang_up_after":
            return self._failed(asked, fault)
        response = take()
        return None if fault else response

    async def _keep_waiting(self, rule: Rule) -> None:
        if rule.real:
            await asyncio.sleep(rule.seconds or 0)
        else:
            await self._settling.pass_time(rule.seconds or 0)

    def _respond(self, asked: "_Asked", cuts: list[Rule]) -> web.Response:
        headers = {"x-oauth-scopes": ",".join(asked.stage.manifest.provided)}
        try:
            method = self._method(asked)
            wait = self._seconds_to_wait(asked, method)
            if wait:
                headers["Retry-After"] = str(wait)
                return self._finish(asked, {"ok": False, "error": "ratelimited"}, headers, 429)
            answer: Json = {"ok": True}
            answer |= _call(asked, method)
            cut(answer, cuts, full=asked.arguments.get("full") in _YES)
        except SlackError as error:
            answer = {"ok": False, "error": error.code, **error.fields}
        return self._finish(asked, answer, headers)

    def _seconds_to_wait(self, asked: "_Asked", method: Method) -> int:
        team = asked.stage.workspace.team.id if method.caller == "bot" else ""
        return self._limits.seconds_to_wait(team, method, asked.arguments) if self._limits else 0

    def _finish(self, asked: "_Asked", answer: Json, headers: dict[str, str], status: int = 200) -> web.Response:
        secrets = dict.fromkeys(asked.arguments.keys() & _SECRETS, "…") | {"token": "…"}
        team = self._stages.of_token(asked.token)
        record = CallRecord(asked.name, asked.arguments | secrets, answer, team.workspace.team.id if team else "")
        self.calls.append(record)
        date = formatdate(self._app.clock.now_us // SECOND, usegmt=True)
        return web.json_response(answer, headers={"Date": date, **headers}, status=status)

    def _method(self, asked: "_Asked") -> Method:
        method, token = METHODS.get(asked.name), asked.token
        if method is None or asked.name in self._unavailable:
            raise SlackError("unknown_method", req_method=asked.name)
        if method.caller == "client":
            return method
        if not token:
            raise SlackError("not_authed")
        if token != self._app.app_token and self._stages.of_token(token) is None:
            raise SlackError("invalid_auth")
        if token in asked.stage.refused:
            raise SlackError(asked.stage.refused[token])
        if (method.caller == "app") != (token == self._app.app_token):
            raise SlackError("not_allowed_token_type")
        return method

    def _failed(self, asked: "_Asked", fault: Fault) -> web.Response:
        retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        error = "ratelimited" if fault.kind == "status" and fault.status == 429 else fault.error
        status = fault.status if fault.kind == "status" else 200
        return self._finish(asked, {"ok": False, "error": error}, retry, status)


@dataclass(frozen=True)
class _Asked:
    """A call as it came in, and for which workspace."""

    name: str
    arguments: Json
    from_json: bool
    token: str
    stage: Backstage


def _call(asked: _Asked, method: Method) -> Json:
    # Slack reads a JSON body only in methods that write; in the others it finds no arguments there.
    given = {} if asked.from_json and not method.json else asked.arguments
    call = Call(asked.stage, given)
    if method.scope:
        call.need(method.scope)
    missing = [name for name in method.required if given.get(name) in (None, "")]
    unknown = sorted(set(given) - method.known)
    if missing or unknown:
        raise _wrong_arguments(missing, unknown)
    return method.handler(call)


def _wrong_arguments(missing: list[str], unknown: list[str]) -> SlackError:
    messages = [f"[ERROR] missing required field: {name}" for name in missing]
    messages += [f"[ERROR] no such argument: {name}" for name in unknown]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


async def _arguments(request: web.Request) -> tuple[Json, bool]:
    """The arguments of the query and the body, and of a client's `Authorization`; and whether the body was JSON."""
    arguments: Json = _client(request) | dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            body = None
        return (arguments | body, True) if isinstance(body, dict) else (arguments, True)
    form = await request.post()
    return arguments | {name: value for name, value in form.items() if isinstance(value, str)}, False


def _client(request: web.Request) -> Json:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _token(request: web.Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token
    return str(arguments.get("token", ""))


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)
