"""What a database looks like to somebody who must not change anything about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from os import W_OK, access
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine

from storage import installations
from storage.engine import UnusableDatabase, file_of, reading_engine
from storage.installations import Installation
from storage.migrate import is_current, revision, usable


class Schema(StrEnum):
    """`NONE` also where the file of an SQLite database is still to be made."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"


def examine(address: str) -> Schema:
    """The state of the schema; raises UnusableDatabase, and DatabaseFromFuture for one of a newer Folkmoot."""
    with _looked_at(address) as connection:
        return _schema(connection)


def installed(address: str) -> list[Installation] | None:
    """The workspaces that have installed the app; None where the schema is not this Folkmoot's. Raises as `examine`."""
    with _looked_at(address) as connection:
        state = _schema(connection)
        if connection is None or state is Schema.NONE:
            return []
        return installations.standing(connection) if state is Schema.CURRENT else None


def _schema(connection: Connection | None) -> Schema:
    if connection is None or revision(connection) is None:
        return Schema.NONE
    return Schema.CURRENT if is_current(connection) else Schema.OLDER


@contextmanager
def _looked_at(address: str) -> Iterator[Connection | None]:
    """A connection that changes nothing; None where the file of an SQLite database is still to be made."""
    file = file_of(address)
    if file is not None and not _is_there(file):
        yield None
        return
    engine = reading_engine(address) if file is None else _untouched(file)
    try:
        with usable(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _is_there(file: Path) -> bool:
    """Raises UnusableDatabase where the file is missing and cannot be made, and where it cannot be written."""
    if not file.parent.is_dir():
        raise UnusableDatabase(f"cannot be used: unable to open {file}: there is no such folder")
    if not access(file if file.exists() else file.parent, W_OK):
        raise UnusableDatabase(f"cannot be used: {file} cannot be written by this user")
    return file.exists()


def _untouched(file: Path) -> Engine:
    """SQLite would leave its two files beside one that nobody uses, and turn a foreign one to its own ways of writing.

    Where they are there already, somebody uses it, and it is read with what they have written.
    """
    used = file.with_name(f"{file.name}-wal").exists()
    uri = f"{file.resolve().as_uri()}?mode=ro{'' if used else '&immutable=1'}"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), hide_parameters=True)
