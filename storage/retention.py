"""Erasing what is older than a community wants to keep."""

from datetime import datetime

from sqlalchemy import Table, or_, select

from minutes.session import SessionState
from storage.chair_schema import CHAIRS
from storage.db import Db
from storage.emoji_schema import PRESSES
from storage.message_schema import FILES, WORDINGS
from storage.outbox import DutyState
from storage.schema import ENTRIES, LINKS, OUTBOX, PARTICIPATIONS, SESSIONS, SPELLS, TOPICS
from storage.vote_schema import MARKS, PROPOSALS, REASONS

HANGING: tuple[Table, ...] = (ENTRIES, LINKS, FILES, WORDINGS, PARTICIPATIONS, PRESSES, PROPOSALS, TOPICS, CHAIRS)


def erase_sessions(db: Db, ended_before: datetime) -> int:
    """Erase every session that ended before, with all that hangs on it; gives how many."""
    old = select(SESSIONS.c.id, SESSIONS.c.workspace_id, SESSIONS.c.channel_id).where(
        SESSIONS.c.state != SessionState.OPEN, SESSIONS.c.ended_at < ended_before
    )
    found = db.execute(old).all()
    for number, workspace, channel in found:
        _erase_duties(db, number, workspace, channel)
        its_topics = select(TOPICS.c.id).where(TOPICS.c.session_id == number)
        db.execute(SPELLS.delete().where(SPELLS.c.topic_id.in_(its_topics)))
        its_proposals = select(PROPOSALS.c.id).where(PROPOSALS.c.session_id == number)
        db.execute(REASONS.delete().where(REASONS.c.proposal_id.in_(its_proposals)))
        for each in HANGING:
            db.execute(each.delete().where(each.c.session_id == number))
        db.execute(SESSIONS.delete().where(SESSIONS.c.id == number))
        _erase_marks(db, workspace, channel, ended_before)
    return len(found)


def forget_duties(db: Db, kind: str, owed_before: datetime) -> None:
    """Those of a kind that are over: nothing else is known by them."""
    over = OUTBOX.c.state.in_((DutyState.SENT, DutyState.DEAD))
    db.execute(OUTBOX.delete().where(OUTBOX.c.kind == kind, OUTBOX.c.owed_at < owed_before, over))


def _erase_duties(db: Db, session: int, workspace: int, channel: str) -> None:
    """Done or not: what is owed of a session that is no more can no longer be drawn."""
    its_proposals = select(PROPOSALS.c.id).where(PROPOSALS.c.session_id == session)
    ballots = select(PROPOSALS.c.ballot_ts).where(PROPOSALS.c.session_id == session, PROPOSALS.c.ballot_ts.is_not(None))
    messages = select(ENTRIES.c.message).where(ENTRIES.c.session_id == session)
    pressed = select(PRESSES.c.message_ts).where(PRESSES.c.session_id == session)
    its_own = OUTBOX.c.payload["session"].as_integer() == session
    its_keys = select(OUTBOX.c.key).where(its_own, OUTBOX.c.workspace_id == workspace).scalar_subquery()
    reacted_to = OUTBOX.c.payload["ts"].as_string()
    for which in (
        OUTBOX.c.payload["of"].as_string().in_(its_keys),
        OUTBOX.c.payload["proposal"].as_integer().in_(its_proposals),
        (OUTBOX.c.channel_id == channel) & or_(*(reacted_to.in_(each) for each in (ballots, messages, pressed))),
        its_own,
    ):
        db.execute(OUTBOX.delete().where(OUTBOX.c.workspace_id == workspace, which))


def _erase_marks(db: Db, workspace: int, channel: str, received_before: datetime) -> None:
    """Marks hang on messages, not on sessions: those of the ballots that are gone, and strays."""
    kept = select(PROPOSALS.c.ballot_ts).where(
        PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.channel_id == channel, PROPOSALS.c.ballot_ts.is_not(None)
    )
    db.execute(
        MARKS.delete().where(
            MARKS.c.workspace_id == workspace,
            MARKS.c.channel_id == channel,
            MARKS.c.received_at < received_before,
            MARKS.c.message_ts.not_in(kept),
        )
    )
