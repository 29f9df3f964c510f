"""What `/propose …` asks for: the text that is put to the vote, how it is decided, and how long the vote is open."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from minutes.duration import parse_duration
from minutes.rules import Quorum, Rule, parse_quorum, parse_rule
from minutes.text import MENTION_CLOSE, MENTION_OPEN, is_blank, mentions

LONGEST_PROPOSAL = 2_000


@dataclass(frozen=True, slots=True)
class RollWish:
    """Whose votes are to count. Keys of mentions, in the order typed; those that begin with `S` are user groups'.

    `none` is everybody in the channel, where the channel has another way by default.

    The roll is the kind's people and those `added`, without the `recused`, who win over both (voting.md §1.3).
    """

    kind: Literal["session", "channel", "people", "none"]
    people: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposeCommand:
    """None where it was not said: then the channel's defaults hold, and `none` is against one of them."""

    text: str
    duration: timedelta | None
    rule: Rule | None = None
    quorum: Quorum | Literal["none"] | None = None
    roll: RollWish | None = None


@dataclass(frozen=True, slots=True)
class ProposeHelp:
    """The help, with one sentence on what was wrong, when something was."""

    problem: str | None


class _Unclear(Exception):
    """Told in a sentence for the person; it goes no further than this module."""


def understand_proposal(text: str) -> ProposeCommand | ProposeHelp:
    """The text as typed, lines and all, after the options; `for …` at its end is the duration only when it is one."""
    text = text.strip()
    if is_blank(text) or text.lower() == "help":
        return ProposeHelp(None)
    try:
        return _understood(*_split_options(text))
    except _Unclear as unclear:
        return ProposeHelp(str(unclear))


def _understood(options: dict[str, str], text: str) -> ProposeCommand:
    rule, quorum, roll = _rule(options), _quorum(options), _roll(options)
    if roll is None or roll.kind == "none":
        _check_without_roll(rule, None if quorum == "none" else quorum)
    duration = _duration(options)
    if duration is None:  # not said, so that "for=1h Pause the builds for 10m" keeps its text
        text, duration = _split_duration(text)
    _check_text(text, after_options=duration is None or "for" in options)
    return ProposeCommand(text, duration, rule, quorum, roll)


_MENTION = f"{MENTION_OPEN}[^{MENTION_OPEN}{MENTION_CLOSE}]*{MENTION_CLOSE}"
# The lists that people type contain spaces: Slack's completion puts one after each mention.
_LIST = rf"{_MENTION}(?:[\s,]*{_MENTION})*(?:\s*,)?(?!\S)"
_SHARE = r"[0-9]+%\s+of\s+(?:the\s+)?(?:roll|cast)(?!\S)"
_OPTION = re.compile(
    rf"(?:(?P<key>rule|quorum|roll|recused|for)=(?P<value>{_LIST}|{_SHARE}|\S*)"
    rf"|(?P<sign>[+-])(?P<who>{_MENTION}(?:,{_MENTION})*)(?!\S))\s*",
    re.IGNORECASE,
)
_FOR = re.compile(r"(?:(?P<text>.*)\s)?for\s+(?P<clause>\S.*)", re.IGNORECASE | re.DOTALL)


def _split_options(text: str) -> tuple[dict[str, str], str]:
    """The options by key, with those of `+@ana -@ben` under their signs, and the text behind them.

    Whatever is none of them begins the text, and so does a sign before `roll=`: "+@ana as our second chair".
    """
    options: dict[str, str] = {}
    at = 0
    while found := _OPTION.match(text, at):
        if sign := found["sign"]:
            if "roll" not in options:
                break
            options[sign] = options.get(sign, "") + found["who"]
        else:
            _add(options, found["key"].lower(), found["value"])
        at = found.end()
    return options, text[at:]


def _add(options: dict[str, str], key: str, value: str) -> None:
    if key in options:
        raise _Unclear(f"`{key}=` stands there twice: say it once.")
    options[key] = value


