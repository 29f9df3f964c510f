"""What a tally decides, and what a proposal is known by."""

import pytest

from minutes.proposal import ProposalState, outcome
from minutes.tally import Tally


@pytest.mark.parametrize(
    ("tally", "state"),
    [
        (Tally(in_favour=(1,)), ProposalState.ACCEPTED),
        (Tally(in_favour=(1, 2), against=(3,)), ProposalState.ACCEPTED),
        (Tally(in_favour=(1,), abstaining=(2, 3, 4)), ProposalState.ACCEPTED),
        (Tally(in_favour=(1,), against=(2,)), ProposalState.TIED),
        (Tally(in_favour=(1,), against=(2,), abstaining=(3,)), ProposalState.TIED),
        (Tally(against=(1,)), ProposalState.REJECTED),
        (Tally(in_favour=(1,), against=(2, 3)), ProposalState.REJECTED),
        (Tally(abstaining=(1, 2)), ProposalState.REJECTED),
        (Tally(), ProposalState.NO_VOTES),
        (Tally(conflicting=(1, 2)), ProposalState.NO_VOTES),
    ],
)
def test_more_for_than_against_is_a_decision_and_nothing_else_is(tally: Tally, state: ProposalState) -> None:
    assert outcome(tally) is state


def test_a_vote_is_open_until_it_has_an_outcome() -> None:
    assert [state for state in ProposalState if state.is_open] == [ProposalState.DRAFT, ProposalState.OPEN]
