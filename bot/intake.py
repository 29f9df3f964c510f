"""Intake: how Slack's deliveries reach the listeners, over Socket Mode or signed HTTP."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from hmac import compare_digest
from time import monotonic
from typing import Protocol
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.deliveries import DeliveryApp, is_of_slacks_form
from bot.listening import listen
from bot.manifest import EVENTS_PATH
from bot.socket_link import PING_EVERY, SocketLink

PATH = EVENTS_PATH
JSON = "application/json"
LARGEST_BODY = 1_000_000
BODY_WITHIN = 5
"""So many seconds after its headers a body must be there: Slack itself waits for three."""
SIGNED_WITHIN = 300
"""A request of Slack's is taken so many seconds before and after it was signed."""
LONGEST_DELAY = 60
REFUSALS = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "not_allowed_token_type",
    }
)
"""Slack's words for a token that will not do, however often it is tried."""

UNSIGNED = "the signature is missing, wrong or old"
_WHOLE_SECONDS = re.compile(r"[0-9]{1,12}")
log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """Slack does not accept a token: the name of its variable, and Slack's word for why."""

    def __init__(self, variable: str, error: str) -> None:
        super().__init__(f"{variable}: {error}")
        self.variable, self.error = variable, error


class _Refused(Exception):
    """A request is not taken: its status, and why in a sentence without anything of the request."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


Hearing = Callable[[], Awaitable[None]]
"""Called when Slack reaches us, for the first time and after every break."""


class Intake(Protocol):
    @property
    def hears(self) -> bool:
        """Whether Slack reaches us, as far as we know."""

    @property
    def trouble(self) -> str | None:
        """Why Slack does not reach us, in a sentence."""

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Take nothing new; what is being answered is finished."""


class SocketIntake:
    """Socket Mode: we call Slack, and it tells us over a WebSocket. `ping_every` is in seconds."""

    def __init__(self, app: AsyncApp, app_token: str, on_hearing: Hearing, *, ping_every: float = PING_EVERY) -> None:
        self._client, self._token = app.client, app_token
        self._link = SocketLink(app, app_token, address=self._address, on_hello=on_hearing, ping_every=ping_every)

    @property
    def hears(self) -> bool:
        return self._link.hears

    @property
    def trouble(self) -> str | None:
        return None if self.hears else "Slack does not reach us: there is no connection over Socket Mode"

    async def start(self) -> None:
        """Return when connected; raises TokenRefused. A Slack that is out of reach is asked again."""
        await self._link.open()

    async def stop(self) -> None:
        await self._link.close()

    async def _address(self) -> str:
        """Asked here, because the SDK would ask for ever with a token that is refused."""
        delay = 1
        while True:
            try:
                answer = await self._client.apps_connections_open(app_token=self._token)
                return str(answer["url"])
            except SlackApiError as failure:
                error = str(failure.response.get("error"))
                if error in REFUSALS or error in ("missing_scope", "forbidden_team"):
                    raise TokenRefused("SLACK_APP_TOKEN", error) from None
                log.warning("Slack opens no Socket Mode connection yet (%s)", error)
            except Exception as failure:
                log.warning("Slack is out of reach (%s)", type(failure).__name__)
            await asyncio.sleep(delay)
            delay = min(LONGEST_DELAY, delay * 2)


