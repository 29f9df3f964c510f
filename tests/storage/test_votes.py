"""Proposals and marks: every mark once, the tally folded from them, a result stored once."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from minutes.moment import to_micros
from minutes.proposal import ClosedBy, ProposalState
from minutes.tally import Mark
from storage import people, votes
from tests.storage.sample import CHANNEL, START, Gathering, after

BALLOT = f"{int(START.timestamp())}.000100"


def ts(minutes: float) -> str:
    us = to_micros(after(minutes))
    return f"{us // 1_000_000}.{us % 1_000_000:06}"


def mark(moot: Gathering, person: int, emoji: str, minutes: float = 2, *, present: bool = True) -> bool:
    made = Mark(person, emoji, ts(minutes), present)
    return votes.mark(moot.db, moot.workspace, CHANNEL, BALLOT, made, source="event", at=after(minutes))


def test_a_mark_is_kept_once_by_person_emoji_time_and_presence(moot: Gathering) -> None:
    assert mark(moot, moot.ben, "+1")
    assert not mark(moot, moot.ben, "+1")
    for other in (
        mark(moot, moot.ana, "+1"),
        mark(moot, moot.ben, "-1"),
        mark(moot, moot.ben, "+1::skin-tone-2"),
        mark(moot, moot.ben, "+1", 3),
        mark(moot, moot.ben, "+1", 3, present=False),
    ):
        assert other


def test_marks_that_were_quicker_than_the_ballot_count(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    assert votes.ballot_under_way(moot.db, moot.workspace, CHANNEL)
    mark(moot, moot.ben, "+1")

    assert votes.opened(moot.db, moot.workspace, proposal, BALLOT, after(10))

    kept = votes.get(moot.db, moot.workspace, proposal)
    assert kept.proposal.state is ProposalState.OPEN
    assert kept.proposal.tally.in_favour == (moot.ben,)
    assert not votes.ballot_under_way(moot.db, moot.workspace, CHANNEL)
    assert votes.ballot_at(moot.db, moot.workspace, CHANNEL, BALLOT) == (proposal, moot.session.id, True)


def test_bots_and_late_marks_do_not_count(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    votes.opened(moot.db, moot.workspace, proposal, BALLOT, after(10))
    robot = people.meet(moot.db, moot.workspace, "U0BOT", "Robot").id
    people.learn(moot.db, moot.workspace, robot, name="Robot", zone=None, is_bot=True, at=after(0))
    mark(moot, robot, "+1")
    mark(moot, moot.ana, "+1", 10)
    mark(moot, moot.ben, "+1", 10.001)

    assert votes.get(moot.db, moot.workspace, proposal).proposal.tally.in_favour == (moot.ana,)


def test_a_vote_is_closed_once_and_its_result_stands(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    votes.opened(moot.db, moot.workspace, proposal, BALLOT, after(10))
    mark(moot, moot.ben, "+1")
    kept = votes.get(moot.db, moot.workspace, proposal)

    def close(state: ProposalState, why: ClosedBy) -> bool:
        return votes.close(moot.db, kept, state=state, at=after(5), by=None, why=why)

    assert close(ProposalState.ACCEPTED, ClosedBy.DEADLINE)
    assert not close(ProposalState.REJECTED, ClosedBy.SESSION)
    mark(moot, moot.ana, "-1", 3)

    stored = votes.get(moot.db, moot.workspace, proposal).proposal
    assert (stored.state, stored.closed_why, str(stored.tally)) == (
        ProposalState.ACCEPTED,
        ClosedBy.DEADLINE,
        "1 for, 0 against",
    )
    assert stored.closed_at == after(5)


def test_deadlines_fall_due_in_their_order(moot: Gathering) -> None:
    late, soon = moot.proposal("Late", minutes=20), moot.proposal("Soon", minutes=5)
    assert votes.earliest_due(moot.db) is None
    votes.opened(moot.db, moot.workspace, late, "1.000001", after(20))
    votes.opened(moot.db, moot.workspace, soon, "1.000002", after(5))

    assert votes.earliest_due(moot.db) == after(5)
    assert votes.falling_due(moot.db, after(5) - timedelta(microseconds=1)) == []
    assert [kept.proposal.id for kept in votes.falling_due(moot.db, after(30))] == [soon, late]


def test_the_same_text_is_not_put_to_two_votes_at_once(moot: Gathering) -> None:
    first = moot.proposal("Ship on Friday")
    with pytest.raises(IntegrityError), moot.db.begin_nested():
        moot.proposal("Ship on Friday")
    same = votes.same_text_open(moot.db, moot.workspace, CHANNEL, "Ship on Friday")
    assert same is not None
    assert same.proposal.id == first

    votes.close(moot.db, same, state=ProposalState.NO_VOTES, at=after(5), by=moot.ana, why=ClosedBy.PERSON)
    assert moot.proposal("Ship on Friday") != first
    assert [kept.proposal.label for kept in votes.every(moot.db)] == ["V1", "V2"]


def test_a_vote_of_another_workspace_is_not_to_be_had(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday")

    with pytest.raises(LookupError):
        votes.get(moot.db, people.workspace(moot.db, "T0OTHER"), proposal)


def test_marks_on_what_turned_out_to_be_no_ballot_are_forgotten(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday")
    mark(moot, moot.ben, "+1")
    stray = Mark(moot.ben, "+1", ts(2), True)
    votes.mark(moot.db, moot.workspace, CHANNEL, "5.000001", stray, source="event", at=after(2))
    votes.opened(moot.db, moot.workspace, proposal, BALLOT, None)

    votes.drop_strays(moot.db, moot.workspace, CHANNEL)

    assert votes.voters_on(moot.db, moot.workspace, CHANNEL, "5.000001") == []
    assert votes.voters_on(moot.db, moot.workspace, CHANNEL, BALLOT) == [(moot.ben, after(2))]
