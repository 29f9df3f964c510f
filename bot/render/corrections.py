"""What is told of entries that were put right, of all of them with their numbers, and of who chairs."""

from collections.abc import Callable
from itertools import accumulate, takewhile
from typing import Any

from bot.render.pieces import Line, one_below_another, with_code
from bot.render.usage import CommandNames
from bot.render.wording import EMOJI, FLOOR_CHAIRED, FLOOR_OPEN, KIND, chairs
from minutes.outcomes import ChairsTold, EntryList, EntryMoved, EntryRedone, EntryUndone, ListedEntry
from minutes.text import one_line, shorten

_TITLE = 200
_TEXT = 500
_NAME = 80
# Of each entry in the list of all, and of the list itself: within a message's budget (slack.md §2.2).
_LISTED = 120
_LIST_BYTES = 6_500


def undone(outcome: EntryUndone, names: CommandNames) -> Line:
    back = with_code(f" `/session redo {outcome.number}` puts it back.", names)
    return (f"Undone: {_entry(outcome)} It was recorded in {_quoted(outcome.session)}.", *back)


def redone(outcome: EntryRedone, names: CommandNames) -> Line:
    return (f"Put back: {_entry(outcome)} It stands again in {_quoted(outcome.session)}.",)


def moved(outcome: EntryMoved, names: CommandNames) -> Line:
    under = f"under {_quoted(outcome.topic)}" if outcome.topic else "before the first topic"
    return (f"Moved: {_entry(outcome)} In {_quoted(outcome.session)} it is filed {under} now.",)


def chairs_told(outcome: ChairsTold, names: CommandNames) -> Line:
    floor = FLOOR_CHAIRED if outcome.chaired else FLOOR_OPEN
    other = "open" if outcome.chaired else "chaired"
    same = "" if outcome.changed else " Chairs can change that:"
    how = f"`/session chairs @ana` names a chair, `/session floor {other}` changes the floor."
    return (f"{chairs(outcome.chairs)}. {floor}{same} ", *with_code(how, names))


def listed(outcome: EntryList, names: CommandNames) -> Line:
    """The newest last, as far as there is room, and how to see the others and take one back."""
    over = "" if outcome.is_open else ", which is over"
    if not outcome.entries:
        return (f"Nothing is recorded in {_quoted(outcome.session)}{over}.",)
    lines = _last_that_fit([_in_list(entry) for entry in outcome.entries])
    first = outcome.entries[-len(lines)].number
    last = next((each.number for each in reversed(outcome.entries) if each.taken_back_by is None), first)
    how = f"`/session undo {last}` takes number {last} back, where you may."
    earlier = f" `/session entries {first - 1}` shows what came before these." if first > 1 else ""
    heading = f"Recorded in {_quoted(outcome.session)}{over}, the newest last:"
    return one_below_another([(heading,), *((line,) for line in lines), with_code(how + earlier, names)])


ANSWERS: dict[type, Callable[[Any, CommandNames], Line]] = {
    EntryUndone: undone,
    EntryRedone: redone,
    EntryMoved: moved,
    EntryList: listed,
    ChairsTold: chairs_told,
}
"""The words for each of these outcomes."""


def _entry(outcome: EntryUndone | EntryRedone | EntryMoved) -> str:
    return f"{KIND[outcome.kind].lower()} {outcome.number}, {_quoted(shorten(outcome.text, _TEXT))}."


def _in_list(entry: ListedEntry) -> str:
    topic = f"topic {entry.topic}" if entry.topic else "before the first topic"
    back = f", taken back by {shorten(entry.taken_back_by, _NAME)}" if entry.taken_back_by else ""
    who = f"{shorten(entry.author, _NAME)}, {topic}{back}"
    return f"{entry.number}. {EMOJI[entry.kind]} {KIND[entry.kind]}: {shorten(one_line(entry.text), _LISTED)} ({who})"


def _last_that_fit(lines: list[str]) -> list[str]:
    sizes = accumulate(len(line.encode()) + 2 for line in reversed(lines))
    return lines[-sum(1 for _ in takewhile(lambda size: size <= _LIST_BYTES, sizes)) :]


def _quoted(text: str) -> str:
    return f"“{shorten(text, _TITLE)}”"
