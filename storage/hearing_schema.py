"""The tables of what we have heard of Slack, and of when we could not hear it."""

from sqlalchemy import ForeignKey, Index, String, Table

from storage.schema import METADATA, required
from storage.types import RowId, UtcDateTime

OUTAGES = Table(
    "outages",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId, ForeignKey("workspaces.id")),
    required("began_at", UtcDateTime),
    required("ended_at", UtcDateTime),
    Index("ix_outages_ended_at", "workspace_id", "ended_at"),
)
"""A stretch of time in which we could not hear Slack; what happened then is known from snapshots only."""


INBOX = Table(
    "inbox",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("key", String(255), primary_key=True),
    required("received_at", UtcDateTime),
    Index("ix_inbox_received_at", "received_at"),
)
"""What has been handled: Slack's `event_id` or `trigger_id`, so that a second delivery changes nothing."""
