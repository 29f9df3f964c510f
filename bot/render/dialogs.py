"""The dialogs: signing in to a session, adding a topic to it, and putting a text to the vote."""

from datetime import timedelta

from bot.render.countries import countries_by_letter, country_codes, country_name
from bot.render.inputs import dialog, named_option, people, select, text_input, whole_number
from bot.render.message import Block, field, plain
from bot.render.wording import ROLLS
from minutes.duration import LONGEST
from minutes.propose_command import LONGEST_PROPOSAL
from minutes.rules import Rule, RuleName, parse_rule
from minutes.topic_command import LONGEST_TITLE

__all__ = ["SHOWN_AS", "add_topic", "country_codes", "country_name", "profile", "propose", "sign_in"]

SHOWN_AS = "It is shown only as counts and names of organisations."
LONGEST_ORGANISATION = 100
_QUORUM = 10
_WITHOUT_END = "Leave this empty to vote until the session ends or the vote is closed."
_CHOSEN = {"people": "the people whom I choose below"}


def sign_in(organisation: str | None, country: str | None, session: int, channel: str) -> Block:
    """Who takes part and where from, filled in with what the person told us before. Both are optional."""
    return dialog("sign_in", "Sign in", _origin(organisation, country), {"session": session, "channel": channel})


def profile(organisation: str | None, country: str | None) -> Block:
    """The same questions for the next time, where there is no session to sign in to."""
    return dialog("profile", "About you", _origin(organisation, country), {}, submit="Save")


def add_topic(session: int, channel: str) -> Block:
    """A topic for the queue."""
    title = field("title", "What should be talked about?", text_input(None, LONGEST_TITLE))
    return dialog("add_topic", "Add a topic", [title], {"session": session, "channel": channel})


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
    return dialog(
        "propose",
        "Put to the vote",
        [
            field("text", "What should be decided?", text_input(text, LONGEST_PROPOSAL) | {"multiline": True}),
            field("rule", "What does it take to pass?", select(rules, _rule_value(rule)), hint=share),
            field("quorum", "How many have to vote?", text_input(usual, _QUORUM), hint="5 or 50%", optional=True),
            field("roll", "Who decides?", select(_rolls(), roll)),
            field("people", "People who decide", people(), hint=others, optional=True),
            field("recused", "People who should not vote on this", people(), hint=not_all, optional=True),
            field("minutes", "For how many minutes?", _minutes(), hint=_WITHOUT_END, optional=True),
        ],
        {"channel": channel},
    )


def _origin(organisation: str | None, country: str | None) -> list[Block]:
    return [
        field("organisation", "Organisation", text_input(organisation, LONGEST_ORGANISATION), optional=True),
        field("country", "Country", _country_select(country), hint=SHOWN_AS, optional=True),
    ]


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
    return named_option(country_name(code), code)


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


def _minutes() -> Block:
    return whole_number(1, LONGEST // timedelta(minutes=1))
