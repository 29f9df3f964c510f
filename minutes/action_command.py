"""What `/action …` asks for: to record one, to list one's own, or to say that one is done or takes longer."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from minutes.action import local_day, read_action
from minutes.text import is_blank, one_line

PUT_OFF = timedelta(days=7)
"""What “later” means where no day is named."""


@dataclass(frozen=True, slots=True)
class Named:
    """An action by its number; `session` is None for the latest session of the channel."""

    session: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    text: str


@dataclass(frozen=True, slots=True)
class ListActions:
    pass


@dataclass(frozen=True, slots=True)
class Done:
    action: Named


@dataclass(frozen=True, slots=True)
class Reopen:
    action: Named


@dataclass(frozen=True, slots=True)
class Later:
    """`until` is what was said of the new day, empty where nothing was: it is read in the speaker's time zone."""

    action: Named
    until: str


@dataclass(frozen=True, slots=True)
class ActionHelp:
    """The help, with one sentence on what was wrong, when something was."""

    problem: str | None


ActionCommand: TypeAlias = Record | ListActions | Done | Reopen | Later | ActionHelp

_WHICH = re.compile(
    r"(?P<word>done|reopen|later)(?: #?(?:(?P<session>[0-9]{1,9})\.)?(?P<number>[0-9]{1,9})(?P<rest> .+)?)?",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\s*(?:by|until|till|due)\s.+", re.IGNORECASE)


def understand_action(text: str) -> ActionCommand:
    """`list` alone, and `done`, `reopen` and `later` before a number; everything else is an action to record."""
    line = one_line(text)
    if line.lower() == "list":
        return ListActions()
    if line.lower() == "help":
        return ActionHelp(None)
    found = _WHICH.fullmatch(line)
    return _of_one(found) if found else Record(text)


def _of_one(found: re.Match[str]) -> ActionCommand:
    word, rest = found["word"].lower(), (found["rest"] or "").strip()
    if found["number"] is None:
        return ActionHelp(f"Write its number, which `/action list` shows: `/action {word} 7`.")
    action = Named(int(found["session"]) if found["session"] else None, int(found["number"]))
    if word == "later" and (is_blank(rest) or _UNTIL.fullmatch(rest)):
        return Later(action, rest)
    if not is_blank(rest):
        more = " or `/action later 7 by Friday`" if word == "later" else ""
        return ActionHelp(f"Nothing else goes after the number: write `/action {word} {action.number}`{more}.")
    return Done(action) if word == "done" else Reopen(action)


def put_off(due: date | None, until: str, *, now: datetime, zone: str) -> date | None:
    """The new day of an action that takes longer; None where `until` names no clear one.

    Without a word of it, a week on from its day, or from today where that is past or there is none.
    """
    if until:
        return read_action(until, now=now, tz=zone).due
    today = local_day(now, zone)
    return max(due or today, today) + PUT_OFF
