"""Erasing what is older than a community wants to keep."""

from datetime import datetime

from sqlalchemy import Table, select

from minutes.session import SessionState
from storage.db import Db, table
from storage.outbox import OUTBOX, DutyState
from storage.schema import EntryRow, LinkRow, MarkRow, ParticipationRow, ProposalRow, SessionRow, SpellRow, TopicRow

SESSIONS, TOPICS, SPELLS, PROPOSALS, MARKS = map(table, (SessionRow, TopicRow, SpellRow, ProposalRow, MarkRow))
FINISHED = (DutyState.SENT, DutyState.DEAD)


def erase_sessions(db: Db, ended_before: datetime) -> int:
    """Erase every session that ended before, with all that hangs on it; gives how many."""
    old = select(SESSIONS.c.id).where(SESSIONS.c.state != SessionState.OPEN, SESSIONS.c.ended_at < ended_before)
    numbers = list(db.execute(old).scalars())
    for number in numbers:
        _erase(db, number)
    if numbers:
        db.execute(OUTBOX.delete().where(OUTBOX.c.state.in_(FINISHED), OUTBOX.c.owed_at < ended_before))
    return len(numbers)


def _erase(db: Db, session: int) -> None:
    ballots = db.execute(
        select(PROPOSALS.c.workspace_id, PROPOSALS.c.channel_id, PROPOSALS.c.ballot_ts).where(
            PROPOSALS.c.session_id == session
        )
    ).all()
    for workspace, channel, ts in ballots:
        db.execute(
            MARKS.delete().where(
                MARKS.c.workspace_id == workspace, MARKS.c.channel_id == channel, MARKS.c.message_ts == ts
            )
        )
    its_topics = select(TOPICS.c.id).where(TOPICS.c.session_id == session)
    db.execute(SPELLS.delete().where(SPELLS.c.topic_id.in_(its_topics)))
    hanging: tuple[Table, ...] = (*map(table, (EntryRow, LinkRow, ParticipationRow)), PROPOSALS, TOPICS)
    for each in hanging:
        db.execute(each.delete().where(each.c.session_id == session))
    db.execute(SESSIONS.delete().where(SESSIONS.c.id == session))
