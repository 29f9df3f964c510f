"""The rows of the table: what is measured, beside what, and which ratio is wanted.

Every row takes its turns with what it is held against, in shuffled order, and gives the medians.
"""

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from storage.engine import file_of, reading_engine
from tests.bench import requests, server
from tests.bench.generator import Load, paced, saturate
from tests.bench.server import Server
from tests.process.running import now_ts, tiny_slack, wait_until

MOST = 30_000
"""As many votes as are made ready for a round; where they run out, the round is over."""
Turn = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """`ours` and `theirs` are medians in `unit`; `goal` is the ratio that is wanted, `at_least` or at most."""

    name: str
    ours: float
    theirs: float
    unit: str
    goal: float
    at_least: bool = True
    limit: str | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def reached(self) -> bool:
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


@dataclass(frozen=True)
class Effort:
    """How long a turn is, in seconds, and how often each takes one."""

    seconds: float = 4.0
    rounds: int = 3


class Lost(AssertionError):
    """Something was acknowledged that is not stored."""


def vote_full(effort: Effort) -> list[Row]:
    return [_votes("vote-full", "bot", 0.85, effort)]


def vote_normal(effort: Effort) -> list[Row]:
    return [_votes("vote-normal", "tests.bench.careless", 1.0, effort)]


def bystander(effort: Effort) -> list[Row]:
    def ours() -> float:
        with _gathering() as there:
            return _saturated(there, requests.bystanders(), effort).per_second

    return [Row("bystander", *_turns(ours, partial(_bare, requests.bystanders, effort), effort), "a second", 0.9)]


def command(effort: Effort) -> list[Row]:
    """Both percentiles, of the same turns."""
    ours, theirs = list[Load](), list[Load]()

    def one() -> float:
        with _gathering() as there:
            ours.append(asyncio.run(paced(there.port, requests.commands(), 200, effort.seconds)))
            there.kill()
            kept = _column(there.database, "SELECT text FROM entries UNION SELECT title FROM topics")
            _all_kept(ours[-1], kept)
        return ours[-1].latency(0.5)

    def other() -> float:
        with server.bare("--defaults") as there:
            theirs.append(asyncio.run(paced(there.port, requests.commands(), 200, effort.seconds)))
        return theirs[-1].latency(0.5)

    _turns(one, other, effort)

    def row(name: str, share: float, goal: float) -> Row:
        mine, its = (statistics.median(each.latency(share) * 1e3 for each in loads) for loads in (ours, theirs))
        return Row(name, mine, its, "ms", goal, at_least=False)

    return [row("command p50", 0.5, 0.25), row("command p99", 0.99, 0.5)]


def start(effort: Effort) -> list[Row]:
    """From the start of the process to its first acknowledgement."""

    def timed(what: Callable[[], AbstractContextManager[Server]]) -> float:
        begun = time.perf_counter()
        with what():
            return time.perf_counter() - begun

    with tempfile.TemporaryDirectory() as name, tiny_slack() as slack:
        with server.folkmoot(slack, Path(name)):
            pass  # the database is there from now on
        turns = _turns(lambda: timed(lambda: server.folkmoot(slack, Path(name))), lambda: timed(server.bare), effort)
    return [Row("start", *turns, "s", 1.3, at_least=False)]


def history(effort: Effort) -> list[Row]:
    """What a vote costs of the processor, beside a long past and beside none."""
    marks = round(250_000 * effort.seconds)

    def cost(past: int) -> float:
        with _gathering() as there:
            _grow(there, past)
            before, load = there.cpu, _saturated(there, requests.votes(there.ballot), effort)
            return (there.cpu - before) / len(load.acknowledged) * 1e6

    turns = _turns(lambda: cost(marks), lambda: cost(0), effort)
    return [Row("history", *turns, "µs of CPU", 1.1, at_least=False)]


