"""Postings: which messages in Slack our duties have become, and in whose threads."""

from collections.abc import Collection

from sqlalchemy import select

from minutes.ids import Ts
from storage.db import Db
from storage.schema import OUTBOX


def message_ts(db: Db, workspace: int, keys: Collection[str]) -> dict[str, Ts]:
    """Slack's names of the messages that these duties became, as far as they have."""
    posted = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key.in_(keys), OUTBOX.c.slack_ts.is_not(None))
    return {row.key: row.slack_ts for row in db.execute(select(OUTBOX.c.key, OUTBOX.c.slack_ts).where(*posted))}


def threads(db: Db, workspace: int, keys: Collection[str]) -> dict[str, str]:
    """Of these duties the key of the one in whose thread each is said; those of the channel itself are missing."""
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key.in_(keys))
    thread_of = OUTBOX.c.payload["thread_of"].as_string()
    found = select(OUTBOX.c.key, thread_of.label("thread_of")).where(*mine, thread_of.is_not(None))
    return {row.key: row.thread_of for row in db.execute(found)}
