"""The tally: who stands where on a proposal, as a pure fold over the marks that people left on its ballot."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from minutes.ids import PersonId, Ts, micros


class Side(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


SEED = ("+1", "-1", "white_circle")
"""The emoji that the bot puts on a ballot, in the order in which they are shown."""

_SIDES = {"+1": Side.FOR, "-1": Side.AGAINST, "white_circle": Side.ABSTAIN}
_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1"}
_TONE = "::skin-tone-"


class MarkSource(StrEnum):
    """Who told: Slack's event, which has its time, or our look at what Slack holds, which has only ours."""

    EVENT = "event"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Mark:
    """One change of one person's emoji on one message. A snapshot's `event_ts` is when it was taken."""

    person: PersonId
    raw_name: str
    event_ts: Ts
    present: bool
    source: MarkSource = MarkSource.EVENT


Vote = tuple[PersonId, str]
"""A person and the raw name of an emoji."""


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

    @property
    def counted(self) -> tuple[PersonId, ...]:
        """Those whose vote counts, for a quorum too: an abstention does, a conflict does not (voting.md §1.5, 6)."""
        return self.in_favour + self.against + self.abstaining

    @property
    def sides(self) -> dict[PersonId, Side]:
        """Where those stand who count."""
        parts = {Side.FOR: self.in_favour, Side.AGAINST: self.against, Side.ABSTAIN: self.abstaining}
        return {person: side for side, people in parts.items() for person in people}

    def __str__(self) -> str:
        """`2 for, 1 against`, and `, 1 abstaining` where there are any."""
        words = f"{len(self.in_favour)} for, {len(self.against)} against"
        return words + (f", {len(self.abstaining)} abstaining" if self.abstaining else "")


def emoji_of(raw_name: str) -> str:
    """The emoji by one name, whichever alias it came under (voting.md §1.4); skin tones stay apart, as in Slack."""
    name, separator, tone = raw_name.strip(":").lower().partition(_TONE)
    return _ALIASES.get(name, name) + separator + tone


def side_of(raw_name: str) -> Side | None:
    """The side that an emoji stands for, whatever its skin tone or alias; None for any other emoji."""
    return _SIDES.get(emoji_of(raw_name).partition(_TONE)[0])


def precedence(mark: Mark) -> tuple[int, bool, bool]:
    """By this the greatest mark wins: the latest (voting.md §1.5, 2).

    At equal times a snapshot beats an event, which may have been before it, and presence beats removal.
    """
    return micros(mark.event_ts), mark.source is MarkSource.SNAPSHOT, mark.present


def fold(marks: Iterable[Mark], *, until_us: int | None = None) -> dict[Vote, bool]:
    """What each person holds by `until_us` (microseconds, inclusive), whatever the order of the marks.

    Per person and raw emoji the mark with the latest `event_ts` wins (voting.md §1.5, 2).
    """
    latest: dict[Vote, tuple[int, bool, bool]] = {}
    for mark in marks:
        vote, weight = (mark.person, mark.raw_name), precedence(mark)
        if until_us is None or weight[0] <= until_us:
            latest[vote] = max(latest.get(vote, weight), weight)
    return {vote: present for vote, (_, _, present) in latest.items()}


def count(marks: Iterable[Mark], *, not_people: Container[PersonId] = (), deadline_us: int | None = None) -> Tally:
    """Who holds what, whatever the order in which the marks arrived (see `fold`).

    Marks after `deadline_us` (microseconds, inclusive) do not count, and neither do those of `not_people`.
    """
    of_people = (mark for mark in marks if mark.person not in not_people)
    held = fold(of_people, until_us=deadline_us)
    return by_side(sides_of(vote for vote, present in held.items() if present))


def sides_of(held: Iterable[Vote]) -> dict[PersonId, frozenset[Side]]:
    """The sides that people hold, several tones of one counting once; without those who hold none."""
    sides: dict[PersonId, set[Side]] = {}
    for person, name in held:
        if side := side_of(name):
            sides.setdefault(person, set()).add(side)
    return {person: frozenset(found) for person, found in sides.items()}


def by_side(sides: Mapping[PersonId, frozenset[Side]]) -> Tally:
    def only(side: Side) -> tuple[PersonId, ...]:
        return tuple(sorted(person for person, held in sides.items() if held == {side}))

    return Tally(
        in_favour=only(Side.FOR),
        against=only(Side.AGAINST),
        abstaining=only(Side.ABSTAIN),
        conflicting=tuple(sorted(person for person, held in sides.items() if len(held) > 1)),
    )


def counted_over_time(own: Iterable[Mark]) -> Iterator[Side]:
    """Where one person counted, moment by moment; while they hold two sides, or none, they count nowhere."""
    held: dict[Vote, bool] = {}
    for _, moment in groupby(sorted(own, key=precedence), key=lambda mark: micros(mark.event_ts)):
        held |= {(mark.person, mark.raw_name): mark.present for mark in moment}
        for sides in sides_of(vote for vote, present in held.items() if present).values():
            if len(sides) == 1:
                yield from sides


@dataclass(frozen=True, slots=True)
class Hands:
    """Who held which emoji at the close: `known` by then, `seen` with a later snapshot's changes, and the difference.

    `doubtful` may have been held at the close or not, whichever of the two says so.
    """

    known: frozenset[Vote]
    seen: frozenset[Vote]
    doubtful: frozenset[Vote]

    def tally(self, *, with_untimed: bool) -> Tally:
        return by_side(sides_of(self.seen if with_untimed else self.known))


def hands_at(votes: Sequence[Mark], closed_us: int | None) -> Hands:
    """Compared emoji by emoji, not name by name: Slack may tell one emoji by two aliases, and nothing has changed then.

    Besides what a snapshot alone tells (voting.md §1.5, 19), a removal after the close of what nobody saw set is
    doubtful: it was held just before, perhaps by the close ("undo changes whose events are > deadline", 23).
    """
    held = fold(votes, until_us=closed_us)
    after = [mark for mark in votes if closed_us is not None and micros(mark.event_ts) > closed_us]
    told = _first_told(mark for mark in after if mark.source is MarkSource.EVENT)
    untimed = {
        (mark.person, mark.raw_name): mark.present
        for mark in after
        if mark.source is MarkSource.SNAPSHOT
        and mark.present != held.get((mark.person, mark.raw_name), False)
        and not _explained(mark, told)
    }
    known, seen = _emoji(held), _emoji(held | untimed)
    return Hands(known, seen, (known ^ seen) | (_removed_first(told) - known))


_Told = dict[tuple[PersonId, str, bool], int]


def _first_told(events: Iterable[Mark]) -> _Told:
    """When each emoji was first set and first removed, by person, emoji and whether it was set."""
    told: _Told = {}
    for mark in events:
        key, at = (mark.person, emoji_of(mark.raw_name), mark.present), micros(mark.event_ts)
        told[key] = min(told.get(key, at), at)
    return told


def _explained(mark: Mark, told: _Told) -> bool:
    at = micros(mark.event_ts)
    return told.get((mark.person, emoji_of(mark.raw_name), mark.present), at + 1) <= at


def _removed_first(told: _Told) -> frozenset[Vote]:
    removals = ((person, emoji, at) for (person, emoji, present), at in told.items() if not present)
    return frozenset((person, emoji) for person, emoji, at in removals if told.get((person, emoji, True), at + 1) > at)


def _emoji(held: dict[Vote, bool]) -> frozenset[Vote]:
    return frozenset((person, emoji_of(name)) for (person, name), present in held.items() if present)
