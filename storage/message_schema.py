"""The tables of what messages bring besides words, and of what becomes of messages."""

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, String, Table, Text

from storage.schema import METADATA, nullable, required
from storage.types import RowId, UtcDateTime

FILES = Table(
    "files",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("channel_id", String(64), primary_key=True),
    required("message_ts", String(32), primary_key=True),
    required("file_id", String(64), primary_key=True),
    required("session_id", RowId),
    nullable("topic_id", RowId),
    required("name", Text),
    required("kind", String(16)),
    required("permalink", Text),
    required("person_id", RowId),
    required("shared_at", UtcDateTime),
    required("standing", Boolean),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    Index("ix_files_session", "workspace_id", "session_id"),
)
"""A file or an image that a message brought: what it is called and where it is, never what is in it."""


WORDINGS = Table(
    "wordings",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("channel_id", String(64), primary_key=True),
    required("message_ts", String(32), primary_key=True),
    required("session_id", RowId),
    required("worded", String(40)),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    Index("ix_wordings_session", "workspace_id", "session_id"),
)
"""How new the newest wording is that we know of a message which was edited or deleted; never what it says."""