def _rule(options: dict[str, str]) -> Rule | None:
    if "rule" not in options:
        return None
    if rule := parse_rule(options["rule"]):
        return rule
    raise _Unclear(
        "Write `rule=` with `majority`, `two-thirds`, `three-quarters`, `unanimous`, `absolute-majority`, "
        "or a share from 1 to 100 such as `60%` or `60%-of-roll`."
    )


def _quorum(options: dict[str, str]) -> Quorum | Literal["none"] | None:
    if "quorum" not in options:
        return None
    if options["quorum"].lower() == "none":
        return "none"
    if quorum := parse_quorum(options["quorum"]):
        return quorum
    raise _Unclear("Write `quorum=` with a number of votes or a share of the roll: `quorum=5` or `quorum=50%`.")


def _roll(options: dict[str, str]) -> RollWish | None:
    recused = _people(options.get("recused", ""))
    if "recused" in options and not recused:
        raise _Unclear("Write `recused=` with the people who are not to vote, as mentions: `recused=@ana,@ben`.")
    if "roll" not in options:
        if recused:
            raise _Unclear(f"To recuse somebody, say whose votes count otherwise: {_ADD_ROLL}.")
        return None
    if options["roll"].lower() == "none":
        if recused or "+" in options or "-" in options:
            raise _Unclear(f"Without a roll nobody can be added or left out: {_ADD_ROLL}.")
        return RollWish("none")
    kind, people = _kind(options["roll"])
    added, minus = (mentions(options.get(sign, "")) for sign in "+-")
    return RollWish(kind, people, added, tuple(dict.fromkeys(recused + minus)))


_ADD_ROLL = "add `roll=session`, `roll=channel` or `roll=@ana,@ben`"


def _kind(value: str) -> tuple[Literal["session", "channel", "people"], tuple[str, ...]]:
    match value.lower():
        case "session":
            return "session", ()
        case "channel":
            return "channel", ()
    if people := _people(value):
        return "people", people
    raise _Unclear(
        "Write `roll=` with `session`, `channel`, or people and user groups as mentions that Slack completes: "
        "`roll=@ana,@ben`."
    )


def _people(value: str) -> tuple[str, ...]:
    """The keys of a list of mentions; of anything else none, so that nobody gets on a roll by a misunderstanding."""
    return mentions(value) if re.fullmatch(_LIST, value) else ()


def _check_without_roll(rule: Rule | None, quorum: Quorum | None) -> None:
    """Never fall back to a wider group (voting.md §1.3): what is counted against a roll needs one."""
    if rule is not None and rule.needs_roll:
        raise _Unclear(f"That rule is counted against a roll: {_ADD_ROLL}.")
    if quorum is not None and quorum.needs_roll:
        raise _Unclear(f"A quorum in percent is of a roll: {_ADD_ROLL}, or say how many votes, as in `quorum=5`.")


def _duration(options: dict[str, str]) -> timedelta | None:
    if "for" not in options:
        return None
    if duration := parse_duration(options["for"]):
        return duration
    raise _Unclear("Write `for=` with a time in one word, seven days at most: `for=10m`, `for=1h30`.")


def _check_text(text: str, *, after_options: bool) -> None:
    if is_blank(text):
        raise _Unclear(
            "Write what to vote on after the options: `/propose rule=two-thirds Drop the legacy agent`."
            if after_options
            else "Write what to vote on before the time: `/propose Drop the legacy agent for 10m`."
        )
    if len(text) > LONGEST_PROPOSAL:
        raise _Unclear(
            f"That proposal has {len(text):,} characters, and {LONGEST_PROPOSAL:,} is the most: "
            "make it shorter, please, or link to the rest."
        )


def _split_duration(text: str) -> tuple[str, timedelta | None]:
    found = _FOR.fullmatch(text)
    duration = parse_duration(found["clause"]) if found else None
    return ((found["text"] or "").rstrip(" \t\n,;"), duration) if found and duration else (text, None)
