"""The result of a vote: a pure, order-free function of its rules, roll, marks and closing time (voting.md §1.1, P1)."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, combinations, groupby

from minutes.ids import PersonId, micros
from minutes.proposal import ProposalState
from minutes.rules import RuleName, Rules
from minutes.tally import Hands, Mark, MarkSource, Side, Tally, by_side, counted_over_time, hands_at, side_of, sides_of


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
    hands, beside = hands_at(binding, closed_us), hands_at(advisory, closed_us)
    size = None if electorate is None else len(electorate)
    state, tally = _settled(hands, rules, size, accept_untimed=accept_untimed)
    return Result(
        state=state,
        binding=tally,
        advisory=beside.tally(with_untimed=state is not ProposalState.UNDETERMINED),
        silent=tuple(sorted((electorate or frozenset()).difference(tally.voters))),
        needs=rules.rule.needs(len(tally.in_favour), len(tally.against), size),
        has=len(tally.in_favour),
        quorum_needs=rules.quorum_needs(size),
        quorum_has=len(tally.counted),
        late=_late(votes, closed_us),
        changed=_changed(binding, tally, closed_us),
        untimed=tuple(sorted({person for person, _ in hands.doubtful | beside.doubtful})),
        by_events_only=by_events_only,
    )


def everyone_voted(result: Result, roll: frozenset[PersonId] | None) -> bool:
    """Whether every member of the roll has a vote without conflict: it may close early (voting.md §1.5, 32a)."""
    return bool(roll) and bool(result.quorum_has) and not result.silent and not result.binding.conflicting


def canonical(result: Result) -> str:
    """The one text of a result: it is stored, and a recount has to give it byte for byte (voting.md §1.5, 50)."""
    return json.dumps(asdict(result), sort_keys=True, separators=(",", ":"))


def from_canonical(text: str) -> Result:
    """What `canonical` gave; raises AttributeError, KeyError, TypeError or ValueError for anything else."""
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
    quorum = rules.quorum_needs(roll)
    if quorum is not None and voted < max(quorum, 1):
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


_Sides = frozenset[Side]
_FAVOUR = {frozenset({Side.FOR}): 4, frozenset({Side.ABSTAIN}): 3, frozenset(): 2, frozenset({Side.AGAINST}): 0}
_CONFLICT = 1  # worse than no vote, because unanimity cannot bear it; better than a vote against


def _favour(sides: _Sides) -> int:
    return _FAVOUR.get(sides, _CONFLICT)


# All that is in doubt read for the proposal and against it (voting.md §1.5, 19), and because a quorum may turn on it in
# between, with as few and as many votes as can be. Where these four agree every other reading does too: passing only
# gains from each step in favour, and a quorum from each vote.
_READINGS: tuple[Callable[[_Sides], tuple[int, int]], ...] = (
    lambda sides: (_favour(sides), 0),
    lambda sides: (-_favour(sides), 0),
    lambda sides: (len(sides) == 1, _favour(sides)),
    lambda sides: (len(sides) != 1, _favour(sides)),
)


def _settled(hands: Hands, rules: Rules, roll: int | None, *, accept_untimed: bool) -> tuple[ProposalState, Tally]:
    """The outcome with the untimed changes where they cannot turn it or are accepted; in dispute, what is certain."""
    outcomes = {_outcome(reading, rules, roll) for reading in _readings(hands)}
    if len(outcomes) > 1 and not accept_untimed:
        return ProposalState.UNDETERMINED, hands.tally(with_untimed=False)
    tally = hands.tally(with_untimed=True)
    return _outcome(tally, rules, roll), tally


def _readings(hands: Hands) -> Iterator[Tally]:
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
    final = tally.sides
    in_time = (mark for mark in votes if closed_us is None or micros(mark.event_ts) <= closed_us)
    by_person = sorted(in_time, key=lambda mark: mark.person)
    return tuple(
        person
        for person, own in groupby(by_person, key=lambda mark: mark.person)
        if person in final and any(side != final[person] for side in counted_over_time(own))
    )
