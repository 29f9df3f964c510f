"""From the start of the process to the first event that it acknowledges."""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.bench import server
from tests.bench.row import Effort, Row, turns
from tests.bench.server import Server
from tests.process.running import tiny_slack


def rows(effort: Effort) -> list[Row]:
    with tempfile.TemporaryDirectory() as name, tiny_slack() as slack:
        folder = Path(name)
        with server.folkmoot(slack, folder):
            pass  # the database is there from now on
        found = turns(
            lambda: _seconds(lambda: server.folkmoot(slack, folder)),
            lambda: _seconds(lambda: server.bare("--laden")),
            effort,
        )
    loading = statistics.median(_seconds_to_load() for _ in range(effort.rounds))
    limit = f"{loading:.2f} s are the loading of what a process needs, ours among it; nothing in it waits"
    return [Row("start", *found, "s", 1.3, at_least=False, limit=limit)]


def _seconds_to_load() -> float:
    """As `folkmoot` does it, and no further."""
    begun = time.perf_counter()
    assert server.begin("tests.bench.loading", quiet=True).wait() == 0
    return time.perf_counter() - begun


def _seconds(begin: Callable[[], AbstractContextManager[Server]]) -> float:
    begun = time.perf_counter()
    with begin():
        return time.perf_counter() - begun
