"""The people and the channels of a workspace."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from rehearsal.messages import Message
from rehearsal.wire import Json

ChannelKind = Literal["channel", "group", "im", "mpim"]
"""Public and private channels, the conversation of one person with the bot, and that of several people."""


@dataclass
class Person:
    """`told` is what `users.info` says differently of somebody."""

    id: str
    handle: str
    real_name: str
    tz: str
    color: str
    is_bot: bool = False
    bot_id: str | None = None
    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    """Of another workspace, here over Slack Connect."""
    deleted: bool = False
    told: Json = field(default_factory=dict)

    def utc_offset_s(self, at: datetime) -> int:
        offset = at.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass
class UserGroup:
    id: str
    handle: str
    members: list[str]


@dataclass
class Pin:
    by: str
    at_s: int


@dataclass
class Channel:
    """Messages are kept by timestamp, in order; ephemeral ones apart, as Slack never returns them."""

    id: str
    name: str
    kind: ChannelKind
    created_s: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    pins: dict[str, Pin] = field(default_factory=dict)

    def replies(self, parent_ts: str) -> list[Message]:
        return [self.messages[ts] for ts in self.threads.get(parent_ts, ())]
