"""The dialogs: signing in to a session, and adding a topic to it."""

import json

from bot.render.countries import countries_by_letter, country_codes, country_name
from bot.render.message import Block, field, plain
from minutes.text import shorten
from minutes.topic_command import LONGEST_TITLE

__all__ = ["SHOWN_AS", "add_topic", "country_codes", "country_name", "sign_in"]

SHOWN_AS = "It is shown only as counts and names of organisations."
LONGEST_ORGANISATION = 100
_OPTION = 75


def sign_in(organisation: str | None, country: str | None, session: int, channel: str) -> Block:
    """Who takes part and where from, filled in with what the person told us before. Both are optional."""
    return _dialog(
        "sign_in",
        "Sign in",
        [
            field("organisation", "Organisation", _text_input(organisation, LONGEST_ORGANISATION), optional=True),
            field("country", "Country", _country_select(country), hint=SHOWN_AS, optional=True),
        ],
        session,
        channel,
    )


def add_topic(session: int, channel: str) -> Block:
    """A topic for the queue."""
    title = field("title", "What should be talked about?", _text_input(None, LONGEST_TITLE))
    return _dialog("add_topic", "Add a topic", [title], session, channel)


def _dialog(callback: str, title: str, blocks: list[Block], session: int, channel: str) -> Block:
    """`title` also names what the button does; Slack takes 24 characters."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps({"session": session, "channel": channel}),
        "title": plain(title),
        "submit": plain(title),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _text_input(value: str | None, longest: int) -> Block:
    filled = {"initial_value": shorten(value, longest)} if value else {}
    return {"type": "plain_text_input", "max_length": longest, **filled}


def _country_select(code: str | None) -> Block:
    groups = [
        {"label": plain(letter), "options": [_option(code) for code in codes]}
        for letter, codes in countries_by_letter().items()
    ]
    filled = {"initial_option": _option(code)} if code in country_codes() else {}
    return {
        "type": "static_select",
        "placeholder": plain("Choose a country"),
        "option_groups": groups,
        **filled,
    }


def _option(code: str) -> Block:
    return {"text": plain(shorten(country_name(code), _OPTION)), "value": code}
