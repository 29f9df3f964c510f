"""The tally: who stands where on a proposal, as a pure fold over the marks that people left on its ballot."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum

from minutes.ids import PersonId, Ts, micros


class Side(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


SEED = ("+1", "-1", "white_circle")
"""The emoji that the bot puts on a ballot, in the order in which they are shown."""

_SIDES = {
    "+1": Side.FOR,
    "thumbsup": Side.FOR,
    "-1": Side.AGAINST,
    "thumbsdown": Side.AGAINST,
    "white_circle": Side.ABSTAIN,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One event of one person's emoji on one message, as Slack told it."""

    person: PersonId
    raw_name: str
    event_ts: Ts
    present: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """People by side, each sorted, nobody twice. `conflicting` hold several sides at once and count for none."""

    in_favour: tuple[PersonId, ...] = ()
    against: tuple[PersonId, ...] = ()
    abstaining: tuple[PersonId, ...] = ()
    conflicting: tuple[PersonId, ...] = ()

    @property
    def voters(self) -> tuple[PersonId, ...]:
        return self.in_favour + self.against + self.abstaining + self.conflicting

    def __str__(self) -> str:
        """`2 for, 1 against`, and `, 1 abstaining` where there are any."""
        words = f"{len(self.in_favour)} for, {len(self.against)} against"
        return words + (f", {len(self.abstaining)} abstaining" if self.abstaining else "")


def side_of(raw_name: str) -> Side | None:
    """The side that an emoji stands for, whatever its skin tone or alias; None for any other emoji."""
    return _SIDES.get(raw_name.strip(":").lower().partition("::skin-tone-")[0])


def count(marks: Iterable[Mark], *, not_people: Container[PersonId] = (), deadline_us: int | None = None) -> Tally:
    """Who holds what, whatever the order in which the marks arrived.

    Per person and raw emoji the mark with the latest `event_ts` wins; at equal times presence wins (voting.md §1.5, 2).
    Marks after `deadline_us` (microseconds, inclusive) do not count, and neither do those of `not_people`.
    """
    held: dict[tuple[PersonId, str], tuple[int, bool]] = {}
    for mark in marks:
        at = micros(mark.event_ts)
        if mark.person in not_people or (deadline_us is not None and at > deadline_us):
            continue
        key = (mark.person, mark.raw_name)
        held[key] = max(held.get(key, (-1, False)), (at, mark.present))
    sides: dict[PersonId, set[Side]] = {}
    for (person, raw_name), (_, present) in held.items():
        side = side_of(raw_name)
        if present and side is not None:
            sides.setdefault(person, set()).add(side)
    return _by_side(sides)


def _by_side(sides: dict[PersonId, set[Side]]) -> Tally:
    def only(side: Side) -> tuple[PersonId, ...]:
        return tuple(sorted(person for person, held in sides.items() if held == {side}))

    return Tally(
        in_favour=only(Side.FOR),
        against=only(Side.AGAINST),
        abstaining=only(Side.ABSTAIN),
        conflicting=tuple(sorted(person for person, held in sides.items() if len(held) > 1)),
    )
