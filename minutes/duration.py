"""How long something takes, as people type it: `3h`, `1h30`, `90 minutes`, `1:30`."""

import re
from datetime import timedelta

LONGEST = timedelta(days=7)

_LONGEST_TEXT = 40  # "1 day and 12 hours and 30 minutes" is shorter; nothing endless reaches the pattern
_NUMBER = r"[0-9]{1,5}(?:[.,][0-9]{1,3})?"
_CLOCK = re.compile(r"([0-9]{1,3}):([0-5][0-9])")
_SPELT = re.compile(
    rf"(?:(?P<days>{_NUMBER})\s*(?:d|days?))?"
    rf"(?:\s*(?:and\s+|,\s*)?(?P<hours>{_NUMBER})\s*(?:h|hrs?|hours?))?"
    # minutes go without their unit after hours only: 1h30
    rf"(?:\s*(?:and\s+|,\s*)?(?P<minutes>{_NUMBER})\s*(?:m|mins?|minutes?|(?<=[0-9])(?P<bare>)))?",
    re.IGNORECASE,
)
_IN_WORDS = {
    "an hour": timedelta(hours=1),
    "half an hour": timedelta(minutes=30),
    "a day": timedelta(days=1),
}


def parse_duration(text: str) -> timedelta | None:
    """The duration that the text is, or None: it has to be positive and at most seven days."""
    text = text.strip().lower()
    if len(text) > _LONGEST_TEXT:
        return None
    found = _IN_WORDS.get(text) or _from_clock(text) or _spelt_out(text)
    return found if found is not None and timedelta(0) < found <= LONGEST else None


def _from_clock(text: str) -> timedelta | None:
    found = _CLOCK.fullmatch(text)
    return timedelta(hours=int(found[1]), minutes=int(found[2])) if found else None


def _spelt_out(text: str) -> timedelta | None:
    found = _SPELT.fullmatch(text)
    if not found or (found["bare"] is not None and not found["hours"]):
        return None
    return timedelta(days=_amount(found["days"]), hours=_amount(found["hours"]), minutes=_amount(found["minutes"]))


def _amount(number: str | None) -> float:
    return float(number.replace(",", ".")) if number else 0.0
