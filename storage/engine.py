"""Engines: how a database address becomes connections that keep the promises (durable, in UTC, referentially whole)."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite",
    "postgresql+psycopg": "postgresql+psycopg",
}
BUSY_MS = 5_000


class UnusableDatabase(Exception):
    """The address cannot be used; the sentence says what to write instead and never holds the address's password."""


def normalise(address: str) -> URL:
    """The address with the driver that we use; raises UnusableDatabase."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise UnusableDatabase("must look like sqlite:///folkmoot.db or postgresql://user@host/name") from None
    if url.drivername not in _DRIVERS:
        raise UnusableDatabase("must begin with sqlite:/// or postgresql://")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise UnusableDatabase("must name a file, such as sqlite:///folkmoot.db: minutes kept in memory are lost")
    return url.set(drivername=_DRIVERS[url.drivername])


def writing_engine(address: str) -> Engine:
    """The writer's engine. On SQLite every transaction takes the write lock at its beginning (BEGIN IMMEDIATE)."""
    return _engine(address, "BEGIN IMMEDIATE")


def reading_engine(address: str) -> Engine:
    """For long reads beside the writer: a transaction sees one state of the database from its first statement on."""
    return _engine(address, "BEGIN")


def _engine(address: str, begin: str) -> Engine:
    url = normalise(address)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"options": "-c timezone=utc"})
    engine = create_engine(url, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)

    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", begin_transaction)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes too late for snapshots and savepoints: we say it ourselves, on `begin`.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
