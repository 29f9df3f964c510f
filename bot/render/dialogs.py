"""The dialogs: signing in to a session, adding a topic to it, and putting a text to the vote."""

import json
from datetime import timedelta

from bot.render.countries import countries_by_letter, country_codes, country_name
from bot.render.message import Block, field, plain
from bot.render.wording import ROLLS
from minutes.duration import LONGEST
from minutes.propose_command import LONGEST_PROPOSAL
from minutes.rules import Rule, RuleName, parse_rule
from minutes.text import shorten
from minutes.topic_command import LONGEST_TITLE

__all__ = ["SHOWN_AS", "add_topic", "country_codes", "country_name", "propose", "sign_in"]

SHOWN_AS = "It is shown only as counts and names of organisations."
LONGEST_ORGANISATION = 100
_OPTION = 75
_QUORUM = 10
_WITHOUT_END = "Leave this empty to vote until the session ends or you close the vote."
_CHOSEN = {"people": "the people whom I choose below"}


def sign_in(organisation: str | None, country: str | None, session: int, channel: str) -> Block:
    """Who takes part and where from, filled in with what the person told us before. Both are optional."""
    return _dialog(
        "sign_in",
        "Sign in",
        [
            field("organisation", "Organisation", _text_input(organisation, LONGEST_ORGANISATION), optional=True),
            field("country", "Country", _country_select(country), hint=SHOWN_AS, optional=True),
        ],
        {"session": session, "channel": channel},
    )


def add_topic(session: int, channel: str) -> Block:
    """A topic for the queue."""
    title = field("title", "What should be talked about?", _text_input(None, LONGEST_TITLE))
    return _dialog("add_topic", "Add a topic", [title], {"session": session, "channel": channel})


def propose(
    channel: str, text: str = "", *, rule: str | None = None, quorum: str | None = None, roll: str | None = None
) -> Block:
    """A text for the vote, and how it is voted on. Only the text is asked for; values are as `/propose` takes them.

    `rule`, `quorum` and `roll` are the channel's ways: they are filled in, and can be changed.
    """
    rules, usual = _rules(rule), None if quorum == "none" else quorum
    share = "For a share, such as 60%, type the command with rule=60% before the text."
    others = "For “The people whom I choose below”. With everybody in the session or the channel, they are added."
    not_all = "Works with every answer to “Who decides?” but the first."
    return _dialog(
        "propose",
        "Put to the vote",
        [
            field("text", "What should be decided?", _text_input(text, LONGEST_PROPOSAL) | {"multiline": True}),
            field("rule", "What does it take to pass?", _select(rules, _rule_value(rule)), hint=share),
            field("quorum", "How many have to vote?", _text_input(usual, _QUORUM), hint="5 or 50%", optional=True),
            field("roll", "Who decides?", _select(_rolls(), roll)),
            field("people", "People who decide", _people(), hint=others, optional=True),
            field("recused", "People who should not vote on this", _people(), hint=not_all, optional=True),
            field("minutes", "For how many minutes?", _minutes(), hint=_WITHOUT_END, optional=True),
        ],
        {"channel": channel},
    )


def _dialog(callback: str, title: str, blocks: list[Block], about: dict[str, int | str]) -> Block:
    """`title` also names what the button does; Slack takes 24 characters."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": json.dumps(about),
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
    return _named_option(country_name(code), code)


def _named_option(label: str, value: str) -> Block:
    return {"text": plain(shorten(label, _OPTION)), "value": value}


def _rules(usual: str | None) -> dict[str, str]:
    """The rules that have a name, and the channel's own where it is a share."""
    named = {name.value: Rule(name).words for name in RuleName if name is not RuleName.SHARE}
    rule = parse_rule(usual or "")
    return named | ({rule.words: rule.words} if rule is not None and rule.name is RuleName.SHARE else {})


def _rule_value(usual: str | None) -> str | None:
    rule = parse_rule(usual or "")
    return None if rule is None else rule.words if rule.name is RuleName.SHARE else rule.name.value


def _rolls() -> dict[str, str]:
    return ROLLS | _CHOSEN


def _select(choices: dict[str, str], chosen: str | None) -> Block:
    """One of these, by value and words; that which is `chosen`, or the first, is chosen already."""
    options = [_named_option(words[0].upper() + words[1:], value) for value, words in choices.items()]
    initial = next((option for option in options if option["value"] == chosen), options[0])
    return {"type": "static_select", "options": options, "initial_option": initial}


def _people() -> Block:
    return {"type": "multi_users_select", "placeholder": plain("Choose people")}


def _minutes() -> Block:
    most = LONGEST // timedelta(minutes=1)
    return {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": str(most)}
