"""What Slack adds to blocks when it keeps them: ids that were left out, and the switches' defaults."""

import copy
import secrets
from typing import Any

from rehearsal.wire import Json

_TEXT_DEFAULTS = {"mrkdwn": ("verbatim", False), "plain_text": ("emoji", True)}


def finished(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks, as a message or a view returns them."""
    kept: list[Json] = copy.deepcopy(blocks)
    for block in kept:
        # Slack does not keep the id of a markdown block.
        block.setdefault("block_id", secrets.token_hex(3))
        _with_defaults(block)
    return kept


def _with_defaults(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _with_defaults(item)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in _TEXT_DEFAULTS:
            name, default = _TEXT_DEFAULTS[kind]
            value.setdefault(name, default)
        for item in value.values():
            _with_defaults(item)


def words_of(value: Any) -> list[str]:
    """Every text a reader sees in blocks, in order: what the limits count and what a selector looks in."""
    if isinstance(value, list):
        return [word for item in value for word in words_of(item)]
    if not isinstance(value, dict):
        return []
    words = []
    for name, item in value.items():
        if name in {"text", "alt_text", "fallback"} and isinstance(item, str):
            words.append(item)
        elif name != "confirm":
            words += words_of(item)
    return words
