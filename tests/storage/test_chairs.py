"""Who chairs: kept in order, with those who ceased to; and sessions from before there were chairs have theirs."""

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, select, text

from storage import chairs, people, sessions
from storage.engine import writing_engine
from storage.migrate import _config, revisions, upgrade
from tests.databases import Databases
from tests.storage.sample import Gathering, after

REVISION = "0008"


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    engine = writing_engine(databases.empty())
    yield engine
    engine.dispose()


def chairs_of(moot: Gathering) -> tuple[int, ...]:
    return chairs.of_session(moot.db, moot.workspace, moot.session.id)


def test_whoever_starts_a_session_chairs_it_and_its_floor_is_open(moot: Gathering) -> None:
    assert chairs_of(moot) == (moot.ana,)
    assert not moot.session.chaired


def test_chairs_come_and_go_and_who_comes_again_is_the_last(moot: Gathering) -> None:
    dia = people.meet(moot.db, moot.workspace, "U0DIA").id
    for minute, person in enumerate((moot.ben, dia), 1):
        chairs.name(moot.db, moot.workspace, moot.session.id, person, by=moot.ana, at=after(minute))
    assert chairs_of(moot) == (moot.ana, moot.ben, dia)
    chairs.unname(moot.db, moot.workspace, moot.session.id, [moot.ana, moot.ben], at=after(3))
    assert chairs_of(moot) == (dia,)
    chairs.name(moot.db, moot.workspace, moot.session.id, moot.ana, by=dia, at=after(4))
    assert chairs_of(moot) == (dia, moot.ana)


def test_who_chaired_is_kept_with_by_whom_and_until_when(moot: Gathering) -> None:
    chairs.name(moot.db, moot.workspace, moot.session.id, moot.ben, by=moot.ana, at=after(1))
    chairs.unname(moot.db, moot.workspace, moot.session.id, [moot.ben], at=after(2))
    rows = moot.db.execute(select(chairs.CHAIRS).where(chairs.CHAIRS.c.person_id == moot.ben)).all()
    assert [(row.named_by, row.named_at, row.unnamed_at) for row in rows] == [(moot.ana, after(1), after(2))]


def test_chairs_of_one_session_are_none_of_another(moot: Gathering) -> None:
    elsewhere = sessions.begin(
        moot.db, moot.workspace, "C0OTHER", title="Other", place=None, starts=after(0), ends=after(9), by=moot.ben
    )
    chairs.unname(moot.db, moot.workspace, elsewhere.id, [moot.ana], at=after(1))
    assert chairs_of(moot) == (moot.ana,)
    assert chairs.of_session(moot.db, moot.workspace, elsewhere.id) == (moot.ben,)


def test_sessions_from_before_there_were_chairs_are_chaired_by_who_started_them(empty: Engine) -> None:
    with empty.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revisions()[revisions().index(REVISION) - 1])
        _hold_two_sessions(connection)

    upgrade(empty)

    with empty.connect() as connection:
        assert [chairs.of_session(connection, 1, session) for session in (1, 2)] == [(1,), (2,)]
        assert [sessions.get(connection, 1, session).chaired for session in (1, 2)] == [False, False]


def _hold_two_sessions(connection: Connection) -> None:
    connection.execute(text("INSERT INTO workspaces (id, enterprise_id, team_id, name) VALUES (1, '', 'T1', '')"))
    for number in (1, 2):
        for statement in (
            "INSERT INTO people (id, workspace_id, wants_reminders) VALUES (:number, 1, true)",
            "INSERT INTO sessions (id, workspace_id, channel_id, title, state, started_at, planned_end, started_by,"
            " last_spoken_at, warned, overrun_said, closings) VALUES (:number, 1, :channel, 'Moot', 'open',"
            " '2026-04-21 13:00:00+00:00', '2026-04-21 14:00:00+00:00', :number, '2026-04-21 13:00:00+00:00',"
            " false, false, 0)",
        ):
            connection.execute(text(statement), {"number": number, "channel": f"C{number}"})
