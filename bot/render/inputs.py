"""What dialogs are made of: their frame, and the fields that people fill in."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from bot.render.message import Block, plain
from minutes.text import shorten

_OPTION = 75


def dialog(
    callback: str, title: str, blocks: list[Block], about: Mapping[str, object], *, submit: str | None = None
) -> Block:
    """`title` also names what the button does, unless `submit` does; Slack takes 24 characters.

    `about` comes back with what was filled in; what is None in it is left out.
    """
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps({name: value for name, value in about.items() if value is not None}),
        "title": plain(title),
        "submit": plain(submit or title),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def text_input(value: str | None, longest: int) -> Block:
    filled = {"initial_value": shorten(value, longest)} if value else {}
    return {"type": "plain_text_input", "max_length": longest, **filled}


def named_option(label: str, value: str) -> Block:
    return {"text": plain(shorten(label, _OPTION)), "value": value}


def select(choices: dict[str, str], chosen: str | None) -> Block:
    """One of these, by value and words; that which is `chosen`, or the first, is chosen already."""
    options = [named_option(words[0].upper() + words[1:], value) for value, words in choices.items()]
    initial = next((option for option in options if option["value"] == chosen), options[0])
    return {"type": "static_select", "options": options, "initial_option": initial}


def people(chosen: Sequence[str] = ()) -> Block:
    """Several people; those who are `chosen` already by Slack's ids."""
    filled = {"initial_users": list(chosen)} if chosen else {}
    return {"type": "multi_users_select", "placeholder": plain("Choose people"), **filled}


def day(chosen: date | None) -> Block:
    filled = {"initial_date": chosen.isoformat()} if chosen else {}
    return {"type": "datepicker", "placeholder": plain("Choose a day"), **filled}


def whole_number(least: int, most: int) -> Block:
    return {"type": "number_input", "is_decimal_allowed": False, "min_value": str(least), "max_value": str(most)}


def channel(*, of_now: bool = False) -> Block:
    """A channel: the one in front of the person already if `of_now`, and then with a way to answer there.

    Slack cannot offer only those that the bot is in; where it is not, it says so.
    """
    begin = {"default_to_current_conversation": True, "response_url_enabled": True} if of_now else {}
    only = {"include": ["public", "private"], "exclude_bot_users": True}
    return {"type": "conversations_select", "placeholder": plain("Choose a channel"), "filter": only, **begin}
