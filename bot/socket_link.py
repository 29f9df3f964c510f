"""Socket Mode's connections: one of the SDK's clients after another, and somebody who sees that there is a living one.

Left alone, the SDK tries one address for ever, although each is good for one connection and for a short time only.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

PING_EVERY = 5.0
SILENT_PINGS = 3
"""After so many pings without an answer a connection is dead."""
PATIENT_PINGS = 2
"""For so many the SDK is left to find a new connection by itself."""
CONNECT_WITHIN = 5.0
CLOSE_WITHIN = 2.0
LONGEST_DELAY = 60.0
log = logging.getLogger(__name__)
SDK_LOG = logging.getLogger("slack_bolt.socket_mode")
# It would tell of each failure to connect, and of the address, which is a secret. We tell of it ourselves.
SDK_LOG.addFilter(lambda record: not record.getMessage().startswith("Failed to connect"))


class SocketLink:
    """`address` is asked for each new connection, and `on_hello` called when Slack greets it.

    `ping_every` is in seconds of real time, as all times here.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        address: Callable[[], Awaitable[str]],
        on_hello: Callable[[], Awaitable[None]],
        ping_every: float,
    ) -> None:
        self._app, self._token, self._ping_every = app, app_token, ping_every
        self._address, self._on_hello = address, on_hello
        self._handler: AsyncSocketModeHandler | None = None
        self._greeted: object = None
        self._pong: float | None = None
        self._heard_at = 0.0
        self._watching: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def hears(self) -> bool:
        """Asked of the connection itself: the SDK tells of its end only when it has made another one."""
        if self._handler is None:
            return False
        connection = self._handler.client.current_session
        if connection is None or connection is not self._greeted or connection.closed:
            return False
        return monotonic() - self._last_sign(self._handler) < SILENT_PINGS * self._ping_every

    async def open(self) -> None:
        """Return when connected, however long that takes, and stay so; raises what `address` raises."""
        await self._connect()
        self._watching = asyncio.create_task(self._watch(), name="socket watchdog")

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        self._leave()
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=CLOSE_WITHIN)

    async def _watch(self) -> None:
        """Connect anew where Slack has not reached us for longer than the SDK needs to see to it."""
        heard_at = monotonic()
        while True:
            await asyncio.sleep(self._ping_every / 4)
            if not self.hears and monotonic() - heard_at > PATIENT_PINGS * self._ping_every:
                log.warning("Slack does not reach us over Socket Mode: connecting anew")
                await self._connect_in_the_end()
                heard_at = monotonic()
            elif self.hears:
                heard_at = monotonic()

    async def _connect_in_the_end(self) -> None:
        """Whatever is wrong may be put right while we run: it is named once a minute."""
        while True:
            try:
                return await self._connect()
            except Exception as refused:
                log.error("Slack opens no Socket Mode connection (%s)", refused)
                await asyncio.sleep(LONGEST_DELAY)

    async def _connect(self) -> None:
        delay = 1.0
        while True:
            self._leave()
            url = await self._address()
            try:
                return await self._connect_to(url)
            except Exception as failure:
                log.warning("Slack takes no Socket Mode connection yet (%s)", type(failure).__name__)
            await asyncio.sleep(delay)
            delay = min(LONGEST_DELAY, delay * 2)

    async def _connect_to(self, url: str) -> None:
        self._handler = AsyncSocketModeHandler(self._app, self._token, SDK_LOG, ping_interval=self._ping_every)
        client = self._handler.client
        client.message_listeners.append(self._message)
        client.on_message_listeners.append(self._sign)
        client.wss_uri = url
        # The SDK itself would try this one address for ever.
        async with asyncio.timeout(CONNECT_WITHIN):
            await self._handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's adapter has no types
        log.info("connected over Socket Mode")

    def _leave(self) -> None:
        """Give up a client. It waits for Slack's goodbye, which nobody else has to."""
        handler, self._handler = self._handler, None
        if handler is not None:
            closing = asyncio.create_task(handler.close_async())  # type: ignore[no-untyped-call]
            self._leaving.add(closing)
            closing.add_done_callback(self._leaving.discard)

    async def _message(self, client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        """Slack greets each new connection: from here on it reaches us."""
        if message.get("type") == "hello" and self._handler is not None and client is self._handler.client:
            self._greeted = client.current_session
            await self._on_hello()

    async def _sign(self, _message: object) -> None:
        self._heard_at = monotonic()

    def _last_sign(self, handler: AsyncSocketModeHandler) -> float:
        """When anything came last. The SDK dates pongs by the wall clock, which may be set: a new one came just now."""
        if handler.client.last_ping_pong_time != self._pong:
            self._pong, self._heard_at = handler.client.last_ping_pong_time, monotonic()
        return self._heard_at