ROWS: dict[str, Callable[[Effort], list[Row]]] = {
    "vote-full": vote_full,
    "vote-normal": vote_normal,
    "bystander": bystander,
    "command": command,
    "history": history,
    "start": start,
}


def _votes(name: str, module: str, goal: float, effort: Effort) -> Row:
    def ours() -> float:
        with _gathering(module) as there:
            load = _saturated(there, requests.votes(there.ballot), effort)
            there.kill()
            _all_kept(load, _column(there.database, "SELECT event_ts FROM marks"))
            return load.per_second

    return Row(name, *_turns(ours, partial(_bare, requests.votes, effort), effort), "a second", goal)


def _bare(made: Callable[[], Iterator[tuple[str, bytes]]], effort: Effort) -> float:
    with server.bare() as there:
        return _saturated(there, made(), effort).per_second


def _saturated(there: Server, made: Iterator[tuple[str, bytes]], effort: Effort) -> Load:
    asyncio.run(saturate(there.port, islice(made, requests.VOTERS), 60))  # everybody has been there once
    ready = list(islice(made, MOST))
    load = asyncio.run(saturate(there.port, ready, effort.seconds))
    assert not load.failed, f"{load.failed} requests were not acknowledged"
    return load


@contextmanager
def _gathering(module: str = "bot") -> Iterator[Server]:
    """A session with a topic on its floor, and an open ballot, on a disk."""
    posted = {"chat.postMessage": lambda: {"ok": True, "channel": "C0MOOT", "ts": now_ts()}}
    with (
        tempfile.TemporaryDirectory() as name,
        tiny_slack(posted) as slack,
        server.folkmoot(slack, Path(name), module=module) as there,
    ):
        server.says(there, "/session start Docs day for 7d", "1.1")
        server.says(there, "/propose Ship on Friday", "1.2")
        ballot = "SELECT ballot_ts FROM proposals WHERE ballot_ts IS NOT NULL"
        wait_until(lambda: bool(_column(there.database, ballot)))
        (there.ballot,) = _column(there.database, ballot)
        yield there


def _grow(there: Server, marks: int) -> None:
    """A past of so many marks, and a tenth of it entries, in other sessions and on other ballots."""
    server.says(there, "/note Once upon a time", "1.3")
    asyncio.run(saturate(there.port, islice(requests.votes(there.ballot), 1), 60))
    with closing(sqlite3.connect(str(file_of(there.database)), timeout=60)) as file, file:
        _copies(file, "marks", marks, event_ts="'1.' || n", message_ts="'1.' || (n / 300)")
        _copies(file, "entries", marks // 10, session_id="1000000 + n / 400", number="n", message="'1.' || n")


def _copies(file: sqlite3.Connection, table: str, times: int, **other: str) -> None:
    """Rows like the one that is there, but for some columns, each an expression of `n`."""
    columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    values = ", ".join(other.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})"  # noqa: S608
    if times:
        one = f"(SELECT * FROM {table} LIMIT 1)"  # noqa: S608 # names of our own
        file.execute(f"{numbers} INSERT INTO {table} ({names}) SELECT {values} FROM {one}, n")  # noqa: S608


def _all_kept(load: Load, kept: set[str]) -> None:
    lost = len(set(load.acknowledged) - kept)
    if lost:
        raise Lost(f"{lost} of {len(load.acknowledged)} were acknowledged and are not stored")


def _column(database: str, statement: str) -> set[str]:
    engine = reading_engine(database)
    try:
        with engine.connect() as connection:
            return {str(value) for value in connection.execute(text(statement)).scalars()}
    finally:
        engine.dispose()


def _turns(ours: Turn, theirs: Turn, effort: Effort) -> tuple[float, float]:
    """The medians of as many turns each, in shuffled order within every round."""
    found: dict[Turn, list[float]] = {ours: [], theirs: []}
    for _ in range(effort.rounds):
        for turn in random.sample([ours, theirs], 2):
            found[turn].append(turn())
    return statistics.median(found[ours]), statistics.median(found[theirs])
