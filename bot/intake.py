"""Intake: how Slack's deliveries reach the listeners, over Socket Mode or signed HTTP."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hmac import compare_digest
from time import monotonic
from typing import Any, Protocol
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

PATH = "/slack/events"
READY = "/readyz"
LARGEST_BODY = 1_000_000
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

_WHOLE_SECONDS = re.compile(r"[0-9]{1,12}")
log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """Slack does not accept a token: the name of its variable, and Slack's word for why."""

    def __init__(self, variable: str, error: str) -> None:
        super().__init__(f"{variable}: {error}")
        self.variable, self.error = variable, error


class CannotListen(Exception):
    """The address of our own is not to be had; the message says which and why."""


Hearing = Callable[[], Awaitable[None]]
"""Called when Slack reaches us, for the first time and after every break."""


class Intake(Protocol):
    @property
    def hears(self) -> bool:
        """Whether Slack reaches us, as far as we know."""

    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Take nothing new; what is being answered is finished."""


class SocketIntake:
    """Socket Mode: we call Slack, and it tells us over a WebSocket."""

    def __init__(self, app: AsyncApp, app_token: str, on_hearing: Hearing) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token)
        self._on_hearing = on_hearing
        self._greeted: object = None
        self._handler.client.message_listeners.append(self._message)

    @property
    def hears(self) -> bool:
        """Asked of the connection itself: the SDK tells of its end only when it has made another one."""
        connection = self._handler.client.current_session
        return connection is not None and connection is self._greeted and not connection.closed

    async def start(self) -> None:
        """Return when connected; raises TokenRefused. A Slack that is out of reach is asked again."""
        # Asked here, because the SDK would ask for ever with a token that is refused.
        self._handler.client.wss_uri = await self._address()
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's adapter has no types
        log.info("connected over Socket Mode")

    async def stop(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _message(self, _client: object, message: dict[str, Any], _raw: str | None = None) -> None:
        """Slack greets each new connection: from here on it reaches us."""
        if message.get("type") == "hello":
            self._greeted = self._handler.client.current_session
            await self._on_hearing()

    async def _address(self) -> str:
        delay = 1
        while True:
            try:
                answer = await self._handler.client.web_client.apps_connections_open(app_token=self._handler.app_token)
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
    """Slack calls us. What is not signed is refused before anything in it is read."""

    def __init__(self, app: AsyncApp, signing_secret: str, host: str, port: int, on_hearing: Hearing) -> None:
        self._on_hearing = on_hearing
        self.hears = False
        self._app, self._verifier = app, SignatureVerifier(signing_secret)
        self._ahead: timedelta | None = None
        self._taken_at: float | None = None
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        server = web.Application(client_max_size=LARGEST_BODY)
        server.router.add_post(PATH, self._answer)
        server.router.add_get(READY, self._ready)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as failure:
            raise CannotListen(f"cannot listen on {self._host}:{self._port} ({failure.strerror})") from None
        self.hears = True
        await self._on_hearing()
        log.info("listening on http://%s:%d%s", self._host, self._port, PATH)

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()  # answers 413 by itself
        try:
            text = body.decode()
        except ValueError:
            return _refused(400, "the body is not UTF-8")
        if not self._is_signed(request, text):
            return _refused(401, "the signature is missing, wrong or old")
        if not _is_readable(text, request.content_type):
            return _refused(400, "the body cannot be read")
        asked = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _is_signed(self, request: web.Request, body: str) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not _WHOLE_SECONDS.fullmatch(stamp) or not signature.isascii():
            return False
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

    async def _ready(self, _request: web.Request) -> web.Response:
        """Whether what Slack sends is taken: as long as our clock is wrong, no signature can be verified."""
        if self._ahead is None:
            return web.json_response({"ready": True})
        return web.json_response({"ready": False, "why": self._off()}, status=503)

    def _off(self) -> str:
        ahead = self._ahead or timedelta()
        way = "ahead of" if ahead > timedelta() else "behind"
        seconds = round(abs(ahead.total_seconds()))
        return f"our clock is {timedelta(seconds=seconds)} {way} Slack's: set the time of this machine right"


def _is_readable(text: str, content_type: str) -> bool:
    """Whether it is an object of JSON, or a form whose `payload`, if it has one, is such an object."""
    try:
        payload = text if content_type == "application/json" else parse_qs(text).get("payload", ["{}"])[0]
        return isinstance(json.loads(payload), dict)
    except ValueError:
        return False


def _refused(status: int, why: str) -> web.Response:
    log.warning("a request was refused (%d): %s", status, why)
    return web.json_response({"error": why}, status=status)
