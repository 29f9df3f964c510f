"""The schema: made by the migrations, held against the models."""

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, event, inspect, text

from storage.engine import BUSY_MS, UnusableDatabase, writing_engine
from storage.migrate import DatabaseFromFuture, _config, check, revisions, upgrade
from storage.schema import METADATA
from storage.tables import TABLES
from tests.databases import Databases

REVISIONS = revisions()
ROWS = 3


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    engine = writing_engine(databases.empty())
    yield engine
    engine.dispose()


def test_the_files_are_named_in_the_order_of_their_revisions() -> None:
    """So nobody has to read them all to know where a database stands."""
    in_order = [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions("base", "heads")]

    assert list(reversed(in_order)) == list(revisions())


def test_the_migrations_make_exactly_what_the_models_say(empty: Engine) -> None:
    upgrade(empty)

    assert differences(empty) == []


def differences(engine: Engine) -> list[Any]:
    """Where the tables are not what the models say."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, METADATA))


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_revision_is_brought_forward_with_all_that_is_in_it(empty: Engine, revision: str) -> None:
    config = _config()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        fill(connection, tables := tables_of(connection))
        before = rows_of(connection, tables)
    assert {len(rows) for rows in before.values()} == {ROWS}

    upgrade(empty)

    with empty.connect() as connection:
        assert rows_of(connection, tables) == before
    assert differences(empty) == []


def tables_of(connection: Connection) -> list[Table]:
    """Those of ours that the database has, what is named by others first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection, tables: list[Table]) -> None:
    """The first row of each table names the first of every other, and so on; the last has only what it must have."""
    for table in tables:
        for number in range(1, ROWS + 1):
            columns = [each for each in table.columns if number < ROWS or not each.nullable]
            connection.execute(table.insert().values({each.name: value(each, number) for each in columns}))


def value(column: Column[Any], number: int) -> object:
    """What depends on type and number alone is the same in a foreign key and in what that names."""
    values = {
        bool: number % 2 == 0,
        int: number,
        str: str(number),
        object: {"number": number},  # JSON
        date: date(2026, 4, number),
        datetime: datetime(2026, 4, number, 13, tzinfo=UTC),
    }
    return values[column.type.python_type]


def rows_of(connection: Connection, tables: list[Table]) -> dict[str, list[str]]:
    return {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select())) for table in tables}


def test_unique_keys_and_foreign_keys_of_the_models_stand_in_the_database(empty: Engine) -> None:
    upgrade(empty)

    found = inspect(empty)
    for table in TABLES:
        keys = {tuple(sorted(key["constrained_columns"])) for key in found.get_foreign_keys(table.name)}
        assert keys == {tuple(sorted(key.columns.keys())) for key in table.foreign_key_constraints}, table.name
        assert {index["name"] for index in found.get_indexes(table.name) if not index.get("duplicates_constraint")} == {
            index.name for index in table.indexes
        }, table.name


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(empty: Engine) -> None:
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("INSERT INTO workspaces (enterprise_id, team_id, name) VALUES ('', 'T1', 'Moot')"))

    upgrade(empty)

    with empty.connect() as connection:
        assert connection.execute(text("SELECT name FROM workspaces")).scalars().all() == ["Moot"]
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_a_database_from_the_future_is_refused_by_name_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))

    with pytest.raises(DatabaseFromFuture, match="0999"):
        upgrade(engine)
    with pytest.raises(DatabaseFromFuture, match="0999"):
        check(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0999"


def test_whoever_only_reads_is_told_what_a_database_lacks(empty: Engine) -> None:
    with pytest.raises(UnusableDatabase, match="without minutes"):
        check(empty)
    upgrade(empty)
    check(empty)


def test_a_migration_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE spells (id INTEGER)"))  # in the way of a table that comes late

    with pytest.raises(UnusableDatabase, match="already exists"):
        upgrade(empty)

    assert [name for name in inspect(empty).get_table_names() if name != "alembic_version"] == ["spells"]


def test_what_is_no_sqlite_file_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database at all " * 100)
    with pytest.raises(UnusableDatabase, match="not a database"):
        upgrade(writing_engine(f"sqlite:///{tmp_path / 'notes.txt'}"))
    with pytest.raises(UnusableDatabase, match="unable to open"):
        upgrade(writing_engine(f"sqlite:///{tmp_path / 'nowhere' / 'folkmoot.db'}"))


@pytest.mark.engine("sqlite")
def test_the_file_is_durable_and_whole_and_readable_beside_the_writer(databases: Databases) -> None:
    engine = writing_engine(databases.migrated())
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING


@pytest.mark.engine("postgres")
def test_who_starts_while_another_migrates_waits_longer_than_for_any_other_lock(databases: Databases) -> None:
    address = databases.empty()
    slow, engine = writing_engine(address), writing_engine(address)
    migrating = threading.Event()

    @event.listens_for(slow, "commit")
    def take_long(_: object) -> None:
        migrating.set()
        threading.Event().wait(BUSY_MS / 1000 + 0.5)

    thread = threading.Thread(target=upgrade, args=[slow])
    thread.start()
    assert migrating.wait(60)
    upgrade(engine)
    thread.join()

    check(engine)
    slow.dispose()
    engine.dispose()
