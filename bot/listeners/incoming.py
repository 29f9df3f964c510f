"""Slack's own way of writing text, translated into what people typed, with mentions marked."""

import re
from datetime import datetime

from minutes.ids import Ts, micros
from minutes.moment import from_micros
from minutes.text import clean, mention, replace_mentions

_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def decode(text: str, *, mark_groups: bool = False) -> str:
    """Text as it was typed. A mention becomes a marker around Slack's id, which a use case replaces by our own.

    `mark_groups` marks user groups too, as `S…|@name`; otherwise they are words.
    """
    parts = _TOKEN.split(clean(text))
    return "".join(_token(part, mark_groups) if at % 2 else _plain(part) for at, part in enumerate(parts))


def without_groups(text: str) -> str:
    """Marked user groups as the words that they were typed as; people stay marked."""
    return replace_mentions(text, lambda key: key.partition("|")[2] if key.startswith("S") else mention(key))


def as_typed(text: str) -> str:
    """What was typed into a field of a dialog: plain text, in which Slack escapes and marks nothing."""
    return clean(text)


def told_name(channel_name: str) -> str:
    """A channel's name, empty where Slack keeps it to itself: private ones are all called `privategroup`."""
    return "" if channel_name == "privategroup" else channel_name


def said_at(ts: Ts) -> datetime:
    """The time that a message's name tells."""
    return from_micros(micros(ts))


def _token(token: str, mark_groups: bool) -> str:
    if mark_groups and token.startswith("!subteam^"):
        return mention(token.removeprefix("!subteam^"))
    target, _, label = token.partition("|")
    target, label = _plain(target), _plain(label)
    match target[:1]:
        case "@":
            return mention(target[1:])
        case "#":
            return "#" + (label or target[1:])
        case "!":
            return _broadcast(target, label)
        case _:
            return _link(target, label)


def _broadcast(target: str, label: str) -> str:
    """`<!here>` was typed as `@here`; a user group or a date brings its own words."""
    if target.startswith("!date^"):
        return label
    name = label or target[1:].partition("^")[0]
    return name if name.startswith("@") else "@" + name


def _link(target: str, label: str) -> str:
    scheme, colon, rest = target.partition(":")
    if scheme in ("mailto", "tel") and colon:
        return label or rest
    says_more = label and label not in (target, rest.removeprefix("//"))
    return f"[{label}]({target})" if says_more else target


def _plain(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
