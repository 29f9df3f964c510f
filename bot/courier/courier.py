"""The courier's round: looks what is due, sends it out lane by lane, and notes what came of it."""

import asyncio
import logging
import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, wait
from bot.courier.carrier import Carried, Carrier, NeverPossible, NotYet
from bot.courier.pace import Pace
from bot.courier.verdict import Kind, Verdict, judge
from bot.services import duties
from bot.services.delivered import delivered
from storage import outbox
from storage.db import Db
from storage.outbox import Duty
from storage.reader import Reader
from storage.writer import StorageFailed, Writer

LEASE = timedelta(seconds=60)
SETTLE_DELAY = timedelta(seconds=10)
"""Slack may show a message in a channel's history only some time after it took it."""
LONGEST_WAIT = timedelta(minutes=5)
log = logging.getLogger(__name__)


class Courier:
    """One a process. `kick` it when something may be owed; `quiet` waits until nothing is due or under way."""

    def __init__(self, client: AsyncWebClient, reader: Reader, writer: Writer, clock: Clock) -> None:
        self._reader, self._writer, self._clock = reader, writer, clock
        self._carrier = Carrier(client, reader, writer, clock)
        self._pace = Pace()
        self._owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._kicked = asyncio.Event()
        self._looking = asyncio.Lock()
        self._said: set[str] = set()
        self.on_shut_out: Callable[[str], None] = lambda channel: None
        self.next_due: datetime | None = None

    def kick(self) -> None:
        self._kicked.set()

    async def run(self) -> None:
        """Go on until cancelled. A database that does not answer is asked again; it owes nothing less for that."""
        while True:
            try:
                await self._look()
                until = self.next_due
            except Exception:
                log.exception("the outbox could not be read")
                until = self._clock.now() + timedelta(seconds=5)
            await wait(self._kicked, self._clock, until)

    async def quiet(self) -> None:
        """Return when everything that is due has been tried."""
        await self._look()
        while self._under_way:
            await asyncio.wait(list(self._under_way.values()))
            await self._look()

    async def close(self, within: float) -> None:
        """Finish the calls that are under way, in so many seconds; what is cut off is found again at the next start."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()), timeout=within)
        for task in self._under_way.values():
            task.cancel()

    async def _look(self) -> None:
        """Set out with every duty that is due and that Slack's limits allow."""
        async with self._looking:
            now = self._clock.now()
            ready = await self._reader.ask(outbox.ready, now)
            later = [await self._reader.ask(outbox.earliest, now)]
            for duty in ready:
                if duty.id in self._under_way:
                    continue
                free_at = self._pace.free_at(duty, now)
                if free_at > now:
                    later.append(free_at)
                    continue
                self._pace.spend(duty, now)
                self._set_out(duty)
            self.next_due = min((at for at in later if at is not None), default=None)

    def _set_out(self, duty: Duty) -> None:
        task = asyncio.create_task(self._attempt(duty), name=duty.key)
        self._under_way[duty.id] = task

        def done(_task: asyncio.Task[None]) -> None:
            self._under_way.pop(duty.id, None)
            self.kick()

        task.add_done_callback(done)

    async def _attempt(self, duty: Duty) -> None:
        """One attempt at one duty. The claim is on disk before the call, and what came of it right after."""
        try:
            now = self._clock.now()
            claimed = await self._writer.run(outbox.claim, duty.id, self._owner, now + LEASE, now)
            if claimed is None:
                return
            try:
                carried = await self._carry(claimed, duty.sent_at)
            except (NotYet, NeverPossible) as hindered:
                await self._writer.run(_hindered, claimed, hindered, self._clock.now())
            except Exception as failure:
                await self._failed(claimed, failure)
            else:
                await self._writer.run(_done, claimed, carried, self._clock.now())
                log.info("delivered %s", claimed.key)
        except StorageFailed:
            log.error("what came of %s could not be stored; it is looked for in Slack later", duty.key)

    async def _carry(self, duty: Duty, tried_at: datetime | None) -> Carried:
        """Post only what an earlier, unclear attempt has not posted."""
        if duty.kind == duties.POST and tried_at is not None and (ts := await self._find(duty, tried_at)):
            log.info("found %s in Slack", duty.key)
            return Carried(ts, more=False)
        return await self._carrier.carry(duty)

    async def _find(self, duty: Duty, tried_at: datetime) -> str | None:
        try:
            return await self._carrier.find(duty, tried_at)
        except Exception as failure:
            verdict = judge(failure)
            if verdict is None or verdict.kind is not Kind.UNAVAILABLE:
                raise
            # Without the history nobody can tell. A digest said twice does less harm than one never said.
            self._once(f"history:{verdict.error}", "cannot read history (%s): a post may come twice", verdict.error)
            return None

    async def _failed(self, duty: Duty, failure: Exception) -> None:
        verdict = judge(failure)
        if verdict is None:
            log.error("%s could not be drawn or carried", duty.key, exc_info=failure)
            verdict = Verdict(Kind.REFUSED, type(failure).__name__)
        if verdict.kind is Kind.UNAVAILABLE:
            self._once(
                f"{duty.kind}:{verdict.error}",
                "this Slack does not let us do a %s (%s): that feature is left out",
                duty.kind,
                verdict.error,
            )
        elif verdict.kind is not Kind.ALREADY:
            log.warning("%s: %s (%s)", duty.key, verdict.kind, verdict.error)
        if verdict.wait is not None:
            self._pace.shut(duty, self._clock.now() + verdict.wait)
        await self._writer.run(_judged, duty, verdict, self._clock.now())
        if verdict.kind is Kind.SHUT_OUT and duty.kind == duties.POST:
            self.on_shut_out(duty.channel)

    def _once(self, what: str, sentence: str, *args: object) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(sentence, *args)


def _done(db: Db, duty: Duty, carried: Carried, now: datetime) -> None:
    delivered(db, duty, carried.ts, now, more=carried.more)


def _hindered(db: Db, duty: Duty, hindered: Exception, now: datetime) -> None:
    if isinstance(hindered, NotYet):
        outbox.postpone(db, duty, now + timedelta(seconds=1), f"waits for {hindered}")
    else:
        outbox.bury(db, duty, f"there is no {hindered} in Slack")


def _judged(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    match verdict.kind:
        case Kind.ALREADY:
            delivered(db, duty, None, now)
        case Kind.LATER:
            outbox.postpone(db, duty, now + (verdict.wait or _patience(duty)), verdict.error)
        case Kind.UNCLEAR if duty.kind == duties.HINT:
            outbox.bury(db, duty, f"unclear, and said at most once: {verdict.error}")
        case Kind.UNCLEAR:
            outbox.postpone(db, duty, now + max(SETTLE_DELAY, _patience(duty)), verdict.error, certain=False)
        case Kind.SHUT_OUT if duty.kind == duties.POST:
            outbox.block(db, duty, verdict.error)
        case _:
            outbox.bury(db, duty, verdict.error)


def _patience(duty: Duty) -> timedelta:
    """Twice as long after every attempt, up to five minutes."""
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(duty.attempts, 12)))
