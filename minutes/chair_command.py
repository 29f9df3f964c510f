"""What `/session chairs …` and `/session floor …` ask for: who chairs, and whether the floor is theirs."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from minutes.ids import UserId
from minutes.text import mention, mentions


@dataclass(frozen=True, slots=True)
class ShowChairs:
    pass


@dataclass(frozen=True, slots=True)
class ChangeChairs:
    """Who is to chair, and who no longer, by Slack's ids."""

    named: tuple[UserId, ...] = ()
    unnamed: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFloor:
    chaired: bool


ChairCommand: TypeAlias = ShowChairs | ChangeChairs | SetFloor

HOW_TO_NAME = "Mention people: `/session chairs @ana @ben` names them, and `/session chairs -@ana` takes her away."
HOW_TO_CHAIR = "Write which floor it is to be: `/session floor chaired` or `/session floor open`."
FLOORS = {"chaired": True, "open": False}
_BETWEEN = re.compile(r"(?:[\s,;&]|\band\b)+", re.IGNORECASE)


def read_chairs(rest: str) -> ShowChairs | ChangeChairs | str:
    """Who is named, or (`-@ana`) taken away; a sentence where that cannot be read."""
    if not rest:
        return ShowChairs()
    named: list[UserId] = []
    unnamed: list[UserId] = []
    for word in filter(None, _BETWEEN.split(rest)):
        users = mentions(word)
        sign = word[0] if word[0] in "+-" else ""
        if len(users) != 1 or word != sign + mention(users[0]):
            return HOW_TO_NAME
        (unnamed if sign == "-" else named).append(users[0])
    if not named and not unnamed:
        return HOW_TO_NAME
    if set(named) & set(unnamed):
        return "You name somebody and take them away at once. Write each person once."
    return ChangeChairs(tuple(dict.fromkeys(named)), tuple(dict.fromkeys(unnamed)))


def read_floor(rest: str) -> ShowChairs | SetFloor | str:
    """`chaired` or `open`; alone, it shows how the floor is."""
    if not rest:
        return ShowChairs()
    chaired = FLOORS.get(rest.lower())
    return HOW_TO_CHAIR if chaired is None else SetFloor(chaired)


def split_floor(text: str) -> tuple[str, bool] | str:
    """The text without a `floor=chaired` at its beginning or end, and whether it was there.

    A sentence where `floor=` is followed by something else. No title looks like that, and one in quotes may.
    """
    for pattern in (r"floor=(?P<floor>[\w-]*)(?: (?P<rest>.*))?", r"(?P<rest>.*) floor=(?P<floor>[\w-]*)"):
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found:
            chaired = FLOORS.get(found["floor"].lower())
            return "Write `floor=chaired` or `floor=open`." if chaired is None else (found["rest"] or "", chaired)
    return text, False
