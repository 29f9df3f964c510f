"""What a database looks like to somebody who must not change anything about it."""

import sqlite3
from enum import StrEnum
from os import W_OK, access
from pathlib import Path

from sqlalchemy import Engine, create_engine

from storage.engine import UnusableDatabase, file_of, reading_engine
from storage.migrate import is_current, revision, usable


class Schema(StrEnum):
    """`NONE` also where the file of an SQLite database is still to be made."""

    NONE = "none"
    OLDER = "older"
    CURRENT = "current"


def examine(address: str) -> Schema:
    """The state of the schema; raises UnusableDatabase, and DatabaseFromFuture for one of a newer Folkmoot."""
    file = file_of(address)
    if file is not None and not _is_there(file):
        return Schema.NONE
    engine = reading_engine(address) if file is None else _untouched(file)
    try:
        with usable(), engine.connect() as connection:
            if revision(connection) is None:
                return Schema.NONE
            return Schema.CURRENT if is_current(connection) else Schema.OLDER
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
