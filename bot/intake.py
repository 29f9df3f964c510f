"""Intake: how Slack's deliveries reach the listeners, over Socket Mode or signed HTTP."""

import logging
import re
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

PATH = "/slack/events"
LARGEST_BODY = 1_000_000
_WHOLE_SECONDS = re.compile(r"[0-9]{1,12}")
log = logging.getLogger(__name__)


class Intake(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None:
        """Take nothing new; what is being answered is finished."""


class SocketIntake:
    """Socket Mode: we call Slack, and it tells us over a WebSocket."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(app, app_token)

    async def start(self) -> None:
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's adapter has no types
        log.info("connected over Socket Mode")

    async def stop(self) -> None:
        await self._handler.close_async()  # type: ignore[no-untyped-call]


class HttpIntake:
    """Slack calls us, with its signature, which Bolt checks before anything is parsed."""

    def __init__(self, app: AsyncApp, host: str, port: int) -> None:
        self._web = app.web_app(PATH, port)
        self._web._client_max_size = LARGEST_BODY  # Bolt makes the application and leaves no other way to say it
        self._web.middlewares.append(_refuse_odd_timestamps)
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        self._runner = web.AppRunner(self._web, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        log.info("listening on http://%s:%d%s", self._host, self._port, PATH)

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


@web.middleware
async def _refuse_odd_timestamps(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The SDK's verifier fails with a traceback, and an answer of 500, on a timestamp that is no number."""
    given = request.headers.get("X-Slack-Request-Timestamp")
    if given is not None and not _WHOLE_SECONDS.fullmatch(given):
        return web.json_response({"error": "the timestamp is no number"}, status=401)
    return await handler(request)
