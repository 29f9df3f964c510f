"""Logs of meetings on IRC as plays: `HH:MM < nick> text`, a message a line."""

import re
from datetime import UTC, date, datetime
from itertools import groupby

from rehearsal.playbook import Line, Play, PlayError, Role
from rehearsal.wire import HOUR, MINUTE, SECOND

DEFAULT_DATE = date(2020, 1, 1)
_SPEECH = re.compile(r"(\d\d):([0-5]\d)(?::[0-5]\d)?\s+<\s*[@+%&~!]?([^>\s]+)>\s*(\S.*)")
_DAY = 24 * HOUR
_LONGEST_SESSION = 7 * 24 * 60  # minutes
_NOTE = "The log of a real meeting, played as data."

_Speech = tuple[int, str, str]


def read_log(name: str, text: str, day: date) -> Play:
    """The play of a log; its lines that are not speech are skipped and counted."""
    lines = [line for line in text.splitlines() if line.strip()]
    spoken = [match for match in map(_SPEECH.fullmatch, lines) if match]
    if not spoken:
        raise PlayError("there is not a single line like `19:00 <nick> text` in it")
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
    speeches = _timed([(_minute(match), _handle(match[3]), match[4]) for match in spoken])
    handles = dict.fromkeys(handle for _, handle, _ in speeches)
    return Play(
        title=name,
        note=_NOTE,
        workspace="Meeting log",
        domain="meeting-log",
        channels=(re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-") or "meeting",),
        start_us=midnight + speeches[0][0],
        people=tuple(Role(handle, handle) for handle in handles),
        lines=(
            *_opened(name, speeches, midnight),
            *(
                Line(number, midnight + at, handle, {"do": "say", "text": _typed(words)})
                for number, (at, handle, words) in enumerate(speeches, start=1)
            ),
        ),
        skipped=len(lines) - len(spoken),
    )


def _opened(name: str, speeches: list[_Speech], midnight: int) -> tuple[Line, ...]:
    """Where nobody in the log opens a meeting, the whole of it is one: whoever speaks first opens it by command."""
    if any(words.lower().startswith("#startmeeting") for _, _, words in speeches):
        return ()
    first, last = speeches[0], speeches[-1]
    minutes = min((last[0] - first[0]) // MINUTE + 1, _LONGEST_SESSION)
    opening = {"do": "command", "text": f"/session start {name} for {minutes}m"}
    return (Line(0, midnight + first[0], first[1], opening),)


def _minute(match: re.Match[str]) -> int:
    return int(match[1]) * HOUR + int(match[2]) * MINUTE


def _handle(nick: str) -> str:
    return re.sub(r"[^\w.-]+", "", nick) or "somebody"


def _typed(words: str) -> str:
    # Slack would take a slash at the beginning for a command; people put a space before it.
    return f" {words}" if words.startswith("/") else words


def _timed(speeches: list[_Speech]) -> list[_Speech]:
    """Days counted over midnight, and the lines of each minute spread over its seconds in order."""
    timed: list[_Speech] = []
    for minute, group in groupby(_days_counted(speeches), key=lambda speech: speech[0]):
        said = list(group)
        timed += [
            (minute + index * MINUTE // len(said), handle, words) for index, (_, handle, words) in enumerate(said)
        ]
    return timed


def _days_counted(speeches: list[_Speech]) -> list[_Speech]:
    counted: list[_Speech] = []
    latest = 0
    for minute, handle, words in speeches:
        days = latest // _DAY
        at = minute + days * _DAY
        # A step back is midnight, or the next meeting; a small one is the logger's clock being put right,
        # and what follows was still said later.
        if at < latest - HOUR:
            at += _DAY
        latest = max(at, latest)
        counted.append((latest, handle, words))
    return counted
