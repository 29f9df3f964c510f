"""What a session's card and ballots show: the state of the floor at one moment, with names as text."""

from dataclasses import dataclass
from datetime import datetime

from minutes.record import RecordedVote
from minutes.session import SessionState


@dataclass(frozen=True, slots=True)
class Board:
    """The session card's facts."""

    session: int
    state: SessionState
    title: str
    place: str | None
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None
    runs_over: bool
    topic: str | None
    topic_since: datetime | None
    queued: tuple[str, ...]
    open_proposals: int
    decisions: int
    actions: int
    notes: int
    participants: int
    chairs: tuple[str, ...]
    questions: int = 0
    parked: int = 0
    chaired: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot's facts, open or closed: the vote as it stands, what it is about, and whether its session goes on."""

    proposal: int
    topic: str | None
    vote: RecordedVote
    in_session: bool = True
