"""Finding again: what was recorded, decided and voted on in past sessions, and whose actions are open.

Everything is asked for a workspace and the channels that somebody is in: nothing else is even read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select

from minutes.entry import EntryKind
from minutes.ids import ChannelId, PersonId
from minutes.proposal import ProposalState
from minutes.session import Session, SessionState
from storage import sessions
from storage.db import Db
from storage.entries import KeptEntry, of_rows
from storage.schema import ENTRIES, SESSIONS, TOPICS
from storage.vote_schema import PROPOSALS

Words = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Something found: a session (by its title), or in it a topic, an entry by its number, or a proposal, by id."""

    session: int
    at: datetime
    topic: int | None = None
    entry: int | None = None
    proposal: int | None = None


def held_in(db: Db, workspace: int, channels: Collection[ChannelId]) -> list[ChannelId]:
    """Of these channels, those that have had a session: people can be in thousands of others."""
    found = select(SESSIONS.c.channel_id).where(SESSIONS.c.workspace_id == workspace).distinct()
    return sorted(set(db.execute(found).scalars()).intersection(channels))


def places(db: Db, workspace: int, channels: Sequence[ChannelId], words: Words, most: int) -> list[Place]:
    """Where all these words stand, each in its folded form or as one of its stand-ins; the newest first."""
    sought = (_sessions(words), _topics(words), _entries(words), _proposals(words))
    found = [place for query in sought for place in _places(db, workspace, channels, query, most)]
    return sorted(found, key=lambda place: (place.at, place.session), reverse=True)[:most]


def in_channels(
    db: Db, workspace: int, channels: Collection[ChannelId], most: int, *states: SessionState
) -> list[Session]:
    """The newest sessions of some channels."""
    found = (
        select(SESSIONS.c.id)
        .where(_here(workspace, channels), SESSIONS.c.state.in_(states))
        .order_by(SESSIONS.c.started_at.desc(), SESSIONS.c.id.desc())
        .limit(most)
    )
    return [sessions.get(db, workspace, number) for number in db.execute(found).scalars()]


def count_in(db: Db, workspace: int, channels: Collection[ChannelId], *states: SessionState) -> int:
    counted = select(func.count()).where(_here(workspace, channels), SESSIONS.c.state.in_(states))
    return int(db.execute(counted).scalar_one())


def counts(db: Db, workspace: int, session: int) -> tuple[int, int]:
    """How many decisions and how many actions stand in a session."""
    standing = (ENTRIES.c.workspace_id == workspace, ENTRIES.c.session_id == session, *_standing())
    kinds = select(ENTRIES.c.kind, func.count()).where(*standing).group_by(ENTRIES.c.kind)
    number = {str(kind): int(count) for kind, count in db.execute(kinds)}
    accepted = select(func.count()).where(
        PROPOSALS.c.workspace_id == workspace,
        PROPOSALS.c.session_id == session,
        PROPOSALS.c.state == ProposalState.ACCEPTED,
    )
    decisions = number.get(EntryKind.DECISION, 0) + int(db.execute(accepted).scalar_one())
    return decisions, number.get(EntryKind.ACTION, 0)


def actions_of(db: Db, workspace: int, person: PersonId, channels: Collection[ChannelId]) -> list[KeptEntry]:
    """What somebody has taken on and not taken back, done or not, in sessions that were not discarded."""
    owned = cast(ENTRIES.c.owners, Text).contains(str(person))  # finds 12 in 112, too
    found = (
        select(ENTRIES)
        .join(SESSIONS, (SESSIONS.c.workspace_id == ENTRIES.c.workspace_id) & (SESSIONS.c.id == ENTRIES.c.session_id))
        .where(_here(workspace, channels), SESSIONS.c.state != SessionState.DISCARDED)
        .where(ENTRIES.c.kind == EntryKind.ACTION, owned, *_standing())
        .order_by(ENTRIES.c.id)
    )
    return [each for each in of_rows(db.execute(found)) if person in each.entry.owners]


def done_since(
    db: Db, workspace: int, person: PersonId, channels: Collection[ChannelId], since: datetime, most: int
) -> list[KeptEntry]:
    """What somebody has said is done lately, the newest first: it may have been a mistake."""
    found = (
        select(ENTRIES)
        .where(ENTRIES.c.workspace_id == workspace, ENTRIES.c.channel_id.in_(channels), ENTRIES.c.done.is_(True))
        .where(ENTRIES.c.kind == EntryKind.ACTION, ENTRIES.c.revised_by == person, ENTRIES.c.revised_at >= since)
        .where(*_standing())
        .order_by(ENTRIES.c.id.desc())
        .limit(most)
    )
    return of_rows(db.execute(found))


def _here(workspace: int, channels: Collection[ChannelId]) -> ColumnElement[bool]:
    return (SESSIONS.c.workspace_id == workspace) & SESSIONS.c.channel_id.in_(channels)


def _standing() -> tuple[ColumnElement[bool], ...]:
    """The newest revision, where it was not taken back."""
    other = ENTRIES.alias()
    newest = select(func.max(other.c.revision)).where(
        other.c.workspace_id == ENTRIES.c.workspace_id,
        other.c.session_id == ENTRIES.c.session_id,
        other.c.number == ENTRIES.c.number,
    )
    return ENTRIES.c.standing.is_(True), ENTRIES.c.revision == newest.correlate(ENTRIES).scalar_subquery()


def _places(db: Db, workspace: int, channels: Sequence[ChannelId], query: Select[Any], most: int) -> list[Place]:
    seen = (_here(workspace, channels), SESSIONS.c.state != SessionState.DISCARDED)
    rows = db.execute(query.where(*seen).order_by(query.selected_columns["at"].desc()).limit(most))
    return [Place(**row._mapping) for row in rows]


def _has(column: ColumnElement[Any], words: Words) -> list[ColumnElement[bool]]:
    return [or_(*(column.contains(each, autoescape=True) for each in word)) for word in words]


def _of(table: Any) -> ColumnElement[bool]:
    joined: ColumnElement[bool] = (SESSIONS.c.workspace_id == table.c.workspace_id) & (
        SESSIONS.c.id == table.c.session_id
    )
    return joined


def _sessions(words: Words) -> Select[Any]:
    found = select(SESSIONS.c.id.label("session"), SESSIONS.c.started_at.label("at"))
    return found.where(*_has(SESSIONS.c.folded, words))


def _topics(words: Words) -> Select[Any]:
    found = select(SESSIONS.c.id.label("session"), SESSIONS.c.started_at.label("at"), TOPICS.c.id.label("topic"))
    return found.join(TOPICS, _of(TOPICS)).where(TOPICS.c.number.is_not(None), *_has(TOPICS.c.folded, words))


def _entries(words: Words) -> Select[Any]:
    found = select(SESSIONS.c.id.label("session"), ENTRIES.c.said_at.label("at"), ENTRIES.c.number.label("entry"))
    return found.join(ENTRIES, _of(ENTRIES)).where(*_has(ENTRIES.c.folded, words), *_standing())


def _proposals(words: Words) -> Select[Any]:
    found = select(
        SESSIONS.c.id.label("session"), PROPOSALS.c.proposed_at.label("at"), PROPOSALS.c.id.label("proposal")
    )
    told = PROPOSALS.c.folded + " " + PROPOSALS.c.state  # “accepted” finds what was
    return found.join(PROPOSALS, _of(PROPOSALS)).where(*_has(told, words))
