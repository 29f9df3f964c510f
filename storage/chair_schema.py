"""The table of chairs."""

from sqlalchemy import ForeignKeyConstraint, Table

from storage.schema import METADATA, nullable, required
from storage.types import RowId, UtcDateTime

CHAIRS = Table(
    "session_chairs",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("session_id", RowId, primary_key=True),
    required("person_id", RowId, primary_key=True),
    required("named_by", RowId),
    required("named_at", UtcDateTime),
    nullable("unnamed_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    ForeignKeyConstraint(["workspace_id", "named_by"], ["people.workspace_id", "people.id"]),
)
"""Who chairs a session, named by whom and when; `unnamed_at` is when they ceased to. Who starts it names itself."""
