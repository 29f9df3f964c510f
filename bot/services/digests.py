"""Use cases of a digest that goes to another channel than its session's own."""

from datetime import datetime

from bot.services import duties
from storage import sessions
from storage.db import Db
from storage.outbox import Duty


def channel_told(db: Db, workspace: int, session: int, is_member: bool, now: datetime) -> None:
    """Slack has told whether we are in the digest's channel."""
    if not is_member:
        duties.no_way_to_digest_channel(db, workspace, sessions.get(db, workspace, session), now)


def shut_out(db: Db, duty: Duty, now: datetime) -> None:
    """A digest waits because we may not post where it is to go."""
    session = sessions.get(db, duty.workspace, int(duty.payload["session"]))
    if duty.channel != session.channel:
        duties.no_way_to_digest_channel(db, duty.workspace, session, now)


def posted(db: Db, duty: Duty, now: datetime) -> None:
    """A digest is there: where that is another channel, the session's own says so."""
    session = sessions.get(db, duty.workspace, int(duty.payload["session"]))
    if duty.channel != session.channel:
        duties.digest_pointer(db, duty.workspace, session, now)
