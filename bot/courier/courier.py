"""The courier's round: looks what is due, sends it out lane by lane, and notes what came of it."""

import asyncio
import logging
import os
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SlackClock, wait
from bot.courier.asking import no_roll, nobody_known, not_compared
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
LONGEST_WAIT = timedelta(minutes=1)
AFTER_STORAGE_FAILED = timedelta(seconds=5)
ROLL_WITHIN = timedelta(minutes=2)
"""A ballot does not wait longer for its roll: whoever proposed it is waiting, too."""
AT_MOST_ONCE = (duties.HINT, duties.REMINDER)
"""What is said to one person cannot be looked for: said never is better than said twice."""
LOOKED_FOR = (duties.POST, duties.FILE)
"""What can be found in Slack again: before a second attempt it is looked for."""
log = logging.getLogger(__name__)


class _NotFoundOut(Exception):
    """Whether an earlier attempt has arrived could not be found out now."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.error)
        self.verdict = verdict


class Courier:
    """One a process. `kick` it when something may be owed; `quiet` waits until nothing is due or under way."""

    def __init__(self, client: AsyncWebClient, reader: Reader, writer: Writer, clock: SlackClock) -> None:
        self._reader, self._writer, self._clock = reader, writer, clock
        self._carrier = Carrier(client, reader, writer, clock)
        self._pace = Pace()
        self._owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._kicked = asyncio.Event()
        self._looking = asyncio.Lock()
        self._said: set[str] = set()
        self.on_shut_out: Callable[[str], None] = lambda channel: None
        self.on_posted: Callable[[int, str], Awaitable[None]] | None = None
        self.next_due: datetime | None = None
        self._resumes: datetime | None = None

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
            if self._resumes is not None and now < self._resumes:
                self.next_due = self._resumes
                return
            heads = await self._reader.ask(outbox.ready, now)
            if heads.forsaken:
                await self._writer.run(outbox.recover, now)
                heads = await self._reader.ask(outbox.ready, now)
            later = [heads.next_due]
            # The longest waiting first: a card that is redrawn all the time must not hold up the others.
            for duty in sorted(heads.due, key=lambda duty: duty.not_before):
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
            await self._carry_out(claimed, duty.sent_at)
        except StorageFailed:
            log.error("what came of %s could not be stored; it is looked for in Slack later", duty.key)
            self._resumes = self._clock.now() + AFTER_STORAGE_FAILED
        except Exception:
            log.exception("%s broke off", duty.key)
            self._resumes = self._clock.now() + AFTER_STORAGE_FAILED

    async def _carry_out(self, duty: Duty, tried_at: datetime | None) -> None:
        try:
            carried = await self._carry(duty, tried_at)
        except (NotYet, NeverPossible) as hindered:
            await self._writer.run(_hindered, duty, hindered, self._clock.now(), tried_at is None)
        except _NotFoundOut as unknown:
            await self._note(duty, unknown.verdict, certain=False)
        except Exception as failure:
            await self._note(duty, self._verdict(duty, failure), certain=True)
        else:
            if carried.own_user is not None and self.on_posted is not None:
                await self.on_posted(duty.workspace, carried.own_user)
            await self._writer.run(_done, duty, carried, self._clock.now())
            log.info("delivered %s", duty.key)

    async def _carry(self, duty: Duty, tried_at: datetime | None) -> Carried:
        """Say only what an earlier, unclear attempt has not said."""
        if tried_at is not None and duty.kind in AT_MOST_ONCE:
            raise NeverPossible("way to know whether it was said, and it is said at most once,")
        if tried_at is not None and duty.kind in LOOKED_FOR and (found := await self._find(duty, tried_at)):
            log.info("found %s in Slack", duty.key)
            return found
        return await self._carrier.carry(duty)

    async def _find(self, duty: Duty, tried_at: datetime) -> Carried | None:
        try:
            return await self._carrier.find(duty, tried_at)
        except Exception as failure:
            verdict = judge(failure)
            if verdict is None:
                raise
            if verdict.kind in (Kind.LATER, Kind.UNCLEAR, Kind.SHUT_OUT):
                raise _NotFoundOut(verdict) from failure
            # Without the history nobody can tell. A digest said twice does less harm than one never said.
            self._once(f"history:{verdict.error}", "cannot read history (%s): a post may come twice", verdict.error)
            return None

    def _verdict(self, duty: Duty, failure: Exception) -> Verdict:
        verdict = judge(failure)
        if verdict is not None:
            return verdict
        log.error("%s could not be drawn or carried", duty.key, exc_info=failure)
        return Verdict(Kind.REFUSED, type(failure).__name__)

    async def _note(self, duty: Duty, verdict: Verdict, *, certain: bool) -> None:
        """`certain` says that no attempt at this duty can have arrived, unless this verdict says otherwise."""
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
        await self._writer.run(_judged, duty, verdict, self._clock.now(), certain)
        if verdict.kind is Kind.SHUT_OUT and duty.kind in (*LOOKED_FOR, duties.ROLL):
            self.on_shut_out(duty.channel)

    def _once(self, what: str, sentence: str, *args: object) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(sentence, *args)


def _done(db: Db, duty: Duty, carried: Carried, now: datetime) -> None:
    delivered(db, duty, carried.ts, now, more=carried.more)
    if carried.found and duty.kind == duties.POST:
        # It was drawn when it was posted, and nobody could ask for a redraw of it since.
        duties.redraw(db, duty.workspace, duty.channel, duty.key, now=now, **duty.payload)


def _hindered(db: Db, duty: Duty, hindered: Exception, now: datetime, certain: bool) -> None:
    if isinstance(hindered, NotYet):
        outbox.postpone(db, duty, now + timedelta(seconds=1), f"waits for {hindered}", certain=certain)
    else:
        outbox.bury(db, duty, f"there is no {hindered} in Slack")


def _judged(db: Db, duty: Duty, verdict: Verdict, now: datetime, certain: bool) -> None:
    match verdict.kind:
        case Kind.ALREADY:
            delivered(db, duty, None, now)
        case Kind.LATER | Kind.UNCLEAR if duty.kind == duties.ROLL and now - duty.owed_at >= ROLL_WITHIN:
            outbox.bury(db, duty, verdict.error)
            _give_up(db, duty, verdict, now)
        case Kind.LATER:
            outbox.postpone(db, duty, now + (verdict.wait or _patience(duty)), verdict.error, certain=certain)
            if duty.kind in (duties.COMPARE, duties.COUNT):
                not_compared(db, duty, verdict, now)
        case Kind.UNCLEAR if duty.kind in AT_MOST_ONCE:
            outbox.bury(db, duty, f"unclear, and said at most once: {verdict.error}")
        case Kind.UNCLEAR:
            outbox.postpone(db, duty, now + max(SETTLE_DELAY, _patience(duty)), verdict.error, certain=False)
        case Kind.SHUT_OUT if duty.kind in (*LOOKED_FOR, duties.REDRAW):
            outbox.block(db, duty, verdict.error)
        case _:
            outbox.bury(db, duty, verdict.error)
            _give_up(db, duty, verdict, now)


def _give_up(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    """A question that Slack will not answer: whoever waits for the answer learns that."""
    if duty.kind in (duties.COMPARE, duties.COUNT):
        not_compared(db, duty, verdict, now)
    elif duty.kind == duties.ROLL:
        no_roll(db, duty, now)
    elif duty.kind == duties.PERSON:
        nobody_known(db, duty, verdict, now)


def _patience(duty: Duty) -> timedelta:
    """Twice as long after every attempt, up to a minute."""
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(duty.attempts, 12)))
