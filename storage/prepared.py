"""Prepared statements: what is asked and told all the time, where SQLAlchemy takes thrice as long as SQLite itself.

They are put together by SQLAlchemy like all others, once each, and compiled once; on SQLite they then run on the
driver's own connection, with what SQLAlchemy's types make of each value. Elsewhere they go the ordinary way.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

FEW = 4
"""So many are asked for one by one, which is quicker than to put a statement together for all of them."""
T = TypeVar("T")
Values = Mapping[str, Any]
Change = Callable[[Any], Any] | None
"""What makes of a value what is stored, or of what is stored a value; None where they are the same."""


class _Ready(NamedTuple):
    """Its parameters in their order, each with the value that it always has, if it has one; and its columns."""

    sql: str
    parameters: tuple[tuple[str, Change, Any], ...]
    columns: tuple[tuple[int, Callable[[Any], Any]], ...]
    row: Callable[[Sequence[Any]], Any]


def rows(db: Connection, statement: Executable, values: Values) -> Sequence[Any]:
    """All rows, by the names of their columns. The statement is one for ever, and put together but once."""
    if db.dialect.name != "sqlite":
        return db.execute(statement, values).all()
    ready = _ready(statement, tuple(values), db.dialect)
    return _carried_out(db, ready, values, lambda cursor: [_row(ready, each) for each in cursor])


def each(db: Connection, statement: Executable, values: Values) -> Iterator[Any]:
    """The same one after the other, for what may be long; whoever asks reads it to its end in the same transaction."""
    if db.dialect.name != "sqlite":
        yield from db.execute(statement, values)
        return
    ready = _ready(statement, tuple(values), db.dialect)
    cursor = _carried_out(db, ready, values, lambda cursor: cursor)
    try:
        for stored in cursor:
            yield _row(ready, stored)
    except sqlite3.Error as error:
        raise _as_sqlalchemy_says(ready, error) from error


def one(db: Connection, statement: Executable, values: Values) -> Any | None:
    """Its only row, if there is one; raises ValueError where there are several."""
    found = rows(db, statement, values)
    if len(found) > 1:
        raise ValueError(f"{len(found)} rows, and one at most was expected")
    return found[0] if found else None


def value(db: Connection, statement: Executable, values: Values) -> Any | None:
    """Its only row's first column."""
    found = one(db, statement, values)
    return None if found is None else found[0]


def count(db: Connection, statement: Executable, values: Values) -> int:
    """How many rows it has changed; it returns none of them."""
    if db.dialect.name != "sqlite":
        # SQLAlchemy forgets an INSERT's row count unless it is told to keep it (psycopg closes the cursor).
        return db.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount
    ready = _ready(statement, tuple(values), db.dialect)
    return _carried_out(db, ready, values, lambda cursor: cursor.rowcount)


def _carried_out(db: Connection, ready: _Ready, values: Values, taken: Callable[[sqlite3.Cursor], T]) -> T:
    """What is `taken` from it. What SQLite says against it, also while it is read, is said as SQLAlchemy says it."""
    if not db.in_transaction():
        db.begin()  # all that is read is of one moment
    filled = [_changed(change, values[name]) if name in values else fixed for name, change, fixed in ready.parameters]
    try:
        return taken(cast(sqlite3.Connection, db.connection.driver_connection).execute(ready.sql, filled))
    except sqlite3.Error as error:
        raise _as_sqlalchemy_says(ready, error) from error


def _as_sqlalchemy_says(ready: _Ready, error: sqlite3.Error) -> BaseException:
    return DBAPIError.instance(ready.sql, (), error, sqlite3.Error, hide_parameters=True)


def _row(ready: _Ready, stored: Sequence[Any]) -> Any:
    if not ready.columns:
        return ready.row(stored)
    read = list(stored)
    for place, change in ready.columns:
        read[place] = change(read[place])
    return ready.row(read)


def _changed(change: Change, value: Any) -> Any:
    return value if change is None else change(value)


@cache
def _ready(statement: Executable, names: tuple[str, ...], dialect: Dialect) -> _Ready:
    once = {"render_postcompile": True}  # what is written into the statement itself
    compiled = cast(Any, statement).compile(dialect=dialect, column_keys=list(names), compile_kwargs=once)
    always = {each.key: each.default.arg for each in compiled.insert_prefetch}
    known = {*names, *always}
    if missing := sorted(name for name in compiled.positiontup if compiled.binds[name].required and name not in known):
        raise InvalidRequestError(f"a value is required for {', '.join(missing)}")
    parameters = tuple(_parameter(compiled, name, always, dialect) for name in compiled.positiontup)
    columns = list(getattr(statement, "exported_columns", ()))
    changes = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    changed = tuple((place, each) for place, each in enumerate(changes) if each is not None)
    names_of_columns = tuple(each.key for each in columns)
    row: Any = namedtuple("Row", names_of_columns, rename=True)  # type: ignore[misc]
    return _Ready(str(compiled), parameters, changed, row._make)


def _parameter(compiled: SQLCompiler, name: str, always: Values, dialect: Dialect) -> tuple[str, Change, Any]:
    bind = compiled.binds[name]
    change = bind.type.dialect_impl(dialect).bind_processor(dialect)
    fixed = always.get(name, None if bind.required else bind.value)
    return name, change, _changed(change, fixed)
