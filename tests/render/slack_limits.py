"""Slack's limits on messages and dialogs (slack.md §2), as a check that finds everything wrong at once."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.render.message import Message

RICH_PARTS = {"rich_text_section", "rich_text_list", "rich_text_quote"}


def problems(message: Message) -> list[str]:
    """Everything that Slack would refuse in this message, or that would show badly."""
    blocks = list(message.blocks)
    found = [*_fallback(message.text), *(problem for block in blocks for problem in _block(block))]
    texts = sum(len(text) for text in shown(blocks))
    if not 1 <= len(blocks) <= 50:
        found.append(f"{len(blocks)} blocks")
    if texts > 9_000:
        found.append(f"{texts} characters of text")
    if (size := len(json.dumps(blocks, ensure_ascii=False).encode())) > 15_000:
        found.append(f"{size} bytes")
    return found


def shown(value: Any) -> Iterator[str]:
    """Every text that a reader may see in blocks, in order."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from shown(each)
    elif isinstance(value, dict):
        if value.get("type") == "link":
            yield value.get("text") or value["url"]
        elif isinstance(text := value.get("text", value.get("fallback")), str):
            yield text
        for each in value.values():
            yield from shown(each)


def read(*messages: Message) -> str:
    """What a reader sees of messages, buttons and their questions included."""
    return "\n".join("".join(shown(list(one.blocks))) for one in messages)


def _fallback(text: str) -> Iterator[str]:
    if not text.strip() or len(text) > 4_000:
        yield f"a fallback of {len(text)} characters"
    if "<" in text or ">" in text:
        yield f"control characters in the fallback {text!r}"


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _plain(block["text"], 150)
        case "divider":
            pass
        case "context":
            if not 1 <= len(block["elements"]) <= 10:
                yield "elements of a context"
            for element in block["elements"]:
                yield from _plain(element, 2_000)
        case "actions":
            yield from _buttons(block["elements"])
        case "rich_text":
            if not block["elements"]:
                yield "an empty rich text"
            for element in block["elements"]:
                yield from _rich(element)
        case other:
            yield f"a block of type {other}"


def _rich(element: dict[str, Any]) -> Iterator[str]:
    if element["type"] not in RICH_PARTS or not element["elements"]:
        yield f"an empty or unknown {element['type']}"
    for piece in element["elements"]:
        match piece["type"]:
            case "rich_text_section" if element["type"] == "rich_text_list":
                yield from _rich(piece)
            case "text":
                if not 1 <= len(piece["text"]) <= 3_000:
                    yield f"a text of {len(piece['text'])} characters"
            case "link":
                if not piece["url"].startswith(("http://", "https://")) or len(piece["url"]) > 3_000:
                    yield f"a link to {piece['url']}"
            case "date":
                if not isinstance(piece["timestamp"], int) or not piece["fallback"]:
                    yield "a date without time or fallback"
            case "emoji":
                if not re.fullmatch(r"[a-z0-9_'+-]{1,100}", piece["name"]):
                    yield f"an emoji called {piece['name']}"
            case other:
                yield f"a piece of type {other}"


def _buttons(buttons: list[dict[str, Any]]) -> Iterator[str]:
    names = [button["action_id"] for button in buttons]
    if len(names) != len(set(names)) or not 1 <= len(names) <= 25:
        yield f"buttons {names}"
    for button in buttons:
        yield from _plain(button["text"], 75)
        if "value" in button and not 1 <= len(button["value"]) <= 2_000:
            yield "the value of a button"
        if confirm := button.get("confirm"):
            for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                yield from _plain(confirm[part], most)


def _plain(text: dict[str, Any], most: int) -> Iterator[str]:
    if text["type"] != "plain_text" or not 1 <= len(text["text"]) <= most:
        yield f"not a plain text of at most {most}: {text}"
