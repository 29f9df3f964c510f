"""How a Web API method is declared and called, and how it says no."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.backstage import Backstage
from rehearsal.messages import Message
from rehearsal.people import Channel, Person
from rehearsal.wire import Json, us_of


class SlackError(Exception):
    """`ok: false`, with an error code and whatever fields go with it."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def invalid_arguments(*sentences: str) -> SlackError:
    messages = [f"[ERROR] {sentence}" for sentence in sentences]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


@dataclass
class Call:
    """One call of a method: its arguments, read as the types that Slack reads."""

    stage: Backstage
    arguments: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        if value is None:
            return default
        if isinstance(value, (dict, list, bool)):
            raise invalid_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def flag(self, name: str) -> bool:
        value = self.arguments.get(name, False)
        if value in (True, "true", "1", 1):
            return True
        if value in (False, None, "false", "0", 0, ""):
            return False
        raise invalid_arguments(f"must be a boolean [json-pointer:/{name}]")

    def number(self, name: str, default: int, most: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or not 1 <= int(value) <= most:
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value)

    def structure(self, name: str) -> Any:
        """A JSON argument, which comes as itself or, in a form, as text."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise invalid_arguments(f"must be valid JSON [json-pointer:/{name}]") from None

    def moment(self, name: str) -> int | None:
        """A timestamp argument in microseconds."""
        value = self.text(name)
        if not value:
            return None
        try:
            return us_of(value)
        except ValueError:
            raise SlackError(f"invalid_ts_{name}") from None

    def need(self, scope: str) -> None:
        manifest = self.stage.manifest
        if not manifest.grants(scope):
            raise SlackError("missing_scope", needed=scope, provided=",".join(manifest.provided))

    def person(self, name: str = "user") -> Person:
        person = self.stage.workspace.people.get(self.text(name))
        if person is None:
            raise SlackError("user_not_found")
        return person

    def channel(self, name: str = "channel") -> Channel:
        """A conversation by its id, which the bot can see: a public channel or one that it is in."""
        workspace = self.stage.workspace
        channel = workspace.channels.get(self.text(name))
        if channel is None or (channel.kind != "channel" and workspace.bot.id not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def own_channel(self, name: str = "channel", *, write: bool = False) -> Channel:
        """A conversation that the bot is in, and may change when it means to write."""
        channel = self.channel(name)
        if self.stage.workspace.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        if write and channel.archived:
            raise SlackError("is_archived")
        return channel

    def message(self, channel: Channel, name: str = "timestamp") -> Message:
        try:
            us_of(self.text(name))
        except ValueError:
            raise SlackError("bad_timestamp") from None
        message = channel.messages.get(self.text(name))
        if message is None:
            raise SlackError("message_not_found")
        return message


Handler = Callable[[Call], Json]
Caller = Literal["bot", "app", "client"]


@dataclass(frozen=True)
class Method:
    """`per_minute` is the tier's limit, 0 for a rule of its own; `json` says whether a JSON body is read.

    `caller` is whose token it takes; a client comes with its id and secret instead.
    """

    name: str
    handler: Handler
    required: tuple[str, ...]
    optional: tuple[str, ...]
    scope: str
    per_minute: int
    json: bool
    caller: Caller

    @property
    def known(self) -> frozenset[str]:
        # The SDK adds `team_id` to every call of a client that Bolt has authorized.
        return frozenset((*self.required, *self.optional, "token", "team_id"))


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    required: str = "",
    optional: str = "",
    scope: str = "",
    per_minute: int = 50,
    json: bool = False,
    caller: Caller = "bot",
) -> Callable[[Handler], Handler]:
    """Declare a method; argument names are given as words of one string."""

    def declare(handler: Handler) -> Handler:
        METHODS[name] = Method(
            name, handler, tuple(required.split()), tuple(optional.split()), scope, per_minute, json, caller
        )
        return handler

    return declare
