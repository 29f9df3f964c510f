"""Wordings: how new the newest one is that we know of a message. Edits and deletions can arrive in any order."""

from sqlalchemy import ColumnElement, select

from minutes.ids import ChannelId, Ts, micros
from storage.db import Db, add_once
from storage.message_schema import WORDINGS

_SECONDS = 10  # of the digits of an order
THE_LAST = "9" * 33
"""No wording comes after a message's deletion, however late it arrives."""


def order(edited: Ts, told: Ts) -> str:
    """When a wording is from, to be compared as text.

    `edited` may be in whole seconds; of two wordings of one second, the one that was `told` later is the newer one.
    """
    return f"{micros(edited):016}.{micros(told):016}"


def newest(db: Db, workspace: int, channel: ChannelId, message: Ts) -> str:
    """Of a message that is as it was said: empty, which comes before everything."""
    return db.execute(select(WORDINGS.c.worded).where(*_mine(workspace, channel, message))).scalar_one_or_none() or ""


def is_deleted(db: Db, workspace: int, channel: ChannelId, message: Ts) -> bool:
    return newest(db, workspace, channel, message) == THE_LAST


def is_newer(db: Db, workspace: int, channel: ChannelId, message: Ts, *, than: Ts | None) -> bool:
    """Whether a message was edited later than in the second of `than`, when it had been edited before; None: never."""
    known = newest(db, workspace, channel, message)
    return known != "" and (than is None or known[:_SECONDS] > order(than, than)[:_SECONDS])


def note(db: Db, workspace: int, channel: ChannelId, message: Ts, *, session: int, worded: str) -> bool:
    """Note a wording; False where it is not newer than what is known."""
    key = {"workspace_id": workspace, "channel_id": channel, "message_ts": message}
    if add_once(db, WORDINGS, **key, session_id=session, worded=worded):
        return True
    older = (*_mine(workspace, channel, message), WORDINGS.c.worded < worded)
    return db.execute(WORDINGS.update().where(*older).values(worded=worded)).rowcount == 1


def session_of(db: Db, workspace: int, channel: ChannelId, message: Ts) -> int | None:
    return db.execute(select(WORDINGS.c.session_id).where(*_mine(workspace, channel, message))).scalar_one_or_none()


def _mine(workspace: int, channel: ChannelId, message: Ts) -> tuple[ColumnElement[bool], ...]:
    return WORDINGS.c.workspace_id == workspace, WORDINGS.c.channel_id == channel, WORDINGS.c.message_ts == message
