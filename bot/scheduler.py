"""The scheduler: APScheduler as the clock; what is due lives in the database, so a restart forgets nothing.

It holds one job, moved to the next due moment after every beat, and a slow interval as a safety net.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock, rest_after
from bot.services import due
from storage.reader import Reader
from storage.writer import Writer

SAFETY_NET = timedelta(seconds=30)
AFTER_FAILURE = timedelta(seconds=5)
CLEAN_UP_EVERY = timedelta(hours=1)
LOOKS_APART = timedelta(seconds=0.05), timedelta(seconds=0.25)
BEATS_APART = timedelta(seconds=0.5)
"""Under a load something is stored all the time, and what follows from many votes takes no longer than from one."""
LONGEST_REST = timedelta(seconds=1.5)
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
        uninstalled: timedelta,
        on_beat: Callable[[datetime], Awaitable[None]],
    ) -> None:
        """`on_beat` is called in every beat, with its moment."""
        self._reader, self._writer, self._clock, self._on_beat = reader, writer, clock, on_beat
        self._digest_delay, self._retention, self._uninstalled = digest_delay, retention, uninstalled
        # However late a beat comes, it must come: a job that missed its second would otherwise be dropped in silence.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 2}
        self._jobs = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        self._beating = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._ending = False
        self._rest_until = datetime.now(UTC)
        self._cleaned_up_at: datetime | None = None
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
            now, began = self._clock.now(), monotonic()
            while works := [work for work in await self._reader.ask(due.find, now) if work not in failed]:
                for work in works:
                    try:
                        wish = (work, now, self._digest_delay)
                        await self._writer.run(due.carry_out, *wish, holding=work.holding)
                    except Exception:
                        log.exception("%s is due and could not be carried out", work)
                        failed.add(work)
            await self._on_beat(now)
            await self._clean_up(now)
            self._look_again = False
            took = timedelta(seconds=monotonic() - began)
            rest = rest_after(took, BEATS_APART, LONGEST_REST)
            self._rest_until = datetime.now(UTC) + rest
            await self._plan(AFTER_FAILURE if failed else rest)
        if self._look_again:
            self.look()

    async def _tick(self) -> None:
        if not self._ending:
            await self._or_soon(self.beat())

    async def _look(self) -> None:
        while self._look_again and not self._beating.locked():
            self._look_again, began = False, monotonic()
            await self._or_soon(self._plan(self._rest_until - datetime.now(UTC)))
            took = timedelta(seconds=monotonic() - began)
            await asyncio.sleep(rest_after(took, *LOOKS_APART).total_seconds())

    async def _or_soon(self, work: Coroutine[Any, Any, None]) -> None:
        """A database that does not answer is asked again soon; the safety net would take half a minute."""
        try:
            await work
        except Exception:
            log.exception("what is due could not be found out")
            if self._jobs.running:
                self._beat_at(datetime.now(UTC) + AFTER_FAILURE)

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
        self._beat_at(run_at)

    def _beat_at(self, moment: datetime) -> None:
        self._jobs.add_job(self._tick, DateTrigger(moment), id=BEAT, replace_existing=True)

    async def _clean_up(self, now: datetime) -> None:
        """At the start and then every hour by the clock; the safety net sees to it where nothing else falls due."""
        if self._cleaned_up_at is None or now - self._cleaned_up_at >= CLEAN_UP_EVERY:
            self._cleaned_up_at = now
            for workspace in await self._writer.run(due.clean_up, now, self._retention, self._uninstalled):
                log.info("a workspace that had uninstalled the app was erased", extra={"workspace": workspace})
