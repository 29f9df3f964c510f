"""What a use case has done, as values: the edge draws them for the person who asked. Names stand in them as text."""

from dataclasses import dataclass
from datetime import date, datetime

from minutes.emoji import EmojiShown
from minutes.entry import EntryKind, Why
from minutes.ids import ChannelId
from minutes.proposal import ProposalState


@dataclass(frozen=True, slots=True)
class SessionStarted:
    session: int
    title: str
    planned_end: datetime
    place: str | None
    chaired: bool = False


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """`digest_in` is the name of the channel that the digest goes to, where that is another one and known."""

    title: str
    digest_in_minutes: int
    digest_in: str = ""


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
    """`for_chairs` names who can put it on the floor, where somebody wanted that who cannot."""

    title: str
    place_in_queue: int
    already_there: bool
    for_chairs: tuple[str, ...] = ()


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
class TopicMoved:
    title: str
    place_in_queue: int


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
    """`session` is the title of the one that it was recorded in: an older one may be meant."""

    kind: EntryKind
    number: int
    text: str
    session: str


@dataclass(frozen=True, slots=True)
class EntryRedone:
    kind: EntryKind
    number: int
    text: str
    session: str


@dataclass(frozen=True, slots=True)
class EntryMoved:
    """`topic` is as the digest heads it, `2. Tools`; None where it is now filed before the first."""

    kind: EntryKind
    number: int
    text: str
    topic: str | None
    session: str


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """`topic` is the number of what it is filed under, 0 before the first; `taken_back_by` is None where it stands."""

    number: int
    kind: EntryKind
    text: str
    author: str
    topic: int
    taken_back_by: str | None = None


@dataclass(frozen=True, slots=True)
class EntryList:
    """What was recorded in a session, the newest last."""

    session: str
    is_open: bool
    entries: tuple[ListedEntry, ...]


@dataclass(frozen=True, slots=True)
class ChairsTold:
    """Who chairs, and whether the floor is theirs; `changed` where this request has changed one of both."""

    session: str
    chairs: tuple[str, ...]
    chaired: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One revision of an entry: what happened, by whom and when, and what it said from then on."""

    why: Why
    by: str
    at: datetime
    kind: EntryKind
    text: str


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """All that an entry has been, the newest last. `standing` is false where it is out of the record now."""

    number: int
    standing: bool
    steps: tuple[HistoryStep, ...]


@dataclass(frozen=True, slots=True)
class ProposalPut:
    """`own_to_close` says that its proposer may close it by hand: on a chaired floor only the chairs do."""

    label: str
    deadline_minutes: int | None
    already_open: bool
    own_to_close: bool = True


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
class ActionDone:
    """`channel`, `session` and `number` name it, for Undo."""

    channel: ChannelId
    session: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ActionReopened:
    text: str


@dataclass(frozen=True, slots=True)
class ActionPutOff:
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class LookingUp:
    """Slack has to tell first where somebody is; the answer follows by itself."""


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
    | TopicMoved
    | TopicRenamed
    | EntryRecorded
    | EntryUndone
    | EntryRedone
    | EntryMoved
    | EntryList
    | ChairsTold
    | ProposalPut
    | VoteClosed
    | VoteExtended
    | VoteWithdrawn
    | VoteResolved
    | RemindersSet
    | DefaultsSet
    | DefaultsShown
    | EmojiShown
    | SignedIn
    | NothingToDo
    | ActionDone
    | ActionReopened
    | ActionPutOff
    | LookingUp
    | EntryHistory
)
