"""What is read of the marks while people vote leaves out repetitions, and counts as all of them do."""

from datetime import datetime
from random import Random

import pytest

from minutes.moment import to_micros, to_ts
from minutes.result import Result, decide
from minutes.rules import Rules
from minutes.tally import Mark, MarkSource
from storage import ballot_box
from tests.storage.sample import CHANNEL, Gathering, after
from tests.storage.test_votes import BALLOT

NAMES = ("+1", "-1", "thumbsup", "+1::skin-tone-2")
SOURCES = (MarkSource.EVENT, MarkSource.EVENT, MarkSource.SNAPSHOT)


def put(moot: Gathering, marks: list[Mark]) -> None:
    for each in marks:
        ballot_box.mark(moot.db, moot.workspace, CHANNEL, BALLOT, each, at=after(9))


def some(moot: Gathering, chance: Random) -> list[Mark]:
    """Few people and few moments, so that they meet in every way."""
    people = (moot.ana, moot.ben)
    return [
        Mark(
            chance.choice(people),
            chance.choice(NAMES),
            to_ts(after(chance.randrange(8))),
            chance.random() < 0.6,
            chance.choice(SOURCES),
        )
        for _ in range(chance.randrange(40))
    ]


def counted(marks: list[Mark], closed: datetime | None) -> Result:
    closed_us = None if closed is None else to_micros(closed)
    return decide(marks, rules=Rules(), roll=None, not_people=frozenset(), closed_us=closed_us)


@pytest.mark.parametrize("seed", range(25))
def test_whatever_has_happened_the_count_is_the_same(moot: Gathering, seed: int) -> None:
    put(moot, some(moot, Random(seed)))  # noqa: S311 # it must be repeatable
    where = (moot.db, moot.workspace, CHANNEL, BALLOT)
    everything = ballot_box.marks_on(*where)

    for closed in (None, *map(after, range(8))):
        changes = ballot_box.changes_on(*where, closed and to_ts(closed))
        assert counted(changes, closed) == counted(everything, closed)


def test_a_vote_that_is_told_again_and_again_is_read_once(moot: Gathering) -> None:
    put(moot, [Mark(moot.ben, "+1", to_ts(after(minutes)), present=True) for minutes in range(6)])

    read = ballot_box.changes_on(moot.db, moot.workspace, CHANNEL, BALLOT, to_ts(after(4)))

    assert sorted(each.event_ts for each in read) == [to_ts(after(0)), to_ts(after(5))]
