"""How Alembic reaches the database: over the connection, and in the transaction, of whoever upgrades."""

from typing import Any, Literal

from alembic import context

import storage.chair_schema
import storage.emoji_schema
import storage.gate_schema
import storage.hearing_schema
import storage.home_schema
import storage.installation_schema
import storage.message_schema
import storage.vote_schema  # noqa: F401 # their tables are known once they are read
from storage.schema import Base
from storage.types import UtcDateTime


def in_plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A migration stands for ever, so it names no type of ours that may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=in_plain_types,
)
context.run_migrations()
