"""Closing a vote (voting.md §1.5, 23): step by step, each a compare-and-set, so that a restart goes on where it was.

open → closing: no mark after this moment counts. Slack is asked who holds what, and stragglers have five seconds.
closing → a result, in one transaction with the message that tells it. What cannot be counted is never a decision.
"""

from datetime import datetime, timedelta

from bot.services import duties, marked
from minutes.ids import PersonId, micros
from minutes.moment import from_micros
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.result import canonical, everyone_voted
from minutes.session import SessionState
from storage import ballot_box, counting, people, sessions, votes
from storage.counting import CountedWith
from storage.db import Db
from storage.votes import KeptProposal

STRAGGLERS = timedelta(seconds=5)
TOLERANCE = timedelta(seconds=2)
"""So far our clock may be off Slack's without being put right."""

SAY_DELAY_AFTER = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(minutes=10)
LOOK_AGAIN_AFTER = timedelta(seconds=30)
RESUME_WITHIN = timedelta(hours=24)


def begin(db: Db, kept: KeptProposal, *, at: datetime, now: datetime, by: PersonId | None, why: ClosedBy) -> bool:
    """Close as of `at`, in Slack's time; False where somebody was quicker."""
    marked.before_it_moves_on(db, kept, now)
    if why is not ClosedBy.DEADLINE:
        at = _with_what_was_seen(db, kept, at)
    moved = votes.change(
        db,
        kept,
        State.OPEN,
        state=State.CLOSING,
        closed_at=at,
        closed_by=by,
        closed_why=why,
        closing_since=now,
        next_due_at=now + STRAGGLERS,
        snapshot_due_at=now,
        remind_at=None,
    )
    if moved:
        duties.redraw_ballot(db, kept.workspace, kept.proposal.id, now)
    return moved


