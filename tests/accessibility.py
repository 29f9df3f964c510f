"""What somebody needs who does not see a message: plain words for all of it, and times in their own zone."""

import re
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
LINES = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
A_MOMENT = re.compile(r"\b\d{1,2}:\d{2}\b|\bUTC\b")
A_WORD = re.compile(r"[^\W_]")
SHORTENED = "…"
OFFERS = ("actions", "input")
"""Blocks that somebody works with: a screen reader finds them by itself, with their labels."""


def problems_of_message(text: str, blocks: list[Node]) -> list[str]:
    """What is wrong with a message; the words of its blocks have to be in its text, unless that was shortened."""
    told = _one_line(_unescaped(text))
    said = [line for block in blocks if block["type"] not in OFFERS for line in lines(block)]
    unsaid = [line for line in said if _one_line(line) not in told] if not text.endswith(SHORTENED) else []
    silent = [] if A_WORD.search(told) else ["the text says nothing"]
    return [*silent, *(f"not in the text: {line}" for line in unsaid), *problems_of_blocks(blocks)]


def problems_of_blocks(blocks: list[Node]) -> list[str]:
    """What is wrong with blocks wherever they stand: in a message, a dialog, or Home."""
    mute = [f"nothing but signs: {line!r}" for block in blocks for line in lines(block) if not A_WORD.search(line)]
    plain = [f"not in the reader's zone: {each}" for block in blocks for each in _words(block) if A_MOMENT.search(each)]
    return [*mute, *plain, *(problem for node in _nodes(blocks) for problem in _of_node(node))]


def lines(node: Any) -> Iterator[str]:
    """The lines of a block as somebody sees them, moments as who sees no date element does."""
    if isinstance(node, list):
        for each in node:
            yield from lines(each)
    elif isinstance(node, dict) and node.get("type") in LINES:
        yield from filter(str.strip, "".join(_leaf(each) for each in node["elements"]).split("\n"))
    elif isinstance(node, dict) and isinstance(node.get("text"), str):
        yield from filter(str.strip, node["text"].split("\n"))
    elif isinstance(node, dict):
        for each in node.values():
            yield from lines(each)


def _of_node(node: Node) -> Iterator[str]:
    if node.get("type") == "button" and not A_WORD.search(node["text"]["text"]):
        yield f"a button without words: {node['text']['text']!r}"
    if node.get("type") == "image" and not A_WORD.search(node.get("alt_text") or ""):
        yield "an image without words"
    if node.get("type") == "date" and "UTC" not in node.get("fallback", "UTC only for days"):
        yield f"a moment without its zone: {node.get('fallback')}"


def _leaf(element: Node) -> str:
    """Without blocks an emoji is its name."""
    if element.get("type") == "emoji":
        return f":{element['name']}:"
    return str(element.get("text") or element.get("fallback") or element.get("url") or "")


def _words(node: Any) -> Iterator[str]:
    """Everything that is text, and no date element."""
    for each in _nodes(node):
        if isinstance(each.get("text"), str) and each.get("type") in ("text", "plain_text", "mrkdwn", "link"):
            yield each["text"]


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(each)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
