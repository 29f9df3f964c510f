"""Neighbours: several processes on one PostgreSQL, which keep out of each other's way and tell each other of changes.

On SQLite there is one process, so that there nothing of this does anything.
"""

import logging
import selectors
import socket
import threading
import zlib
from collections.abc import Callable, Iterable
from typing import Any, cast

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

ROOM = 0x6D6F6F74
"""Our own room among PostgreSQL's advisory locks (the other one, of a single number, is the migrations')."""

_BELL = "folkmoot"
_AFTER_FAILURE = 1.0
_LOST_RACES = frozenset({"23505", "23503", "40001", "40P01"})
"""SQLSTATE of a key that somebody else was quicker with, of one taken away, and of transactions that met."""

_NOT_LET_GO = "55P03"

_MEET = text(
    "SELECT pg_notify(:bell, :us), (SELECT count(CASE WHEN alone THEN pg_advisory_xact_lock(:room, key) "
    "ELSE pg_advisory_xact_lock_shared(:room, key) END) "
    "FROM unnest(CAST(:keys AS int[]), CAST(:alone AS bool[])) AS held(key, alone))"
)
log = logging.getLogger(__name__)


def meet(db: Connection, us: str, held: Iterable[str], shared: Iterable[str] = ()) -> None:
    """Hold these names until the transaction ends, and tell the neighbours at its end that something has changed.

    What is `shared` others can share, and nobody can hold. All names of a transaction at once and in one order, so that
    no two processes wait for each other.
    """
    if db.dialect.name == "postgresql":
        alone = {key_of(name) for name in held}
        keys = sorted(alone | {key_of(name) for name in shared})
        names = {"keys": keys, "alone": [key in alone for key in keys]}
        db.execute(_MEET, names | {"bell": _BELL, "us": us, "room": ROOM})


def key_of(name: str) -> int:
    """A name as PostgreSQL takes it, in 32 bits: two names that share one are held together, which does no harm."""
    return zlib.crc32(name.encode()) - 2**31


def locked_out(db: Connection, error: BaseException | None) -> bool:
    """Whether somebody has not let go of what a use case needed, for as long as one can wait."""
    if db.dialect.name != "postgresql" or not isinstance(error, DBAPIError):
        return False
    return getattr(error.orig, "sqlstate", None) == _NOT_LET_GO


def lost_race(db: Connection, error: Exception) -> bool:
    """Whether a use case failed only because a neighbour was quicker: done again, it sees what the neighbour did."""
    if db.dialect.name != "postgresql" or not isinstance(error, DBAPIError):
        return False
    return getattr(error.orig, "sqlstate", None) in _LOST_RACES


class Bell:
    """Rings when a neighbour has changed something, and after every break in which it could not have rung."""

    def __init__(self, engine: Engine, us: str, on_ring: Callable[[], None]) -> None:
        """`on_ring` is called on a thread of the bell's own; `us` is whose changes are not news."""
        self._engine, self._us, self._on_ring = engine, us, on_ring
        self._closing = threading.Event()
        self._woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
        if engine.dialect.name == "postgresql":
            self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._waker.close()
        if self._thread.is_alive():
            self._thread.join()
        self._woken.close()
        self._engine.dispose()

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                self._hear_out()
            except Exception as failure:
                log.warning("the database does not tell of changes now (%s)", type(failure).__name__)
                self._closing.wait(_AFTER_FAILURE)

    def _hear_out(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"LISTEN {_BELL}")
            self._on_ring()
            driver = cast(Any, connection.connection.driver_connection)
            with selectors.DefaultSelector() as either:
                either.register(driver, selectors.EVENT_READ)
                either.register(self._woken, selectors.EVENT_READ)
                while not self._closing.is_set():
                    either.select()
                    if any(note.payload != self._us for note in driver.notifies(timeout=0)):
                        self._on_ring()
