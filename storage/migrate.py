"""Bringing a database's schema up to date, and saying why one cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.engine import UnusableDatabase

_SCRIPTS = Path(__file__).with_name("migrations")
_LOCK = 0x666F6C6B
"""Our own number among PostgreSQL's advisory locks: processes that start at once migrate one after the other."""


class DatabaseFromFuture(Exception):
    """The database was written by a newer Folkmoot; the message names the revision that this one does not know."""


def upgrade(engine: Engine) -> None:
    """Apply every migration that is missing.

    Raises DatabaseFromFuture and leaves such a database alone, and UnusableDatabase where it cannot be opened.
    """
    config = _config()
    with _usable(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _revision(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """For whoever only reads: raises UnusableDatabase or DatabaseFromFuture unless the schema is the one we know."""
    scripts = ScriptDirectory.from_config(_config())
    with _usable(), engine.connect() as connection:
        revision = _revision(connection, scripts)
    if revision is None:
        raise UnusableDatabase("names a database without minutes: `folkmoot run` makes them")
    if revision != scripts.get_current_head():
        raise UnusableDatabase("names a database of an older Folkmoot: `folkmoot run` brings it up to date")


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseFromFuture(revision)
    return revision


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except DBAPIError as failure:
        raise UnusableDatabase(f"cannot be used: {str(failure.orig).strip().splitlines()[0]}") from failure


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
