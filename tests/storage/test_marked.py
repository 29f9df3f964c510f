"""What follows from marks is owed with them, and done for many at once; nothing that moves on leaves it behind."""

from datetime import datetime

from sqlalchemy import select

from bot.services import closing, due, marked
from bot.services.visit import Asked
from minutes.moment import to_ts
from minutes.proposal import ClosedBy, ProposalState
from storage import outbox, people, sessions, vote_agenda, votes
from storage.vote_agenda import Due
from tests.storage.sample import CHANNEL, Gathering, after
from tests.storage.test_votes import BALLOT, opened


def at(minutes: float) -> str:
    return to_ts(after(minutes))


def reacts(moot: Gathering, user: str, minutes: float, emoji: str = "+1", *, present: bool = True) -> None:
    asked = Asked("T0MOOT", CHANNEL, user, after(minutes), f"{user}{minutes}")
    marked.mark(moot.db, asked, BALLOT, emoji, at(minutes), present)


def ballot(moot: Gathering) -> int:
    proposal = moot.proposal("Ship on Friday", minutes=10)
    opened(moot, proposal, deadline=after(10))
    return proposal


def waiting(moot: Gathering) -> datetime | None:
    return moot.db.execute(select(votes.PROPOSALS.c.follow_at)).scalar_one()


def voters(moot: Gathering) -> set[str]:
    return {part.name for part in sessions.participants(moot.db, moot.workspace, moot.session.id) if part.voted}


def test_a_mark_is_counted_at_once_and_what_follows_from_it_is_due_since_the_first(moot: Gathering) -> None:
    proposal = ballot(moot)

    reacts(moot, "U0ANA", 2)
    reacts(moot, "U0BEN", 3)
    reacts(moot, "U0BEN", 3)  # delivered again

    assert votes.get(moot.db, moot.workspace, proposal).proposal.tally.in_favour == (moot.ana, moot.ben)
    assert waiting(moot) == after(2)
    assert vote_agenda.is_due(moot.db, Due.MARKS, proposal, after(2))
    assert voters(moot) == set()


def test_it_is_done_once_for_all_that_came_and_again_for_what_comes_later(moot: Gathering) -> None:
    ballot(moot)
    reacts(moot, "U0ANA", 2)
    reacts(moot, "U0BEN", 2)

    for work in due.find(moot.db, after(3)):
        due.carry_out(moot.db, work, after(3), after(1) - after(0))
    assert voters(moot) == {"Ana", "Ben"}
    assert waiting(moot) is None

    reacts(moot, "U0ANA", 4, present=False)
    assert waiting(moot) == after(4)


def test_somebody_whom_we_have_not_met_takes_part_by_voting(moot: Gathering) -> None:
    proposal = ballot(moot)

    reacts(moot, "U0NEW", 2)
    marked.follow(moot.db, moot.workspace, proposal, after(2))

    assert "U0NEW" in voters(moot)
    new = people.by_user(moot.db, moot.workspace, "U0NEW")
    assert new
    assert outbox.by_key(moot.db, moot.workspace, f"person:{new.id}") is not None


def test_who_votes_right_before_the_close_takes_part_and_is_not_told_that_it_was_late(moot: Gathering) -> None:
    proposal = ballot(moot)
    reacts(moot, "U0BEN", 9.9)

    kept = votes.get(moot.db, moot.workspace, proposal)
    assert closing.begin(moot.db, kept, at=after(10), now=after(10), by=None, why=ClosedBy.DEADLINE)

    assert voters(moot) == {"Ben"}
    assert outbox.by_key(moot.db, moot.workspace, f"late:{proposal}:{moot.ben}") is None


def test_who_votes_after_the_close_takes_no_part_and_is_told_however_soon_it_is_counted(moot: Gathering) -> None:
    proposal = ballot(moot)
    kept = votes.get(moot.db, moot.workspace, proposal)
    closing.begin(moot.db, kept, at=after(5), now=after(5), by=moot.ana, why=ClosedBy.PERSON)
    reacts(moot, "U0BEN", 6)

    closing.accept(moot.db, votes.get(moot.db, moot.workspace, proposal), by=moot.ana, now=after(7))

    assert votes.get(moot.db, moot.workspace, proposal).proposal.state is not ProposalState.OPEN
    assert voters(moot) == set()
    assert outbox.by_key(moot.db, moot.workspace, f"late:{proposal}:{moot.ben}") is not None
