"""Counting: what a count rested on besides the marks, frozen with its result so that it can be made again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from minutes.ids import PersonId
from minutes.moment import to_micros
from minutes.proposal import ProposalState
from minutes.result import Result, decide
from minutes.rules import Rules
from minutes.tally import Mark


@dataclass(frozen=True, slots=True)
class CountedWith:
    """What a count rested on besides marks, rules and roll; frozen with the result, so that it can be counted again."""

    not_people: frozenset[PersonId]
    unverified: frozenset[PersonId] = frozenset()
    last_mark: int | None = None
    """The newest mark that was there; None for all that are there now."""
    by_events_only: bool = False
    accept_untimed: bool = False
    state: ProposalState | None = None
    """The state where it was not the count that decided it, as of a vote that was withdrawn."""


def count(
    marks: Iterable[Mark],
    rules: Rules,
    roll: frozenset[PersonId] | None,
    closed_at: datetime | None,
    with_: CountedWith,
) -> Result:
    """As `minutes.result.decide`."""
    return decide(
        marks,
        rules=rules,
        roll=roll,
        not_people=with_.not_people,
        unverified=with_.unverified,
        closed_us=None if closed_at is None else to_micros(closed_at),
        by_events_only=with_.by_events_only,
        accept_untimed=with_.accept_untimed,
    )


def to_json(with_: CountedWith) -> dict[str, Any]:
    return {
        "not_people": sorted(with_.not_people),
        "unverified": sorted(with_.unverified),
        "last_mark": with_.last_mark,
        "by_events_only": with_.by_events_only,
        "accept_untimed": with_.accept_untimed,
        "state": with_.state,
    }


def from_json(stored: dict[str, Any] | None) -> CountedWith | None:
    if stored is None:
        return None
    state = stored["state"] and ProposalState(stored["state"])
    return CountedWith(
        not_people=frozenset(stored["not_people"]),
        unverified=frozenset(stored["unverified"]),
        last_mark=stored["last_mark"],
        by_events_only=stored["by_events_only"],
        accept_untimed=stored["accept_untimed"],
        state=state,
    )
