"""What a message may contain, whichever door it comes through: a method, an answer or a response URL."""

import json
from dataclasses import dataclass, field
from typing import Any

from rehearsal.blocks.finish import finished, words_of
from rehearsal.blocks.schema import MOST_IN_MESSAGE, message_problems
from rehearsal.wire import Json

MOST_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
MOST_BLOCK_TEXT = 11_000
MOST_BLOCK_JSON = 17_000
MOST_MARKDOWN = 12_000
# Slack's own limit is not published; its advice is to stay under 1 KB.
MOST_METADATA = 1_024


class ContentRefused(Exception):
    """Slack's error code for what is wrong, with its sentences about where."""

    def __init__(self, code: str, problems: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems or []


@dataclass
class Content:
    text: str
    blocks: list[Json] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def checked_content(text: Any, blocks: Any, *, update: bool = False) -> Content:
    """The content of a message, or `ContentRefused`; too long a text is cut, or refused in an update."""
    if text is not None and not isinstance(text, str):
        raise ContentRefused("invalid_arguments", ["must be a string [json-pointer:/text]"])
    if not text and not blocks:
        raise ContentRefused("no_text")
    content = Content(text or "", checked_blocks(blocks))
    if update and len(content.text) > MOST_UPDATED_TEXT:
        raise ContentRefused("msg_too_long")
    if len(content.text) > MOST_TEXT:
        content.text = content.text[:MOST_TEXT]
        content.warnings.append("message_truncated")
    return content


def checked_blocks(blocks: Any) -> list[Json]:
    if blocks is None or blocks == []:
        return []
    if not isinstance(blocks, list):
        raise ContentRefused("invalid_blocks_format")
    if len(blocks) > MOST_IN_MESSAGE:
        raise ContentRefused("msg_blocks_too_many")
    problems = message_problems(blocks)
    if problems:
        raise ContentRefused("invalid_blocks", problems)
    _check_sum(blocks)
    return finished(blocks)


def _check_sum(blocks: list[Json]) -> None:
    """The limit that Slack does not document: 50 blocks may each be legal and together too long."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    others = [block for block in blocks if block["type"] != "markdown"]
    text = sum(len(words) for words in words_of(others))
    size = len(json.dumps(others, ensure_ascii=False, separators=(",", ":")).encode())
    if markdown > MOST_MARKDOWN or text > MOST_BLOCK_TEXT or size > MOST_BLOCK_JSON:
        raise ContentRefused("msg_blocks_too_long")


def checked_metadata(metadata: Any) -> Json | None:
    """Message metadata, or `None` for none; `{}` removes what a message had."""
    if not metadata:
        return None
    if not isinstance(metadata, dict):
        raise ContentRefused("invalid_metadata_format")
    shape = {name: type(value) for name, value in metadata.items()}
    if shape != {"event_type": str, "event_payload": dict} or not metadata["event_type"]:
        raise ContentRefused("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MOST_METADATA:
        raise ContentRefused("metadata_too_large")
    return metadata
