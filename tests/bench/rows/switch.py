"""A topic comes to the floor, durably, while very many sessions are open, beside a JSON file that is written anew."""

import itertools
import json
import tempfile
from pathlib import Path

from tests.bench import server
from tests.bench.row import Effort, Row, turns

SESSIONS, TIMES = 1_000, 400


def rows(effort: Effort) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        numbers = itertools.count()
        many, times = str(effort.share_of(SESSIONS)), str(effort.share_of(TIMES))

        def ours() -> float:
            database = f"sqlite:///{Path(name) / f'{next(numbers)}.db'}"
            return _milliseconds("switch_of_ours", database, many, times)

        def theirs() -> float:
            return _milliseconds("switch_of_ptgbot", str(Path(name) / f"{next(numbers)}.json"), many, times)

        found = turns(ours, theirs, effort)
        floor = _milliseconds("commit_alone", str(Path(name) / "floor.db"), times)
        limit = f"one row alone, durable in plain SQLite, takes {floor / found[1]:.2f} of the file's time"
        return [Row("switch", *found, "ms", 1 / 10, at_least=False, limit=limit)]


def _milliseconds(module: str, *arguments: str) -> float:
    begun = server.begin(f"tests.bench.{module}", *arguments)
    told, _ = begun.communicate()
    assert begun.returncode == 0, f"{module} ended with {begun.returncode}"
    return float(json.loads(told)["seconds"]) * 1e3