def step(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Move a proposal on that time alone moves on; nothing where it is not due any more."""
    kept = votes.get(db, workspace, proposal)
    if kept.proposal.state is State.CLOSING:
        _count_or_wait(db, kept, now)
    elif kept.proposal.state is State.OPEN:
        _close_if_due(db, kept, now)
    else:
        votes.change(db, kept, kept.proposal.state, next_due_at=None)


def end_without_count(
    db: Db, kept: KeptProposal, state: State, *, at: datetime, by: PersonId | None, why: ClosedBy, now: datetime
) -> bool:
    """Withdrawn, cancelled, or its ballot gone: the tally of that moment is kept, and is no decision."""
    marked.before_it_moves_on(db, kept, now)
    ended = votes.change(
        db,
        kept,
        State.DRAFT,
        State.OPEN,
        State.CLOSING,
        closed_at=kept.proposal.closed_at or _with_what_was_seen(db, kept, at),
        closed_by=by,
        closed_why=why,
        state=state,
        remind_at=None,
    )
    if ended:
        kept = votes.get(db, kept.workspace, kept.proposal.id)
        _store(db, kept, CountedWith(people.bots(db, kept.workspace), accept_untimed=True, state=state), now)
    return ended


def accept(db: Db, kept: KeptProposal, *, by: PersonId, now: datetime) -> State:
    """A chair takes the count as it is: every change of which nobody can tell when it was made is taken as in time."""
    with_ = CountedWith(people.bots(db, kept.workspace), accept_untimed=True)
    return _store(db, kept, with_, now, resolved_by=by)


def resume(db: Db, kept: KeptProposal, now: datetime) -> None:
    """Slack can be asked again about a ballot that was given up for want of that: its closing goes on.

    After a day it does not: then what could not be told for want of access is.
    """
    gave_up = kept.counted_with is not None and kept.counted_with.state is State.UNDETERMINED
    recent = kept.closing_since is not None and now - kept.closing_since <= RESUME_WITHIN
    if gave_up and recent and kept.resolved_by is None:
        duties.forget_result(db, kept, now)
        votes.change(
            db,
            kept,
            State.UNDETERMINED,
            state=State.CLOSING,
            result=None,
            counted_with=None,
            access_lost_at=None,
            next_due_at=now,
            snapshot_due_at=now,
        )
    elif gave_up and kept.resolved_by is None:
        duties.vote_result(db, kept, State.UNDETERMINED, now)


def give_up(db: Db, kept: KeptProposal, now: datetime) -> None:
    """The vote cannot be counted: it is undetermined, which is no decision.

    Where that is for want of access it could not be told either, and its closing may still go on.
    """
    with_ = CountedWith(people.bots(db, kept.workspace), accept_untimed=True, state=State.UNDETERMINED)
    _store(db, kept, with_, now, snapshot_due_at=now + LOOK_AGAIN_AFTER, told=kept.access_lost_at is None)


def counted_as_of_now(kept: KeptProposal) -> bool:
    """Whether Slack has told, since the closing and completely, who holds what."""
    asked = kept.snapshot_at is not None and kept.closing_since is not None and kept.snapshot_at >= kept.closing_since
    return kept.events_only or (asked and kept.snapshot_whole)


def _close_if_due(db: Db, kept: KeptProposal, now: datetime) -> None:
    deadline = kept.proposal.deadline
    if deadline is not None and deadline <= now:
        begin(db, kept, at=deadline, now=now, by=None, why=ClosedBy.DEADLINE)
    elif (
        kept.roll
        and kept.opened_at
        and now >= kept.opened_at + marked.OPEN_AT_LEAST
        and everyone_voted(kept.result, kept.roll)
    ):
        begin(db, kept, at=now, now=now, by=None, why=ClosedBy.EVERYONE_VOTED)
    else:
        marked.plan(db, kept, now)


def _with_what_was_seen(db: Db, kept: KeptProposal, at: datetime) -> datetime:
    """Whoever closes a vote has seen the marks that are there: our clock, a little behind Slack's, drops none."""
    marks = ballot_box.marks_on(db, kept.workspace, kept.channel, kept.proposal.ballot_ts)
    known = [from_micros(micros(mark.event_ts)) for mark in marks]
    return max([at, *(moment for moment in known if moment <= at + TOLERANCE)])


def _count_or_wait(db: Db, kept: KeptProposal, now: datetime) -> None:
    since = kept.closing_since or now
    if counted_as_of_now(kept):
        with_ = CountedWith(people.bots(db, kept.workspace), by_events_only=kept.events_only)
        _store(db, kept, with_, now)
    elif now - since >= GIVE_UP_AFTER or kept.access_lost_at is not None:
        give_up(db, kept, now)
    else:
        if now - since >= SAY_DELAY_AFTER and not kept.delay_said:
            duties.counting_delayed(db, kept, now)
            votes.change(db, kept, State.CLOSING, delay_said=True)
        votes.change(db, kept, State.CLOSING, next_due_at=now + LOOK_AGAIN_AFTER)


def _store(
    db: Db,
    kept: KeptProposal,
    with_: CountedWith,
    now: datetime,
    *,
    resolved_by: PersonId | None = None,
    snapshot_due_at: datetime | None = None,
    told: bool = True,
) -> State:
    """Count, and keep the result with what it rests on and the duty to tell it, all in one."""
    marked.before_it_moves_on(db, kept, now)
    with_ = votes.as_known_now(db, kept, with_)
    result = votes.count(db, kept, with_)
    votes.change(
        db,
        kept,
        kept.proposal.state,
        state=result.state,
        result=canonical(result),
        counted_with=counting.to_json(with_),
        resolved_by=resolved_by,
        next_due_at=None,
        snapshot_due_at=snapshot_due_at,
    )
    _announce(db, kept, result.state, now, told=told)
    return result.state


def tell(db: Db, kept: KeptProposal, now: datetime) -> None:
    """How a vote came out, below the ballot that has only now been found; of a discarded session nothing is told."""
    session = sessions.get(db, kept.workspace, kept.session)
    if session.state is not SessionState.DISCARDED:
        duties.vote_result(db, kept, kept.proposal.state, now)


def _announce(db: Db, kept: KeptProposal, state: State, now: datetime, *, told: bool) -> None:
    session = sessions.get(db, kept.workspace, kept.session)
    duties.redraw_ballot(db, kept.workspace, kept.proposal.id, now)
    if session.state is SessionState.DISCARDED:
        return
    if kept.proposal.ballot_ts is not None and told:
        duties.vote_result(db, kept, state, now)
    duties.card(db, kept.workspace, session, now)
    duties.redraw_digest(db, kept.workspace, session, now)
