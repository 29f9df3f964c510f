"""Whether what is stored of gatherings is whole: rules that hold of every record, each a fold over frozen values."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from itertools import pairwise

from minutes.proposal import ProposalState
from minutes.session import Session, SessionState
from minutes.topic import Spell, Topic, TopicState

LONGEST_WAIT = timedelta(days=1)
"""What Slack does not take is tried again within minutes: what waits for a day is stuck, or nobody carries it."""
CARRIED = "sending"
DUTY_STATES = frozenset({"waiting", CARRIED, "sent", "blocked", "dead"})


class Fault(StrEnum):
    """What can be wrong."""

    DAMAGED = auto()
    UNREADABLE = auto()
    REFERENCE = auto()
    UNKNOWN_PERSON = auto()
    OPEN_TWICE = auto()
    ENTRY_NUMBERS = auto()
    REVISIONS = auto()
    GOES_ON = auto()
    DELETED_STANDS = auto()
    TOPIC_NUMBERS = auto()
    FLOOR = auto()
    SPELL_OPEN = auto()
    SPELL_OUTSIDE = auto()
    SPELLS_OVERLAP = auto()
    NO_CHAIR = auto()
    QUEUE = auto()
    FOREIGN_TOPIC = auto()
    NO_DIGEST = auto()
    RECOUNT = auto()
    STRAY_MARKS = auto()
    OUTCOME_UNTOLD = auto()
    DUTY_STATE = auto()
    LEASE = auto()
    STUCK = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` names what it is about by our own numbers, never by what people wrote."""

    fault: Fault
    subject: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored wording of an entry. `comes_back` says that it can, for nobody undid it: it went with its message's
    words, or with an emoji. `redone` says that it puts back what was undone.
    """

    number: int
    revision: int
    standing: bool
    comes_back: bool = False
    redone: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a vote came out; `can_be_told` says that it has a ballot, and that nothing waits for access to it."""

    label: str
    state: ProposalState
    session: SessionState
    can_be_told: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty. `state` is as it is stored, whatever that is; `lane` says behind which others it waits, by `id`."""

    id: int
    key: str
    lane: tuple[int, str]
    state: str
    leased: bool
    owed_at: datetime
    not_before: datetime


def of_sessions(sessions: Iterable[tuple[int, Session]]) -> Iterator[Finding]:
    """At most one open session in each channel of a workspace."""
    opened = Counter((workspace, each.channel) for workspace, each in sessions if each.is_open)
    yield from (Finding(Fault.OPEN_TWICE, f"channel {channel}") for (_, channel), times in opened.items() if times > 1)


def of_entries(session: int, revisions: Iterable[Revision]) -> Iterator[Finding]:
    """Numbered from 1 without a gap, and so are the revisions of each; what is undone can only be put back."""
    by_number = defaultdict(list)
    for each in revisions:
        by_number[each.number].append(each)
    if not _counts(by_number):
        yield Finding(Fault.ENTRY_NUMBERS, f"session {session}")
    for number, own in by_number.items():
        own.sort(key=lambda each: each.revision)
        if not _counts([each.revision for each in own]):
            yield Finding(Fault.REVISIONS, f"session {session}, entry {number}")
        if not all(first.standing or first.comes_back or then.redone for first, then in pairwise(own)):
            yield Finding(Fault.GOES_ON, f"session {session}, entry {number}")


def of_topics(session: Session, topics: Sequence[Topic]) -> Iterator[Finding]:
    """At most one on the floor, and none after the end; each spell within the session and none within another."""
    subject = f"session {session.id}"
    if sum(topic.state is TopicState.ON_FLOOR for topic in topics) > session.is_open:
        yield Finding(Fault.FLOOR, subject)
    if not _counts([topic.number for topic in topics if topic.number is not None]):
        yield Finding(Fault.TOPIC_NUMBERS, subject)
    for topic in topics:
        faults = _faults_of_spells(session, topic)
        yield from (Finding(fault, f"{subject}, topic {topic.number or topic.id}") for fault in faults)


def of_queue(session: int, places: Sequence[int]) -> Iterator[Finding]:
    """Topics that wait where they were moved to; no two of them at the same place."""
    if len(set(places)) < len(places):
        yield Finding(Fault.QUEUE, f"session {session}")


def of_chairs(session: int, chairs: int) -> Iterator[Finding]:
    """Somebody chairs: else nobody could ever end a chaired session, or name a chair."""
    if not chairs:
        yield Finding(Fault.NO_CHAIR, f"session {session}")


def of_digest(session: Session, *, due: bool, owed: bool) -> Iterator[Finding]:
    """A closed session has a digest that falls due or is owed; one that was discarded has none."""
    if session.state is SessionState.CLOSED and not due and not owed:
        yield Finding(Fault.NO_DIGEST, f"session {session.id}")


def of_outcome(outcome: Outcome) -> Iterator[Finding]:
    """What came of a vote is told, or owed."""
    silent = outcome.session is SessionState.DISCARDED or not outcome.can_be_told
    if outcome.state.is_over and not silent and not outcome.told:
        yield Finding(Fault.OUTCOME_UNTOLD, outcome.label)


def of_duties(duties: Iterable[Owed], now: datetime) -> Iterator[Finding]:
    """Known states, leases only while they are carried, and none that waits at the head of its lane for a day."""
    heads: dict[tuple[int, str], Owed] = {}
    for each in sorted(duties, key=lambda each: each.id):
        if each.state not in DUTY_STATES:
            yield Finding(Fault.DUTY_STATE, each.key)
        if each.leased != (each.state == CARRIED):
            yield Finding(Fault.LEASE, each.key)
        if each.state in ("waiting", CARRIED, "blocked"):
            heads.setdefault(each.lane, each)
    for head in heads.values():
        # One that is blocked waits for the bot to be let in, and all behind it with it.
        if head.state == "waiting" and max(head.owed_at + LONGEST_WAIT, head.not_before) < now:
            yield Finding(Fault.STUCK, head.key)


def _faults_of_spells(session: Session, topic: Topic) -> set[Fault]:
    end = session.ended_at or datetime.max.replace(tzinfo=session.started_at.tzinfo)
    faults = set()
    if any(spell.ended_at is None for spell in topic.spells) != (topic.state is TopicState.ON_FLOOR):
        faults.add(Fault.SPELL_OPEN)
    if any(spell.began_at < session.started_at or _end(spell) > end for spell in topic.spells):
        faults.add(Fault.SPELL_OUTSIDE)
    backwards = any(_end(spell) < spell.began_at for spell in topic.spells)
    if backwards or any(first.ended_at is None or first.ended_at > then.began_at for first, then in _pairs(topic)):
        faults.add(Fault.SPELLS_OVERLAP)
    return faults


def _pairs(topic: Topic) -> Iterator[tuple[Spell, Spell]]:
    yield from pairwise(sorted(topic.spells, key=lambda spell: (spell.began_at, _end(spell))))


def _end(spell: Spell) -> datetime:
    return spell.ended_at or spell.began_at


def _counts(numbers: Iterable[int]) -> bool:
    """Whether these are 1, 2, 3 … in some order."""
    found = sorted(numbers)
    return found == list(range(1, len(found) + 1))
