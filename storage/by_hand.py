"""Changes from the command line: one use case in one transaction, beside the bot where several processes may write."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

from storage import neighbours
from storage.db import Db
from storage.engine import file_of, writing_engine
from storage.lock import DatabaseLock
from storage.migrate import usable

T = TypeVar("T")
US = "by hand"
"""Our name among the neighbours."""


@contextmanager
def alone(address: str) -> Iterator[None]:
    """While this lasts, no bot works on an SQLite file; raises UnusableDatabase where one does already."""
    lock = DatabaseLock(address)
    lock.take()
    try:
        yield
    finally:
        lock.release()


def change(address: str, use_case: Callable[..., T], *args: Any, holding: Callable[[Db], Iterable[str]]) -> T:
    """Run `use_case(db, *args)`; `holding` names what nobody else may change meanwhile. Raises UnusableDatabase."""
    engine = writing_engine(address)
    try:
        with usable(), engine.begin() as db:
            neighbours.meet(db, US, holding(db))
            return use_case(db, *args)
    finally:
        engine.dispose()


def scrub(address: str) -> None:
    """Write an SQLite file anew, with its log: what was erased is in none of its bytes then."""
    if file_of(address) is None:
        return
    engine = writing_engine(address)
    with usable(), closing(engine.raw_connection()) as connection:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.cursor().execute(statement)
    engine.dispose()
