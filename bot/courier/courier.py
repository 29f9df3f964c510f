"""The courier's round: looks what is due, and sets out with it lane by lane, at the pace that Slack allows."""

import asyncio
import logging
import os
import uuid
from datetime import UTC, datetime, timedelta
from time import monotonic

from bot.clock import SlackClock, rest_after, wait
from bot.courier import claiming
from bot.courier.attempt import Attempt
from bot.courier.looking import look
from bot.courier.pace import Pace
from bot.services.duties import REDRAW
from storage import outbox
from storage.outbox import Duty
from storage.reader import Reader
from storage.writer import StorageFailed, Writer

OF_THE_LEASE = 0.8
"""An attempt is broken off when so much of its lease is over: nobody else takes up what is still under way."""
AT_THE_LATEST = timedelta(seconds=30)
"""So often it looks without having been told to: what a neighbour owes is told of, but a word can be lost."""
LOOKS_APART = timedelta(seconds=0.05), timedelta(seconds=0.25)
"""Under a load something is owed all the time: what is owed at once is looked for at once."""
CARDS_GIVE_WAY = timedelta(seconds=30)
"""People watch a ballot while they vote; the session's card, which shows whose names were learnt, waits so long."""
AFTER_STORAGE_FAILED = timedelta(seconds=5)
log = logging.getLogger(__name__)


class Courier:
    """One a process. `kick` it when something may be owed; `quiet` waits until nothing is due or under way."""

    def __init__(
        self,
        attempt: Attempt,
        reader: Reader,
        writer: Writer,
        clock: SlackClock,
        *,
        settle: timedelta,
        lease: timedelta,
    ) -> None:
        """`settle` is how long Slack may take to show in its history what it took, `lease` how long a duty is ours."""
        self._attempt, self._reader, self._writer, self._clock = attempt, reader, writer, clock
        self._settle, self._lease = settle, lease
        self._owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._kicked = asyncio.Event()
        self._looking = asyncio.Lock()
        self.next_due: datetime | None = None
        self._resumes: datetime | None = None

    def kick(self) -> None:
        self._kicked.set()

    async def run(self) -> None:
        """Go on until cancelled. A database that does not answer is asked again; it owes nothing less for that."""
        while True:
            began = monotonic()
            try:
                await self._look()
                until = min(self.next_due or datetime.max.replace(tzinfo=UTC), self._clock.now() + AT_THE_LATEST)
            except Exception:
                log.exception("the outbox could not be read")
                until = self._clock.now() + AFTER_STORAGE_FAILED
            took = timedelta(seconds=monotonic() - began)
            await asyncio.sleep(rest_after(took, *LOOKS_APART).total_seconds())
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
            heads, pace = await self._reader.ask(look, now)
            if heads.forsaken:
                await self._writer.run(outbox.recover, now, self._settle)
                heads, pace = await self._reader.ask(look, now)
            later = [heads.next_due, *self._set_out_with(heads.due, pace, now)]
            self.next_due = min((at for at in later if at is not None), default=None)

    def _set_out_with(self, due: list[Duty], pace: Pace, now: datetime) -> list[datetime]:
        """When those can be tried that have to wait. The claim looks again at the pace: a neighbour may use it up."""
        later: list[datetime] = []
        for duty in sorted(due, key=_turn):
            if duty.id in self._under_way:
                continue
            free_at = pace.free_at(duty, now)
            if free_at > now:
                later.append(free_at)
                continue
            pace.spend(duty, now)
            self._set_out(duty)
        return later

    def _set_out(self, duty: Duty) -> None:
        task = asyncio.create_task(self._try(duty), name=duty.key)
        self._under_way[duty.id] = task

        def done(_task: asyncio.Task[None]) -> None:
            self._under_way.pop(duty.id, None)
            self.kick()

        task.add_done_callback(done)

    async def _try(self, duty: Duty) -> None:
        """One attempt at one duty. The claim is on disk before the call, and what came of it right after."""
        tried_at = duty.sent_at
        try:
            now = self._clock.now()
            mine = (self._owner, now + self._lease, now)
            claimed = await self._writer.run(claiming.claim, duty, *mine, holding=claiming.holding(duty))
            if claimed is None:
                return
            duty = claimed
            await self._attempt.make(duty, tried_at, until=now + self._lease * OF_THE_LEASE)
        except StorageFailed:
            # It is looked for in Slack when its lease is over.
            self._attempt.tell(duty, "not_stored", level=logging.ERROR)
            self._resumes = self._clock.now() + AFTER_STORAGE_FAILED
        except Exception as failure:
            self._attempt.tell(duty, "broke_off", level=logging.ERROR, failure=failure)
            self._resumes = self._clock.now() + AFTER_STORAGE_FAILED


def _turn(duty: Duty) -> datetime:
    """The longest waiting first: what is redrawn all the time must not hold up the others."""
    is_card = duty.kind == REDRAW and duty.payload.get("what") == "card"
    return duty.not_before + CARDS_GIVE_WAY if is_card else duty.not_before
