"""Prepared statements: for what is done with every vote, where SQLAlchemy takes thrice as long as SQLite itself.

They are put together by SQLAlchemy like all others, but compiled once, and carried out on SQLite's own connection.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert

from storage.db import Db

Build = Callable[[str], ReturningInsert[Any]]
"""Puts a statement together for a dialect by its name. What varies is a bindparam without a value."""
_Part = tuple[str, Callable[[Any], Any] | None, Any]


def first(db: Db, build: Build, values: Mapping[str, Any]) -> Sequence[Any] | None:
    """Carry the statement out and give its first row, as the driver has it; None where there is none."""
    if db.dialect.name != "sqlite":
        return db.execute(_statement(build, db.dialect.name), values).first()
    sql, parts = _compiled(build, db.dialect)
    filled = [_stored(store, values[name]) if name in values else fixed for name, store, fixed in parts]
    found: Sequence[Any] | None = cast(Any, db.connection.driver_connection).execute(sql, filled).fetchone()
    return found


def _stored(store: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if store is None else store(value)


@cache
def _statement(build: Build, dialect: str) -> ReturningInsert[Any]:
    return build(dialect)


@cache
def _compiled(build: Build, dialect: Dialect) -> tuple[str, tuple[_Part, ...]]:
    """Its text, and of each parameter, in order, its name, what makes of a value what is stored, and what is fixed."""
    compiled = _statement(build, dialect.name).compile(dialect=dialect)
    return str(compiled), tuple(_part(compiled, name, dialect) for name in compiled.positiontup or ())


def _part(compiled: SQLCompiler, name: str, dialect: Dialect) -> _Part:
    bind = compiled.binds[name]
    store = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return name, store, None if bind.required else _stored(store, bind.value)
