"""The minutes of a very long session, written from what is stored, beside hcoop-meetbot's from what it remembers.

Each is written by a process that has done nothing else, on the server's core.
"""

import json
import statistics
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench import server
from tests.bench.kept_meeting import keep
from tests.bench.row import Effort, Row, turns

MESSAGES = 100_000
Told = dict[str, Any]


def time(effort: Effort) -> list[Row]:
    told = _both(effort)
    ours, theirs = (_median(each, "seconds") for each in told)
    read, page = (statistics.median(each["parts"][part] for each in told[0]) for part in (0, 1))
    limit = f"{read:.2f} s lead from rows to values, {page:.2f} s through a template that people can change"
    return [Row("minutes-time", ours, theirs, "s", 1 / 20, at_least=False, limit=limit)]


def memory(effort: Effort) -> list[Row]:
    told = _both(effort)
    ours, theirs = (_median(each, "peak") / 2**20 for each in told)
    loaded = _median(told[0], "loaded") / 2**20
    limit = f"{loaded:.0f} MiB are loaded before anything is read; the rest is the record, and the lines of its page"
    return [Row("minutes-memory", ours, theirs, "MiB", 1 / 4, at_least=False, limit=limit)]


def growth(effort: Effort) -> list[Row]:
    """Ours alone: ten times the entries, and how many times the time."""
    with tempfile.TemporaryDirectory() as name:
        many = effort.share_of(MESSAGES)
        databases = {number: keep(Path(name) / f"{number}.db", number) for number in (many, many // 10)}

        def seconds(number: int) -> Callable[[], float]:
            return lambda: _told("minutes_of_ours", databases[number], name)["seconds"]

        found = turns(seconds(many), seconds(many // 10), effort)
    return [Row("minutes-growth", *found, "s", 10.5, at_least=False)]


@cache
def _both(effort: Effort) -> tuple[list[Told], list[Told]]:
    """Time and memory are of the same turns."""
    ours, theirs = list[Told](), list[Told]()
    with tempfile.TemporaryDirectory() as name:
        database, number = keep(Path(name) / "long.db", effort.share_of(MESSAGES)), str(effort.share_of(MESSAGES))

        def one() -> float:
            ours.append(_told("minutes_of_ours", database, name))
            return ours[-1]["seconds"]

        def other() -> float:
            theirs.append(_told("minutes_of_meetbot", number, name))
            return theirs[-1]["seconds"]

        turns(one, other, effort)
    return ours, theirs


def _told(module: str, *arguments: str) -> Told:
    begun = server.begin(f"tests.bench.{module}", *arguments)
    told, _ = begun.communicate()
    assert begun.returncode == 0, f"{module} ended with {begun.returncode}"
    return dict(json.loads(told))


def _median(told: list[Told], figure: str) -> float:
    return statistics.median(each[figure] for each in told)
