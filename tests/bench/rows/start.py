"""From the start of the process to the first event that it acknowledges."""

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
    return [Row("start", *found, "s", 1.3, at_least=False)]


def _seconds(begin: Callable[[], AbstractContextManager[Server]]) -> float:
    begun = time.perf_counter()
    with begin():
        return time.perf_counter() - begun
