"""What `/session …` asks for: to start, end, extend or reopen a session, or to say how it stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from minutes.chair_command import ChairCommand, read_chairs, read_floor, split_floor
from minutes.duration import parse_duration
from minutes.emoji_command import EmojiCommand, NotUnderstood, read_emoji
from minutes.entry_command import EntryCommand, read_entries, read_move, read_redo
from minutes.folding import search_words
from minutes.ids import ChannelId, UserId
from minutes.text import is_blank, one_line, shorten
from minutes.topic_command import title_problem

LONGEST_PLACE = 200
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Start:
    title: str | None
    duration: timedelta | None
    place: str | None
    digest_delay: timedelta | None = None
    digest_channel: ChannelId | None = None
    chaired: bool = False
    chairs: tuple[UserId, ...] = ()
    """Who is to chair beside whoever starts it, by Slack's ids."""


@dataclass(frozen=True, slots=True)
class End:
    pass


@dataclass(frozen=True, slots=True)
class Extend:
    by: timedelta | None


@dataclass(frozen=True, slots=True)
class Reopen:
    pass


@dataclass(frozen=True, slots=True)
class Status:
    pass


@dataclass(frozen=True, slots=True)
class Undo:
    """`number` is the entry's, as its acknowledgement told it; None for the speaker's own last one."""

    number: int | None


@dataclass(frozen=True, slots=True)
class Search:
    """All these words, in any order, wherever the speaker may look."""

    words: str


@dataclass(frozen=True, slots=True)
class ListSessions:
    pass


