"""The pieces that rich text is made of: literal words, links and moments, and the lines that they form."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.command_names import CommandNames
from minutes.refusal import filled
from minutes.text import shorten

Piece = dict[str, Any]
Part = str | Piece
Line = Sequence[Part]

# Patterns of Slack's for a moment; SOON says today or tomorrow where that is the day. Seconds may decide a vote.
CLOCK = "{time}"
SECONDS = "{time_secs}"
DAY_AND_SECONDS = "{date_short}, {time_secs}"
DAY_AND_CLOCK = "{date_short}, {time}"
SOON = "{date_short_pretty}, {time}"

_TEXT_PIECE = 2_500
_URL = 2_000
# With names, labels and JSON around it, this much of one text stays within a message's budget (slack.md §2.2).
_EXCERPT_BYTES = 6_000
_LABELLED = re.compile(r"\[([^\[\]]+)\]\(([^\s()]+)\)")
_ADDRESS = re.compile(r"https?://[^\s<>()]+[^\s<>().,;:!?'\"*_~`]", re.IGNORECASE)
_CODE = re.compile(r"`(/?[a-z][^`]*)`")


def words(text: str, *, bold: bool = False, italic: bool = False, strike: bool = False) -> Piece:
    """Literal text: Slack reads no markup, mention or emoji code in it."""
    styles = {"bold": bold, "italic": italic, "strike": strike}
    style = {name: True for name, wanted in styles.items() if wanted}
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def link(url: str, label: str | None = None) -> Piece:
    """A link to a web address; anything else that calls itself an address stays text."""
    if not is_web_address(url):
        return words(label or url)
    return {"type": "link", "url": url} | ({"text": label} if label else {})


def emoji(name: str) -> Piece:
    """An emoji by Slack's name for it, also one of the workspace's own."""
    return {"type": "emoji", "name": name}


def at(moment: datetime, pattern: str = CLOCK) -> Piece:
    """A moment that each reader sees in their own time zone."""
    utc = moment.astimezone(UTC)
    day = "" if pattern in (CLOCK, SECONDS) else f"{utc.day} {utc:%B %Y}, "
    seconds = f"{utc:%H:%M:%S}" if pattern in (SECONDS, DAY_AND_SECONDS) else f"{utc:%H:%M}"
    fallback = f"{day}{seconds} UTC"
    return {"type": "date", "timestamp": int(utc.timestamp()), "format": pattern, "fallback": fallback}


def line(*parts: Part) -> Piece:
    """One line of rich text. Slack refuses empty pieces, and long ones are dealt out to several."""
    pieces = [words(part) if isinstance(part, str) else part for part in parts]
    return {"type": "rich_text_section", "elements": [part for piece in pieces for part in _dealt_out(piece)]}


def quote(*parts: Part) -> Piece:
    return line(*parts) | {"type": "rich_text_quote"}


def bullets(lines: Iterable[Piece]) -> Piece:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def nested(*parts: Part) -> Piece:
    """A line of a list that belongs to the one above it."""
    return bullets([line(*parts)]) | {"indent": 1}


def as_text(parts: Iterable[Part]) -> str:
    """The parts of a line as a reader without blocks gets them."""
    return "".join(part if isinstance(part, str) else _piece_text(part) for part in parts)


def text_of(blocks: Iterable[dict[str, Any]]) -> str:
    """Whole blocks for a reader without blocks: every paragraph and list item on a line of its own."""
    return "\n".join(_rows(blocks))


def one_below_another(lines: Iterable[Line]) -> list[Part]:
    """The parts of several lines, with line breaks between them."""
    parts = [part for one in lines for part in ("\n", *one)]
    return parts[1:]


def one_after_another(lines: Iterable[Line]) -> list[Part]:
    """The parts of several sentences, in one paragraph."""
    parts = [part for one in lines for part in (" ", *one)]
    return parts[1:]


def linked(text: str) -> Piece:
    """A text that is there for its link, as the link: `[label](address)`, or words with an address among them."""
    label, url = label_and_address(text)
    return link(url, label) if url else words(text)


def label_and_address(text: str) -> tuple[str, str]:
    """What to call the first web address in a text, and the address; empty where there is none."""
    labelled = _LABELLED.fullmatch(text)
    if labelled and is_web_address(labelled[2]):
        return labelled[1], labelled[2]
    found = _ADDRESS.search(text)
    return text, found[0] if found and is_web_address(found[0]) else ""


def with_code(sentence: str, names: CommandNames, theirs: Mapping[str, str] | None = None) -> list[Part]:
    """A sentence of our own whose `/commands` stand out as code, each by its name in force.

    `{key}` in it stands for words of `theirs`, which are put in as they are, whatever they look like.
    """
    parts = enumerate(_CODE.split(sentence))
    return [
        code(filled(names.in_force(part), theirs)) if at % 2 else filled(part, theirs) for at, part in parts if part
    ]


def code(text: str) -> Piece:
    """What is typed, to the letter."""
    return {"type": "text", "text": text, "style": {"code": True}}


def is_web_address(url: str) -> bool:
    """Whether this is an http(s) address that Slack and a browser can follow."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    printable = url.isprintable() and " " not in url
    return parts.scheme in ("http", "https") and bool(parts.hostname) and printable and len(url) <= _URL


def excerpt(text: str) -> str:
    """A text for a message that shows one of them: whole, or saying how much of it stands in the record only."""
    size, shown = len(text), text
    while len(shown.encode()) > _EXCERPT_BYTES:
        size = size * 3 // 4
        shown = shorten(text, size)
    if shown == text:
        return text
    return f"{shown} ({len(text) - len(shown) + 1:,} more characters are in the record)"


def slices(text: str, size: int) -> list[str]:
    """The text in pieces of at most `size` characters, cut between words where that is possible."""
    found: list[str] = []
    while len(text) > size:
        cut = len(shorten(text, size + 1)) - 1 or size
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text] if text else found


def _dealt_out(piece: Piece) -> Iterable[Piece]:
    if piece["type"] != "text":
        return (piece,)
    return (piece | {"text": part} for part in slices(piece["text"], _TEXT_PIECE))


def _rows(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    for value in values:
        children = value.get("elements", ())
        if value["type"] in ("rich_text_section", "rich_text_quote"):
            yield as_text(children)
        elif children:
            yield from _rows(children)
        elif value["type"] == "header":
            yield value["text"]["text"]
        elif value["type"] == "plain_text":
            yield value["text"]


def _piece_text(piece: Piece) -> str:
    if piece["type"] == "emoji":
        return f":{piece['name']}:"
    text: str = piece.get("text") or piece.get("fallback") or piece.get("url") or ""
    return text
