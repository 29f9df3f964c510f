"""The table of Slack's limits, as far as they are used up."""

from sqlalchemy import ForeignKey, String, Table

from storage.schema import METADATA, nullable, required
from storage.types import RowId, UtcDateTime

GATES = Table(
    "gates",
    METADATA,
    required("workspace_id", RowId, ForeignKey("workspaces.id"), primary_key=True),
    required("name", String(96), primary_key=True),
    nullable("full_at", UtcDateTime),
    nullable("shut_until", UtcDateTime),
)
"""How much of one of Slack's limits is used up, for all processes together; `name` says which."""
