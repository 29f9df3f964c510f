"""Outages: when we could not hear Slack, told from the last moment at which we did."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storage.db import Db, add, table
from storage.schema import OutageRow, Workspace

OUTAGES, WORKSPACES = table(OutageRow), table(Workspace)
TOLERATED = timedelta(seconds=60)
"""Shorter silences are within the interval in which hearing is noted."""


def heard(db: Db, now: datetime) -> None:
    """We hear Slack at this moment."""
    db.execute(WORKSPACES.update().values(heard_at=now))


def returned(db: Db, now: datetime, tolerated: timedelta = TOLERATED) -> bool:
    """We hear Slack again: note for each workspace since when we had not. True where that was an outage."""
    rows = db.execute(select(WORKSPACES.c.id, WORKSPACES.c.heard_at).where(WORKSPACES.c.heard_at.is_not(None))).all()
    silent = [row for row in rows if now - row.heard_at > tolerated]
    for row in silent:
        add(db, OUTAGES, workspace_id=row.id, began_at=row.heard_at, ended_at=now)
    heard(db, now)
    return bool(silent)


def between(db: Db, workspace: int, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The outages that touch a stretch of time."""
    rows = db.execute(
        select(OUTAGES.c.began_at, OUTAGES.c.ended_at)
        .where(OUTAGES.c.workspace_id == workspace, OUTAGES.c.began_at <= end, OUTAGES.c.ended_at >= start)
        .order_by(OUTAGES.c.began_at)
    )
    return [(row.began_at, row.ended_at) for row in rows]
