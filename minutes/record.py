"""The record of a session as its readers see it: a plain value, drawn as digest, recap and JSON alike.

Names stand in it as text, and texts have their mentions written out as `@name`: nobody is pinged by a record.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from minutes.entry import EntryKind
from minutes.ids import Ts
from minutes.proposal import ClosedBy, ProposalState
from minutes.session import SessionState
from minutes.tally import Side


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """`number` is what people call it by (`/session undo 7`); `ts` names the message that shows it in the channel.

    `permalink` is the address of that message, for those who can see it. Who changed the words last, and when, is in
    `edited_by` and `edited_at`. `said_by` is who said it, where that is not its author, who has recorded it.
    """

    number: int
    kind: EntryKind
    text: str
    author: str
    said_at: datetime
    owners: tuple[str, ...] = ()
    due: date | None = None
    ts: Ts | None = None
    permalink: str | None = None
    edited_by: str | None = None
    edited_at: datetime | None = None
    done: bool = False
    said_by: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What somebody gave as a reason below a ballot, and which side they are counted on (None: on none)."""

    name: str
    side: Side | None
    text: str
    ts: Ts


@dataclass(frozen=True, slots=True)
class RecordedVote:
    """A proposal with its people by name. `label` is `V1`, `tally` is `2 for, 1 against`.

    `rule` is in words; `needs` is what the rule asks for at the votes cast so far, and `has` what there is. `advisory`
    counts people who are not on the roll, `silent` are those on it without a counted vote. `late` set their mark after
    the close, and of `untimed` nobody can tell when. `at_least` says that Slack has not told all votes yet, and
    `access_lost_at` since when it tells none.
    """

    label: str
    text: str
    proposer: str
    state: ProposalState
    tally: str
    in_favour: tuple[str, ...]
    against: tuple[str, ...]
    abstaining: tuple[str, ...]
    conflicting: tuple[str, ...]
    proposed_at: datetime
    deadline: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    closed_why: ClosedBy | None
    fingerprint: str
    ballot_ts: Ts | None
    rule: str = ""
    needs: int = 0
    has: int = 0
    quorum: str | None = None
    quorum_needs: int | None = None
    quorum_has: int = 0
    has_roll: bool = False
    silent: tuple[str, ...] = ()
    advisory: str | None = None
    late: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    untimed: tuple[str, ...] = ()
    by_events_only: bool = False
    at_least: bool = False
    access_lost_at: datetime | None = None
    outages: tuple[tuple[datetime, datetime], ...] = ()
    reasons: tuple[Reason, ...] = ()
    resolved_by: str | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    permalink: str | None = None

    @property
    def dissent(self) -> tuple[Reason, ...]:
        """The reasons of those who voted against."""
        return tuple(reason for reason in self.reasons if reason.side is Side.AGAINST)


@dataclass(frozen=True, slots=True)
class Section:
    """What was recorded under one topic, or (`number` 0, empty title) before the first.

    `lasted` adds up all spells on the floor, so far where one is still going on.
    """

    number: int
    title: str
    started_at: datetime | None
    lasted: timedelta
    entries: tuple[RecordedEntry, ...] = ()
    votes: tuple[RecordedVote, ...] = ()
    ts: Ts | None = None

    def of(self, *kinds: EntryKind) -> tuple[RecordedEntry, ...]:
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    @property
    def accepted(self) -> tuple[RecordedVote, ...]:
        return tuple(vote for vote in self.votes if vote.state is ProposalState.ACCEPTED)

    @property
    def not_accepted(self) -> tuple[RecordedVote, ...]:
        return tuple(vote for vote in self.votes if vote.state is not ProposalState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class RecordedLink:
    """An issue or change on a tracker, kept once a session. `title` is never empty."""

    url: str
    title: str
    reference: str
    shared_by: str
    topic: int | None


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file or an image that was shared, kept once a session; `permalink` is its page in Slack, empty without one."""

    name: str
    kind: str
    permalink: str
    shared_by: str
    topic: int | None
    ts: Ts


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who signed in, spoke or voted. Organisation and country (ISO 3166 code) are what they chose to tell."""

    name: str
    organisation: str | None
    country: str | None
    signed_in: bool
    messages: int
    voted: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One session, whole. Times are aware and in UTC. In its `outages` the bot heard nothing of what was said."""

    session: int
    state: SessionState
    title: str
    place: str | None
    workspace: str
    channel: str
    channel_name: str
    started_at: datetime
    planned_end: datetime
    ended_at: datetime | None
    started_by: str
    lasted: timedelta
    before_topics: Section
    topics: tuple[Section, ...]
    not_reached: tuple[str, ...]
    participants: tuple[Participant, ...]
    organisations: tuple[str, ...]
    countries: tuple[str, ...]
    links: tuple[RecordedLink, ...]
    note_takers: tuple[str, ...]
    outages: tuple[tuple[datetime, datetime], ...] = ()
    files: tuple[RecordedFile, ...] = ()
    chairs: tuple[str, ...] = ()
    chaired: bool = False

    @property
    def sections(self) -> tuple[Section, ...]:
        """Everything that something can be filed under, in order."""
        return (self.before_topics, *self.topics)
