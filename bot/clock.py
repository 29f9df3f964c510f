"""The one clock of a process. In production it is the machine's; in rehearsals the rehearsal sets it."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

from minutes.moment import from_micros

TOLERANCE = timedelta(seconds=2)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware and in UTC."""

    def seconds_until(self, moment: datetime) -> float | None:
        """Real seconds until the clock shows `moment` (0 if it does already); None where it stands still."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, moment: datetime) -> float:
        return max(0.0, (moment - self.now()).total_seconds())


class PlayClock:
    """A clock that is set: it stands still (rate 0) or runs `rate` times as fast as real time."""

    def __init__(self) -> None:
        self.set(0, 0)

    def set(self, now_us: int, rate: float) -> None:
        """`now_us` counts whole microseconds since the epoch: rounded floats would miss the moments that are due."""
        self._base_us, self._rate, self._real = now_us, rate, monotonic()

    def now(self) -> datetime:
        passed = 0 if self._rate == 0 else int((monotonic() - self._real) * self._rate * 1_000_000)
        return from_micros(self._base_us + passed)

    def seconds_until(self, moment: datetime) -> float | None:
        left = (moment - self.now()).total_seconds()
        if left <= 0:
            return 0.0
        return None if self._rate == 0 else left / self._rate


class SlackClock:
    """A clock set right by Slack's: deadlines run on that, however wrong the machine's own may be (voting.md §1.5, 43).

    What is less than two seconds off is left alone: a call takes its time.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self.offset = timedelta()

    def now(self) -> datetime:
        return self._base.now() + self.offset

    def seconds_until(self, moment: datetime) -> float | None:
        return self._base.seconds_until(moment - self.offset)

    def heard(self, theirs: datetime, *, asked: datetime, answered: datetime, within: timedelta = timedelta()) -> bool:
        """Slack's time as of a call that was made and answered by this clock; True where the clock was put right.

        It was between `theirs` and so much later: a time told in whole seconds is within one. A clock that has been
        found wrong is from then on kept right as exactly as Slack tells.
        """
        tolerated = timedelta() if self.offset else TOLERANCE
        if asked - tolerated <= theirs + within and theirs <= answered + tolerated:
            return False
        off = theirs + within / 2 - (asked + (answered - asked) / 2)
        self.offset += off
        return abs(off) > TOLERANCE


async def wait(event: asyncio.Event, clock: Clock, until: datetime | None) -> None:
    """Wait for the event, or until the clock shows the moment, whichever comes first; then the event is cleared."""
    seconds = None if until is None else clock.seconds_until(until)
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    event.clear()


def rest_after(took: timedelta, least: timedelta, most: timedelta) -> timedelta:
    """How long whoever looks again and again rests after a look that took so long: 19 parts in 20, within bounds.

    Whatever the load, most of the time is left to those who are served.
    """
    return max(least, min(most, 19 * took))
