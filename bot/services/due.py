"""What falls due by time alone: warnings, overruns, ends, digests and deadlines, each once, in the order of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services import closing, comparing, duties, home_duties, marked, reminders
from bot.services import sessions as session_use_cases
from minutes.proposal import ProposalState
from minutes.session import SessionState, Step, next_due
from storage import gates, homes, inbox, installations, memberships, sessions, vote_agenda, votes
from storage.db import Db
from storage.forgetting import erase_workspace
from storage.retention import erase_sessions, forget_duties
from storage.vote_agenda import Due, DueVote

INBOX_KEPT = timedelta(hours=26)
"""Slack can deliver an event again for 24 hours (slack.md §4.4, 5)."""
GATES_KEPT = timedelta(hours=1)
ANSWERS_KEPT = timedelta(hours=1)
"""What somebody has asked for, with the way to answer them, which is closed after half an hour (slack.md §1.1)."""

COUNTED_WITHIN = timedelta(seconds=30)
"""A digest waits so long for votes that are being counted; then it says that they are (voting.md §1.5, 21)."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something due: a step of a session, or `what` of a proposal. `holding` is what nobody else may change then."""

    holding: str
    session: int | None = None
    vote: DueVote | None = None
    what: Due | None = None


def find(db: Db, now: datetime) -> list[Work]:
    """What is due; votes first, so that one that ends with its session ends by its own right."""
    due = [(what, vote) for what in Due for vote in vote_agenda.falling_due(db, what, now)]
    of_votes = [Work(_held(what, vote), vote=vote, what=what) for what, vote in due]
    return of_votes + [Work(channel, session=session) for session, channel in sessions.falling_due(db, now)]


def _held(what: Due, vote: DueVote) -> str:
    """Whoever is reminded of a vote here is not reminded of another one elsewhere at the same time."""
    return f"reminders:{vote.workspace}" if what is Due.REMINDER else vote.channel


def earliest(db: Db) -> datetime | None:
    """When something falls due next; None where nothing will."""
    moments = (sessions.earliest_due(db), vote_agenda.earliest_due(db))
    return min((at for at in moments if at is not None), default=None)


def carry_out(db: Db, work: Work, now: datetime, digest_delay: timedelta) -> None:
    """Do one thing that is due, as of the moment when it fell due; nothing where somebody was quicker."""
    if work.session is not None:
        _step(db, work.session, now, digest_delay)
    elif work.vote and work.what and vote_agenda.is_due(db, work.what, work.vote.proposal, now):
        _OF_VOTES[work.what](db, work.vote.workspace, work.vote.proposal, now)


_OF_VOTES = {
    Due.MARKS: marked.follow,
    Due.STEP: closing.step,
    Due.COMPARISON: comparing.ask,
    Due.REMINDER: reminders.remind,
}


def clean_up(db: Db, now: datetime, retention: timedelta | None, uninstalled: timedelta) -> list[int]:
    """Forget handled deliveries that Slack will not repeat, and sessions older than the community keeps them.

    Gives the workspaces that were erased, because the app has not been there for as long as `uninstalled`.
    """
    gone = installations.uninstalled_before(db, now - uninstalled)
    for workspace in gone:
        erase_workspace(db, workspace)
    inbox.purge(db, now - INBOX_KEPT)
    gates.purge(db, now - GATES_KEPT)
    forget_duties(db, home_duties.ANSWER, now - ANSWERS_KEPT)
    homes.purge(db, now - home_duties.SHOWN_FOR)
    memberships.purge(db, now - home_duties.SHOWN_FOR)
    if retention is not None:
        erase_sessions(db, now - retention)
    return gone


def _step(db: Db, number: int, now: datetime, digest_delay: timedelta) -> None:
    kept = sessions.kept(db, number)
    if kept is None:
        return
    workspace, session = kept.workspace, kept.session
    due = next_due(session)
    if due is None or due.at > now:
        if kept.digest_due_at is not None and kept.digest_due_at <= now:
            _digest(db, workspace, number, kept.digest_due_at, now)
        return
    if due.step is Step.CLOSE:
        session_use_cases.close(db, workspace, session, at=due.at, now=now, by=None, delay=digest_delay)
        return
    flag, notice = ("warned", "ending_soon") if due.step is Step.WARN else ("overrun_said", "runs_over")
    changed = sessions.change(db, workspace, number, **{flag: True})
    # A warning that comes when the end is past warns of nothing: the bot was away.
    if due.step is Step.RUN_OVER or now < session.planned_end:
        duties.session_notice(db, workspace, changed, notice, due.at)
    duties.card(db, workspace, changed, now)


def _digest(db: Db, workspace: int, number: int, due_at: datetime, now: datetime) -> None:
    session = sessions.get(db, workspace, number)
    ended = session.ended_at or now
    counting = ProposalState.CLOSING in votes.states(db, workspace, number).values()
    if counting and now < ended + COUNTED_WITHIN:
        sessions.change(db, workspace, number, digest_due_at=min(now + closing.STRAGGLERS, ended + COUNTED_WITHIN))
        return
    session = sessions.change(db, workspace, number, digest_due_at=None)
    if session.state is SessionState.CLOSED:
        duties.digest(db, workspace, session, due_at)
