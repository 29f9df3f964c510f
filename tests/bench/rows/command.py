"""`/topic` and `/note` at an even pace, beside Bolt as it is by default; both percentiles are of the same turns."""

import statistics

from tests.bench import requests, server
from tests.bench.counted import all_kept, column
from tests.bench.generator import Load, paced
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import gathering
from tests.bench.server import Server

A_SECOND = 200
KEPT = "SELECT text FROM entries UNION SELECT title FROM topics"


def rows(effort: Effort) -> list[Row]:
    ours, theirs = list[Load](), list[Load]()

    def one() -> float:
        with gathering() as there:
            ours.append(_typed(there, effort))
            there.kill()
            all_kept(ours[-1].acknowledged, column(there.database, KEPT))
        return ours[-1].latency(0.5)

    def other() -> float:
        with server.bare("--defaults") as there:
            theirs.append(_typed(there, effort))
        return theirs[-1].latency(0.5)

    turns(one, other, effort)

    def row(name: str, share: float, goal: float) -> Row:
        mine, its = (statistics.median(each.latency(share) * 1e3 for each in loads) for loads in (ours, theirs))
        return Row(name, mine, its, "ms", goal, at_least=False)

    return [row("command", 0.5, 0.25), row("command-p99", 0.99, 0.5)]


def _typed(there: Server, effort: Effort) -> Load:
    load = paced(there.port, requests.commands(), A_SECOND, effort.seconds)
    assert not load.failed, f"{load.failed} commands were not acknowledged"
    return load