@dataclass(frozen=True, slots=True)
class History:
    """What has become of an entry, by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Defaults:
    """How votes are to be held where a proposal does not say, as typed; `everywhere` is the whole workspace."""

    rule: str | None
    quorum: str | None
    roll: str | None
    everywhere: bool


@dataclass(frozen=True, slots=True)
class ShowDefaults:
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class SessionHelp:
    """The help, with one sentence on what was wrong, when something was; `{word}` in it stands for what was typed."""

    problem: str | None
    word: str = ""


@dataclass(frozen=True, slots=True)
class UnknownSession:
    word: str


SessionCommand: TypeAlias = (
    Start
    | End
    | Extend
    | Reopen
    | Status
    | Defaults
    | ShowDefaults
    | Undo
    | History
    | ChairCommand
    | EntryCommand
    | Search
    | ListSessions
    | EmojiCommand
    | SessionHelp
    | UnknownSession
)

_OPENING, _CLOSING = '"“„”«', '"”“»'  # as typed, and as Slack, phones and people in Berlin make of it
_QUOTE = "".join(sorted(set(_OPENING + _CLOSING)))
_FOR = re.compile(r"(?:(?P<rest>.*) )?for (?P<clause>.+)", re.IGNORECASE)
_AT = (
    re.compile(rf"(?:^| )at [{_OPENING}] ?(?P<place>[^{_QUOTE}]*[^{_QUOTE} ]) ?[{_CLOSING}]$", re.IGNORECASE),
    re.compile(r"(?:^| )at (?P<place>\[[^\[\]]*\]\([^() ]*\))$", re.IGNORECASE),
    # One word without quotes. More than one stays in the title: in "Meeting at the office hours of Kata"
    # nobody but the author knows where a place would end, and quotes say it.
    re.compile(rf"(?:^| )at (?P<place>[^ {_QUOTE}]+)$", re.IGNORECASE),
)
# "Standup at 9:30" is when, not where.
_TIME_OF_DAY = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2}(?:am|pm|h|z|utc)?|am|pm|utc)", re.IGNORECASE)
_QUOTED = re.compile(rf"[{_OPENING}]([^{_QUOTE}]*)[{_CLOSING}]")


def understand_session(text: str) -> SessionCommand:
    """The first word, in any case, says which; each sub-command reads the rest as it likes."""
    word, _, rest = one_line(text).partition(" ")
    if is_blank(word) and is_blank(rest):
        return SessionHelp(None)
    read = _SUBCOMMANDS.get(word.lower())
    return read(rest) if read else UnknownSession(shorten(word, _LONGEST_WORD))


def _start(rest: str) -> SessionCommand:
    split = split_floor(rest)
    if isinstance(split, str):
        return SessionHelp(split)
    title, duration, place = _clauses(split[0])
    title = _unquoted(title)
    problem = title_problem(title) or _place_problem(place)
    if problem:
        return SessionHelp(problem)
    return Start(None if is_blank(title) else title, duration, place, chaired=split[1])


def _extend(rest: str) -> SessionCommand:
    amount = re.sub(r"^(?:by|for) ", "", rest, count=1, flags=re.IGNORECASE)
    if not amount:
        return Extend(None)
    by = parse_duration(amount)
    if by is None:
        return SessionHelp("Write by how much to extend, seven days at most: `/session extend 30m`.")
    return Extend(by)


def _undo(rest: str) -> SessionCommand:
    number = rest.removeprefix("#")
    if number and not re.fullmatch("[0-9]{1,9}", number):
        return SessionHelp("Write the number of what to take back, or nothing for your last one: `/session undo 7`.")
    return Undo(int(number) if number else None)


def _search(rest: str) -> SessionCommand:
    if not search_words(rest):
        return SessionHelp("Write the words to look for: `/session search pump`.")
    return Search(rest)


def _history(rest: str) -> SessionCommand:
    number = rest.removeprefix("#")
    if not re.fullmatch("[0-9]{1,9}", number):
        return SessionHelp("Write the number of what you want to know about: `/session history 7`.")
    return History(int(number))


def _defaults(rest: str) -> SessionCommand:
    words = rest.lower().split()
    everywhere = words[:1] == ["everywhere"]
    said: dict[str, str] = {}
    for word in words[1:] if everywhere else words:
        name, separator, value = word.partition("=")
        if name not in ("rule", "quorum", "roll") or not separator or not value:
            return SessionHelp("Write what to set: `/session defaults rule=two-thirds quorum=5 roll=session`.")
        said[name] = value
    if not said:
        return ShowDefaults(everywhere)
    return Defaults(said.get("rule"), said.get("quorum"), said.get("roll"), everywhere)


def _emoji(rest: str) -> SessionCommand:
    understood = read_emoji(rest)
    return SessionHelp(understood.why, understood.word) if isinstance(understood, NotUnderstood) else understood


def _new(_rest: str) -> SessionCommand:
    """A command opens a dialog; what is said in a message cannot."""
    return SessionHelp("A message cannot open the dialog: type `/session new`, or say `session start` and its title.")


def _help(_rest: str) -> SessionCommand:
    return SessionHelp(None)


def _alone(word: str, command: SessionCommand) -> Callable[[str], SessionCommand]:
    """A sub-command that takes nothing: what follows it may be a misunderstanding, and these do much."""

    def read(rest: str) -> SessionCommand:
        return SessionHelp(f"Nothing goes after `{word}`: write `/session {word}` alone.") if rest else command

    return read


def _or_help(read: Callable[[str], ChairCommand | EntryCommand | str]) -> Callable[[str], SessionCommand]:
    """A sub-command that says in a sentence what it could not read."""

    def understood(rest: str) -> SessionCommand:
        command = read(rest)
        return SessionHelp(command) if isinstance(command, str) else command

    return understood


_SUBCOMMANDS: dict[str, Callable[[str], SessionCommand]] = {
    "start": _start,
    "new": _new,
    "end": _alone("end", End()),
    "extend": _extend,
    "reopen": _alone("reopen", Reopen()),
    "status": _alone("status", Status()),
    "undo": _undo,
    "redo": _or_help(read_redo),
    "move": _or_help(read_move),
    "entries": _or_help(read_entries),
    "chairs": _or_help(read_chairs),
    "chair": _or_help(read_chairs),
    "floor": _or_help(read_floor),
    "search": _search,
    "list": _alone("list", ListSessions()),
    "history": _history,
    "defaults": _defaults,
    "emoji": _emoji,
    "help": _help,
}


def _clauses(text: str) -> tuple[str, timedelta | None, str | None]:
    """The title that is left when `for …` and `at …`, in either order, are taken from the end, once each."""
    duration: timedelta | None = None
    place: str | None = None
    while text:
        if duration is None and (timed := _split_duration(text)):
            text, duration = timed
        elif place is None and (placed := _split_place(text)):
            text, place = placed
        else:
            break
    return text, duration, place


def _split_duration(text: str) -> tuple[str, timedelta] | None:
    found = _FOR.fullmatch(text)
    duration = parse_duration(found["clause"]) if found else None
    return (found["rest"] or "", duration) if found and duration else None


def _split_place(text: str) -> tuple[str, str] | None:
    found = next((found for pattern in _AT if (found := pattern.search(text))), None)
    if not found or _TIME_OF_DAY.fullmatch(found["place"]):
        return None
    return text[: found.start()], found["place"]


def _unquoted(title: str) -> str:
    """A title in quotes is the way to write one that ends in `for 3h`; the quotes are not part of it."""
    found = _QUOTED.fullmatch(title)
    return found[1].strip() if found else title


def _place_problem(place: str | None) -> str | None:
    if place is None or len(place) <= LONGEST_PLACE:
        return None
    return f"That place has {len(place):,} characters, and {LONGEST_PLACE} is the most: make it shorter, please."
