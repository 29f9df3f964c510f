"""What `/topic …` asks for: a title, or one of the few words that are sub-commands."""

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from minutes.text import is_blank, one_line

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PutOnFloor:
    title: str


@dataclass(frozen=True, slots=True)
class Queue:
    title: str


@dataclass(frozen=True, slots=True)
class TakeNext:
    pass


@dataclass(frozen=True, slots=True)
class ListTopics:
    pass


@dataclass(frozen=True, slots=True)
class Finish:
    pass


@dataclass(frozen=True, slots=True)
class Drop:
    number: int


@dataclass(frozen=True, slots=True)
class Move:
    """Both are places in the queue, counted from 1 as `/topic list` shows them."""

    place: int
    to: int


@dataclass(frozen=True, slots=True)
class Rename:
    title: str


@dataclass(frozen=True, slots=True)
class TopicHelp:
    """The help, with one sentence on what was wrong, when something was."""

    problem: str | None


TopicCommand: TypeAlias = PutOnFloor | Queue | TakeNext | ListTopics | Finish | Drop | Move | Rename | TopicHelp

_ALONE: dict[str, TopicCommand] = {
    "next": TakeNext(),
    "list": ListTopics(),
    "done": Finish(),
    "help": TopicHelp(None),
    "add": TopicHelp("Write the title of the topic after `add`: `/topic add Release plans`."),
    "rename": TopicHelp("Write the new title after `rename`: `/topic rename Release plans`."),
}
_BEFORE_A_TITLE: dict[str, type[Queue | Rename]] = {"add": Queue, "rename": Rename}
_DROP = re.compile(r"drop (-?[0-9]{1,9})", re.IGNORECASE)
_MOVE = re.compile(r"move (-?[0-9]{1,9}) to (-?[0-9]{1,9})", re.IGNORECASE)


def understand_topic(text: str) -> TopicCommand:
    """`next`, `list`, `done` and `help` count when alone, `drop` before a number, `move` before two with `to` between.

    `add` and `rename` count always. Everything else is a title: most topics are put on the floor by typing them, and
    begin with any word.
    """
    text = one_line(text)
    if is_blank(text):
        return TopicHelp(None)
    if alone := _ALONE.get(text.lower()):
        return alone
    if dropped := _DROP.fullmatch(text):
        return Drop(int(dropped[1]))
    if moved := _MOVE.fullmatch(text):
        return Move(int(moved[1]), int(moved[2]))
    word, _, rest = text.partition(" ")
    if titled := _BEFORE_A_TITLE.get(word.lower()):
        return _ALONE[word.lower()] if is_blank(rest) else _titled(titled, rest)
    return _titled(PutOnFloor, text)


def title_problem(title: str) -> str | None:
    """What is wrong with the length of a title, as a sentence; a title is refused, never cut in silence."""
    if len(title) <= LONGEST_TITLE:
        return None
    return f"That title has {len(title):,} characters, and {LONGEST_TITLE} is the most: make it shorter, please."


def title_key(title: str) -> str:
    """The form in which two titles are the same topic: no case, compatibility forms or extra white space."""
    if len(title) > 10 * LONGEST_TITLE:  # no title; and normal forms take quadratic time over endless marks
        return one_line(title.casefold())
    # Folding can undo a normal form and the other way round, hence twice (Unicode 3.13, D146).
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", title).casefold()).casefold()
    return one_line(unicodedata.normalize("NFKC", folded))


def _titled(command: type[PutOnFloor | Queue | Rename], title: str) -> TopicCommand:
    problem = title_problem(title)
    return TopicHelp(problem) if problem else command(title)
