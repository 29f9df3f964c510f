"""What Slack brings besides text that was typed, translated; and that text, by `bot/typed.py`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.typed import decode, unescaped
from minutes.ids import Ts, micros
from minutes.moment import from_micros
from minutes.text import clean, mention, replace_mentions

__all__ = [
    "as_typed",
    "decode",
    "is_late",
    "is_reply",
    "is_second_delivery",
    "said_at",
    "team_of",
    "told_name",
    "unescaped",
    "without_groups",
]

LATE_AFTER = timedelta(seconds=30)


def team_of(body: dict[str, Any]) -> str:
    """The workspace by whose installation an event or dialog reaches us.

    In a channel that workspaces share, `team_id` and `team` can be those of the others.
    """
    through, view = body.get("authorizations") or [{}], body.get("view") or {}
    told = through[0].get("team_id") or view.get("app_installed_team_id") or body.get("team_id")
    return str(told or body["team"]["id"])


def without_groups(text: str) -> str:
    """Marked user groups as the words that they were typed as; people stay marked."""
    return replace_mentions(text, lambda key: key.partition("|")[2] if key.startswith("S") else mention(key))


def as_typed(text: str) -> str:
    """What was typed into a field of a dialog: plain text, in which Slack escapes and marks nothing."""
    return clean(text)


def is_reply(message: Mapping[str, Any]) -> bool:
    return message.get("thread_ts") not in (None, message["ts"])


def told_name(channel_name: str) -> str:
    """A channel's name, empty where Slack keeps it to itself: private ones are all called `privategroup`."""
    return "" if channel_name == "privategroup" else channel_name


def is_direct(channel: str, name: str) -> bool:
    """Whether a conversation is one of people alone, without a channel: of two, or of several."""
    return channel.startswith("D") or name.startswith("mpdm-")


def said_at(ts: Ts) -> datetime:
    """The time that a message's name tells."""
    return from_micros(micros(ts))


def is_late(at: datetime, now: datetime) -> bool:
    """What Slack delivers so long after it was said belongs where it was said."""
    return now - at >= LATE_AFTER


def is_second_delivery(failure: Exception) -> bool:
    """Whether a dialog does not open because its trigger was used before: then it is open already."""
    return isinstance(failure, SlackApiError) and failure.response.get("error") == "exchanged_trigger_id"
