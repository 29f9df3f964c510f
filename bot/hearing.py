"""Hearing: while Slack reaches us, that is noted now and then, for after a crash nothing else tells since when not."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock, wait
from storage import outages
from storage.writer import Writer

NOTE_EVERY = timedelta(seconds=20)


class Hearing:
    """`note` in every beat of a scheduler; a process that has none lets it `run` by itself."""

    def __init__(self, writer: Writer, clock: Clock, hears: Callable[[], bool]) -> None:
        self._writer, self._clock, self._hears = writer, clock, hears
        self._noted_at: datetime | None = None

    async def note(self, now: datetime) -> None:
        due = self._noted_at is None or now - self._noted_at >= NOTE_EVERY
        if due and self._hears():
            self._noted_at = now
            await self._writer.run(outages.heard, now)

    async def run(self) -> None:
        """Go on until cancelled. Where it cannot be noted, the writer has said so, and the next time will do."""
        while True:
            try:
                await self.note(self._clock.now())
            except Exception:
                self._noted_at = None
            await wait(asyncio.Event(), self._clock, self._clock.now() + NOTE_EVERY)
