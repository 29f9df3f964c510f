"""The backlog: how far we are behind with what is owed, for those who watch over us."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.db import Db
from storage.installations import is_installed
from storage.lanes import HEADS
from storage.outbox import UNFINISHED, DutyState
from storage.schema import OUTBOX


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many duties wait or are under way, how many are blocked, and since when the oldest one that can go is due."""

    waiting: int
    blocked: int
    due_since: datetime | None


def look(db: Db, now: datetime) -> Backlog:
    """How far we are behind. What stands behind another of its lane is not late by itself."""
    unfinished = (OUTBOX.c.state.in_(UNFINISHED), is_installed(OUTBOX.c.workspace_id))
    counted = select(OUTBOX.c.state, func.count()).where(*unfinished).group_by(OUTBOX.c.state)
    number = {str(state): int(count) for state, count in db.execute(counted)}
    blocked = number.pop(DutyState.BLOCKED, 0)
    heads = [row.not_before for row in db.execute(HEADS) if row.not_before <= now]
    return Backlog(sum(number.values()), blocked, min(heads, default=None))
