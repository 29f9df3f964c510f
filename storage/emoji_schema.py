"""The table of presses: who has set or taken back which recording emoji on which message."""

from sqlalchemy import Boolean, ForeignKeyConstraint, String, Table, UniqueConstraint

from storage.schema import METADATA, required
from storage.types import RowId, UtcDateTime

PRESSES = Table(
    "presses",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("channel_id", String(64)),
    required("message_ts", String(32)),
    required("session_id", RowId),
    required("author_id", RowId),
    required("person_id", RowId),
    required("raw_name", String(128)),
    required("meaning", String(16)),
    required("event_ts", String(32)),
    required("present", Boolean),
    required("received_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "author_id"], ["people.workspace_id", "people.id"]),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    UniqueConstraint(
        "workspace_id",
        "channel_id",
        "message_ts",
        "person_id",
        "raw_name",
        "event_ts",
        "present",
        name="uq_presses_once",
    ),
)
"""One event; only added to. `meaning` is what the emoji said when it was pressed, `author_id` whose message it is.

The order in which they arrive means nothing: what holds is a fold (`minutes/emoji.py`).
"""
