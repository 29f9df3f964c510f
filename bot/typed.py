"""Slack's own way of writing text, translated into what people typed, with mentions marked."""

import re

from minutes.text import clean, mention

_TOKEN = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def decode(text: str, *, mark_groups: bool = False) -> str:
    """Text as it was typed. A mention becomes a marker around Slack's id, which a use case replaces by our own.

    `mark_groups` marks user groups too, as `S…|@name`; otherwise they are words.
    """
    parts = _TOKEN.split(clean(text))
    return "".join(_token(part, mark_groups) if at % 2 else _plain(part) for at, part in enumerate(parts))


def unescaped(text: str) -> str:
    """What others have written, with no mention in it whatever it says: the title of a web page."""
    return _plain(clean(text))


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
