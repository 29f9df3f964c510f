"""Proposals and marks: every mark once, the tally folded from them, a result stored once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from minutes.moment import to_ts
from minutes.proposal import ClosedBy, ProposalState
from minutes.result import canonical
from minutes.tally import Mark
from storage import ballot_box, counting, people, vote_agenda, votes
from storage.counting import CountedWith
from storage.vote_agenda import Due
from tests.storage.sample import CHANNEL, START, Gathering, after

BALLOT = f"{int(START.timestamp())}.000100"


def ts(minutes: float) -> str:
    return to_ts(after(minutes))


def mark(moot: Gathering, person: int, emoji: str, minutes: float = 2, *, present: bool = True) -> bool:
    made = Mark(person, emoji, ts(minutes), present)
    return ballot_box.mark(moot.db, moot.workspace, CHANNEL, BALLOT, made, at=after(minutes))


def opened(moot: Gathering, proposal: int, ballot: str = BALLOT, deadline: datetime | None = None) -> None:
    """Slack has confirmed the ballot's post."""
    kept = votes.get(moot.db, moot.workspace, proposal)
    opening = {"state": ProposalState.OPEN, "ballot_ts": ballot, "opened_at": START}
    assert votes.change(moot.db, kept, ProposalState.DRAFT, **opening, deadline=deadline, next_due_at=deadline)


def closed(moot: Gathering, proposal: int, state: ProposalState, minutes: float = 5) -> bool:
    """Counted as of then; False where it was no longer open."""
    kept = votes.get(moot.db, moot.workspace, proposal)
    ending = {"closed_at": after(minutes), "closed_why": ClosedBy.DEADLINE, "state": state}
    if not votes.change(moot.db, kept, ProposalState.OPEN, **ending):
        return False
    kept = votes.get(moot.db, moot.workspace, proposal)
    with_ = votes.as_known_now(moot.db, kept, CountedWith(people.bots(moot.db, moot.workspace)))
    counted = {"result": canonical(votes.count(moot.db, kept, with_)), "counted_with": counting.to_json(with_)}
    return votes.change(moot.db, kept, state, **counted)


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

    opened(moot, proposal, deadline=after(10))

    kept = votes.get(moot.db, moot.workspace, proposal)
    assert kept.proposal.state is ProposalState.OPEN
    assert kept.proposal.tally.in_favour == (moot.ben,)
    assert not votes.ballot_under_way(moot.db, moot.workspace, CHANNEL)
    assert votes.ballot_at(moot.db, moot.workspace, CHANNEL, BALLOT) == (
        proposal,
        moot.session.id,
        ProposalState.OPEN,
    )


def test_bots_and_late_marks_do_not_count(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    opened(moot, proposal, deadline=after(10))
    robot = people.meet(moot.db, moot.workspace, "U0BOT", "Robot").id
    people.learn(moot.db, moot.workspace, robot, name="Robot", zone=None, is_bot=True, at=after(0))
    mark(moot, robot, "+1")
    mark(moot, moot.ana, "+1", 10)
    mark(moot, moot.ben, "+1", 10.001)

    assert votes.get(moot.db, moot.workspace, proposal).proposal.tally.in_favour == (moot.ana,)


def test_a_vote_is_closed_once_and_its_result_stands(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    opened(moot, proposal, deadline=after(10))
    mark(moot, moot.ben, "+1")

    assert closed(moot, proposal, ProposalState.ACCEPTED)
    assert not closed(moot, proposal, ProposalState.REJECTED, 6)
    mark(moot, moot.ana, "-1", 3)
    mark(moot, moot.ana, "-1", 7)

    kept = votes.get(moot.db, moot.workspace, proposal)
    stored = kept.proposal
    assert kept.counted_with is not None
    assert canonical(votes.count(moot.db, kept, kept.counted_with)) == kept.result_text
    assert (stored.state, stored.closed_why, str(stored.tally)) == (
        ProposalState.ACCEPTED,
        ClosedBy.DEADLINE,
        "1 for, 0 against",
    )
    assert stored.closed_at == after(5)


def test_deadlines_fall_due_in_their_order(moot: Gathering) -> None:
    late, soon = moot.proposal("Late", minutes=20), moot.proposal("Soon", minutes=5)
    assert vote_agenda.earliest_due(moot.db) is None
    opened(moot, late, "1.000001", after(20))
    opened(moot, soon, "1.000002", after(5))

    assert vote_agenda.earliest_due(moot.db) == after(5)
    assert vote_agenda.falling_due(moot.db, Due.STEP, after(5) - timedelta(microseconds=1)) == []
    assert [due.proposal for due in vote_agenda.falling_due(moot.db, Due.STEP, after(30))] == [soon, late]


def test_the_same_text_is_not_put_to_two_votes_at_once(moot: Gathering) -> None:
    first = moot.proposal("Ship on Friday")
    with pytest.raises(IntegrityError), moot.db.begin_nested():
        moot.proposal("Ship on Friday")
    same = votes.same_text_open(moot.db, moot.workspace, CHANNEL, "Ship on Friday")
    assert same is not None
    assert same.proposal.id == first

    opened(moot, first)
    assert closed(moot, first, ProposalState.NO_VOTES)
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
    ballot_box.mark(moot.db, moot.workspace, CHANNEL, "5.000001", stray, at=after(2))
    opened(moot, proposal)

    ballot_box.drop_strays(moot.db, moot.workspace, CHANNEL)

    assert ballot_box.voters_on(moot.db, moot.workspace, CHANNEL, "5.000001") == []
    assert ballot_box.voters_on(moot.db, moot.workspace, CHANNEL, BALLOT) == [(moot.ben, after(2))]


def test_whom_slack_does_not_tell_is_unverified_and_whom_it_has_not_been_asked_is_not(moot: Gathering) -> None:
    proposal = moot.proposal("Ship on Friday")
    opened(moot, proposal)
    mark(moot, moot.ben, "+1")
    assert votes.get(moot.db, moot.workspace, proposal).proposal.tally.in_favour == (moot.ben,)

    people.not_told(moot.db, moot.workspace, moot.ben, after(3))
    kept = votes.get(moot.db, moot.workspace, proposal)
    assert (kept.proposal.tally.in_favour, kept.result.advisory.in_favour) == ((), (moot.ben,))

    people.learn(moot.db, moot.workspace, moot.ben, name="Ben", zone=None, is_bot=False, at=after(4))
    assert votes.get(moot.db, moot.workspace, proposal).proposal.tally.in_favour == (moot.ben,)
