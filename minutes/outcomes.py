"""What a use case has done, as values: the edge draws them for the person who asked. Names stand in them as text."""

from dataclasses import dataclass
from datetime import date, datetime

from minutes.entry import EntryKind
from minutes.proposal import ProposalState


@dataclass(frozen=True, slots=True)
class SessionStarted:
    session: int
    title: str
    planned_end: datetime
    place: str | None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    title: str
    digest_in_minutes: int


@dataclass(frozen=True, slots=True)
class SessionExtended:
    title: str
    planned_end: datetime


@dataclass(frozen=True, slots=True)
class SessionReopened:
    title: str
    planned_end: datetime


@dataclass(frozen=True, slots=True)
class SessionDiscarded:
    title: str


@dataclass(frozen=True, slots=True)
class TopicOnFloor:
    """`began_session` names the session's id where this topic opened one: its starter can discard it."""

    number: int
    title: str
    resumed: bool
    already_there: bool
    began_session: int | None


@dataclass(frozen=True, slots=True)
class TopicQueued:
    title: str
    place_in_queue: int
    already_there: bool


@dataclass(frozen=True, slots=True)
class TopicList:
    """`done` and `queued` in order; queue places count from 1, as `/topic drop N` takes them."""

    now: str | None
    since: datetime | None
    done: tuple[str, ...]
    queued: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicDone:
    title: str
    next_title: str | None


@dataclass(frozen=True, slots=True)
class TopicDropped:
    title: str


@dataclass(frozen=True, slots=True)
class TopicRenamed:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class EntryRecorded:
    """`session` and `number` name it, for Undo. `topic` is None where it is filed under the session."""

    session: int
    number: int
    kind: EntryKind
    text: str
    topic: str | None
    owners: tuple[str, ...] = ()
    due: date | None = None


@dataclass(frozen=True, slots=True)
class EntryUndone:
    kind: EntryKind
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ProposalPut:
    label: str
    deadline_minutes: int | None
    already_open: bool


@dataclass(frozen=True, slots=True)
class VoteClosed:
    label: str


@dataclass(frozen=True, slots=True)
class VoteExtended:
    label: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class VoteWithdrawn:
    label: str


@dataclass(frozen=True, slots=True)
class VoteResolved:
    """The chair has accepted an undetermined count, and this is what came of it."""

    label: str
    state: ProposalState


@dataclass(frozen=True, slots=True)
class RemindersSet:
    wanted: bool


@dataclass(frozen=True, slots=True)
class DefaultsSet:
    """How votes are held here, or `everywhere`, where a proposal does not say; None is what was left as it was."""

    rule: str | None
    quorum: str | None
    roll: str | None
    everywhere: bool


@dataclass(frozen=True, slots=True)
class DefaultsShown:
    """How votes are held here, or `everywhere`, where a proposal does not say; None is what nobody has set."""

    rule: str | None
    quorum: str | None
    roll: str | None
    everywhere: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    organisation: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """The request had been carried out before (a doubled delivery), or there is nothing to say."""


Outcome = (
    SessionStarted
    | SessionEnded
    | SessionExtended
    | SessionReopened
    | SessionDiscarded
    | TopicOnFloor
    | TopicQueued
    | TopicList
    | TopicDone
    | TopicDropped
    | TopicRenamed
    | EntryRecorded
    | EntryUndone
    | ProposalPut
    | VoteClosed
    | VoteExtended
    | VoteWithdrawn
    | VoteResolved
    | RemindersSet
    | DefaultsSet
    | DefaultsShown
    | SignedIn
    | NothingToDo
)
