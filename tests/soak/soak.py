"""The soak itself: a session in every channel, events in chunks, time at Slack's pace between them, and an audit.

The clock stands still while a chunk is poured in, so that the acknowledgements are measured alone; then time passes in
which Slack takes some of what is owed. What matters to the bot comes from the torture's crowd, and its audit reads the
record and the channels at the end; the rest is talk.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
from sqlalchemy import Connection, select, text

from bot.cli.checking import findings
from minutes.moment import from_micros
from rehearsal.server import Stage
from rehearsal.wire import SECOND
from rehearsal.workspace import Change
from storage import votes
from storage.engine import file_of, reading_engine
from storage.hearing_schema import INBOX
from storage.schema import IDENTITIES, PARTICIPATIONS, SESSIONS
from tests.conversations.room import MANIFEST
from tests.faults.torture import audit_record, audit_slack
from tests.faults.torture.crowd import Crowd
from tests.faults.torture.ledger import Ledger
from tests.ports import free_port
from tests.process.running import Process
from tests.soak.measures import Sample, Told, memory, processor
from tests.soak.talk import Talk

AT_ONCE = 16
CHUNK = 500
CHUNK_S = 60
"""So much play time passes after each chunk: in about an hour and a half come 50,000 events."""
GATHERING_S = 600
MATTERS = 0.06
"""The share of events that the bot has to do something about."""
RESTLESS = "west"
MOST_HOURS = 30
STARTING_S = 180
"""Several processes on a busy machine start slowly, and no figure begins before they have."""


@dataclass(frozen=True)
class Plan:
    """`roles` are the commands of the processes, which share the database."""

    database: str
    events: int
    channels: int = 100
    people: int = 300
    roles: tuple[str, ...] = ("run",)
    seed: int = 1


class Soak:
    """`run` it once."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan, self._folder = plan, folder
        self._chance = random.Random(plan.seed)  # noqa: S311 # it must be repeatable
        self._names = [f"soak{number}" for number in range(plan.channels)]
        self._ledger, self._told = Ledger(), Told()
        self._said: Counter[tuple[str, str]] = Counter()

    async def run(self) -> Told:
        ports = {f"{role}{number}": free_port() for number, role in enumerate(self._plan.roles)}
        urls = [f"http://127.0.0.1:{port}/slack/events" for name, port in ports.items() if "worker" not in name]
        async with AsyncExitStack() as ending:
            self._stage = stage = await Stage.start(
                manifest=MANIFEST, delivery="http", request_url=urls, enforce_rate_limits=True, page=False
            )
            ending.push_async_callback(stage.close)
            self._processes = [ending.enter_context(self._process(name, port)) for name, port in ports.items()]
            client = await ending.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
            await stage.wait_for_bot(STARTING_S, clocks=len(ports))
            await self._gather()
            self._talk = Talk(stage, client, urls, self._names, self._people, self._chance)
            await self._pour()
            await self._end()
            await asyncio.to_thread(self._audit)
        return self._told

    def _process(self, name: str, port: int) -> Process:
        folder = self._folder / name
        folder.mkdir()
        environment = {"DATABASE_URL": self._plan.database, "PORT": str(port), "LOG_LEVEL": "WARNING"}
        return Process(folder, self._stage.bot_environment() | environment, name.rstrip("0123456789"))

    async def _gather(self) -> None:
        """A session in every channel, long enough for everything that is to come."""
        begun = monotonic()
        stage, minutes = self._stage, GATHERING_S // 60 + self._plan.events // CHUNK * CHUNK_S // 60 + 30
        self._people = stage.crowd(self._plan.people)
        for name in (*self._names, RESTLESS):
            stage.add_channel(name)
        stage.backstage.workspace.observers += [self._ledger.observe, self._observe]
        self._crowd = Crowd(stage, self._ledger, self._chance, self._names, (RESTLESS,))
        for name in self._names:
            await self._crowd.insists("ana", name, f"/session start {name} for {minutes}m", "is open")
        await self._passes(GATHERING_S)
        self._told.gathering_s = monotonic() - begun

    def _observe(self, change: Change) -> None:
        """Who has said how much, as Slack has it."""
        message, channel = change.message, change.channel
        if change.kind == "message" and message and channel and not message.bot_id and channel.name in self._names:
            self._said[channel.id, message.user] += 1

    async def _pour(self) -> None:
        room = asyncio.Semaphore(AT_ONCE)
        for start in range(0, self._plan.events, CHUNK):
            chunk = min(CHUNK, self._plan.events - start)
            begun, spent = monotonic(), self._spent()
            await asyncio.gather(*(self._one(room) for _ in range(chunk)))
            await self._stage.backstage.carrier.underway.none_left()
            real, cpu = monotonic() - begun, self._spent() - spent
            memories = tuple(memory(each.process.pid) for each in self._processes)
            self._told.samples.append(Sample(start + chunk, memories, cpu, real, chunk))
            await self._passes(CHUNK_S)
        self._told.waited = self._talk.waited

    async def _one(self, room: asyncio.Semaphore) -> None:
        async with room:
            await (self._crowd.act() if self._chance.random() < MATTERS else self._talk.one())

    async def _end(self) -> None:
        """Sessions end by time; what is owed takes as long as Slack's limits ask."""
        for _ in range(MOST_HOURS * 6):
            await self._passes(600)
            if not await asyncio.to_thread(self._asked, _goes_on):
                return

    async def _passes(self, seconds: float) -> None:
        """In steps, so that each is over within the stage's patience."""
        begun, spent = monotonic(), self._spent()
        until = self._stage.now_us + round(seconds * SECOND)
        while self._stage.now_us < until:
            await self._stage.advance_to(min(until, self._stage.now_us + 60 * SECOND))
        self._told.passing_s += monotonic() - begun
        self._told.passing_cpu_s += self._spent() - spent

    def _spent(self) -> float:
        return sum(processor(each.process.pid) for each in self._processes)

    def _asked(self, question: Callable[[Connection], Any]) -> Any:
        engine = reading_engine(self._plan.database)
        with engine.connect() as db:
            found = question(db)
        engine.dispose()
        return found

    def _audit(self) -> None:
        now = from_micros(self._stage.now_us)
        self._told.complaints = self._asked(lambda db: list(self._complaints(db, now)))
        self._told.bytes_each = self._asked(self._size) / self._plan.events

    def _complaints(self, db: Connection, now: datetime) -> Iterator[str]:
        lost = self._stage.backstage.carrier.lost
        self._ledger.never_heard(body["event"].get("ts") for body in lost)
        yield from (f"an event was answered {status}, {n} times" for status, n in self._talk.refused.items())
        yield from (f"{body['event_id']} was never acknowledged" for body in lost)
        yield from self._of_talk(db)
        yield from audit_record.complaints(db, self._ledger)
        yield from audit_slack.complaints(db, self._stage, now)
        yield from (f"{each.subject}: {each.fault}" for each in findings(db, now))
        for each in self._processes:
            if "Traceback" in each.log:
                yield each.log[-3000:]

    def _of_talk(self, db: Connection) -> Iterator[str]:
        """Each acknowledged message by its id, and who spoke how often in which session."""
        handled = set(db.execute(select(INBOX.c.key)).scalars())
        yield from (f"{missing} was acknowledged and is not in the record" for missing in self._talk.kept - handled)
        parts, sessions, people = PARTICIPATIONS, SESSIONS, IDENTITIES
        found = select(sessions.c.channel_id, people.c.slack_user_id, parts.c.messages).where(
            sessions.c.id == parts.c.session_id, people.c.person_id == parts.c.person_id, parts.c.messages > 0
        )
        there = {(where, who): number for where, who, number in db.execute(found)}
        said = self._said + self._talk.spoken
        ours = {where for where, _ in said}
        for key in said.keys() | {each for each in there if each[0] in ours}:
            if said[key] != there.get(key, 0):
                yield f"{key} has spoken {said[key]} times, and {there.get(key, 0)} are in the record"

    def _size(self, db: Connection) -> int:
        file = file_of(self._plan.database)
        if file is None:
            return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
        return sum(each.stat().st_size for each in (file, Path(f"{file}-wal")) if each.exists())


def _goes_on(db: Connection) -> bool:
    """Something is owed, or a vote that has a deadline of its own outlasts its session."""
    return bool(audit_slack.unfinished(db)) or not all(kept.proposal.state.is_over for kept in votes.every(db))
