"""Where somebody is named: the sessions whose record, card or ballots may show a person."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, or_, select, union

from minutes.ids import PersonId
from minutes.text import mention
from storage.chair_schema import CHAIRS
from storage.db import Db
from storage.message_schema import FILES
from storage.schema import ENTRIES, LINKS, PARTICIPATIONS, SESSIONS, TOPICS
from storage.vote_schema import MARKS, PROPOSALS, REASONS


def naming(db: Db, workspace: int, person: PersonId, among: Collection[int]) -> frozenset[int]:
    """Of these sessions, those that name somebody, and perhaps a few that do not: none is left out."""
    of_sessions = (
        select(SESSIONS.c.id).where(
            SESSIONS.c.id.in_(among),
            _any(person, SESSIONS.c.started_by, said=(SESSIONS.c.title, SESSIONS.c.place)),
        ),
        _of(PARTICIPATIONS, workspace, among).where(PARTICIPATIONS.c.person_id == person),
        _of(LINKS, workspace, among).where(LINKS.c.person_id == person),
        _of(FILES, workspace, among).where(FILES.c.person_id == person),
        _of(CHAIRS, workspace, among).where(CHAIRS.c.person_id == person),
        _of(TOPICS, workspace, among).where(_any(person, TOPICS.c.brought_by, said=(TOPICS.c.title,))),
        _of(ENTRIES, workspace, among).where(
            _any(
                person,
                ENTRIES.c.author_id,
                ENTRIES.c.said_by,
                ENTRIES.c.revised_by,
                said=(ENTRIES.c.text,),
                listed=(ENTRIES.c.owners,),
            )
        ),
    )
    found = union(*of_sessions, *_in_votes(workspace, person, among))
    return frozenset(db.execute(found).scalars()) if among else frozenset()


def _in_votes(workspace: int, person: PersonId, among: Collection[int]) -> list[Select[Any]]:
    put, roll = PROPOSALS.c, (PROPOSALS.c.roll, PROPOSALS.c.roll_wish)
    on_ballot = (
        (MARKS.c.workspace_id == put.workspace_id)
        & (MARKS.c.channel_id == put.channel_id)
        & (MARKS.c.message_ts == put.ballot_ts)
    )
    return [
        _of(PROPOSALS, workspace, among).where(
            _any(person, put.proposer_id, put.closed_by, put.resolved_by, said=(put.text,), listed=roll)
        ),
        # Ballot by ballot: joined, SQLite would begin with all marks of the workspace.
        _of(PROPOSALS, workspace, among).where(exists().where(on_ballot, MARKS.c.person_id == person)),
        _of(PROPOSALS, workspace, among)
        .join(REASONS, REASONS.c.proposal_id == put.id)
        .where(_any(person, REASONS.c.person_id, said=(REASONS.c.text,))),
    ]


def _of(rows: Any, workspace: int, among: Collection[int]) -> Select[Any]:
    """By workspace as well, for that is how the indexes begin."""
    return select(rows.c.session_id).where(rows.c.workspace_id == workspace, rows.c.session_id.in_(among))


def _any(
    person: PersonId, *by: ColumnElement[Any], said: Collection[Any] = (), listed: Collection[Any] = ()
) -> ColumnElement[bool]:
    """`by` are columns with one number, `said` texts with mentions, `listed` JSON in which 12 is found in 112, too."""
    named = (column.contains(mention(str(person))) for column in said)
    in_list = (cast(column, Text).contains(str(person)) for column in listed)
    return or_(*(column == person for column in by), *named, *in_list)
