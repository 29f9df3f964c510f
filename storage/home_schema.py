"""The tables of what one person alone is shown: where they are, and whether they have Home before them."""

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Table, Text

from storage.schema import METADATA, nullable, required
from storage.types import RowId, UtcDateTime

MEMBERSHIPS = Table(
    "memberships",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("person_id", RowId, primary_key=True),
    nullable("channels", JSON(none_as_null=True)),
    required("asked_at", UtcDateTime),
    nullable("moved_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
)
"""In which channels somebody is, as Slack said at `asked_at`; null where it does not tell. Soon asked again.

At `moved_at` they came to a channel or left one: what was asked before is not true any more.
"""


HOMES = Table(
    "homes",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("person_id", RowId, primary_key=True),
    required("opened_at", UtcDateTime),
    nullable("words", Text),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    Index("ix_homes_opened_at", "workspace_id", "opened_at"),
)
"""Who has opened Home lately: theirs is kept up to date for a while. `words` are what they look for there."""
