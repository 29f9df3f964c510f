"""One story: a gathering in four channels, processes that are killed, and what there is to complain of at its end."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from bot.cli.checking import findings
from rehearsal.server import Stage
from rehearsal.wire import MINUTE, SECOND
from storage.engine import reading_engine
from tests.conversations.room import MANIFEST
from tests.faults.torture import audit_record, audit_slack
from tests.faults.torture.crowd import Crowd
from tests.faults.torture.fleet import Member
from tests.faults.torture.ledger import Ledger
from tests.ports import free_port
from tests.process.nursery import Nursery

STEADY, RESTLESS = ("general-moot", "north", "south"), ("west",)
PEOPLE = ("eve", "fay", "gus", "hal")
RETRY_DELAYS = (0.1, 0.3, 0.8)
EVERY_SECOND = 1.0
"""Of many processes, one is killed."""
LONGEST_LIFE = 1.5
"""Seconds after its start, or the start of another, at the latest, somebody is killed."""
BEAT = 0.1
"""Seconds that everything takes at least: while nobody hears, nothing would take any time."""
MOST_HOURS = 24
NONE_OPEN = "No session is open"


MANY = ("web", "web", "worker", "worker", "worker")


@dataclass(frozen=True)
class Plan:
    """`roles` are the commands of the processes, which share the database."""

    seed: int
    database: str
    kills: int = 30
    delivery: str = "socket"
    roles: Sequence[str] = ("run",)


@dataclass
class Told:
    """What came of it: `complaints` are to be none; `happened` is the story in short."""

    plan: Plan
    happened: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "\n".join([str(self.plan), *self.happened, *self.complaints])


class Story:
    """`play` it to its end, and read what is told."""

    def __init__(self, plan: Plan, nursery: Nursery, folder: Path) -> None:
        self._plan, self._nursery, self._folder = plan, nursery, folder
        self._database = plan.database
        self._fate = random.Random(f"{plan.seed} fate")  # noqa: S311 # it must be repeatable
        self._ledger = Ledger()
        self._told = Told(plan)
        self._killed = 0
        self._starting: list[asyncio.Task[None]] = []
        self._begun_at = 0.0

    async def play(self) -> Told:
        ports = {each: free_port() for each in self._names()}
        heard = [port for name, port in ports.items() if not name.startswith("worker")]
        stage = await Stage.start(
            manifest=MANIFEST,
            delivery=self._plan.delivery,  # type: ignore[arg-type]
            request_url=[f"http://127.0.0.1:{port}/slack/events" for port in heard]
            if self._plan.delivery == "http"
            else None,
            enforce_rate_limits=True,
            retry_delays=RETRY_DELAYS,
        )
        self._stage = stage
        environment = stage.bot_environment() | {"DATABASE_URL": self._database}
        self._fleet = [
            Member(self._nursery, role, environment | {"PORT": str(ports[name])}, self._folder, name)
            for role, name in zip(self._plan.roles, self._names(), strict=True)
        ]
        try:
            await self._prepare()
            await self._storm()
            await self._calm()
            await asyncio.to_thread(self._compare)
        finally:
            for member in self._fleet:
                member.kill()
            await stage.close()
        return self._told

    def _names(self) -> list[str]:
        return [f"{role}{number}" for number, role in enumerate(self._plan.roles)]

    @property
    def _are_many(self) -> bool:
        return len(self._plan.roles) > 1

    async def _prepare(self) -> None:
        for handle in PEOPLE:
            self._stage.add_person(handle, f"{handle.title()} Newcomer")
        for name in (*STEADY[1:], *RESTLESS):
            self._stage.add_channel(name)
        self._stage.backstage.workspace.observers.append(self._ledger.observe)
        chance = random.Random(f"{self._plan.seed} crowd")  # noqa: S311
        self._crowd = Crowd(self._stage, self._ledger, chance, STEADY, RESTLESS)
        for member in self._fleet:
            member.begin()
        await self._everybody_is_there()
        for name in STEADY:
            await self._crowd.insists("ana", name, f"/session start {name} for 5h", "is open")
        await self._crowd.introduces_itself()
        await self._passes(60)

    async def _everybody_is_there(self) -> None:
        for member in self._fleet:
            await member.ready()
        await self._stage.wait_for_bot()

    async def _storm(self) -> None:
        """People act while processes are killed; in the last third nobody acts any more, and hours pass."""
        self._begun_at = monotonic()
        killing = asyncio.create_task(self._kill())
        chance = random.Random(f"{self._plan.seed} time")  # noqa: S311
        while not killing.done() and self._killed < self._plan.kills * 2 / 3:
            await asyncio.gather(asyncio.sleep(BEAT), *(self._crowd.act() for _ in range(chance.randint(1, 8))))
            await self._passes_meanwhile(chance.uniform(0, 60))
        ending = asyncio.create_task(self._crowd.insists("ana", "north", "/session end", "closed", NONE_OPEN))
        while not killing.done():
            await asyncio.gather(asyncio.sleep(BEAT), self._passes_meanwhile(chance.uniform(0, 600)))
        await asyncio.gather(killing, ending)

    async def _kill(self) -> None:
        while self._killed < self._plan.kills:
            await asyncio.sleep(EVERY_SECOND if self._are_many else self._fate.uniform(0, LONGEST_LIFE))
            member = self._fate.choice(self._fleet)
            member.kill()
            self._killed += 1
            self._note(f"killed {member.name} in its life {member.lives}")
            # Time goes on without it: sometimes so little that its lease is still good. Among many it only passes while
            # nobody calls Slack: a leap would end the leases of those who live, in the middle of a call.
            away = 0.0 if self._are_many else self._fate.choice((0.0, 1.0, 5.0, 30.0, 90.0, 90.0))
            self._stage.clock.set(now_us=self._stage.now_us + round(away * SECOND))
            member.begin()
            if self._are_many:
                self._starting.append(asyncio.create_task(member.soon_ready()))
            elif self._fate.random() < 0.8:  # otherwise the next blow may fall while it starts
                await member.ready()

    async def _calm(self) -> None:
        """Until nothing is owed any more."""
        await asyncio.gather(*self._starting)
        await self._everybody_is_there()
        for _ in range(MOST_HOURS * 3):
            await self._passes(20 * MINUTE / SECOND)
            if not await asyncio.to_thread(self._unfinished):
                return

    async def _passes_meanwhile(self, seconds: float) -> None:
        """Let time pass while somebody is there, and wait no longer when nobody is: the next ones act all the same."""
        if any(member.is_ready for member in self._fleet):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._passes(seconds)

    async def _passes(self, seconds: float) -> None:
        await self._stage.advance_to(self._stage.now_us + round(seconds * SECOND))

    def _unfinished(self) -> list[str]:
        engine = reading_engine(self._database)
        with engine.connect() as db:
            found = audit_slack.unfinished(db)
        engine.dispose()
        return found

    def _compare(self) -> None:
        lost = self._stage.backstage.carrier.lost
        self._ledger.never_heard(
            body["event"]["ts"] for body in lost if body["event"]["type"] == "message" and "ts" in body["event"]
        )
        now = datetime.fromtimestamp(self._stage.now_us / SECOND, UTC)
        engine = reading_engine(self._database)
        with engine.connect() as db:
            self._told.complaints += audit_record.complaints(db, self._ledger)
            self._told.complaints += audit_slack.complaints(db, self._stage, now)
            self._told.complaints += [f"{each.subject}: {each.fault}" for each in findings(db, now)]
        engine.dispose()
        for member in self._fleet:
            self._told.complaints += member.tracebacks()
        self._note(f"{len(self._ledger.lines)} lines, {len(self._ledger.reactions)} reactions")

    def _note(self, what: str) -> None:
        after = monotonic() - self._begun_at
        at = datetime.fromtimestamp(self._stage.now_us / SECOND, UTC)
        self._told.happened.append(f"{after:6.2f} s, {at:%H:%M:%S}: {what}")
