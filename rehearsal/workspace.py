"""The state of the workspace, and the only place that changes it: every change is told to the observers."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.clock import PlayClock, Timestamps
from rehearsal.messages import Message, SharedFile
from rehearsal.people import Channel, ChannelKind, Person, Pin, UserGroup
from rehearsal.shapes import delivered_json
from rehearsal.wire import Ids, Json, id_part, ts_of

ChangeKind = Literal[
    "message",
    "message_changed",
    "message_deleted",
    "ephemeral",
    "ephemeral_deleted",
    "reaction_added",
    "reaction_removed",
    "pin_added",
    "pin_removed",
    "member_joined",
    "member_left",
    "archived",
    "unarchived",
    "channel_renamed",
    "person_changed",
    "workspace",
]
_COLORS = ("4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836", "99a949")
NOT_SHOWN = "This content can't be displayed."


@dataclass(frozen=True)
class Change:
    """Something that happened; `before` is a message as it was until then."""

    kind: ChangeKind
    at: str
    actor: str = ""
    channel: Channel | None = None
    message: Message | None = None
    before: Json | None = None
    reaction: str = ""


@dataclass
class Team:
    id: str
    name: str
    domain: str
    app_id: str = "A0FOLKMOOT"


@dataclass
class Workspace:
    """People, channels, messages. Callers have checked that what they ask for is allowed.

    `mark` stands in the ids of people, channels and groups, so that those of two workspaces differ.
    """

    team: Team
    clock: PlayClock
    url: str = ""
    bot: Person = field(init=False)
    ids: Ids = field(default_factory=Ids)
    mark: str = ""
    stamps: Timestamps = field(init=False)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, SharedFile] = field(default_factory=dict)
    observers: list[Callable[[Change], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stamps = self.clock.stamps

    def add_person(self, handle: str, real_name: str, tz: str, *, is_bot: bool = False) -> Person:
        if self.person_called(handle):
            raise ValueError(f"there is already somebody called {handle}")
        part = id_part(handle) or "X"
        ids = (f"U0{self.mark}{part}{number or ''}" for number in range(len(self.people) + 1))
        user_id = next(candidate for candidate in ids if candidate not in self.people)
        color = _COLORS[len(self.people) % len(_COLORS)]
        person = Person(user_id, handle, real_name, tz, color, is_bot)
        if is_bot:
            person.bot_id = f"B{user_id[1:]}"
        self.people[user_id] = person
        self._tell("workspace", None, at=ts_of(self.clock.now_us))
        return person

    def add_bot(self, handle: str, real_name: str) -> None:
        self.bot = self.add_person(handle, real_name, "UTC", is_bot=True)

    def channel_id(self, name: str) -> str:
        return f"C0{self.mark}{id_part(name)}"

    def add_channel(self, channel_id: str, name: str, kind: ChannelKind, members: list[str]) -> Channel:
        channel = Channel(channel_id, name, kind, self.clock.now_s, members)
        self.channels[channel_id] = channel
        self._tell("workspace", channel, at=ts_of(self.clock.now_us))
        return channel

    def add_group(self, handle: str, members: list[str]) -> UserGroup:
        group = UserGroup(f"S0{self.mark}{id_part(handle)}", handle, members)
        self.groups[group.id] = group
        self._tell("workspace", None, at=ts_of(self.clock.now_us))
        return group

    def person_called(self, name: str) -> Person | None:
        """Whoever has this id or this handle."""
        if name in self.people:
            return self.people[name]
        return next((person for person in self.people.values() if person.handle == name), None)

    def channel_called(self, name: str) -> Channel | None:
        if name in self.channels:
            return self.channels[name]
        bare = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.kind != "im" and c.name == bare), None)

    def direct_id(self, person: Person) -> str:
        return f"D{person.id[1:]}"

    def direct_channel(self, person: Person) -> Channel:
        """The conversation between a person and the bot, opened when there is none yet."""
        channel_id = self.direct_id(person)
        known = self.channels.get(channel_id)
        return known or self.add_channel(channel_id, person.handle, "im", [person.id, self.bot.id])

    def add_group_direct(self, people: list[Person]) -> Channel:
        """A conversation of several people without a channel; Slack names it after them."""
        name = f"mpdm-{'--'.join(person.handle for person in people)}-1"
        return self.add_channel(f"G{self.channel_id(name)[1:]}", name, "mpim", [person.id for person in people])

    def post(self, channel: Channel, user: str, text: str, **fields: Any) -> Message:
        """Post a message; `fields` are those of `Message`."""
        message = Message(self.stamps.new(), channel.id, user, text, **fields)
        self._sign(message)
        channel.messages[message.ts] = message
        if message.is_reply:
            channel.threads.setdefault(str(message.thread_ts), []).append(message.ts)
        for file in message.files:
            file.shares.append((channel.id, message.ts))
        self._tell("message", channel, actor=user, message=message, at=message.ts)
        return message

    def whisper(self, channel: Channel, to: str, user: str, text: str, **fields: Any) -> Message:
        """Show an ephemeral message to one person."""
        message = Message(self.stamps.new(), channel.id, user, text, seen_by=to, **fields)
        self._sign(message)
        channel.ephemerals[message.ts] = message
        self._tell("ephemeral", channel, actor=user, message=message, at=message.ts)
        return message

    def _sign(self, message: Message) -> None:
        if not message.text and message.blocks:
            message.text = NOT_SHOWN
        author = self.people.get(message.user)
        if author and author.is_bot:
            message.bot_id = author.bot_id
        elif author:
            message.client_msg_id = secrets.token_hex(16)

    def revise(self, message: Message, by: str, **fields: Any) -> None:
        """Replace fields of a message; only a new text makes it "(edited)"."""
        before = delivered_json(self, message)
        retold = fields.get("text", message.text) != message.text
        for name, value in fields.items():
            setattr(message, name, value)
        at = self.stamps.new()
        if retold and message.seen_by is None:
            message.edited = {"user": by, "ts": f"{at.partition('.')[0]}.000000"}  # Slack tells whole seconds
        kind: ChangeKind = "ephemeral" if message.seen_by else "message_changed"
        self._tell(kind, self.channels[message.channel_id], actor=by, message=message, before=before, at=at)

    def remove(self, message: Message, by: str) -> None:
        """Delete a message; one with replies leaves a tombstone, as Slack's does."""
        channel = self.channels[message.channel_id]
        if message.seen_by:
            del channel.ephemerals[message.ts]
            self._tell("ephemeral_deleted", channel, actor=by, message=message)
            return
        channel.pins.pop(message.ts, None)
        if channel.threads.get(message.ts):
            tombstone: Json = {"text": "This message was deleted.", "blocks": [], "files": [], "reactions": {}}
            tombstone["metadata"] = None
            self.revise(message, by, user="USLACKBOT", bot_id=None, subtype="tombstone", **tombstone)
            return
        before = delivered_json(self, message)
        del channel.messages[message.ts]
        if message.is_reply:
            channel.threads[str(message.thread_ts)].remove(message.ts)
        self._tell("message_deleted", channel, actor=by, message=message, before=before)

    def react(self, message: Message, user: str, name: str) -> None:
        message.reactions.setdefault(name, []).append(user)
        self._tell("reaction_added", self.channels[message.channel_id], actor=user, message=message, reaction=name)

    def unreact(self, message: Message, user: str, name: str) -> None:
        message.reactions[name].remove(user)
        if not message.reactions[name]:
            del message.reactions[name]
        self._tell("reaction_removed", self.channels[message.channel_id], actor=user, message=message, reaction=name)

    def pin(self, message: Message, by: str) -> None:
        channel = self.channels[message.channel_id]
        channel.pins[message.ts] = Pin(by, self.clock.now_s)
        self._tell("pin_added", channel, actor=by, message=message)

    def unpin(self, message: Message, by: str) -> None:
        channel = self.channels[message.channel_id]
        del channel.pins[message.ts]
        self._tell("pin_removed", channel, actor=by, message=message)

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> None:
        channel.members.append(user)
        text = f"<@{user}> has joined the channel"
        self.post(channel, user, text, subtype=f"{channel.kind}_join", inviter=inviter)
        self._tell("member_joined", channel, actor=user)

    def leave(self, channel: Channel, user: str) -> None:
        self.post(channel, user, f"<@{user}> has left the channel", subtype=f"{channel.kind}_leave")
        self._tell("member_left", channel, actor=user)
        channel.members.remove(user)

    def archive(self, channel: Channel, by: str, *, archived: bool = True) -> None:
        """Close a channel to everything new, or open it again."""
        name = "archive" if archived else "unarchive"
        channel.archived = archived
        self.post(channel, by, f"<@{by}> {name}d the channel", subtype=f"{channel.kind}_{name}")
        self._tell("archived" if archived else "unarchived", channel, actor=by)

    def rename_channel(self, channel: Channel, by: str, name: str) -> None:
        text = f'has renamed the channel from "{channel.name}" to "{name}"'
        channel.name = name
        self.post(channel, by, text, subtype=f"{channel.kind}_name")
        self._tell("channel_renamed", channel, actor=by)

    def change_person(self, person: Person, **fields: Any) -> None:
        """Somebody calls themselves otherwise, say; everybody is told, in whichever channels they are."""
        for name, value in fields.items():
            setattr(person, name, value)
        self._tell("person_changed", None, actor=person.id)

    def delete_file(self, file: SharedFile, by: str) -> None:
        """The messages that brought it stay, each without it."""
        places = [self.channels[channel].messages.get(ts) for channel, ts in file.shares]
        before = [(message, delivered_json(self, message)) for message in places if message]
        file.deleted, file.content = True, b""
        for message, was in before:
            channel = self.channels[message.channel_id]
            self._tell("message_changed", channel, actor=by, message=message, before=was)

    def visible_to(self, person: Person, channel: Channel) -> Iterator[Message]:
        """What a person sees in a channel, oldest first, with what only they see."""
        if person.id not in channel.members:
            return
        whispers = [message for message in channel.ephemerals.values() if message.seen_by == person.id]
        seen = [*channel.messages.values(), *whispers] if whispers else channel.messages.values()
        yield from sorted(seen, key=lambda message: message.ts) if whispers else seen

    def _tell(
        self,
        kind: ChangeKind,
        channel: Channel | None,
        *,
        at: str = "",
        actor: str = "",
        message: Message | None = None,
        before: Json | None = None,
        reaction: str = "",
    ) -> None:
        change = Change(kind, at or self.stamps.new(), actor, channel, message, before, reaction)
        for observer in self.observers:
            observer(change)
