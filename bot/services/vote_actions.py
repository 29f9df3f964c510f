"""Use cases of what the proposer and the chair can do with a vote: close, extend, withdraw, resolve and repeat it."""

from datetime import timedelta

from bot.services import chairs, closing, duties, marked, reminders
from bot.services.proposals import minutes_of
from bot.services.visit import Visit
from minutes.chairs import Act
from minutes.outcomes import (
    ProposalPut,
    VoteClosed,
    VoteExtended,
    VoteResolved,
    VoteWithdrawn,
)
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.refusal import Refusal
from storage import sessions, votes
from storage.votes import KeptProposal

EXTENSION = timedelta(minutes=10)


def close_by_hand(visit: Visit, proposal: int) -> VoteClosed:
    """Close a vote now; its proposer can, and the chairs; on a chaired floor they alone."""
    kept = _mine(visit, proposal, Act.CLOSE_VOTE)
    if kept.proposal.ballot_ts is None:
        raise Refusal("The ballot is still on its way to the channel. Try again in a moment.")
    closing.begin(visit.db, kept, at=visit.at, now=visit.at, by=visit.person.id, why=ClosedBy.PERSON)
    return VoteClosed(kept.proposal.label)


def extend(visit: Visit, proposal: int) -> VoteExtended:
    """Ten more minutes for a vote with a deadline, or for one that could not be counted."""
    if _found(visit, proposal).proposal.state is State.UNDETERMINED:
        return _extend_undetermined(visit, proposal)
    kept = _mine(visit, proposal, Act.EXTEND_VOTE)
    if kept.proposal.deadline is None:
        raise Refusal(f"{kept.proposal.label} has no deadline: it is open until it is closed, or the session ends.")
    deadline = max(kept.proposal.deadline, visit.at) + EXTENSION
    votes.change(visit.db, kept, State.OPEN, deadline=deadline)
    if kept.opened_at is not None:
        remind_at = reminders.moment(kept.opened_at, deadline, on_roll=kept.roll is not None)
        votes.change(visit.db, kept, State.OPEN, remind_at=remind_at)
    marked.plan(visit.db, votes.get(visit.db, visit.workspace, proposal), visit.at)
    duties.redraw_ballot(visit.db, visit.workspace, proposal, visit.at)
    return VoteExtended(kept.proposal.label, deadline)


def _extend_undetermined(visit: Visit, proposal: int) -> VoteExtended:
    """The chair lets an undetermined vote go on for ten minutes, so that nobody's mark is in doubt."""
    kept = _undetermined(visit, proposal)
    deadline = visit.at + EXTENSION
    votes.change(
        visit.db,
        kept,
        State.UNDETERMINED,
        state=State.OPEN,
        deadline=deadline,
        next_due_at=deadline,
        snapshot_due_at=visit.at,
        closed_at=None,
        closed_by=None,
        closed_why=None,
        closing_since=None,
        delay_said=False,
        result=None,
        counted_with=None,
    )
    duties.redraw_ballot(visit.db, visit.workspace, proposal, visit.at)
    return VoteExtended(kept.proposal.label, deadline)


def withdraw(visit: Visit, proposal: int) -> VoteWithdrawn:
    """Taken back by its proposer, or cancelled by the chair: the tally of that moment stays in the record."""
    kept = _mine(visit, proposal, Act.WITHDRAW_VOTE)
    by_proposer = visit.person.id == kept.proposal.proposer
    state = State.WITHDRAWN if by_proposer else State.CANCELLED
    closing.end_without_count(
        visit.db, kept, state, at=visit.at, by=visit.person.id, why=ClosedBy.WITHDRAWN, now=visit.at
    )
    return VoteWithdrawn(kept.proposal.label)


def accept_count(visit: Visit, proposal: int) -> VoteResolved:
    """The chair takes an undetermined count as it is, by name."""
    kept = _undetermined(visit, proposal)
    state = closing.accept(visit.db, kept, by=visit.person.id, now=visit.at)
    return VoteResolved(kept.proposal.label, state)


def vote_again(visit: Visit, proposal: int) -> ProposalPut:
    """The chair puts a proposal to the vote anew, within the session; the first result stays, marked as superseded."""
    kept = _found(visit, proposal)
    session = visit.session()
    chairs.demand(visit, session, Act.VOTE_AGAIN)
    if not kept.proposal.state.is_over or kept.session != session.id:
        raise Refusal(f"{kept.proposal.label} can be put to the vote again when it is over, in its own session.")
    newer = votes.superseding(visit.db, visit.workspace, proposal)
    if newer is not None:
        raise Refusal(f"{kept.proposal.label} was put to the vote again already, as {newer}.")
    minutes = minutes_of(kept.duration)
    existing = votes.same_text_open(visit.db, visit.workspace, visit.channel, kept.proposal.text)
    if existing is not None:
        return ProposalPut(existing.proposal.label, minutes, already_open=True)
    again = votes.propose(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        text=kept.proposal.text,
        proposer=kept.proposal.proposer,
        at=visit.at,
        duration=kept.duration,
        topic=kept.proposal.topic,
        rules=kept.rules,
        roll=kept.roll,
        supersedes=proposal,
    )
    anew = votes.get(visit.db, visit.workspace, again)
    duties.ballot(visit.db, anew, visit.at)
    duties.redraw_ballot(visit.db, visit.workspace, proposal, visit.at)
    duties.redraw_result(visit.db, kept, visit.at)
    duties.card(visit.db, visit.workspace, session, visit.at)
    return ProposalPut(anew.proposal.label, minutes, already_open=False)


def _mine(visit: Visit, proposal: int, act: Act) -> KeptProposal:
    """An open proposal that this person may do that with."""
    kept = _found(visit, proposal)
    session = sessions.get(visit.db, visit.workspace, kept.session)
    chairs.demand(visit, session, act, kept.proposal.proposer)
    deadline = kept.proposal.deadline
    if not kept.proposal.state.is_open or (deadline is not None and deadline < visit.at):
        raise Refusal(f"The vote on {kept.proposal.label} is closed already.")
    return kept


def _found(visit: Visit, proposal: int) -> KeptProposal:
    kept = votes.find(visit.db, visit.workspace, proposal)
    if kept is None:
        raise Refusal("That vote was long ago, and is no longer kept.")
    return kept


def _undetermined(visit: Visit, proposal: int) -> KeptProposal:
    kept = _found(visit, proposal)
    chairs.demand(visit, sessions.get(visit.db, visit.workspace, kept.session), Act.RESOLVE_VOTE)
    if kept.proposal.state is not State.UNDETERMINED:
        raise Refusal(f"The vote on {kept.proposal.label} is not undetermined any more.")
    return kept
