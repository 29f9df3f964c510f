"""Plays written for the rehearsal, in YAML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rehearsal.playbook import Line, Play, PlayError, Role
from rehearsal.wire import HOUR, MINUTE, SECOND, Json

_FIELDS = {"title", "note", "workspace", "channel", "channels", "start", "people", "lines"}
_COMMON = {"at", "who", "channel", "as_id"}
_OFFSET = re.compile(r"\+(\d+):([0-5]\d)(?::([0-5]\d))?")
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_DAY = 24 * HOUR


@dataclass(frozen=True)
class _Verb:
    """`field` of the act takes what the verb says; `needs` and `may` are further keys and their fields."""

    do: str
    field: str
    needs: dict[str, str]
    may: dict[str, str]


_VERBS = {
    "run": _Verb("command", "text", {}, {}),
    "say": _Verb("say", "text", {}, {"in_thread_of": "thread"}),
    "react": _Verb("react", "emoji", {"on": "on"}, {}),
    "unreact": _Verb("unreact", "emoji", {"on": "on"}, {}),
    "edit": _Verb("edit", "on", {"to": "text"}, {}),
    "delete": _Verb("delete", "on", {}, {}),
    "click": _Verb("click", "button", {}, {"on": "on", "confirm": "confirm", "choose": "choose"}),
    "shortcut": _Verb("shortcut", "name", {}, {"on": "on"}),
    "fill": _Verb("submit", "fields", {}, {}),
    "close": _Verb("close", "", {}, {}),
    "join": _Verb("join", "channel", {}, {}),
    "leave": _Verb("leave", "channel", {}, {}),
}


def read_script(name: str, document: Json) -> Play:
    """The play in a YAML document; `PlayError` says what is wrong and in which line of the play."""
    unknown = set(document) - _FIELDS
    if unknown:
        raise PlayError(f"unknown {', '.join(sorted(map(str, unknown)))}")
    workspace = _mapping(document.get("workspace", {}), "workspace")
    title = str(document.get("title", name))
    start_us = _start(document.get("start"))
    people = tuple(_roles(document.get("people")))
    handles = {role.handle for role in people}
    return Play(
        title=title,
        note=str(document.get("note", "")),
        workspace=str(workspace.get("name", title)),
        domain=str(workspace.get("domain", "rehearsal")),
        channels=_channels(document),
        start_us=start_us,
        people=people,
        lines=tuple(_lines(document.get("lines"), start_us, handles)),
    )


def _mapping(value: Any, name: str) -> Json:
    if not isinstance(value, dict):
        raise PlayError(f"{name} is a mapping")
    return value


def _channels(document: Json) -> tuple[str, ...]:
    named = document.get("channels") or [document.get("channel")]
    if not isinstance(named, list) or not all(isinstance(name, str) and name for name in named):
        raise PlayError("a play has a channel, or a list of channels")
    return tuple(name.removeprefix("#") for name in named)


def _start(value: Any) -> int:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise PlayError("start is a moment, such as 2021-04-21T10:00:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * SECOND


def _roles(people: Any) -> Iterator[Role]:
    for handle, about in _mapping(people, "people").items():
        fields = _mapping(about or {}, f"what is said of {handle}")
        if set(fields) - {"name", "tz", "is_bot"}:
            raise PlayError(f"of {handle} there is a name, tz and is_bot to say")
        zone = str(fields.get("tz", "UTC"))
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise PlayError(f"{handle} lives in no known time zone: {zone}") from None
        yield Role(str(handle), str(fields.get("name", handle)), zone, bool(fields.get("is_bot", False)))


def _lines(entries: Any, start_us: int, handles: set[str]) -> Iterator[Line]:
    if not isinstance(entries, list) or not entries:
        raise PlayError("a play has a list of lines")
    at_us = start_us
    for number, entry in enumerate(entries, start=1):
        try:
            fields = _mapping(entry, "a line")
            at_us = _moment(fields.get("at"), start_us, at_us)
            yield _line(number, at_us, fields, handles)
        except PlayError as problem:
            raise PlayError(f"line {number}: {problem}") from None


def _moment(at: Any, start_us: int, before_us: int) -> int:
    """When a line is: an offset from the start, or a time of day, which is the next day's once it goes back."""
    if at is None:
        return before_us
    at = str(at)
    offset = _OFFSET.fullmatch(at)
    if offset:
        moment = start_us + _span(offset)
        if moment < before_us:
            raise PlayError(f"{at} is before the line before it")
        return moment
    clock = _TIME_OF_DAY.fullmatch(at)
    if not clock:
        raise PlayError(f"{at!r} is no time; write +0:05:30 or 19:05 or 19:05:30")
    moment = before_us - before_us % _DAY + _span(clock)
    return moment if moment >= before_us else moment + _DAY


def _span(match: re.Match[str]) -> int:
    return int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0) * SECOND


def _line(number: int, at_us: int, fields: Json, handles: set[str]) -> Line:
    who = str(fields.get("who", ""))
    if who not in handles:
        raise PlayError(f"{who!r} is not one of the people")
    # A line may name a channel to act in; to join or to leave one is a verb of its own.
    verbs = [name for name in _VERBS if name in fields]
    if len(verbs) != 1:
        raise PlayError(f"a line has one of {', '.join(_VERBS)}")
    return Line(number, at_us, who, _act(verbs[0], fields), str(fields.get("as_id", "")))


def _act(name: str, fields: Json) -> Json:
    verb = _VERBS[name]
    act: Json = {"do": verb.do}
    if "channel" in fields:
        act["channel"] = fields["channel"]
    if verb.field and fields[name] is not True:
        act[verb.field] = fields[name]
    missing = set(verb.needs) - set(fields)
    unknown = set(fields) - _COMMON - {name} - set(verb.needs) - set(verb.may)
    if missing:
        raise PlayError(f"{name} needs {', '.join(sorted(missing))}")
    if unknown:
        raise PlayError(f"{name} has no {', '.join(sorted(map(str, unknown)))}")
    for key, field in (verb.needs | verb.may).items():
        if key in fields:
            act[field] = fields[key]
    return act
