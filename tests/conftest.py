"""What all rooms of the tests share: a database on either engine, made by the migrations."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.databases import Postgres, SqliteFiles


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> "SqliteFiles":
    from tests.databases import SqliteFiles

    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    """A real PostgreSQL server, started for the first test that asks for it."""
    from tests.databases import Postgres

    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> "SqliteFiles | Postgres":
    """Where a test gets its databases from: it runs once on either engine."""
    name = "sqlite_files" if request.param == "sqlite" else "postgres"
    found: SqliteFiles | Postgres = request.getfixturevalue(name)
    return found
