"""Outages: when we could not hear Slack, told from the last moment at which we did."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from storage.db import Db, add
from storage.hearing_schema import OUTAGES
from storage.schema import WORKSPACES

TOLERATED = timedelta(seconds=60)
"""Shorter silences are within the interval in which hearing is noted."""


def heard(db: Db, now: datetime, workspace: int | None = None) -> None:
    """We hear Slack at this moment: of every workspace in which we are, or of this one."""
    db.execute(WORKSPACES.update().where(*_where_we_are(workspace)).values(heard_at=now))


def returned(
    db: Db, now: datetime, workspace: int | None = None, *, tolerated: timedelta = TOLERATED
) -> list[tuple[int, datetime]]:
    """We hear Slack again: note for each workspace since when we had not. Gives those where that was an outage."""
    known = (WORKSPACES.c.heard_at.is_not(None), *_where_we_are(workspace))
    rows = db.execute(select(WORKSPACES.c.id, WORKSPACES.c.heard_at).where(*known)).all()
    silent = [row for row in rows if now - row.heard_at > tolerated]
    for row in silent:
        add(db, OUTAGES, workspace_id=row.id, began_at=row.heard_at, ended_at=now)
    heard(db, now, workspace)
    return [(row.id, row.heard_at) for row in silent]


def _where_we_are(workspace: int | None) -> list[ColumnElement[bool]]:
    one = [] if workspace is None else [WORKSPACES.c.id == workspace]
    return [WORKSPACES.c.uninstalled_at.is_(None), *one]


def between(db: Db, workspace: int, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The outages that touch a stretch of time."""
    rows = db.execute(
        select(OUTAGES.c.began_at, OUTAGES.c.ended_at)
        .where(OUTAGES.c.workspace_id == workspace, OUTAGES.c.began_at <= end, OUTAGES.c.ended_at >= start)
        .order_by(OUTAGES.c.began_at)
    )
    return [(row.began_at, row.ended_at) for row in rows]
