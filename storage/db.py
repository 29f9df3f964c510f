"""What a use case holds while it runs: a connection inside a transaction that is not its own to end."""

from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.schema import Base

Db = Connection


def table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def add(db: Db, into: Table, **values: Any) -> int:
    """Insert one row and give its id."""
    return int(db.execute(into.insert().values(**values).returning(into.c.id)).scalar_one())


def add_once(db: Db, into: Table, **values: Any) -> bool:
    """Insert one row unless a unique key says that it is there already; True where it was new."""
    insert = sqlite_insert if db.dialect.name == "sqlite" else postgresql_insert
    once = insert(into).values(**values).on_conflict_do_nothing()
    # SQLAlchemy forgets an INSERT's row count unless it is told to keep it (psycopg closes the cursor).
    return db.execute(once, execution_options={"preserve_rowcount": True}).rowcount == 1
