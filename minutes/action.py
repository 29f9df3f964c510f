"""Who an action item is for and when it is due, read from its text and left alone where that is not clear."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from minutes.text import MENTION_CLOSE, MENTION_OPEN, mentions


@dataclass(frozen=True, slots=True)
class ActionFields:
    owners: tuple[str, ...]
    """The keys of their mentions."""
    due: date | None


def read_action(text: str, *, now: datetime, tz: str) -> ActionFields:
    """Owners and day of `text`, said at `now` (aware) by someone in zone `tz`; an unknown zone is UTC."""
    return ActionFields(_owners(text), _due(text, now.astimezone(_zone(tz))))


def local_day(now: datetime, tz: str) -> date:
    """The day that it is at `now` (aware) for someone in zone `tz`; an unknown zone is UTC."""
    return now.astimezone(_zone(tz)).date()


def warm() -> None:
    """Load the date parser and its language, so that the first action of a session does not wait for it."""
    _parse("tomorrow", datetime(2021, 4, 19))  # noqa: DTZ001  (the parser's base is a wall-clock time)


_MENTION = f"{MENTION_OPEN}[^{MENTION_OPEN}{MENTION_CLOSE}]*{MENTION_CLOSE}"
_AND = r"\s*(?:[,&+;/]\s*)*(?:and\s*)?"
# "@ana's patch needs a review" does not say who reviews it, nor "@ana or @ben" which of them it is.
_GROUP = re.compile(rf"{_MENTION}(?:{_AND}{_MENTION})*+(?!['’]s\b|\s+or\b)", re.IGNORECASE)
_BULLET = re.compile(r"[\s(\[*•:–—-]*")
_HEADING = re.compile(r"\s*(?:AR|AI|AP|TODO|actions?|action items?|owners?)\s*[:–—-]\s*", re.IGNORECASE)
_TO = re.compile(r"[\s,)\]]*\bto\b", re.IGNORECASE)


def _owners(text: str) -> tuple[str, ...]:
    """Those named first (`@ana and @ben: …`, `AR: @ana …`), or first after a heading (`Docs: @ana to …`)."""
    before, _, _ = text.partition(MENTION_OPEN)
    group = _GROUP.match(text, len(before))
    if not group:
        return ()
    named_first = _BULLET.fullmatch(before) or _HEADING.fullmatch(before)
    named_after_heading = before.rstrip().endswith((":", " -", "–", "—")) and _TO.match(text, group.end())
    return mentions(group[0]) if named_first or named_after_heading else ()


_LONGEST_CLAUSE = 80
_CLAUSE = re.compile(r"(?<![\w-])(?:by|due|until|till|before)\b:?\s+(?:(?:by|on)\s+)?", re.IGNORECASE)
_END = " \t\n.,;:!?)]}…"

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:the\s+)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+(?P<year>[0-9]{4}))?"
# A time of day may follow, or stand before "on": only the day counts.
_TIME = r"(?:[0-9]{1,2}:[0-9]{2}(?:\s?[ap]m)?|[0-9]{1,2}\s?[ap]m|noon|midnight|morning|evening|eod|cob)"
_ZONE = r"(?:\s+(?:utc|gmt|[a-z]{2,4}t))?"
_BEFORE = rf"(?:{_TIME}{_ZONE}\s+(?:on\s+)?)?(?:the\s+end\s+of\s+|end\s+of\s+)?"
_AFTER = rf"(?:,?\s+(?:(?:at|by|before)\s+)?{_TIME}{_ZONE}|\s+at\s+the\s+latest|\s+latest|,?\s+please)?"


def _clause(day: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + day + _AFTER, re.IGNORECASE)


# What counts as a clear day. Not: "next Friday" (which?), "03/04" (whose order?), "end of week" (Friday or
# Sunday?), "June", "the 5th". The parser would make a day of most of them.
_BY_NAME = _clause(rf"(?:this\s+|the\s+coming\s+|coming\s+)?{_WEEKDAY}")
_RELATIVE = _clause(
    r"(?P<said>today|tonight|(?:the\s+)?day\s+after\s+tomorrow|tomorrow|in\s+\w{1,9}\s+(?:days?|weeks?))"
)
_TODAY = re.compile(r"(?:the\s+)?(?:eod|cob|end\s+of\s+(?:the\s+)?day|close\s+of\s+business)", re.IGNORECASE)
_BY_DATE = (
    _clause(rf"(?:{_WEEKDAY},?\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}"),
    _clause(rf"(?:{_WEEKDAY},?\s+)?{_MONTH}\s+{_DAY}{_YEAR}"),
    _clause(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-9]{2})"),
)


def _due(text: str, now: datetime) -> date | None:
    """The day of the last clause that is one: in "due Friday before noon" that is not the very last."""
    end = text[-_LONGEST_CLAUSE:].rstrip(_END)
    today = now.replace(tzinfo=None)
    days = (_day(end[found.end() :], today) for found in reversed(list(_CLAUSE.finditer(end))))
    return next((day for day in days if day), None)


def _day(phrase: str, today: datetime) -> date | None:
    if _TODAY.fullmatch(phrase):
        return today.date()
    if found := _BY_NAME.fullmatch(phrase):
        # Strictly after today: on a Friday, those who mean the same day say "today".
        return _parse(found["weekday"][:3], today)
    if found := _RELATIVE.fullmatch(phrase):
        return _parse(found["said"], today)
    dates = (found for pattern in _BY_DATE if (found := pattern.fullmatch(phrase)))
    return next((_dated(found.groupdict(), today) for found in dates), None)


def _dated(parts: dict[str, str | None], today: datetime) -> date | None:
    """A full date as it is, past or not; without a year the coming one, unless that is years off."""
    day, month, year = parts["day"], parts["month"] or "", parts["year"]
    month_name = _MONTHS[int(month) - 1] if month.isdigit() else month[:3]
    # From yesterday, because the parser's future is strict and "by 16 April" may be said on that very day.
    found = _parse(f"{day} {month_name} {year or ''}", today - timedelta(days=1))
    if found is None or (year is None and found > today.date() + timedelta(days=366)):
        return None
    weekday = parts.get("weekday")
    return found if weekday is None or _WEEKDAYS[found.weekday()] == weekday[:3].lower() else None


def _parse(phrase: str, base: datetime) -> date | None:
    import dateparser  # here, because it takes longer to load than all the rest of the minutes

    found = dateparser.parse(
        phrase,
        languages=["en"],
        settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": base, "TIMEZONE": "UTC"},
    )
    return found.date() if found else None


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the database
        return UTC
