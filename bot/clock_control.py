"""The rehearsal's hand on the clock: it sets the time, and is told when the bot has done all that was due by then."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp

from bot.clock import PlayClock, SlackClock
from minutes.moment import to_micros


class ClockControl:
    """Follows the clock at an address on this machine; production has no such address (see the settings)."""

    def __init__(
        self, url: str, clock: PlayClock, ours: SlackClock, settle: Callable[[], Awaitable[datetime | None]]
    ) -> None:
        self._url, self._clock, self._ours, self._settle = url, clock, ours, settle
        self._session: aiohttp.ClientSession | None = None
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when the clock has been set for the first time."""
        self._session = aiohttp.ClientSession()
        socket = await self._session.ws_connect(self._url)
        first = await socket.receive_json(timeout=10)
        self._clock.set(first["now_us"], first["rate"])
        self._following = asyncio.create_task(self._follow(socket, first["id"]))

    async def stop(self) -> None:
        if self._following is not None:
            self._following.cancel()
        if self._session is not None:
            await self._session.close()

    async def _follow(self, socket: aiohttp.ClientWebSocketResponse, first: int) -> None:
        await self._answer(socket, first)
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                wish = json.loads(frame.data)
                self._clock.set(wish["now_us"], wish["rate"])
                await self._answer(socket, wish["id"])

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, number: int) -> None:
        next_due = await self._settle()
        answer = {
            "id": number,
            "idle": True,
            "next_due_us": None if next_due is None else to_micros(next_due - self._ours.offset),
        }
        await socket.send_json(answer)
