"""A prepared statement says and keeps the same as SQLAlchemy's own way, on every database."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from minutes.entry import EntryKind
from storage import people, prepared
from storage.db import Db
from storage.engine import reading_engine, writing_engine
from storage.schema import ENTRIES, SESSIONS, WORKSPACES
from storage.writer import Writer
from tests.storage.sample import Gathering

ALL_ENTRIES = select(ENTRIES).where(ENTRIES.c.workspace_id == bindparam("workspace")).order_by(ENTRIES.c.id)
OF_TEAM = select(WORKSPACES.c.id).where(WORKSPACES.c.team_id == bindparam("team"))
TEAMS = select(WORKSPACES.c.team_id)
NEW_TEAM = insert(WORKSPACES)
CHANGED = update(SESSIONS).where(SESSIONS.c.id == bindparam("session"))
RENAMED = CHANGED.returning(SESSIONS.c.title, SESSIONS.c.warned)


@pytest.fixture
def kept(moot: Gathering) -> Gathering:
    """Entries of every kind of value: times, days, lists, truths, and what is not there."""
    moot.note("Traces")
    moot.note("Buy a pump", line=1, kind=EntryKind.ACTION, owners=(moot.ana, moot.ben), due=date(2026, 5, 6))
    return moot


def test_rows_have_the_same_names_and_values(kept: Gathering) -> None:
    mine = {"workspace": kept.workspace}
    usual = kept.db.execute(ALL_ENTRIES, mine).all()

    found = prepared.rows(kept.db, ALL_ENTRIES, mine)

    assert [each._asdict() for each in found] == [each._asdict() for each in usual]
    assert [type(value) for each in found for value in each] == [type(value) for each in usual for value in each]
    assert list(prepared.each(kept.db, ALL_ENTRIES, mine)) == found


def test_what_is_inserted_has_the_defaults_of_its_columns(kept: Gathering) -> None:
    values = {"enterprise_id": "", "name": ""}

    assert prepared.count(kept.db, NEW_TEAM, values | {"team_id": "T0ONE"}) == 1
    kept.db.execute(NEW_TEAM, values | {"team_id": "T0OTHER"})

    one, other = (
        kept.db.execute(select(WORKSPACES).where(WORKSPACES.c.team_id == team)).one()._asdict()
        for team in ("T0ONE", "T0OTHER")
    )
    same = {"id": 0, "team_id": ""}
    assert one | same == other | same


def test_what_is_changed_is_told(kept: Gathering) -> None:
    mine = {"session": kept.session.id}

    assert tuple(prepared.one(kept.db, RENAMED, mine | {"title": "Moot"}) or ()) == ("Moot", False)
    assert prepared.one(kept.db, RENAMED, mine | {"session": 0, "title": "Nobody's"}) is None
    assert prepared.count(kept.db, CHANGED, mine | {"warned": True}) == 1
    assert prepared.count(kept.db, CHANGED, {"session": 0, "warned": True}) == 0


def test_one_row_at_most_is_one(kept: Gathering) -> None:
    people.workspace(kept.db, "T0OTHER")

    assert prepared.value(kept.db, OF_TEAM, {"team": "T0MOOT"}) == kept.workspace
    assert prepared.value(kept.db, OF_TEAM, {"team": "T0NONE"}) is None
    with pytest.raises(ValueError, match="2 rows"):
        prepared.one(kept.db, TEAMS, {})


def test_what_the_database_refuses_is_sqlalchemys_error(kept: Gathering) -> None:
    with pytest.raises(IntegrityError), kept.db.begin_nested():
        prepared.count(kept.db, NEW_TEAM, {"enterprise_id": "", "team_id": "T0MOOT", "name": ""})


@pytest.mark.engine("sqlite")
def test_an_error_while_rows_are_read_is_sqlalchemys_too(kept: Gathering) -> None:
    kept.note("1", "0.000001")
    as_json = select(func.json(ENTRIES.c.text)).order_by(ENTRIES.c.message)

    for read in (prepared.rows, prepared.each):
        with pytest.raises(OperationalError, match="malformed JSON"):
            list(read(kept.db, as_json, {}))


def test_a_parameter_that_is_left_out_is_missed(kept: Gathering) -> None:
    for nothing in ({}, {"session": 1}):
        with pytest.raises(SQLAlchemyError, match="is required"):
            prepared.rows(kept.db, OF_TEAM, nothing)
    with pytest.raises(SQLAlchemyError, match="is required"):
        prepared.count(kept.db, CHANGED, {"warned": True})


@pytest.fixture
def reader(address: str) -> Iterator[Connection]:
    engine = reading_engine(address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.engine("sqlite")
def test_what_is_read_is_of_one_moment(address: str, reader: Connection) -> None:
    def meet(db: Db, team: str) -> int:
        return people.workspace(db, team)

    async def scene() -> None:
        writer = Writer(writing_engine(address))
        await writer.run(meet, "T0MOOT")
        before = prepared.rows(reader, TEAMS, {})
        await writer.run(meet, "T0LATER")
        assert prepared.rows(reader, TEAMS, {}) == before
        await writer.close()

    asyncio.run(scene())
