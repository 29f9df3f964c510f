"""How Alembic reaches the database: over the connection, and in the transaction, of whoever upgrades."""

from typing import Any, Literal

from alembic import context

from storage.tables import TABLES
from storage.types import UtcDateTime


def in_plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A migration stands for ever, so it names no type of ours that may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES[0].metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=in_plain_types,
)
context.run_migrations()
