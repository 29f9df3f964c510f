"""Addresses of messages that people can follow from elsewhere. Reads only."""

from bot.services import addresses
from minutes.ids import ChannelId, Ts
from minutes.permalink import permalink
from storage import people, postings, sessions
from storage.db import Db
from storage.entries import KeptEntry


def link(db: Db, workspace: int, channel: ChannelId, ts: Ts | None, thread: Ts | None = None) -> str | None:
    """The address of a message, where it is there and Slack has told where it is itself."""
    address = people.workspace_url(db, workspace)
    return permalink(address, channel, ts, thread) if address and ts else None


def shown_at(db: Db, kept: KeptEntry) -> str | None:
    """The message that said it; for a command, the one that we posted for it."""
    session = sessions.get(db, kept.workspace, kept.session)
    seen_at = addresses.of_entries(db, kept.workspace, session, [kept])
    return link(db, kept.workspace, kept.channel, *seen_at(kept))


def posted_as(db: Db, workspace: int, key: str) -> Ts | None:
    return postings.message_ts(db, workspace, [key]).get(key)
