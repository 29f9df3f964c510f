"""What the stage itself has to do at moments of play time: deliver what was delayed, answer what was slow."""

import asyncio
import heapq
import itertools
from collections.abc import Callable

from rehearsal.clock import PlayClock
from rehearsal.wire import SECOND

_SHORTEST_WAIT = 0.001


class Agenda:
    """Duties run in the order of their moments, as soon as the clock is set past them or gets there by itself."""

    def __init__(self, clock: PlayClock) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._number = itertools.count()
        self._duties: list[tuple[int, int, Callable[[], object]]] = []
        self._timer: asyncio.TimerHandle | None = None
        clock.observers.append(self.review)

    @property
    def next_due_us(self) -> int | None:
        return self._duties[0][0] if self._duties else None

    def at(self, us: int, do: Callable[[], object]) -> None:
        """Do something at a moment; what is due already waits for the loop's next turn."""
        heapq.heappush(self._duties, (us, next(self._number), do))
        # Tests order faults from threads of their own.
        self._loop.call_soon_threadsafe(self.review)

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something so many play seconds from now."""
        self.at(self._clock.now_us + round(seconds * SECOND), do)

    def review(self) -> None:
        while self._duties and self._duties[0][0] <= self._clock.now_us:
            heapq.heappop(self._duties)[2]()
        self._set_timer()

    def _set_timer(self) -> None:
        self.close()
        if self._duties and self._clock.rate:
            wait = (self._duties[0][0] - self._clock.now_us) / SECOND / self._clock.rate
            self._timer = self._loop.call_later(max(wait, _SHORTEST_WAIT), self.review)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
