"""The result of a vote: a pure, order-free function of its rules, roll, marks and closing time (voting.md §1.1, P1)."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, combinations, groupby

from minutes.ids import PersonId, micros
from minutes.proposal import ProposalState
from minutes.rules import RuleName, Rules
from minutes.tally import Mark, MarkSource, Side, Tally, Vote, by_side, emoji_of, fold, precedence, side_of, sides_of


@dataclass(frozen=True, slots=True)
class Result:
    """What a vote has come to, with all that its record has to say. People are sorted, nobody twice."""

    state: ProposalState
    """While the vote is open: what it would be if it were closed now."""
    binding: Tally
    """Those on the roll, or everyone where there is none. What is untimed is in it unless it is in dispute."""
    advisory: Tally
    silent: tuple[PersonId, ...]
    """On the roll, with neither a vote that counts nor a conflict."""
    needs: int
    has: int
    quorum_needs: int | None
    quorum_has: int
    late: tuple[PersonId, ...]
    """Who set a vote after the close, on the roll or not."""
    changed: tuple[PersonId, ...]
    """Whose counted vote is binding and is not the first side on which they counted."""
    untimed: tuple[PersonId, ...]
    """Who may have moved before the close or after it, on the roll or not: no event tells."""
    by_events_only: bool


def decide(
    marks: Iterable[Mark],
    *,
    rules: Rules,
    roll: frozenset[PersonId] | None,
    not_people: frozenset[PersonId],
    closed_us: int | None,
    unverified: frozenset[PersonId] = frozenset(),
    by_events_only: bool = False,
    accept_untimed: bool = False,
) -> Result:
    """The result at `closed_us` (Slack's microseconds, inclusive), or as it stands where that is None.

    Where there is a roll, only those on it count; without one everybody but `unverified`, whom no lookup has told to be
    people (voting.md §1.5, 9 and 10). `not_people` are nowhere, the roll included. `accept_untimed` is the chair's
    choice to take the snapshot as it is (§1.5, 19). Raises ValueError for rules that need a roll where there is none.
    """
    electorate = None if roll is None else roll - not_people
    votes = [mark for mark in marks if mark.person not in not_people and side_of(mark.raw_name)]
    binding, advisory = _parted(votes, electorate, unverified)
    hands, beside = _hands_at(binding, closed_us), _hands_at(advisory, closed_us)
    size = None if electorate is None else len(electorate)
    states = {_outcome(reading, rules, size) for reading in _readings(hands)}
    settled = accept_untimed or len(states) == 1
    tally = hands.tally(with_untimed=settled)
    quorum = rules.quorum
    return Result(
        state=_outcome(tally, rules, size) if settled else ProposalState.UNDETERMINED,
        binding=tally,
        advisory=beside.tally(with_untimed=settled),
        silent=tuple(sorted((electorate or frozenset()).difference(tally.voters))),
        needs=rules.rule.needs(len(tally.in_favour), len(tally.against), size),
        has=len(tally.in_favour),
        quorum_needs=None if quorum is None else quorum.needed(size),
        quorum_has=len(tally.counted),
        late=_late(votes, closed_us),
        changed=_changed(binding, tally, closed_us),
        untimed=tuple(sorted({person for person, _ in hands.doubtful | beside.doubtful})),
        by_events_only=by_events_only,
    )


def everyone_voted(result: Result, roll: frozenset[PersonId] | None) -> bool:
    """Whether every member of the roll has a vote without conflict, so that it may close early (voting.md §1.5, 32a)."""
    return bool(roll) and bool(result.quorum_has) and not result.silent and not result.binding.conflicting


def canonical(result: Result) -> str:
    """The one text of a result: it is stored, and a recount has to give it byte for byte (voting.md §1.5, 50)."""
    return json.dumps(asdict(result), sort_keys=True, separators=(",", ":"))


def from_canonical(text: str) -> Result:
    """What `canonical` gave; raises KeyError, TypeError or ValueError for anything else."""
    stored = json.loads(text)
    stored["state"] = ProposalState(stored["state"])
    for name in ("binding", "advisory"):
        stored[name] = Tally(**{side: tuple(people) for side, people in stored[name].items()})
    for name in ("silent", "late", "changed", "untimed"):
        stored[name] = tuple(stored[name])
    return Result(**stored)


def _outcome(tally: Tally, rules: Rules, roll: int | None) -> ProposalState:
    """voting.md §1.3, and of §1.5 cases 25 (nobody), 27 (a tie is no decision) and 28 (all abstain)."""
    in_favour, against, voted = len(tally.in_favour), len(tally.against), len(tally.counted)
    if rules.quorum is not None and (not voted or voted < rules.quorum.needed(roll)):
        return ProposalState.NO_QUORUM
    if not voted:
        return ProposalState.NO_VOTES
    if rules.rule.passes(in_favour, against, len(tally.conflicting), roll):
        return ProposalState.ACCEPTED
    # Under any other rule as many for as against is short of what is needed, and nothing is in balance.
    tied = rules.rule.name is RuleName.MAJORITY and in_favour == against > 0
    return ProposalState.TIED if tied else ProposalState.REJECTED


def _parted(
    votes: Sequence[Mark], electorate: frozenset[PersonId] | None, unverified: frozenset[PersonId]
) -> tuple[list[Mark], list[Mark]]:
    def binds(person: PersonId) -> bool:
        return person not in unverified if electorate is None else person in electorate

    return [mark for mark in votes if binds(mark.person)], [mark for mark in votes if not binds(mark.person)]


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who held which emoji at the close: `known` by then, `seen` with a later snapshot's changes, and the difference.

    `doubtful` may have been held at the close or not, whichever of the two says so.
    """

    known: frozenset[Vote]
    seen: frozenset[Vote]
    doubtful: frozenset[Vote]

    def tally(self, *, with_untimed: bool) -> Tally:
        return by_side(sides_of(self.seen if with_untimed else self.known))


def _hands_at(votes: Sequence[Mark], closed_us: int | None) -> _Hands:
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
    return _Hands(known, seen, (known ^ seen) | (_removed_first(told) - known))


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


_Sides = frozenset[Side]
_FAVOUR = {frozenset({Side.FOR}): 4, frozenset({Side.ABSTAIN}): 3, frozenset(): 2, frozenset({Side.AGAINST}): 0}
_CONFLICT = 1  # worse than no vote, because unanimity cannot bear it; better than a vote against


def _favour(sides: _Sides) -> int:
    return _FAVOUR.get(sides, _CONFLICT)


# All that is in doubt read for the proposal and against it (voting.md §1.5, 19). A quorum may turn on it between the
# two, so it is read with as few and with as many votes as can be, too. What these four agree on holds for every
# reading: a rule never turns on a change towards the proposal, nor a quorum on one more vote.
_READINGS: tuple[Callable[[_Sides], tuple[int, int]], ...] = (
    lambda sides: (_favour(sides), 0),
    lambda sides: (-_favour(sides), 0),
    lambda sides: (len(sides) == 1, _favour(sides)),
    lambda sides: (len(sides) != 1, _favour(sides)),
)


def _readings(hands: _Hands) -> Iterator[Tally]:
    sure, perhaps = sides_of(hands.known - hands.doubtful), sides_of(hands.doubtful)
    states = {person: [sides] for person, sides in sure.items()}
    states |= {person: _ways(sure.get(person, frozenset()), sides) for person, sides in perhaps.items()}
    for reading in _READINGS:
        yield by_side({person: max(ways, key=reading) for person, ways in states.items()})


def _ways(sure: _Sides, perhaps: _Sides) -> list[_Sides]:
    some = chain.from_iterable(combinations(sorted(perhaps), size) for size in range(len(perhaps) + 1))
    return [sure.union(added) for added in some]


def _late(votes: Sequence[Mark], closed_us: int | None) -> tuple[PersonId, ...]:
    """Who is to be told that the vote was over (voting.md §1.5, 15)."""
    if closed_us is None:
        return ()
    events = (mark for mark in votes if mark.present and mark.source is MarkSource.EVENT)
    return tuple(sorted({mark.person for mark in events if micros(mark.event_ts) > closed_us}))


def _changed(votes: Sequence[Mark], tally: Tally, closed_us: int | None) -> tuple[PersonId, ...]:
    """voting.md §1.5, 14: the final vote counts, and the record says that it was another one before."""
    sides = {Side.FOR: tally.in_favour, Side.AGAINST: tally.against, Side.ABSTAIN: tally.abstaining}
    final = {person: side for side, people in sides.items() for person in people}
    in_time = (mark for mark in votes if closed_us is None or micros(mark.event_ts) <= closed_us)
    ordered = sorted(in_time, key=lambda mark: (mark.person, precedence(mark)))
    return tuple(
        person
        for person, own in groupby(ordered, key=lambda mark: mark.person)
        if person in final and any(side != final[person] for side in _sides_over_time(own))
    )


def _sides_over_time(own: Iterable[Mark]) -> Iterator[Side]:
    """Where one person counted, moment by moment; a conflict while swapping counts nowhere."""
    held: dict[Vote, bool] = {}
    for _, moment in groupby(own, key=lambda mark: micros(mark.event_ts)):
        held |= {(mark.person, mark.raw_name): mark.present for mark in moment}
        for sides in sides_of(vote for vote, present in held.items() if present).values():
            if len(sides) == 1:
                yield from sides
