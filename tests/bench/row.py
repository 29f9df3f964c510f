"""A row of the table, and the turns in which its figures are taken."""

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass

Turn = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """`ours` and `theirs` are medians in `unit`; `goal` is the ratio that is wanted, `at_least` or at most.

    `limit` says in a sentence what was not measured as it should be, or why the goal is out of reach.
    """

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
    """How long a turn is, in seconds, and how often each takes one. What is counted in events grows with it, too."""

    seconds: float = 4.0
    rounds: int = 3

    def share_of(self, full: int) -> int:
        """So many where a turn is as long as it is by default, and fewer where it is shorter."""
        return max(1, round(full * self.seconds / Effort.seconds))


def turns(ours: Turn, theirs: Turn, effort: Effort) -> tuple[float, float]:
    """The medians of as many turns each, in shuffled order within every round."""
    found: dict[Turn, list[float]] = {ours: [], theirs: []}
    for _ in range(effort.rounds):
        for turn in random.sample([ours, theirs], 2):
            found[turn].append(turn())
    return statistics.median(found[ours]), statistics.median(found[theirs])
