"""A message, and a file shared in one."""

from dataclasses import dataclass, field

from rehearsal.wire import Json


@dataclass
class SharedFile:
    id: str
    name: str
    title: str
    size: int
    owner: str
    created_s: int
    content: bytes = b""
    complete: bool = False
    deleted: bool = False
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Message:
    """`seen_by` is the only person who sees it (an ephemeral message); `None` for everybody."""

    ts: str
    channel_id: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    client_msg_id: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    files: list[SharedFile] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    seen_by: str | None = None
    inviter: str | None = None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts
