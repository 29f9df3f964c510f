"""The schema: made by the migrations, held against the models."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from storage.engine import UnusableDatabase, writing_engine
from storage.migrate import DatabaseFromFuture, check, upgrade
from storage.schema import Base
from tests.databases import Postgres, SqliteFiles


@pytest.fixture
def empty(databases: SqliteFiles | Postgres) -> Iterator[Engine]:
    engine = writing_engine(databases.empty())
    yield engine
    engine.dispose()


def test_the_migrations_make_exactly_what_the_models_say(empty: Engine) -> None:
    upgrade(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_unique_keys_and_foreign_keys_of_the_models_stand_in_the_database(empty: Engine) -> None:
    upgrade(empty)

    found = inspect(empty)
    for table in Base.metadata.sorted_tables:
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


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database at all " * 100)
    with pytest.raises(UnusableDatabase, match="not a database"):
        upgrade(writing_engine(f"sqlite:///{tmp_path / 'notes.txt'}"))
    with pytest.raises(UnusableDatabase, match="unable to open"):
        upgrade(writing_engine(f"sqlite:///{tmp_path / 'nowhere' / 'folkmoot.db'}"))


def test_the_file_is_durable_and_whole_and_readable_beside_the_writer(sqlite_files: SqliteFiles) -> None:
    engine = writing_engine(sqlite_files.migrated())
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert sqlite3.sqlite_version_info >= (3, 35)  # RETURNING
