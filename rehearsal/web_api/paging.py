"""Cursors: Slack returns at most `limit` things and says how to go on."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from rehearsal.web_api.method import Call, SlackError

Item = TypeVar("Item")
_MOST = 999


def paged(call: Call, items: Sequence[Item], default: int = 100) -> tuple[list[Item], dict[str, str]]:
    """The page that the call asks for, and its `response_metadata`."""
    start = _offset(call.text("cursor"))
    end = start + call.number("limit", default, most=max(default, _MOST))
    more = end < len(items)
    return list(items[start:end]), {"next_cursor": _cursor(end) if more else ""}


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(offset)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")
