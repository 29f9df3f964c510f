"""Play time: a clock that stands still, runs at any rate, or is set."""

import asyncio
import time
from collections.abc import Callable

from rehearsal.wire import SECOND, ts_of


class PlayClock:
    """Microseconds since the epoch; `rate` is play seconds per real second, 0 when stopped."""

    def __init__(self, start_us: int, rate: float = 0.0) -> None:
        self._base_us = start_us
        self._base_real = time.monotonic()
        self.rate = rate
        self.stamps = Timestamps(self)
        self.observers: list[Callable[[], None]] = []
        self._was_set = asyncio.Event()

    @property
    def now_us(self) -> int:
        if not self.rate:
            return self._base_us
        return self._base_us + int((time.monotonic() - self._base_real) * self.rate * SECOND)

    @property
    def now_s(self) -> int:
        return self.now_us // SECOND

    def set(self, *, now_us: int | None = None, rate: float | None = None) -> None:
        """Set the time, the rate or both. Time never goes back: a moment that has passed leaves it as it is."""
        present = self.now_us
        if rate is not None and rate < 0:
            raise ValueError("play time cannot run backwards")
        self._base_us = present if now_us is None else max(now_us, present)
        self._base_real = time.monotonic()
        self.rate = self.rate if rate is None else rate
        self._was_set.set()
        self._was_set = asyncio.Event()
        for observer in self.observers:
            observer()

    async def until(self, us: int) -> None:
        """Wait for a moment, at whatever rate time passes meanwhile."""
        while self.now_us < us:
            rest = (us - self.now_us) / SECOND / self.rate if self.rate else None
            try:
                await asyncio.wait_for(self._was_set.wait(), rest)
            except TimeoutError:
                continue

    @property
    def last_ts(self) -> str:
        """The newest timestamp given so far."""
        return self.stamps.last

    def new_ts(self) -> str:
        """A timestamp of now that no message or event has had yet."""
        return self.stamps.new()


class Timestamps:
    """Of now, and each new: of messages and events, by which Slack tells them apart within a workspace."""

    def __init__(self, clock: PlayClock) -> None:
        self._clock = clock
        self._last_us = 0

    @property
    def last(self) -> str:
        return ts_of(self._last_us)

    def new(self) -> str:
        self._last_us = max(self._clock.now_us, self._last_us + 1)
        return ts_of(self._last_us)
