"""What somebody finds again, and what Home shows: plain values with names written out, of channels that they are in."""

from dataclasses import dataclass
from datetime import date, datetime

from minutes.entry import EntryKind
from minutes.ids import ChannelId
from minutes.proposal import ProposalState


@dataclass(frozen=True, slots=True)
class PastSession:
    """`url` leads to its digest, or to its card while there is none."""

    session: int
    title: str
    channel: ChannelId
    channel_name: str
    started_at: datetime
    decisions: int
    actions: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PastSessions:
    """The newest first; `more` is how many there are besides."""

    sessions: tuple[PastSession, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, vote or topic in which all the words stand. `number` is the entry's or topic's, `label` a vote's."""

    text: str
    at: datetime
    entry: EntryKind | None = None
    vote: ProposalState | None = None
    number: int = 0
    label: str = ""
    owners: tuple[str, ...] = ()
    due: date | None = None
    done: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class HitsIn:
    """What was found in one session; nothing more than its title where there are no hits."""

    session: PastSession
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`words` as typed. `more` says that there is more; `only_here` that Slack does not tell of other channels."""

    words: str
    sessions: tuple[HitsIn, ...]
    more: bool = False
    only_here: bool = False


@dataclass(frozen=True, slots=True)
class OwnAction:
    """`label` is what people call it by: `7` in the latest session of this channel, `12.7` elsewhere."""

    channel: ChannelId
    session: int
    number: int
    label: str
    text: str
    due: date | None
    overdue: bool
    title: str
    channel_name: str
    said_at: datetime
    url: str | None = None


@dataclass(frozen=True, slots=True)
class OwnActions:
    """What somebody has to do: what is due first comes first. `more` is how many there are besides."""

    here: tuple[OwnAction, ...]
    elsewhere: tuple[OwnAction, ...]
    more: int
    only_here: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that goes on, and what is on its floor."""

    title: str
    channel_name: str
    planned_end: datetime
    topic: str | None
    topic_since: datetime | None
    queued: int
    open_votes: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """All that one person's Home shows. `told` says whether Slack tells where they are.

    `done` are actions that they have said are done lately. `found` takes the place of `recent` while they look for
    something; `opened_at` names this looking.
    """

    told: bool
    opened_at: datetime
    sessions: tuple[OpenSession, ...] = ()
    more_sessions: int = 0
    actions: tuple[OwnAction, ...] = ()
    more_actions: int = 0
    done: tuple[OwnAction, ...] = ()
    organisation: str | None = None
    country: str | None = None
    recent: tuple[PastSession, ...] = ()
    found: Found | None = None
