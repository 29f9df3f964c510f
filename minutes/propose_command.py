"""What `/propose …` asks for: the text that is put to the vote, and how long the vote is open."""

import re
from dataclasses import dataclass
from datetime import timedelta

from minutes.duration import parse_duration
from minutes.text import is_blank

LONGEST_PROPOSAL = 2_000


@dataclass(frozen=True, slots=True)
class ProposeCommand:
    text: str
    duration: timedelta | None


@dataclass(frozen=True, slots=True)
class ProposeHelp:
    """The help, with one sentence on what was wrong, when something was."""

    problem: str | None


_FOR = re.compile(r"(?:(?P<text>.*)\s)?for\s+(?P<clause>\S.*)", re.IGNORECASE | re.DOTALL)


def understand_proposal(text: str) -> ProposeCommand | ProposeHelp:
    """The text as typed, lines and all; `for …` at its end is the duration only when it is one."""
    text = text.strip()
    if is_blank(text) or text.lower() == "help":
        return ProposeHelp(None)
    text, duration = _split_duration(text)
    if is_blank(text):
        return ProposeHelp("Write what to vote on before the time: `/propose Drop the legacy agent for 10m`.")
    if len(text) > LONGEST_PROPOSAL:
        return ProposeHelp(
            f"That proposal has {len(text):,} characters, and {LONGEST_PROPOSAL:,} is the most: "
            "make it shorter, please, or link to the rest."
        )
    return ProposeCommand(text, duration)


def _split_duration(text: str) -> tuple[str, timedelta | None]:
    found = _FOR.fullmatch(text)
    duration = parse_duration(found["clause"]) if found else None
    return ((found["text"] or "").rstrip(" \t\n,;"), duration) if found and duration else (text, None)
