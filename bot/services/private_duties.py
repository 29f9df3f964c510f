"""What we owe to one person alone who has said something to us in a message, each under one key for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.services.duties import HINT
from minutes.emoji import RECORDED
from minutes.ids import ChannelId, PersonId, Ts
from storage import outbox
from storage.db import Db


def answer_key(channel: ChannelId, ts: Ts) -> str:
    return f"answer:{channel}:{ts}"


def answer(
    db: Db,
    workspace: int,
    channel: ChannelId,
    person: PersonId,
    ts: Ts,
    now: datetime,
    *,
    thread: Ts | None,
    words: Mapping[str, Any],
) -> bool:
    """What somebody is told who has said something to us in the message `ts`: in its thread, to them alone, once."""
    key, payload = answer_key(channel, ts), {"what": "answer", "person": person, **words}
    payload |= {} if thread is None else {"thread": thread}
    return outbox.owe(db, workspace, key, HINT, channel=channel, now=now, lane=key, payload=payload)


def greeting(db: Db, workspace: int, channel: ChannelId, person: PersonId, now: datetime, *, thread: Ts | None) -> None:
    """How to speak to us, for somebody who has mentioned us: once, and never again."""
    key, payload = f"greeting:{person}", {"what": "greeting", "person": person}
    payload |= {} if thread is None else {"thread": thread}
    outbox.owe(db, workspace, key, HINT, channel=channel, now=now, lane=key, payload=payload)


def acknowledged(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> bool:
    """Whether whoever said this has, or will have, a sign that we have heard it."""
    keys = (f"react:{channel}:{ts}:{RECORDED}", answer_key(channel, ts))
    return any(outbox.by_key(db, workspace, key) is not None for key in keys)
