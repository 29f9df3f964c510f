"""The scheduler: APScheduler as the clock; what is due lives in the database, so a restart forgets nothing.

It holds one job, moved to the next due moment after every beat, and a slow interval as a safety net.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock
from bot.services import due
from storage import outages
from storage.reader import Reader
from storage.writer import Writer

SAFETY_NET = timedelta(seconds=30)
AFTER_FAILURE = timedelta(seconds=5)
NOTE_HEARING_EVERY = timedelta(seconds=20)
CLEAN_UP_EVERY = timedelta(hours=1)
BEAT = "beat"
log = logging.getLogger(__name__)


class Scheduler:
    """`look` when something was stored; `beat` does all that is due."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        clock: Clock,
        *,
        digest_delay: timedelta,
        retention: timedelta | None,
        hears: Callable[[], bool],
    ) -> None:
        self._reader, self._writer, self._clock, self._hears = reader, writer, clock, hears
        self._digest_delay, self._retention = digest_delay, retention
        # However late a beat comes, it must come: a job that missed its second would otherwise be dropped in silence.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 2}
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._beating = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._ending = False
        self._cleaned_up_at: datetime | None = None
        self._heard_at: datetime | None = None
        self.next_due: datetime | None = None

    def start(self) -> None:
        every = IntervalTrigger(seconds=int(SAFETY_NET.total_seconds()))
        self._jobs.add_job(self._tick, every, id="safety net", next_run_time=datetime.now(UTC))
        self._jobs.start()
        self.look()

    async def stop(self) -> None:
        """A beat that is under way is finished first: shutting APScheduler down would cancel it."""
        self._ending = True
        async with self._beating:
            self._jobs.shutdown(wait=False)
        if self._looking is not None:
            await asyncio.wait([self._looking])

    def look(self) -> None:
        """Find out when something falls due next; many calls at once, or during a beat, are one look."""
        self._look_again = True
        free = self._looking is None or self._looking.done()
        if free and not self._beating.locked() and not self._ending:
            self._looking = asyncio.create_task(self._look())

    async def beat(self) -> None:
        """Do all that is due. One thing that fails is logged and tried again soon, and holds up no other."""
        async with self._beating:
            failed: set[due.Work] = set()
            now = self._clock.now()
            while works := [work for work in await self._reader.ask(due.find, now) if work not in failed]:
                for work in works:
                    try:
                        await self._writer.run(due.carry_out, work, now, self._digest_delay)
                    except Exception:
                        log.exception("%s is due and could not be carried out", work)
                        failed.add(work)
            await self._note_hearing(now)
            await self._clean_up(now)
            self._look_again = False
            await self._plan(AFTER_FAILURE if failed else timedelta())
        if self._look_again:
            self.look()

    async def _tick(self) -> None:
        if not self._ending:
            await self.beat()

    async def _look(self) -> None:
        while self._look_again and not self._beating.locked():
            self._look_again = False
            await self._plan(timedelta())

    async def _plan(self, at_least: timedelta) -> None:
        self.next_due = await self._reader.ask(due.earliest)
        seconds = None if self.next_due is None else self._clock.seconds_until(self.next_due)
        if not self._jobs.running:
            return
        if seconds is None:
            if self._jobs.get_job(BEAT):
                self._jobs.remove_job(BEAT)
            return
        run_at = datetime.now(UTC) + max(timedelta(seconds=seconds), at_least)
        self._jobs.add_job(self._tick, DateTrigger(run_at), id=BEAT, replace_existing=True)

    async def _note_hearing(self, now: datetime) -> None:
        """While Slack reaches us, note it now and then: after a crash nothing else tells since when it did not."""
        due = self._heard_at is None or now - self._heard_at >= NOTE_HEARING_EVERY
        if due and self._hears():
            self._heard_at = now
            await self._writer.run(outages.heard, now)

    async def _clean_up(self, now: datetime) -> None:
        """At the start and then every hour by the clock; the safety net sees to it where nothing else falls due."""
        if self._cleaned_up_at is None or now - self._cleaned_up_at >= CLEAN_UP_EVERY:
            self._cleaned_up_at = now
            await self._writer.run(due.clean_up, now, self._retention)
