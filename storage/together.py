"""Duties that wait a while, so that what changes meanwhile is done with them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from storage import outbox
from storage.db import Db
from storage.outbox import DutyState
from storage.schema import OUTBOX


def owe_together(
    db: Db, workspace: int, key: str, kind: str, *, now: datetime, after: timedelta, payload: Mapping[str, Any]
) -> None:
    """Owe something again, after a while at the latest; what waits for a time of its own already is not put off."""
    before = outbox.by_key(db, workspace, key, held=True)
    outbox.owe_again(db, workspace, key, kind, channel="", now=now, payload=payload)
    waits = before is not None and before.state is DutyState.WAITING
    if before is not None and before.attempts and waits:
        return  # Slack did not take it, and has to be left alone for a while
    at = min(before.not_before, now + after) if before is not None and waits else now + after
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key == key, OUTBOX.c.state == DutyState.WAITING)
    db.execute(OUTBOX.update().where(*mine).values(not_before=at))
