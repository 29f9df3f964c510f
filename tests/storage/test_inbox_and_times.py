"""The inbox, and times: aware, and in UTC on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, select
from sqlalchemy.exc import StatementError

from storage import inbox, people
from storage.types import UtcDateTime
from tests.storage.sample import Gathering, after

TIMES = Table("times", MetaData(), Column("at", UtcDateTime))


def test_a_delivery_is_handled_once_in_each_workspace(moot: Gathering) -> None:
    elsewhere = people.workspace(moot.db, "T0OTHER")

    assert inbox.first_time(moot.db, moot.workspace, "Ev1", after(0))
    assert not inbox.first_time(moot.db, moot.workspace, "Ev1", after(1))
    assert inbox.first_time(moot.db, moot.workspace, "Ev2", after(0))
    assert inbox.first_time(moot.db, elsewhere, "Ev1", after(0))


def test_what_slack_will_not_repeat_is_forgotten(moot: Gathering) -> None:
    inbox.first_time(moot.db, moot.workspace, "old", after(0))
    inbox.first_time(moot.db, moot.workspace, "new", after(10))

    assert inbox.purge(moot.db, after(10)) == 1
    assert not inbox.first_time(moot.db, moot.workspace, "new", after(20))


@pytest.fixture
def times(db: Connection) -> Connection:
    TIMES.create(db)
    return db


def test_a_time_comes_back_in_utc_to_the_microsecond(times: Connection) -> None:
    local = datetime(2026, 4, 21, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-4)))
    times.execute(TIMES.insert(), [{"at": local}, {"at": None}])

    found = times.execute(select(TIMES.c.at).where(TIMES.c.at.is_not(None))).scalar_one()
    assert found == local
    assert found.tzinfo is UTC
    assert times.execute(select(TIMES.c.at).where(TIMES.c.at == local.astimezone(UTC))).scalar_one() == local


def test_a_time_without_a_zone_is_refused(times: Connection) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        times.execute(TIMES.insert(), {"at": datetime(2026, 4, 21)})  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a zone"):
        times.execute(select(TIMES).where(TIMES.c.at < datetime(2026, 4, 21)))  # noqa: DTZ001