class HttpIntake:
    """Slack calls us. What is not signed is refused before anything in it is read.

    `pages` are served beside it.
    """

    def __init__(
        self,
        app: DeliveryApp,
        signing_secret: str,
        host: str,
        port: int,
        on_hearing: Hearing,
        pages: Sequence[web.RouteDef] = (),
    ) -> None:
        self._on_hearing = on_hearing
        self.hears = False
        self._app, self._verifier = app, SignatureVerifier(signing_secret)
        self._ahead: timedelta | None = None
        self._taken_at: float | None = None
        self._host, self._port, self._pages = host, port, pages
        self._runner: web.AppRunner | None = None

    @property
    def trouble(self) -> str | None:
        """As long as our clock is wrong, no signature can be verified."""
        return None if self._ahead is None else self._off()

    async def start(self) -> None:
        """Raises CannotListen."""
        server = web.Application(client_max_size=LARGEST_BODY)
        server.router.add_post(PATH, self._answer)
        server.router.add_routes(self._pages)
        self._runner = await listen(server, self._host, self._port)
        self.hears = True
        await self._on_hearing()
        log.info("listening on http://%s:%d%s", self._host, self._port, PATH)

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            text = await self._signed_text(request)
            if (status := await self._in_short(request, text)) is not None:
                return web.Response(status=status)
            asked = _understood(request, text)
        except _Refused as refused:
            return self._refuse(refused)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    async def _in_short(self, request: web.Request, text: str) -> int | None:
        """Only what looks like a reaction is read for that: everything else would be read twice.

        What this reader refuses, such as half a surrogate, is left to Bolt's own.
        """
        body = None
        if '"reaction_' in text and request.content_type == JSON:
            with suppress(ValueError):
                body = orjson.loads(text)
        if body is None or not is_of_slacks_form(body):
            return None
        return await self._app.in_short(body, request.headers.get("X-Slack-Retry-Num"))

    async def _signed_text(self, request: web.Request) -> str:
        """The body, as Slack signed it; raises _Refused, where it can before the body is there."""
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if "Content-Encoding" in request.headers:
            raise _Refused(415, "the body is compressed")
        if (request.content_length or 0) > LARGEST_BODY:
            raise _Refused(413, "the body is too large")
        if not _WHOLE_SECONDS.fullmatch(stamp) or not signature or not signature.isascii():
            raise _Refused(401, UNSIGNED)
        try:
            text = (await _body(request)).decode()
        except ValueError:
            raise _Refused(400, "the body is not UTF-8") from None
        if not self._is_signed(text, stamp, signature):
            raise _Refused(401, UNSIGNED)
        return text

    def _is_signed(self, body: str, stamp: str, signature: str) -> bool:
        if self._verifier.is_valid(body, stamp, signature):
            self._ahead, self._taken_at = None, monotonic()
            return True
        if compare_digest(self._verifier.generate_signature(timestamp=stamp, body=body) or "", signature):
            self._not_of_our_time(int(stamp))
        return False

    def _not_of_our_time(self, stamp: int) -> None:
        """Signed by Slack, and old: somebody plays a request again, or, where no other is taken, our clock is wrong."""
        if self._taken_at is None or monotonic() - self._taken_at > SIGNED_WITHIN:
            self._ahead = timedelta(seconds=self._verifier.clock.now() - stamp)
            log.warning("%s", self._off())

    def _off(self) -> str:
        ahead = self._ahead or timedelta()
        way = "ahead of" if ahead > timedelta() else "behind"
        seconds = round(abs(ahead.total_seconds()))
        return f"our clock is {timedelta(seconds=seconds)} {way} Slack's: set the time of this machine right"

    def _refuse(self, refused: _Refused) -> web.Response:
        log.warning("request refused: %s", refused.why, extra={"status": refused.status})
        self._app.on_answered("refused", refused.status)
        response = web.json_response({"error": refused.why}, status=refused.status)
        if refused.status == 408:
            response.force_close()
        return response


async def _body(request: web.Request) -> bytes:
    try:
        if request.content.is_eof():  # it has come with its headers, as most do
            return await request.read()
        async with asyncio.timeout(BODY_WITHIN):
            return await request.read()
    except TimeoutError:
        raise _Refused(408, "the body did not come") from None
    except web.HTTPRequestEntityTooLarge:
        raise _Refused(413, "the body is too large") from None
    except RequestPayloadError:
        raise _Refused(400, "the body broke off") from None


def _understood(request: web.Request, text: str) -> AsyncBoltRequest:
    """What Slack means, which is a request of Bolt's; raises _Refused."""
    if request.content_type != JSON:
        # Bolt would take a command for a click wherever somebody typed the word payload.
        fields = dict(parse_qsl(text, keep_blank_values=True))
        text = fields.get("payload") or json.dumps(fields)
    headers: dict[str, str | Sequence[str]] = {name.lower(): value for name, value in request.headers.items()}
    headers["content-type"] = JSON
    # Bolt looks into it at once, and trips over what is not of Slack's form.
    with suppress(AttributeError, KeyError, TypeError, ValueError, RecursionError):
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=headers)
        if is_of_slacks_form(asked.body):
            return asked
    raise _Refused(400, "the body cannot be read")
