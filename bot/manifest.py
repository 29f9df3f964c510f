"""What the app asks of Slack: every scope, event, command and shortcut, each with its reason, and the manifest of them.

The one place to add one: a line here is a line of `manifest.yaml` (`folkmoot manifest > manifest.yaml`), and a scope's
reason is its row in docs/install.md; tests compare all of them, and the scopes with what the code calls and hears.
"""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.command_names import CommandNames

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
LONGEST_URL = 2_500


@dataclass(frozen=True, slots=True)
class Scope:
    """`why`: what the bot does with it, and only with it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Event:
    """By the manifest's name for it; `why`: what the bot makes of it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Command:
    """By its own key, whatever it is called."""

    key: str
    description: str
    usage_hint: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    callback_id: str
    kind: Literal["message", "global"]
    name: str
    description: str


SCOPES = (
    Scope("commands", "the slash commands, and the shortcuts"),
    Scope("chat:write", "cards, topics, ballots, digests, what it says to one person, and reminders of votes"),
    Scope("app_mentions:read", "hearing commands that begin with its name, which also work in threads"),
    Scope(
        "channels:history",
        "hearing messages, their edits and deletions; what an emoji records; finding a post again",
    ),
    Scope("groups:history", "the same in private channels to which it was invited"),
    Scope("im:history", "hearing somebody who writes to it directly, to say where to go; finding a reminder again"),
    Scope("im:write", "opening its own conversation with somebody, so that a reminder in it can be found again"),
    Scope("metadata.message:read", "recognising its own post in the history, by the name that it gave it"),
    Scope(
        "channels:read",
        "a public channel's names; who is in it, for a roll or a search; being let in, or unarchived",
    ),
    Scope("groups:read", "the same for private channels"),
    Scope("reactions:read", "hearing of votes and of emoji that record; asking who holds what before a result is told"),
    Scope("reactions:write", "the 👍 👎 ⚪ on a ballot, its 📝 or 🙈 on a message that it has recorded, or not"),
    Scope("pins:write", "pinning the session card"),
    Scope("files:write", "attaching `recap.md` to the digest"),
    Scope(
        "users:read", "names, also new ones, time zones, who is a bot and so counts nowhere, who on a roll is a member"
    ),
    Scope("usergroups:read", "the members of a user group that is named as a roll"),
)

EVENTS = (
    Event("app_mention", "a command that begins with the bot's name"),
    Event("app_uninstalled", "everything stops for a workspace that the app has left"),
    Event("app_home_opened", "somebody looks at their Home"),
    Event("channel_rename", "a channel goes by its new name"),
    Event("group_rename", "the same of private channels"),
    Event("tokens_revoked", "the bot may not act in a workspace any more, and stops there"),
    Event("user_change", "people go by their new names, and in their new time zones"),
    Event("channel_unarchive", "what waited for the channel is posted"),
    Event("group_unarchive", "the same in private channels"),
    Event("member_joined_channel", "the bot has been let in: what waited for that is posted"),
    Event("member_left_channel", "nobody finds what was said in a channel that they have left"),
    Event("message.channels", "lines with a tag, links, replies below ballots, and whether people still speak"),
    Event("message.groups", "the same in private channels"),
    Event("message.im", "somebody writes to the bot alone, and is told where to go"),
    Event("reaction_added", "a vote, or an emoji that records a message"),
    Event("reaction_removed", "a vote, or such an emoji, taken back"),
)

COMMANDS = (
    Command(
        "topic",
        "Put a topic on the floor, or queue one",
        "[title | add title | next | list | done | drop N | move N to M | rename title]",
    ),
    Command(
        "session",
        "Start, extend or end the session of this channel, or find what was said in others",
        "[start title for 3h | new | extend 30m | end | chairs @who | floor chaired | undo 7 | search words | emoji "
        "| help]",
    ),
    Command("note", "Record a note under the topic of the moment", "[text]"),
    Command(
        "action",
        "Record what somebody will do, or say that it is done",
        "[@who text by date | list | done 7 | later 7 by Friday | reopen 7]",
    ),
    Command("decide", "Record a decision that needed no vote", "[text]"),
    Command("propose", "Put a proposal to the vote", "[rule=two-thirds quorum=5 roll=session] [text for 10m]"),
)

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("record_as", "message", "Record as…", "Put this message into the minutes"),
    Shortcut("start_session", "global", "Start a session", "Say what, where and how long, and begin"),
    Shortcut("put_to_vote", "global", "Propose", "Put a text to the vote"),
)

HOME_TAB = True
"""Whether the app has a page of its own, App Home."""


def manifest(names: CommandNames, *, url: str | None = None, socket: bool = True) -> dict[str, Any]:
    """The manifest as Slack's schema has it (slack.md §3.2).

    `url` is the public address of the bot, where it has one; without `socket`, Slack calls it there.
    """
    request = None if socket or url is None else url + EVENTS_PATH
    called = {"request_url": request} if request else {}
    features: dict[str, Any] = {
        "app_home": {
            "home_tab_enabled": HOME_TAB,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "folkmoot", "always_online": True},
    }
    if SHORTCUTS:  # an empty list is against the schema
        features["shortcuts"] = [_shortcut(each) for each in SHORTCUTS]
    features["slash_commands"] = [_command(each, names, request) for each in COMMANDS]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Folkmoot",
            "description": "Keeps the minutes of open gatherings while they happen",
            "background_color": "#2f4858",
        },
        "features": features,
        "oauth_config": ({"redirect_urls": [url + REDIRECT_PATH]} if url else {})
        | {"scopes": {"bot": sorted(scope.name for scope in SCOPES)}},
        "settings": {
            "event_subscriptions": called | {"bot_events": sorted(event.name for event in EVENTS)},
            "interactivity": {"is_enabled": True} | called,
            "org_deploy_enabled": False,
            "socket_mode_enabled": request is None,
            "token_rotation_enabled": False,
        },
    }


def public_address(given: str) -> str | None:
    """The address under which Slack reaches the bot, without the path that we add; None where it cannot be one."""
    try:
        parts = urlsplit(given.strip())
        sound = parts.scheme == "https" and parts.hostname and parts.port != 0  # reading a wrong port raises
    except ValueError:
        return None
    address = f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/").removesuffix(EVENTS_PATH)
    own = not (parts.query or parts.fragment or parts.username) and address.isascii() and address.isprintable()
    fits = " " not in address and len(address + REDIRECT_PATH) <= LONGEST_URL
    return address if sound and own and fits else None


def _command(command: Command, names: CommandNames, request: str | None) -> dict[str, Any]:
    drawn = {
        "command": getattr(names, command.key),
        "description": command.description,
        "usage_hint": command.usage_hint,
        "should_escape": True,  # without it a mention arrives as a name that anybody may have
    }
    return drawn | ({"url": request} if request else {})


def _shortcut(shortcut: Shortcut) -> dict[str, Any]:
    return {
        "name": shortcut.name,
        "type": shortcut.kind,
        "callback_id": shortcut.callback_id,
        "description": shortcut.description,
    }
