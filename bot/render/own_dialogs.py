"""Dialogs that one person opens for themselves: a recap, more time for an action, and a word where there is no other
place for it."""

import json
from collections.abc import Mapping
from datetime import date

from bot.command_names import CommandNames
from bot.render import digest
from bot.render.message import Block, Message, context, field, plain, section
from bot.render.pieces import excerpt, with_code
from minutes.record import Record

# Slack takes 100 blocks and 250 KB of a view.
_MOST_BLOCKS = 98
_MOST_BYTES = 200_000


def recap(record: Record) -> Block:
    """The digest of a session as it is now, as far as a dialog holds it."""
    blocks: list[Block] = []
    size = 0
    for block in digest.whole(record):
        size += len(json.dumps(block))
        if len(blocks) == _MOST_BLOCKS or size > _MOST_BYTES:
            blocks.append(context("The rest stands in the digest in the channel."))
            break
        blocks.append(block)
    return _to_read("Recap", blocks)


def looking() -> Block:
    """Until Slack has told where somebody is."""
    return _to_read("Recap", [section("Looking … I ask Slack first which channels you are in.")])


def notice(sentence: str, names: CommandNames, theirs: Mapping[str, str] | None = None) -> Block:
    """A sentence for somebody who has clicked where no message can be shown."""
    return _to_read("Folkmoot", [section(*with_code(sentence, names, theirs))])


def message(said: Message) -> Block:
    """A private message for somebody who has clicked where none can be shown."""
    return _to_read("Folkmoot", list(said.blocks))


def later(action: str, text: str, day: date) -> Block:
    """Until when an action takes; `action` names it as a button does."""
    until = {"type": "datepicker", "initial_date": day.isoformat()}
    return {
        "type": "modal",
        "callback_id": "action_later",
        "private_metadata": json.dumps({"action": action}),
        "title": plain("More time"),
        "submit": plain("Put off"),
        "close": plain("Cancel"),
        "blocks": [section(excerpt(text)), field("day", "Until when?", until)],
    }


def _to_read(title: str, blocks: list[Block]) -> Block:
    return {"type": "modal", "title": plain(title), "close": plain("Close"), "blocks": blocks}
