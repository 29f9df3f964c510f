"""A copy of an SQLite database that is whole, made while the bot writes on."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.engine import file_of


class BackupFailed(Exception):
    """No copy was made, and what was at its place stands as it was; the sentence says why."""


def back_up(address: str, to: Path) -> str:
    """Copy the database to a file, which is replaced only by a copy that was found whole; gives its revision.

    What was committed before the call is in it. Raises BackupFailed.
    """
    source, target = file_of(address), to.resolve()
    if source is None:
        raise BackupFailed("The minutes are in PostgreSQL: copy them with pg_dump.")
    _refuse_what_is_used(source, target)
    try:
        with _beside(target) as copy:
            revision = _copied(source, copy)
            os.replace(copy, target)
            _sync(target.parent)
    except (OSError, sqlite3.Error) as problem:
        raise BackupFailed(f"{to} cannot be written: {getattr(problem, 'strerror', None) or problem}.") from problem
    return revision


def _refuse_what_is_used(source: Path, target: Path) -> None:
    if not source.exists():
        raise BackupFailed(
            f"There is no database at {source}. Run this where `folkmoot run` runs, or set DATABASE_URL."
        )
    if target.exists() and target.samefile(source):
        raise BackupFailed(f"{target} is the database itself: name another file.")
    if target.with_name(f"{target.name}-wal").exists():
        raise BackupFailed(f"{target} is a database that is in use, or was left so: name another file.")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file in the same folder, for only there it can be moved into place; gone afterwards, whatever happens."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for left in (name, f"{name}-journal", f"{name}-wal", f"{name}-shm"):
            Path(left).unlink(missing_ok=True)


def _copied(source: Path, copy: Path) -> str:
    """Fill the copy from one moment of the source, and look whether it is whole; gives its schema's revision."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as filled:
        live.execute("PRAGMA query_only=ON")
        live.backup(filled)  # in one step: a writer beside it does not make it begin anew
        filled.execute("PRAGMA journal_mode=DELETE")  # one file, which can be read wherever it is put
        found = filled.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupFailed(f"The database is damaged, and so would be its copy: {found}.")
        try:
            revision = str(filled.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        except (sqlite3.OperationalError, TypeError):
            raise BackupFailed(f"{source} is a database without minutes.") from None
    _sync(copy)
    return revision


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
