"""The inbox: what was handled already, so that a second delivery of it changes nothing."""

from datetime import datetime

from storage.db import Db, add_once
from storage.hearing_schema import INBOX


def first_time(db: Db, workspace: int, key: str, at: datetime) -> bool:
    """Note `key` (an event_id, a trigger_id) as handled; False where it was before."""
    return add_once(db, INBOX, workspace_id=workspace, key=key, received_at=at)


def purge(db: Db, before: datetime) -> int:
    """Forget keys that Slack no longer redelivers; gives how many."""
    return db.execute(INBOX.delete().where(INBOX.c.received_at < before)).rowcount
