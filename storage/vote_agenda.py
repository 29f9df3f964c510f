"""When votes are to be moved on, and when Slack is to be asked who holds what on their ballots."""

from datetime import datetime

from sqlalchemy import func, select

from minutes.ids import ChannelId
from minutes.proposal import ProposalState
from storage.db import Db, table
from storage.vote_schema import ProposalRow

PROPOSALS = table(ProposalRow)


def falling_due(db: Db, now: datetime) -> list[tuple[int, int]]:
    """Workspace and id of each proposal that time alone moves on now."""
    due = select(PROPOSALS.c.workspace_id, PROPOSALS.c.id).where(PROPOSALS.c.next_due_at <= now)
    return [(row.workspace_id, row.id) for row in db.execute(due.order_by(PROPOSALS.c.next_due_at, PROPOSALS.c.id))]


def to_compare(db: Db, now: datetime) -> list[tuple[int, int]]:
    """Workspace and id of each ballot of which Slack is to be asked now who holds what; the longest waiting first."""
    due = select(PROPOSALS.c.workspace_id, PROPOSALS.c.id).where(PROPOSALS.c.snapshot_due_at <= now)
    rows = db.execute(due.order_by(PROPOSALS.c.snapshot_due_at, PROPOSALS.c.id))
    return [(row.workspace_id, row.id) for row in rows]


def to_remind(db: Db, now: datetime) -> list[tuple[int, int]]:
    """Workspace and id of each proposal of which people are to be reminded now."""
    due = select(PROPOSALS.c.workspace_id, PROPOSALS.c.id).where(PROPOSALS.c.remind_at <= now)
    return [(row.workspace_id, row.id) for row in db.execute(due.order_by(PROPOSALS.c.remind_at, PROPOSALS.c.id))]


def earliest_due(db: Db) -> datetime | None:
    moments = (PROPOSALS.c.next_due_at, PROPOSALS.c.snapshot_due_at, PROPOSALS.c.remind_at)
    due = (func.min(moment).label(moment.name) for moment in moments)
    return min((at for at in db.execute(select(*due)).one() if at is not None), default=None)


def open_ballots(db: Db, workspace: int) -> int:
    """How many ballots are open, for the share of each in what Slack may be asked."""
    found = select(func.count()).where(PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.state == ProposalState.OPEN)
    return int(db.execute(found).scalar_one())


def compare_all(db: Db, at: datetime) -> None:
    """After a silence: every ballot that goes on is to be compared with what Slack holds."""
    going_on = PROPOSALS.c.state.in_((ProposalState.OPEN, ProposalState.CLOSING))
    db.execute(PROPOSALS.update().where(going_on).values(snapshot_due_at=at))


def compare_in(db: Db, workspace: int, channel: ChannelId, at: datetime) -> None:
    """We are let into a channel again: its ballots, and those that were given up for want of that, are compared."""
    waiting = (ProposalState.OPEN, ProposalState.CLOSING, ProposalState.UNDETERMINED)
    mine = (PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.channel_id == channel, PROPOSALS.c.state.in_(waiting))
    db.execute(PROPOSALS.update().where(*mine).values(snapshot_due_at=at))
