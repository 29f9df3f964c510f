"""What a use case holds while it runs: a connection inside a transaction that is not its own to end."""

from functools import cache
from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, Insert, Row, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import ReturningInsert

from storage import prepared

Db = Connection


def add(db: Db, into: Table, **values: Any) -> int:
    """Insert one row and give its id."""
    return int(cast(Any, prepared.value(db, _insert(into), values)))


def add_once(db: Db, into: Table, **values: Any) -> bool:
    """Insert one row unless a unique key says that it is there already; True where it was new.

    A value may be a subquery.
    """
    told = {name: value for name, value in values.items() if isinstance(value, ClauseElement)}
    once = _insert_once(into, db.dialect.name)
    plain = {name: value for name, value in values.items() if name not in told}
    if told:
        return db.execute(once.values(**told), plain, execution_options={"preserve_rowcount": True}).rowcount == 1
    return prepared.count(db, once, plain) == 1


def add_new(db: Db, into: Table, **values: Any) -> Row[Any] | None:
    """The same, and the whole row as it was stored; None where it was there already."""
    return prepared.one(db, _insert_new(into, db.dialect.name), values)


@cache
def _insert(into: Table) -> ReturningInsert[Any]:
    """Put together once: for the statements that are wanted with every event, that takes longer than to carry out."""
    return into.insert().returning(into.c.id)


@cache
def _insert_once(into: Table, dialect: str) -> Insert:
    once: Insert = inserting(into, dialect).on_conflict_do_nothing()
    return once


@cache
def _insert_new(into: Table, dialect: str) -> ReturningInsert[Any]:
    return _insert_once(into, dialect).returning(into)


def inserting(into: Table, dialect: str) -> Any:
    """The database's own INSERT, which can tell what to do where the row is there already."""
    return (sqlite_insert if dialect == "sqlite" else postgresql_insert)(into)
