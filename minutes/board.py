"""What a session's card and ballots show: the state of the floor at one moment, with names as text."""

from dataclasses import dataclass
from datetime import datetime

from minutes.proposal import ClosedBy, ProposalState
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
    started_by: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot's facts, open or closed. `label` is `V1`, `tally` is `2 for, 1 against`."""

    proposal: int
    label: str
    text: str
    proposer: str
    topic: str | None
    state: ProposalState
    deadline: datetime | None
    tally: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    abstaining: tuple[str, ...]
    conflicting: tuple[str, ...]
    closed_at: datetime | None
    closed_by: str | None
    closed_why: ClosedBy | None
