"""Slack's end of Socket Mode: one connection, over which envelopes go out back to back and acknowledgements come in."""

import asyncio
import json
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web

from tests.bench.generator import Load, Named
from tests.process.running import PATIENCE

T = TypeVar("T")
LAST_WITHIN_S = 120
"""So long after a burst nobody waits for what is not acknowledged yet."""


class Line:
    """`url` is where the server under measure connects to. Made by `line`, whose loop it lives in."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._connected = asyncio.Event()
        self._ws: web.WebSocketResponse
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self.url = ""

    def wait(self) -> None:
        """Until somebody is there."""
        self._here(asyncio.wait_for(self._connected.wait(), PATIENCE))

    def burst(self, envelopes: Sequence[Named]) -> Load:
        """All at once; the seconds are those from the first envelope to the last acknowledgement."""
        return self._here(self._burst(envelopes))

    def _here(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE + LAST_WITHIN_S)

    async def _burst(self, envelopes: Sequence[Named]) -> Load:
        self._waiting = {name: self._loop.create_future() for name, _ in envelopes}
        begun = time.perf_counter()
        for _, envelope in envelopes:
            await self._ws.send_str(envelope.decode())
        done, missing = await asyncio.wait(self._waiting.values(), timeout=LAST_WITHIN_S)
        load = Load(seconds=time.perf_counter() - begun, failed=len(missing))
        load.acknowledged = [name for name, answer in self._waiting.items() if answer in done]
        return load

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        self._ws = web.WebSocketResponse()
        await self._ws.prepare(request)
        await self._ws.send_json({"type": "hello", "num_connections": 1})
        self._connected.set()
        async for message in self._ws:
            answer = self._waiting.get(json.loads(message.data)["envelope_id"])
            if answer is not None and not answer.done():
                answer.set_result(None)
        return self._ws

    async def open(self) -> None:
        app = web.Application()
        app.router.add_get("/link", self.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"ws://127.0.0.1:{self._runner.addresses[0][1]}/link"

    async def close(self) -> None:
        await self._runner.cleanup()


@contextmanager
def line() -> Iterator[Line]:
    """In a thread of its own, until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = Line(loop)
    asyncio.run_coroutine_threadsafe(made.open(), loop).result(PATIENCE)
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.close(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
