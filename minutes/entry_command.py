"""What `/session entries …`, `redo …` and `move …` ask for: to see what was recorded, and to put it right."""

import re
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ListEntries:
    """The latest ones, or those up to the number `up_to`."""

    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Redo:
    """To put back what was taken back; `number` is None for what the speaker took back last."""

    number: int | None


@dataclass(frozen=True, slots=True)
class MoveEntry:
    """To file an entry under another topic; `topic` 0 is what comes before the first."""

    number: int
    topic: int


EntryCommand: TypeAlias = ListEntries | Redo | MoveEntry

_NUMBER = re.compile(r"#?([0-9]{1,9})")
_MOVE = re.compile(r"#?([0-9]{1,9}) to (?:topic )?#?([0-9]{1,9})", re.IGNORECASE)


def read_entries(rest: str) -> ListEntries | str:
    if not rest:
        return ListEntries()
    found = _NUMBER.fullmatch(rest)
    return ListEntries(int(found[1])) if found else "Write up to which number to list: `/session entries 40`."


def read_redo(rest: str) -> Redo | str:
    if not rest:
        return Redo(None)
    found = _NUMBER.fullmatch(rest)
    problem = "Write the number of what to put back, or nothing for what you took back last: `/session redo 7`."
    return Redo(int(found[1])) if found else problem


def read_move(rest: str) -> MoveEntry | str:
    found = _MOVE.fullmatch(rest)
    problem = "Write which entry belongs to which topic, by their numbers: `/session move 7 to 2`."
    return MoveEntry(int(found[1]), int(found[2])) if found else problem
