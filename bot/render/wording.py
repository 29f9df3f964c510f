"""How numbers, times, people and the kinds of things in a record are put into words, wherever they are shown."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from minutes.entry import EntryKind
from minutes.proposal import ProposalState
from minutes.text import shorten

EMOJI = {
    EntryKind.NOTE: "📝",
    EntryKind.ACTION: "🎯",
    EntryKind.DECISION: "✅",
    EntryKind.IDEA: "💡",
    EntryKind.HELP: "🙋",
    EntryKind.LINK: "🔗",
    EntryKind.QUESTION: "❓",
    EntryKind.PARKED: "🅿️",
}
KIND = {
    EntryKind.NOTE: "Note",
    EntryKind.ACTION: "Action",
    EntryKind.DECISION: "Decision",
    EntryKind.IDEA: "Idea",
    EntryKind.HELP: "Help wanted",
    EntryKind.LINK: "Link",
    EntryKind.QUESTION: "Question",
    EntryKind.PARKED: "Parked",
}
VOTE = "🗳"
DONE = "☑️"
CAME_OUT = {
    ProposalState.DRAFT: "still open",
    ProposalState.OPEN: "still open",
    ProposalState.CLOSING: "counting; the result follows",
    ProposalState.ACCEPTED: "accepted",
    ProposalState.REJECTED: "not accepted",
    ProposalState.TIED: "a tie, so no decision",
    ProposalState.NO_VOTES: "nobody voted, so no decision",
    ProposalState.NO_QUORUM: "too few voted, so no decision",
    ProposalState.WITHDRAWN: "withdrawn, not a decision",
    ProposalState.CANCELLED: "cancelled, not a decision",
    ProposalState.VOID: "void, not a decision",
    ProposalState.UNDETERMINED: "the count is in doubt, so no decision yet",
}
ROLLS = {
    "none": "everybody in the channel who votes",
    "session": "everybody in this session",
    "channel": "all members of the channel",
}
"""Who decides, by the names that people type."""
FLOOR_OPEN = "The floor is open: anyone can put topics on it, decide, and end the session."
FLOOR_CHAIRED = "The floor is chaired: only chairs put topics on it, decide, and end the session."
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_QUARTERS = ("", "a quarter", "a half", "three quarters")
_LONGEST_NAME = 80
NAMES = 400
"""Room for the names of several people where a message must stay within its budget."""


def number(count: int) -> str:
    """Small numbers as words, as in print; larger ones in digits."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 note`, `3 notes`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str]) -> str:
    """`Ana`, `Ana and Ben`, `Ana, Ben, and Caro`."""
    if len(items) < 3:
        return " and ".join(items)
    return f"{', '.join(items[:-1])}, and {items[-1]}"


def people(names: Sequence[str], room: int = NAMES) -> str:
    """Names as far as there is room for them, and how many more there are."""
    if len(names) == 1:
        return shorten(names[0], _LONGEST_NAME)
    shown: list[str] = []
    for name in (shorten(name, _LONGEST_NAME) for name in names):
        if shown and sum(map(len, shown)) + len(name) > room:
            break
        shown.append(name)
    left = len(names) - len(shown)
    return listed([*shown, f"{left:,} more"] if left else shown)


def chairs(names: Sequence[str], room: int = NAMES) -> str:
    """`Chair: Ana`, `Chairs: Ana and Ben`."""
    return f"{'Chair' if len(names) == 1 else 'Chairs'}: {people(names, room)}"


@lru_cache(maxsize=1024)
def day(moment: date) -> str:
    """`21 April 2021`; a moment is taken in UTC."""
    when = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return f"{when.day} {when:%B %Y}"


def moment(when: datetime) -> str:
    """`21 April 2021, 14:00 UTC`, where no reader's own time zone is known."""
    return f"{day(when)}, {when.astimezone(UTC):%H:%M} UTC"


def short_duration(length: timedelta) -> str:
    """`25 min`, `1 h 5 min`, for lists and cards."""
    minutes = round(length.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min" if rest else "under 1 min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def spoken_duration(length: timedelta) -> str:
    """`45 minutes`, `an hour and a half`, `three hours`: from an hour on, to the nearest quarter."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return _spoken_minutes(minutes)
    hours, quarter = divmod(round(minutes / 15), 4)
    fraction = f" and {_QUARTERS[quarter]}" if quarter else ""
    if hours == 1:
        return f"an hour{fraction}"
    return f"{number(hours)}{fraction.removesuffix('s')} hours"


def owners_and_date(owners: Sequence[str], due: date | None, room: int = NAMES, *, done: bool = False) -> str:
    """Whose action it is, and by when; or that it is done."""
    who = people(owners, room) if owners else "no owner yet"
    if done:
        return f"done, {who}"
    return f"{who}, by {day(due)}" if due else who


def _spoken_minutes(minutes: int) -> str:
    if minutes < 1:
        return "less than a minute"
    return "a minute" if minutes == 1 else f"{number(minutes)} minutes"


def span(start: datetime, end: datetime) -> str:
    """In UTC and to the second: what is small print here may decide a vote."""
    began, ended = start.astimezone(UTC), end.astimezone(UTC)
    day = "" if began.date() == ended.date() else f"{ended.day} {ended:%B}, "
    return f"from {began.day} {began:%B}, {began:%H:%M:%S} to {day}{ended:%H:%M:%S} UTC"
