"""Looks through a whole database for what cannot be: the rules are the minutes', what they judge is read here.

References and people are checked here, by SQL: they are rules of the tables.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Integer, Row, Select, func, literal_column, select, union_all
from sqlalchemy.dialects import registry
from sqlalchemy.exc import DatabaseError

from minutes import consistency
from minutes.consistency import Fault, Finding, Outcome, Owed, Revision
from minutes.entry import Why
from minutes.proposal import ProposalState
from minutes.session import SessionState
from minutes.topic import TopicState
from storage import sessions, topics
from storage.chair_schema import CHAIRS
from storage.db import Db
from storage.installations import is_installed
from storage.message_schema import FILES, WORDINGS
from storage.schema import ENTRIES, OUTBOX, PEOPLE, SESSIONS, TOPICS, WORKSPACES
from storage.tables import TABLES
from storage.vote_schema import MARKS, PROPOSALS
from storage.wordings import THE_LAST

COME_BACK = (Why.UNTAGGED, Why.EMOJI, Why.OFF_RECORD)
PUT_BACK = (Why.REDONE, Why.EMOJI)
"""An emoji that is pressed again puts back what was undone by hand."""


def find(db: Db, now: datetime) -> list[Finding]:
    """All that is wrong; of a damaged file only that, for what is read in it means nothing."""
    if damaged := list(_of_file(db)):
        return damaged
    tables = [*_of_references(db), *_of_people(db), *_of_filing(db), *_of_deleted(db), *_of_marks(db)]
    return [*tables, *_of_sessions(db), *_of_outcomes(db), *_of_duties(db, now)]


def _of_file(db: Db) -> Iterator[Finding]:
    if db.dialect.name != "sqlite":
        return
    try:
        said = db.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    except DatabaseError as failure:
        said = [str(failure.orig)]
    yield from (Finding(Fault.DAMAGED, each) for each in said if each != "ok")


def _of_references(db: Db) -> Iterator[Finding]:
    """Of every foreign key that the tables have, on either engine."""
    names, looked = _references(db.dialect.name)
    for number, lost in db.exec_driver_sql(looked):
        if lost:
            yield Finding(Fault.REFERENCE, f"{lost} of {names[number]}")


@cache
def _references(dialect: str) -> tuple[list[str], str]:
    """What each foreign key ties to what, and one look at all of them: put into words once, for that takes longest."""
    keys = [key for each in TABLES for key in sorted(each.foreign_key_constraints, key=lambda key: str(key.name))]
    names = [f"{key.table.name} ({', '.join(key.column_keys)} in {key.referred_table.name})" for key in keys]
    looks = union_all(*(_without_their_row(number, key) for number, key in enumerate(keys)))
    return names, str(looks.compile(dialect=registry.load(dialect)()))


def _without_their_row(number: int, key: ForeignKeyConstraint) -> Select[int, int]:
    there = key.referred_table.alias()
    pairs = [(element.parent, there.c[element.column.name]) for element in key.elements]
    found = select(there).where(*(theirs == ours for ours, theirs in pairs)).correlate(key.table).exists()
    named = (ours.is_not(None) for ours, _ in pairs)
    return select(literal_column(str(number), Integer), func.count()).select_from(key.table).where(*named, ~found)


def _of_people(db: Db) -> Iterator[Finding]:
    """Those who are named where no foreign key can say so."""
    known = {(row.workspace_id, row.id) for row in db.execute(select(PEOPLE.c.workspace_id, PEOPLE.c.id))}
    for subject, workspace, people in _named(db):
        if any((workspace, person) not in known for person in people):
            yield Finding(Fault.UNKNOWN_PERSON, subject)


def _named(db: Db) -> Iterator[tuple[str, int, list[int]]]:
    for row in db.execute(select(ENTRIES.c.workspace_id, ENTRIES.c.session_id, ENTRIES.c.number, ENTRIES.c.owners)):
        yield f"session {row.session_id}, entry {row.number}", row.workspace_id, row.owners
    for row in db.execute(select(PROPOSALS)):
        others = [person for person in (row.closed_by, row.resolved_by) if person is not None]
        yield f"V{row.number}", row.workspace_id, [*(row.roll or []), *others]
    for row in db.execute(select(WORKSPACES).where(WORKSPACES.c.bot_person_id.is_not(None))):
        yield f"workspace {row.id}", row.id, [row.bot_person_id]


def _of_sessions(db: Db) -> Iterator[Finding]:
    rows = db.execute(select(SESSIONS.c.workspace_id, SESSIONS.c.id).order_by(SESSIONS.c.id)).all()
    revisions, digests, readable = _revisions(db), _keys(db, "digest"), []
    chairs, places = _chairs(db), _places(db)
    for workspace, number in rows:
        try:
            kept = sessions.kept(db, number)
            its_topics = topics.of_session(db, workspace, number)
        except (ValueError, LookupError):
            yield Finding(Fault.UNREADABLE, f"session {number}")
            continue
        if kept is None:
            continue
        session = kept.session
        readable.append((workspace, session))
        yield from consistency.of_entries(number, revisions[number])
        yield from consistency.of_topics(session, its_topics)
        yield from consistency.of_queue(number, places[number])
        yield from consistency.of_chairs(number, chairs[number])
        owed = (workspace, f"digest:{number}:{session.closings}:1") in digests
        yield from consistency.of_digest(session, due=kept.digest_due_at is not None, owed=owed)
    yield from consistency.of_sessions(readable)


def _revisions(db: Db) -> dict[int, list[Revision]]:
    found = defaultdict(list)
    told = ENTRIES.c.session_id, ENTRIES.c.number, ENTRIES.c.revision, ENTRIES.c.standing, ENTRIES.c.why
    for row in db.execute(select(*told)):
        came = {"comes_back": row.why in COME_BACK, "redone": row.standing and row.why in PUT_BACK}
        found[row.session_id].append(Revision(row.number, row.revision, row.standing, **came))
    return found


def _chairs(db: Db) -> Counter[int]:
    """How many chair each session."""
    return Counter(db.execute(select(CHAIRS.c.session_id).where(CHAIRS.c.unnamed_at.is_(None))).scalars())


def _places(db: Db) -> dict[int, list[int]]:
    found = defaultdict(list)
    moved = (TOPICS.c.place.is_not(None), TOPICS.c.state == TopicState.QUEUED)
    for row in db.execute(select(TOPICS.c.session_id, TOPICS.c.place).where(*moved)):
        found[row.session_id].append(row.place)
    return found


def _of_filing(db: Db) -> Iterator[Finding]:
    """Entries are moved from topic to topic, but never out of their session."""
    its_topic = (TOPICS.c.workspace_id == ENTRIES.c.workspace_id) & (TOPICS.c.id == ENTRIES.c.topic_id)
    strangers = (
        select(ENTRIES.c.session_id, ENTRIES.c.number)
        .join(TOPICS, its_topic)
        .where(TOPICS.c.session_id != ENTRIES.c.session_id)
        .distinct()
    )
    for row in db.execute(strangers):
        yield Finding(Fault.FOREIGN_TOPIC, f"session {row.session_id}, entry {row.number}")


def _of_deleted(db: Db) -> Iterator[Finding]:
    """Nothing stands that a deleted message has brought."""
    gone = (WORDINGS.c.worded == THE_LAST,)
    newest = ENTRIES.alias()
    same = (newest.c.workspace_id == ENTRIES.c.workspace_id, newest.c.session_id == ENTRIES.c.session_id)
    later = select(newest.c.id).where(
        *same, newest.c.number == ENTRIES.c.number, newest.c.revision > ENTRIES.c.revision
    )
    its_message = (
        ENTRIES.c.workspace_id == WORDINGS.c.workspace_id,
        ENTRIES.c.channel_id == WORDINGS.c.channel_id,
        ENTRIES.c.message == WORDINGS.c.message_ts,
    )
    stands = (ENTRIES.c.standing.is_(True), ~later.correlate(ENTRIES).exists())
    for row in db.execute(select(ENTRIES.c.session_id, ENTRIES.c.number).where(*its_message, *gone, *stands)):
        yield Finding(Fault.DELETED_STANDS, f"session {row.session_id}, entry {row.number}")
    its_files = (
        FILES.c.workspace_id == WORDINGS.c.workspace_id,
        FILES.c.channel_id == WORDINGS.c.channel_id,
        FILES.c.message_ts == WORDINGS.c.message_ts,
    )
    for row in db.execute(select(FILES.c.session_id).where(*its_files, *gone, FILES.c.standing.is_(True))):
        yield Finding(Fault.DELETED_STANDS, f"session {row.session_id}, a file")


def _of_marks(db: Db) -> Iterator[Finding]:
    """On ballots only; but while one is on its way to a channel, it is not known which message it will be."""
    ballot = select(PROPOSALS.c.id).where(
        PROPOSALS.c.workspace_id == MARKS.c.workspace_id,
        PROPOSALS.c.channel_id == MARKS.c.channel_id,
        (PROPOSALS.c.ballot_ts == MARKS.c.message_ts)
        | (PROPOSALS.c.ballot_ts.is_(None) & (PROPOSALS.c.state == ProposalState.DRAFT)),
    )
    strays = select(MARKS.c.channel_id, MARKS.c.message_ts).where(~ballot.correlate(MARKS).exists()).distinct()
    for row in db.execute(strays):
        yield Finding(Fault.STRAY_MARKS, f"message {row.message_ts} in channel {row.channel_id}")


def _of_outcomes(db: Db) -> Iterator[Finding]:
    told = {(workspace, key.rpartition(":")[0]) for workspace, key in _keys(db, "result")}
    its_session = (SESSIONS.c.workspace_id == PROPOSALS.c.workspace_id) & (SESSIONS.c.id == PROPOSALS.c.session_id)
    for row in db.execute(select(PROPOSALS, SESSIONS.c.state.label("session")).join(SESSIONS, its_session)):
        try:
            outcome = _outcome(row, told)
        except ValueError:
            yield Finding(Fault.UNREADABLE, f"V{row.number}")
        else:
            yield from consistency.of_outcome(outcome)


def _outcome(row: Row[Any], told: set[tuple[int, str]]) -> Outcome:
    state = ProposalState(row.state)
    waits_for_access = state is ProposalState.UNDETERMINED and row.access_lost_at is not None
    return Outcome(
        label=f"V{row.number}",
        state=state,
        session=SessionState(row.session),
        can_be_told=row.ballot_ts is not None and not waits_for_access,
        told=(row.workspace_id, f"result:{row.id}:{state}") in told,
    )


def _of_duties(db: Db, now: datetime) -> Iterable[Finding]:
    rows = db.execute(select(OUTBOX).where(is_installed(OUTBOX.c.workspace_id)))
    owed = [
        Owed(
            id=row.id,
            key=row.key,
            lane=(row.workspace_id, row.lane),
            state=row.state,
            leased=row.lease_owner is not None or row.leased_until is not None,
            owed_at=row.owed_at,
            not_before=row.not_before,
        )
        for row in rows
    ]
    return consistency.of_duties(owed, now)


def _keys(db: Db, kind: str) -> set[tuple[int, str]]:
    found = select(OUTBOX.c.workspace_id, OUTBOX.c.key).where(OUTBOX.c.key.startswith(f"{kind}:"))
    return {(row.workspace_id, row.key) for row in db.execute(found)}
