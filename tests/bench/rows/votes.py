"""A reaction on an open ballot: verified, its mark on disk and a redraw owed, and only then acknowledged."""

from tests.bench import requests
from tests.bench.counted import all_kept, marks
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import bare, gathering, saturated


def full(effort: Effort) -> list[Row]:
    return [_row("vote-full", "bot", 0.85, effort)]


def normal(effort: Effort) -> list[Row]:
    """As it would be if the disk were not waited for."""
    return [_row("vote-normal", "tests.bench.careless", 1.0, effort)]


def _row(name: str, module: str, goal: float, effort: Effort) -> Row:
    def ours() -> float:
        with gathering(module) as there:
            load = saturated(requests.votes(there.ballot), effort, there)
            there.kill()
            all_kept(load.acknowledged, marks(there.database))
            return load.per_second

    def theirs() -> float:
        return bare(requests.votes(), effort)

    return Row(name, *turns(ours, theirs, effort), "a second", goal)
