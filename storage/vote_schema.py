"""The tables of votes: proposals, the marks on their ballots, and the reasons given below them."""

from sqlalchemy import JSON, Boolean, ForeignKey, ForeignKeyConstraint, Index, String, Table, Text, UniqueConstraint

from storage.schema import METADATA, nullable, one_open, required
from storage.types import RowId, UtcDateTime

PROPOSALS = Table(
    "proposals",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("channel_id", String(64)),
    required("session_id", RowId),
    nullable("topic_id", RowId),
    required("number", RowId),
    required("text", Text),
    nullable("folded", Text),
    required("fingerprint", String(64)),
    required("proposer_id", RowId),
    required("state", String(16)),
    required("proposed_at", UtcDateTime),
    required("rules", JSON),
    nullable("roll", JSON(none_as_null=True)),
    nullable("roll_wish", JSON(none_as_null=True)),
    nullable("duration_seconds", RowId),
    nullable("ballot_ts", String(32)),
    nullable("opened_at", UtcDateTime),
    nullable("deadline", UtcDateTime),
    nullable("next_due_at", UtcDateTime),
    nullable("snapshot_due_at", UtcDateTime),
    nullable("remind_at", UtcDateTime),
    nullable("follow_at", UtcDateTime),
    nullable("followed_up_to", RowId),
    nullable("snapshot_at", UtcDateTime),
    required("snapshot_whole", Boolean, default=False),
    nullable("missing_since", UtcDateTime),
    required("events_only", Boolean, default=False),
    nullable("access_lost_at", UtcDateTime),
    nullable("closing_since", UtcDateTime),
    required("delay_said", Boolean, default=False),
    nullable("closed_at", UtcDateTime),
    nullable("closed_by", RowId),
    nullable("closed_why", String(16)),
    nullable("resolved_by", RowId),
    nullable("supersedes_id", RowId),
    nullable("counted_with", JSON(none_as_null=True)),
    nullable("result", Text),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
    ForeignKeyConstraint(["workspace_id", "proposer_id"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "number"),
    UniqueConstraint("workspace_id", "channel_id", "ballot_ts"),
    Index(
        "uq_proposals_one_open",
        "workspace_id",
        "channel_id",
        "fingerprint",
        **one_open("state IN ('draft', 'open', 'closing')"),
    ),
    Index("ix_proposals_session", "workspace_id", "session_id"),
    Index("ix_proposals_next_due_at", "next_due_at"),
    Index("ix_proposals_snapshot_due_at", "snapshot_due_at"),
    Index("ix_proposals_remind_at", "remind_at"),
    Index("ix_proposals_follow_at", "follow_at"),
)
"""Everything that its count rests on is frozen here or in `marks`, so that any result can be counted again.

`roll` holds people's numbers, null where everybody in the channel may vote. `closed_at` is in Slack's time.
`result` is canonical text, null until the count; `counted_with` says with what it was made. `next_due_at` is when
time alone moves it on, `snapshot_due_at` when Slack is to be asked next who holds what, and `remind_at` when
those on its roll who have not voted are reminded. `follow_at` is since when marks wait for what follows from them,
`followed_up_to` the last one of which that has been done.
"""


REASONS = Table(
    "reasons",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("channel_id", String(64), primary_key=True),
    required("message_ts", String(32), primary_key=True),
    required("proposal_id", RowId, ForeignKey("proposals.id")),
    required("person_id", RowId),
    required("text", Text),
    nullable("worded_ts", String(32)),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    Index("ix_reasons_proposal_id", "proposal_id"),
)
"""A reply below a ballot: why somebody votes as they do. The newest wording stands; an empty one is gone.

`worded_ts` is Slack's time of that wording: edits can arrive in any order.
"""


MARKS = Table(
    "marks",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("channel_id", String(64)),
    required("message_ts", String(32)),
    required("person_id", RowId),
    required("raw_name", String(128)),
    required("event_ts", String(32)),
    required("present", Boolean),
    required("source", String(16)),
    required("received_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    UniqueConstraint(
        "workspace_id",
        "channel_id",
        "message_ts",
        "person_id",
        "raw_name",
        "event_ts",
        "present",
        name="uq_marks_once",
    ),
)
"""One emoji of one person on one message, set or taken back, as Slack told it. Only ever added to.

Keyed by message, not by ballot: a mark that arrives before Slack has confirmed the ballot's post finds it later.
`id` tells which marks were there when a result was counted: those that came later are no part of it.
"""
