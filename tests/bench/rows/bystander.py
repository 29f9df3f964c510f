"""Most reactions: on what people say to each other, and of no meaning to us."""

from tests.bench import requests
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import bare, gathering, saturated


def rows(effort: Effort) -> list[Row]:
    def ours() -> float:
        with gathering() as there:
            return saturated(requests.bystanders(), effort, there).per_second

    def theirs() -> float:
        return bare(requests.bystanders(), effort)

    return [Row("bystander", *turns(ours, theirs, effort), "a second", 0.9)]
