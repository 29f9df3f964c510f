"""An attempt: one duty that is ours for a while, carried to Slack or found there, and told in one line of the log."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.clock import SlackClock
from bot.courier import aftermath, claiming
from bot.courier.aftermath import IN_CHANNEL, SAID_ONCE
from bot.courier.carried import Carried, NeverPossible, NotYet
from bot.courier.carriers import Carriers
from bot.courier.verdict import ARCHIVED, Kind, Verdict, judge
from bot.services import duties
from storage import outbox
from storage.db import Db
from storage.outbox import Duty, DutyState
from storage.writer import StorageFailed, Writer

LOOKED_FOR = (*IN_CHANNEL, duties.REMINDER)
"""What can be found in Slack again: before a second attempt it is looked for. Hints are not to be found."""
UNTOLD = "way to know whether it was said, and it is said at most once,"
STORED_AGAIN_AFTER_S = (0.5, 1, 2, 4, 8, 16)
"""In all half a lease, as that usually is: when it is over, it is looked for in Slack what came of the duty."""
_OUTCOMES = {
    DutyState.WAITING: "postponed",
    DutyState.SENDING: "under_way",
    DutyState.SENT: "delivered",
    DutyState.BLOCKED: "blocked",
    DutyState.DEAD: "dead",
}
log = logging.getLogger(__name__)


class _NotFoundOut(Exception):
    """Whether an earlier attempt has arrived could not be found out now."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.error)
        self.verdict = verdict


