"""What an event costs of the processor beside a long past, and beside none."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

from tests.bench import requests, server
from tests.bench.counted import all_kept, column, marks
from tests.bench.generator import Named, saturate
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import WARM_UP_S, convene, opened_ballot, posting_slack

MARKS, ENTRIES, EVENTS = 1_000_000, 100_000, 6_000
ENTRIES_A_SESSION = 400
MARKS_A_BALLOT = 300
FIRST_SESSION = 1_000_000
BYSTANDER = "bystander "


def rows(effort: Effort) -> list[Row]:
    with tempfile.TemporaryDirectory() as name, posting_slack() as slack:
        young, old = Path(name) / "young", Path(name) / "old"
        young.mkdir()
        with server.folkmoot(slack, young) as there:
            convene(there)
            server.says(there, "/note Once upon a time", "1.3")
            first = islice(requests.votes(there.ballot), requests.VOTERS)
            asyncio.run(saturate([there.port], first, WARM_UP_S))
        shutil.copytree(young, old)
        _grow(old / "folkmoot.db", effort)
        found = turns(lambda: _cost(slack, old, effort), lambda: _cost(slack, young, effort), effort)
    return [Row("history", *found, "µs of CPU", 1.1, at_least=False)]


def _cost(slack: str, past: Path, effort: Effort) -> float:
    """Microseconds of processor time for each of a fixed number of events, so that every turn does the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(past, Path(name) / "copy"))
        with server.folkmoot(slack, folder) as there:
            made = _events(opened_ballot(there.database))
            asyncio.run(saturate([there.port], islice(made, requests.VOTERS), WARM_UP_S))
            ready = list(islice(made, effort.share_of(EVENTS)))
            before = there.cpu
            load = asyncio.run(saturate([there.port], ready, WARM_UP_S))
            spent = there.cpu - before
            there.kill()
            words = column(there.database, "SELECT text FROM entries UNION SELECT title FROM topics")
            all_kept(
                [each for each in load.acknowledged if not each.startswith(BYSTANDER)], words | marks(there.database)
            )
    return spent / len(load.acknowledged) * 1e6


def _events(ballot: str) -> Iterator[Named]:
    """Of ten events seven are votes, two concern nobody, and one is typed."""
    votes, commands = requests.votes(ballot), requests.commands()
    others = ((f"{BYSTANDER}{name}", request) for name, request in requests.bystanders())
    while True:
        yield from chain(islice(votes, 7), islice(others, 2), islice(commands, 1))


def _grow(database: Path, effort: Effort) -> None:
    """So many marks and entries more, on other ballots and in other sessions."""
    marks, entries = effort.share_of(MARKS), effort.share_of(ENTRIES)
    session = f"{FIRST_SESSION} + n / {ENTRIES_A_SESSION}"
    ballot = f"'1.' || (n / {MARKS_A_BALLOT})"
    with closing(sqlite3.connect(database)) as file, file:
        _copies(file, "sessions", entries // ENTRIES_A_SESSION + 1, id=f"{FIRST_SESSION} + n - 1", state="'closed'")
        _copies(file, "entries", entries, session_id=session, number="n", message="'1.' || n")
        _copies(file, "marks", marks, event_ts="'1.' || n", message_ts=ballot, person_id="person_id + n % 100")


def _copies(file: sqlite3.Connection, table: str, times: int, **other: str) -> None:
    """Rows like the first one, but for some columns, each an expression of `n`, which counts from 1."""
    columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})") if row[1] != "id" or "id" in other]
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(other.get(column, f'"{column}"') for column in columns)
    numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {times})"  # noqa: S608
    one = f"(SELECT * FROM {table} ORDER BY 1 LIMIT 1)"  # noqa: S608 # names of our own
    file.execute(f"{numbers} INSERT INTO {table} ({names}) SELECT {values} FROM {one}, n")  # noqa: S608
