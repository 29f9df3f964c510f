"""A session: one gathering in one channel, and the rules by which it ends by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from minutes.ids import ChannelId, PersonId

DEFAULT_LENGTH = timedelta(hours=1)
WARNING_AHEAD = timedelta(minutes=5)
QUIET_LENGTH = timedelta(minutes=10)
LONGEST_OVERRUN = timedelta(hours=1)
REOPEN_WITHIN = timedelta(minutes=30)
DEFAULT_EXTENSION = timedelta(minutes=15)
LONGEST_SESSION = timedelta(days=7)


class SessionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"


class Step(StrEnum):
    """What falls due in an open session."""

    WARN = "warn"
    RUN_OVER = "run_over"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Session:
    """All times are aware and in UTC."""

    id: int
    channel: ChannelId
    title: str
    place: str | None
    state: SessionState
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None
    started_by: PersonId
    last_spoken_at: datetime
    warned: bool = False
    overrun_said: bool = False
    closings: int = 0
    """How often it was closed: each closing after a reopening owes a digest of its own."""
    digest_delay: timedelta | None = None
    digest_channel: ChannelId | None = None
    """When after the end, and where, the digest goes; None where that is as usual."""
    chaired: bool = False
    """Whether the floor is its chairs' (`minutes/chairs.py`), or anybody's."""

    @property
    def is_open(self) -> bool:
        return self.state is SessionState.OPEN


@dataclass(frozen=True, slots=True)
class Due:
    """A step and the moment at which it falls due."""

    step: Step
    at: datetime


def next_due(session: Session) -> Due | None:
    """The next thing that an open session owes by time alone; None for one that is over.

    The warning comes five minutes ahead, once; a session shorter than ten minutes has none. At the planned end it
    closes if nobody spoke in the ten minutes before; otherwise it runs over, says so once, and closes after ten quiet
    minutes or an hour over.
    """
    if not session.is_open:
        return None
    end = session.planned_end
    if not session.warned and end - session.started_at >= 2 * WARNING_AHEAD:
        return Due(Step.WARN, end - WARNING_AHEAD)
    quiet_at = session.last_spoken_at + QUIET_LENGTH
    if session.overrun_said:
        return Due(Step.CLOSE, min(max(quiet_at, end), end + LONGEST_OVERRUN))
    return Due(Step.CLOSE if quiet_at <= end else Step.RUN_OVER, end)


def extended_end(session: Session, by: timedelta, now: datetime) -> datetime:
    """The new planned end: `by` after the old one, or after now where the session already runs over."""
    return max(session.planned_end, now) + by