class Attempt:
    """`make` one, and store what came of it. `settle` is how long Slack may take to show what it took."""

    def __init__(self, carriers: Carriers, writer: Writer, clock: SlackClock, settle: timedelta) -> None:
        self._carriers, self._writer, self._clock, self._settle = carriers, writer, clock, settle
        self._said: set[str] = set()
        self.on_shut_out: Callable[[int, str], Awaitable[None]] | None = None
        self.on_tried: Callable[[str, str], None] = lambda kind, outcome: None
        self.on_posted: Callable[[int, str], Awaitable[None]] | None = None

    async def make(self, duty: Duty, tried_at: datetime | None, *, until: datetime) -> None:
        """Break it off at `until`. `tried_at` is when an earlier attempt was made whose fate is unclear.

        Raises StorageFailed where what came of it could not be stored.
        """
        try:
            async with asyncio.timeout(self._clock.seconds_until(until)):
                carried = await self._carry(duty, tried_at)
        except (NotYet, NeverPossible) as hindered:
            await self._hindered(duty, hindered, certain=tried_at is None)
        except _NotFoundOut as unknown:
            await self._note(duty, unknown.verdict, certain=False)
        except Exception as failure:
            await self._note(duty, self._verdict(duty, failure), certain=True)
        else:
            if carried.own_user is not None and self.on_posted is not None:
                await self.on_posted(duty.workspace, carried.own_user)
            await self._store(duty, aftermath.done, carried)
            self.tell(duty, "found" if carried.found else "delivered")

    def tell(
        self,
        duty: Duty,
        outcome: str | None,
        why: str | None = None,
        *,
        level: int = logging.INFO,
        failure: Exception | None = None,
    ) -> None:
        """The one line of an attempt; without `outcome`, what has become of the duty is that."""
        outcome = outcome or _OUTCOMES[duty.state]
        self.on_tried(duty.kind, outcome)
        ids = {
            "key": duty.key,
            "kind": duty.kind,
            "workspace": duty.workspace,
            "channel": duty.channel,
            "attempt": duty.attempts,
            "until": duty.not_before.isoformat() if outcome == "postponed" else None,
            "why": why,
        }
        log.log(level, "duty %s", outcome, exc_info=failure, extra=ids)

    async def _store(self, duty: Duty, what: Callable[..., Duty], *of_it: object) -> Duty:
        """What came of a duty is stored together with what follows from it in the record of its channel.

        Nobody else knows it: while the database takes nothing, it is asked again, for as long as the duty is ours.
        """
        came = duty, *of_it, self._clock.now()
        try:
            return await self._writer.run(what, *came, holding=duty.channel)
        except StorageFailed:
            self.tell(duty, "not_stored", level=logging.ERROR)
        for seconds in STORED_AGAIN_AFTER_S:
            await asyncio.sleep(seconds)
            if duty.leased_until is None or self._clock.now() >= duty.leased_until:
                break
            with suppress(StorageFailed):
                return await self._writer.run(_unless_stored, what, *came, holding=duty.channel)
        raise StorageFailed(duty.key)

    async def _carry(self, duty: Duty, tried_at: datetime | None) -> Carried:
        """Say only what an earlier, unclear attempt has not said."""
        if tried_at is not None and duty.kind in SAID_ONCE:
            raise NeverPossible(UNTOLD)
        if tried_at is not None and duty.kind in LOOKED_FOR and (found := await self._find(duty, tried_at)):
            return found
        return await self._carriers.carry(duty)

    async def _find(self, duty: Duty, tried_at: datetime) -> Carried | None:
        try:
            return await self._carriers.find(duty, tried_at)
        except Exception as failure:
            verdict = judge(failure)
            if verdict is None:
                raise
            if verdict.kind in (Kind.LATER, Kind.UNCLEAR, Kind.SHUT_OUT):
                raise _NotFoundOut(verdict) from failure
            # Without the history nobody can tell. A digest said twice does less harm than one never said, but a person
            # is not reminded twice.
            if duty.kind == duties.REMINDER:
                raise NeverPossible(UNTOLD) from failure
            self._once(f"history:{verdict.error}", "cannot read history (%s): a post may come twice", verdict.error)
            return None

    def _verdict(self, duty: Duty, failure: Exception) -> Verdict:
        verdict = judge(failure)
        if verdict is not None:
            return verdict
        log.error("%s could not be drawn or carried", duty.key, exc_info=failure)
        return Verdict(Kind.REFUSED, type(failure).__name__)

    async def _hindered(self, duty: Duty, hindered: NotYet | NeverPossible, *, certain: bool) -> None:
        became = await self._store(duty, aftermath.hindered, hindered, certain)
        waits = isinstance(hindered, NotYet)  # once a second, for as long as that takes
        why = f"waits for {hindered}" if waits else f"there is no {hindered}"
        self.tell(became, None, why, level=logging.DEBUG if waits else logging.INFO)

    async def _note(self, duty: Duty, verdict: Verdict, *, certain: bool) -> None:
        """`certain` says that no attempt at this duty can have arrived, unless this verdict says otherwise."""
        if verdict.kind is Kind.UNAVAILABLE:
            sentence = "this Slack does not let us do a %s (%s): that feature is left out"
            self._once(f"{duty.kind}:{verdict.error}", sentence, duty.kind, verdict.error)
        if verdict.wait is not None:
            until = self._clock.now() + verdict.wait
            await self._writer.run(claiming.shut, duty, until, holding=claiming.holding(duty))
        became = await self._store(duty, aftermath.judged, verdict, certain, self._settle)
        quiet = verdict.kind in (Kind.ALREADY, Kind.UNAVAILABLE)
        self.tell(became, None, verdict.error, level=logging.INFO if quiet else logging.WARNING)
        # Nobody can be invited to an archived channel, and whoever archived it knows.
        can_be_let_in = verdict.kind is Kind.SHUT_OUT and verdict.error != ARCHIVED
        shut_out = can_be_let_in and duty.kind in (*IN_CHANNEL, duties.ROLL)
        if shut_out and self.on_shut_out is not None:
            await self.on_shut_out(duty.workspace, duty.channel)

    def _once(self, what: str, sentence: str, *args: object) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(sentence, *args)


def _unless_stored(db: Db, what: Callable[..., Duty], duty: Duty, *more: object) -> Duty:
    """A database that broke off while it stored may have stored after all."""
    return what(db, duty, *more) if outbox.is_under_way(db, duty) else outbox.by_id(db, duty.id) or duty
