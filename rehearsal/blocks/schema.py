"""The blocks of messages and of views."""

from rehearsal.blocks.checks import (
    Check,
    Fields,
    anything,
    at_least_one_of,
    boolean,
    both,
    listing,
    problems_of,
    record,
    text,
    typed,
)
from rehearsal.blocks.elements import IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION
from rehearsal.blocks.objects import IDENTIFIER, URL, any_text, plain_text
from rehearsal.blocks.rich_text import RICH_TEXT
from rehearsal.blocks.uniqueness import unique_identifiers
from rehearsal.wire import Json

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100


def _block(required: Fields, optional: Fields | None = None) -> Check:
    return record({"type": anything} | required, {"block_id": IDENTIFIER} | (optional or {}))


_COMMON: dict[str, Check] = {
    "section": both(
        _block(
            {},
            {
                "text": any_text(3000),
                "fields": listing(any_text(2000), 10),
                "accessory": IN_SECTION,
                "expand": boolean,
            },
        ),
        at_least_one_of("text", "fields"),
    ),
    "header": _block({"text": plain_text(150)}),
    "context": _block({"elements": listing(IN_CONTEXT, 10)}),
    "actions": _block({"elements": listing(IN_ACTIONS, 25)}),
    "divider": _block({}),
    "image": _block({"image_url": URL, "alt_text": text(2000)}, {"title": plain_text(2000)}),
    "rich_text": RICH_TEXT,
    "input": _block(
        {"label": plain_text(2000), "element": IN_INPUT},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
}
_MESSAGE_BLOCK = typed(_COMMON | {"markdown": record({"type": anything, "text": text(12_000)})})
_VIEW_BLOCK = typed(_COMMON)

_MESSAGE_BLOCKS = both(listing(_MESSAGE_BLOCK, MOST_IN_MESSAGE), unique_identifiers)
_MODAL = record(
    {
        "type": anything,
        "title": plain_text(24),
        "blocks": both(listing(_VIEW_BLOCK, MOST_IN_VIEW), unique_identifiers),
    },
    {
        "submit": plain_text(24),
        "close": plain_text(24),
        "private_metadata": text(3000, least=0),
        "callback_id": text(255, least=0),
        "external_id": text(255, least=0),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)


_HOME = record(
    {"type": anything, "blocks": both(listing(_VIEW_BLOCK, MOST_IN_VIEW), unique_identifiers)},
    {
        "private_metadata": text(3000, least=0),
        "callback_id": text(255, least=0),
        "external_id": text(255, least=0),
    },
)


def message_problems(blocks: object) -> list[str]:
    return problems_of(blocks, _MESSAGE_BLOCKS, "/blocks")


def home_problems(view: Json) -> list[str]:
    """What is wrong with a Home, by JSON pointer. It is not sent, so it has no title and needs no way to send it."""
    return problems_of(view, typed({"home": _HOME}), "/view")


def view_problems(view: Json) -> list[str]:
    """What is wrong with a modal, by JSON pointer."""
    problems = problems_of(view, typed({"modal": _MODAL}), "/view")
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and "submit" not in view:
        problems.append("missing required field: submit, as there are inputs [json-pointer:/view]")
    return problems
