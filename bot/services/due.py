"""What falls due by time alone: warnings, overruns, ends, digests and deadlines, each once, in the order of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services import closing, comparing, duties, reminders
from bot.services import sessions as session_use_cases
from minutes.proposal import ProposalState
from minutes.session import SessionState, Step, next_due
from storage import inbox, sessions, vote_agenda, votes
from storage.db import Db
from storage.retention import erase_sessions

INBOX_KEPT = timedelta(hours=26)
"""Slack can deliver an event again for 24 hours (slack.md §4.4, 5)."""


COUNTED_WITHIN = timedelta(seconds=30)
"""A digest waits so long for votes that are being counted; then it says that they are (voting.md §1.5, 21)."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something due, by the id of its session or proposal.

    `compare` asks Slack who holds what on its ballot, `remind` those who have not voted to do so.
    """

    workspace: int = 0
    session: int | None = None
    proposal: int | None = None
    compare: int | None = None
    remind: int | None = None


def find(db: Db, now: datetime) -> list[Work]:
    """What is due; votes first, so that one that ends with its session ends by its own right."""
    steps = [Work(workspace, proposal=proposal) for workspace, proposal in vote_agenda.falling_due(db, now)]
    questions = [Work(workspace, compare=proposal) for workspace, proposal in vote_agenda.to_compare(db, now)]
    questions += [Work(workspace, remind=proposal) for workspace, proposal in vote_agenda.to_remind(db, now)]
    return steps + questions + [Work(session=session) for session in sessions.falling_due(db, now)]


def earliest(db: Db) -> datetime | None:
    """When something falls due next; None where nothing will."""
    moments = (sessions.earliest_due(db), vote_agenda.earliest_due(db))
    return min((at for at in moments if at is not None), default=None)


def carry_out(db: Db, work: Work, now: datetime, digest_delay: timedelta) -> None:
    """Do one thing that is due, as of the moment when it fell due; nothing where somebody was quicker."""
    if work.proposal is not None:
        closing.step(db, work.workspace, work.proposal, now)
    elif work.compare is not None:
        comparing.ask(db, work.workspace, work.compare, now)
    elif work.remind is not None:
        reminders.remind(db, work.workspace, work.remind, now)
    elif work.session is not None:
        _step(db, work.session, now, digest_delay)


def clean_up(db: Db, now: datetime, retention: timedelta | None) -> None:
    """Forget handled deliveries that Slack will not repeat, and sessions older than the community keeps them."""
    inbox.purge(db, now - INBOX_KEPT)
    if retention is not None:
        erase_sessions(db, now - retention)


def _step(db: Db, number: int, now: datetime, digest_delay: timedelta) -> None:
    kept = sessions.kept(db, number)
    if kept is None:
        return
    workspace, session = kept.workspace, kept.session
    due = next_due(session)
    if due is None or due.at > now:
        if kept.digest_due_at is not None and kept.digest_due_at <= now:
            _digest(db, workspace, number, now)
        return
    if due.step is Step.CLOSE:
        session_use_cases.close(db, workspace, session, at=due.at, now=now, by=None, delay=digest_delay)
        return
    flag, notice = ("warned", "ending_soon") if due.step is Step.WARN else ("overrun_said", "runs_over")
    changed = sessions.change(db, workspace, number, **{flag: True})
    # A warning that comes when the end is past warns of nothing: the bot was away.
    if due.step is Step.RUN_OVER or now < session.planned_end:
        duties.session_notice(db, workspace, changed, notice, now)
    duties.card(db, workspace, changed, now)


def _digest(db: Db, workspace: int, number: int, now: datetime) -> None:
    session = sessions.get(db, workspace, number)
    ended = session.ended_at or now
    counting = any(kept.proposal.state is ProposalState.CLOSING for kept in votes.of_session(db, workspace, number))
    if counting and now < ended + COUNTED_WITHIN:
        sessions.change(db, workspace, number, digest_due_at=min(now + closing.STRAGGLERS, ended + COUNTED_WITHIN))
        return
    session = sessions.change(db, workspace, number, digest_due_at=None)
    if session.state is SessionState.CLOSED:
        duties.digest(db, workspace, session, now)
