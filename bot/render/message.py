"""Messages and the blocks they are built of: what people typed goes in literally, and pings nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.render.buttons import Button
from bot.render.pieces import SOON, Line, Part, Piece, as_text, at, line, words
from minutes.text import shorten

Block = dict[str, Any]

# `chat.update` refuses a fallback above 4,000 characters (slack.md §2.3); escaping can make five of one, and what comes
# late says so in less than a hundred.
_FALLBACK = 3_900
_HEADER = 150
_CONTEXT = 2_000
_BUTTON = 75


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: `text` for notifications and screen readers, `blocks` for the eye."""

    text: str
    blocks: tuple[Block, ...]


def message(text: str, *blocks: Block) -> Message:
    """A message whose fallback is the given plain text, escaped and cut to what Slack takes."""
    return Message(escape(_within(text, _FALLBACK)), blocks)


def said(*parts: Part, buttons: Iterable[Block] = ()) -> Message:
    """A short message: one paragraph, and buttons below it where there are any."""
    offered = tuple(buttons)
    return message(as_text(parts), section(*parts), *((actions(*offered),) if offered else ()))


def late(on_time: Message, since: datetime) -> Message:
    """The same message, with a word that it comes late, and when it should have come."""
    note: tuple[Part, ...] = ("⏳ This comes late. It is from ", at(since, SOON), ".")
    return Message(f"{on_time.text}\n{as_text(note)}", (*on_time.blocks, section(*note)))


def escape(text: str) -> str:
    """Plain text for a place where Slack reads control sequences: nothing in it links or pings."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich(*elements: Piece) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def section(*parts: Part) -> Block:
    return rich(line(*parts))


def header(text: str) -> Block:
    """A heading, as a header block where it is short enough for one and in bold where it is not."""
    if len(text) > _HEADER:
        return section(words(text, bold=True))
    return {"type": "header", "text": plain(text)}


def context(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [plain(shorten(text, _CONTEXT))]}


def small_print(parts: Line) -> Block:
    """A line of what not everybody needs; in small print where no moment is in it, for there each reader has UTC."""
    return context(as_text(parts)) if all(isinstance(part, str) for part in parts) else section(*parts)


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action: Button, value: str, *, style: str | None = None, confirm: Block | None = None) -> Block:
    """A button; `confirm` asks first (see `asking`)."""
    drawn: Block = {"type": "button", "text": plain(shorten(label, _BUTTON)), "action_id": action.value}
    asked = {"confirm": confirm} if confirm else {}
    # Slack refuses an empty value.
    return drawn | ({"value": value} if value else {}) | ({"style": style} if style else {}) | asked


def asking(title: str, text: str, *, yes: str, no: str) -> Block:
    """The question that Slack asks before it hands the click on."""
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def plain(text: str) -> Block:
    """A text object without markup. Emoji codes such as `:tada:` stay as typed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def field(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """A field of a dialog; block and action go by one name."""
    drawn: Block = {"type": "input", "block_id": name, "label": plain(label), "optional": optional}
    return drawn | {"element": element | {"action_id": name}} | ({"hint": plain(hint)} if hint else {})


def _within(text: str, limit: int) -> str:
    """The text, shortened until its escaped form is within the limit."""
    size = limit
    while len(escape(text)) > limit:
        text, size = shorten(text, size), size * 3 // 4
    return text
