"""Bringing a database's schema up to date, and saying why one cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.engine import UnusableDatabase

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x666F6C6B
"""Our own number among PostgreSQL's advisory locks: processes that start at once migrate one after the other."""


class DatabaseFromFuture(Exception):
    """The database was written by a newer Folkmoot; the message names the revision that this one does not know."""


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing.

    Raises DatabaseFromFuture and leaves such a database alone, and UnusableDatabase where it cannot be opened.
    """
    with usable(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Another process may migrate for long, and this one has nothing else to do.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if revision(connection) != revisions()[-1]:
            from alembic import command  # here, because it is not wanted at most starts, and takes long to load

            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """For whoever only reads: raises UnusableDatabase or DatabaseFromFuture unless the schema is the one we know."""
    with usable(), engine.connect() as connection:
        found = revision(connection)
    if found is None:
        raise UnusableDatabase("names a database without minutes: `folkmoot run` makes them")
    if found != revisions()[-1]:
        raise UnusableDatabase("names a database of an older Folkmoot: `folkmoot run` brings it up to date")


def is_current(connection: Connection) -> bool:
    """Whether the schema is the one that we know, for whoever asks again and again."""
    return _stored(connection) == revisions()[-1]


@cache
def revisions() -> tuple[str, ...]:
    """All that we know, in their order, by the names of their files: Alembic would read and compile every one."""
    return tuple(sorted(script.name.partition("_")[0] for script in (_SCRIPTS / "versions").glob("[0-9]*.py")))


def _stored(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def revision(connection: Connection) -> str | None:
    """The schema's; None where there is none. Raises DatabaseFromFuture for one that we do not know."""
    found = _stored(connection)
    if found is not None and found not in revisions():
        raise DatabaseFromFuture(found)
    return found


@contextmanager
def usable() -> Iterator[None]:
    """What the driver says against a database, as UnusableDatabase."""
    try:
        yield
    except DBAPIError as failure:
        raise UnusableDatabase(f"cannot be used: {str(failure.orig).strip().splitlines()[0]}") from failure


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
