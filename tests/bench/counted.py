"""What was acknowledged, counted again in the database once its server is dead."""

from collections.abc import Collection

from sqlalchemy import text

from storage.engine import reading_engine


class Lost(AssertionError):
    """Something was acknowledged that is not stored."""


def all_kept(acknowledged: Collection[str], kept: set[str]) -> None:
    """Raises Lost, and says how many are missing."""
    lost = len(set(acknowledged) - kept)
    if lost:
        raise Lost(f"{lost} of {len(acknowledged)} were acknowledged and are not stored")


def column(database: str, statement: str) -> set[str]:
    engine = reading_engine(database)
    try:
        with engine.connect() as connection:
            return {str(value) for value in connection.execute(text(statement)).scalars()}
    finally:
        engine.dispose()


def marks(database: str) -> set[str]:
    """The `event_ts` of every mark that is stored."""
    return column(database, "SELECT event_ts FROM marks")
