"""Engines: how a database address becomes connections that keep the promises (durable, in UTC, referentially whole)."""

import sqlite3
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "sqlite": "sqlite",
    "postgresql+psycopg": "postgresql+psycopg",
}
BUSY_MS = 2_000
"""Less than the three seconds in which Slack wants its answer: whoever asked is told, not left waiting."""

_POSTGRES: dict[str, Any] = {
    # A neighbour that is paused in a transaction must not keep us longer than whoever asked waits.
    "options": f"-c timezone=utc -c lock_timeout={BUSY_MS} -c idle_in_transaction_session_timeout=10000",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


class UnusableDatabase(Exception):
    """The address cannot be used; the sentence says what to write instead and never holds the address's password."""


def normalise(address: str) -> URL:
    """The address with the driver that we use; raises UnusableDatabase."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        raise UnusableDatabase("must look like sqlite:///folkmoot.db or postgresql://user@host/name") from None
    if url.drivername not in _DRIVERS:
        raise UnusableDatabase("must begin with sqlite:/// or postgresql://")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise UnusableDatabase("must name a file, such as sqlite:///folkmoot.db: minutes kept in memory are lost")
    if url.drivername != "sqlite" and find_spec("psycopg") is None:
        raise UnusableDatabase("needs PostgreSQL's driver: install folkmoot[postgres]")
    return url.set(drivername=_DRIVERS[url.drivername])


def file_of(address: str) -> Path | None:
    """The file that an SQLite address names; None for a server's."""
    url = normalise(address)
    return Path(url.database or "") if url.drivername == "sqlite" else None


def writing_engine(address: str) -> Engine:
    """The writer's engine. On SQLite every transaction takes the write lock at its beginning (BEGIN IMMEDIATE)."""
    return _engine(address, "BEGIN IMMEDIATE")


def reading_engine(address: str) -> Engine:
    """For long reads beside the writer: a transaction sees one state of the database from its first statement on."""
    return _engine(address, "BEGIN")


def _engine(address: str, begin: str) -> Engine:
    url = normalise(address)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True, connect_args=_POSTGRES, hide_parameters=True)
        event.listen(engine, "handle_error", _leave_out_details)
        return engine
    # What people wrote must not reach a log by way of an error's parameters.
    connect = {"check_same_thread": False, "cached_statements": 512}
    engine = create_engine(url, connect_args=connect, hide_parameters=True, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _prepare_sqlite)

    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", begin_transaction)
    return engine


def _leave_out_details(context: ExceptionContext) -> None:
    """PostgreSQL adds the whole row to some of its errors."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


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
