"""The tables. Every key carries the workspace; entries and marks are only ever added to; all times are in UTC."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.types import RowId, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


METADATA = MetaData(naming_convention=NAMING)


def required(name: str, kind: Any, *rest: Any, **options: Any) -> Column[Any]:
    """A column that is never null."""
    return Column(name, kind, *rest, nullable=False, **options)


def nullable(name: str, kind: Any) -> Column[Any]:
    """A column that is null where there is nothing to tell."""
    return Column(name, kind, nullable=True)


def one_open(column: str) -> dict[str, Any]:
    condition = text(column)
    return {"unique": True, "sqlite_where": condition, "postgresql_where": condition}


WORKSPACES = Table(
    "workspaces",
    METADATA,
    required("id", RowId, primary_key=True),
    required("enterprise_id", String(64), default=""),
    required("team_id", String(64)),
    required("name", Text, default=""),
    nullable("url", Text),
    nullable("bot_person_id", RowId),
    nullable("heard_at", UtcDateTime),
    nullable("uninstalled_at", UtcDateTime),
    nullable("vote_defaults", JSON(none_as_null=True)),
    nullable("emoji", JSON(none_as_null=True)),
    UniqueConstraint("enterprise_id", "team_id"),
)
"""`heard_at` is when we were last known to hear Slack; `uninstalled_at` since when the app is not there;
`url` is its own address in Slack; `emoji` says by which people record.

A workspace is known by its team alone, for it can come into an organisation later: `enterprise_id` is for an
installation in a whole organisation, which would have no team.
"""


PEOPLE = Table(
    "people",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId, ForeignKey("workspaces.id")),
    nullable("organisation", Text),
    nullable("country", String(2)),
    required("wants_reminders", Boolean, default=True),
    nullable("reminded_at", UtcDateTime),
    UniqueConstraint("workspace_id", "id"),
)
"""Somebody by our own number. What they told of themselves is here; who they are in Slack is in `identities`.

`reminded_at` is when a reminder of a vote was last owed to them; `wants_reminders` is theirs to say.
"""


IDENTITIES = Table(
    "identities",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("slack_user_id", String(64), primary_key=True),
    required("person_id", RowId),
    required("name", Text),
    nullable("zone", String(64)),
    nullable("is_bot", Boolean),
    nullable("is_member", Boolean),
    nullable("learnt_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "person_id"),
)
"""The only table that knows Slack's ids of people, and their names. The rest is null until learnt.

`learnt_at` without the rest: Slack was asked, and does not tell who that is.
"""


CHANNELS = Table(
    "channels",
    METADATA,
    required("workspace_id", RowId, ForeignKey("workspaces.id"), primary_key=True),
    required("channel_id", String(64), primary_key=True),
    required("name", Text, default=""),
    nullable("named_at", UtcDateTime),
    nullable("vote_defaults", JSON(none_as_null=True)),
)
"""`named_at` is as of when it was called so: of two renames, the one that was told first may be the later one."""


SESSIONS = Table(
    "sessions",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId, ForeignKey("workspaces.id")),
    required("channel_id", String(64)),
    required("title", Text),
    nullable("folded", Text),
    nullable("place", Text),
    required("state", String(16)),
    required("started_at", UtcDateTime),
    required("planned_end", UtcDateTime),
    nullable("ended_at", UtcDateTime),
    required("started_by", RowId),
    required("last_spoken_at", UtcDateTime),
    required("warned", Boolean, default=False),
    required("overrun_said", Boolean, default=False),
    required("closings", RowId, default=0),
    required("chaired", Boolean, server_default=text("false")),
    nullable("next_due_at", UtcDateTime),
    nullable("digest_due_at", UtcDateTime),
    nullable("digest_delay", RowId),
    nullable("digest_channel", String(64)),
    ForeignKeyConstraint(["workspace_id", "started_by"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "id"),
    Index("uq_sessions_one_open", "workspace_id", "channel_id", **one_open("state = 'open'")),
    Index("ix_sessions_next_due_at", "next_due_at"),
    Index("ix_sessions_digest_due_at", "digest_due_at"),
    Index("ix_sessions_channel", "workspace_id", "channel_id", "started_at"),
)
"""`digest_delay` in minutes and `digest_channel` say when and where its digest goes, where that was chosen.

`folded`, here and elsewhere, is the text in the form in which it is looked through: `minutes/folding.py`.
"""


TOPICS = Table(
    "topics",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("session_id", RowId),
    nullable("number", RowId),
    required("title", Text),
    required("title_key", Text),
    nullable("folded", Text),
    required("state", String(16)),
    nullable("queued_at", UtcDateTime),
    nullable("place", RowId),
    required("brought_by", RowId),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "brought_by"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "id"),
    UniqueConstraint("workspace_id", "session_id", "title_key"),
    Index("uq_topics_one_on_floor", "workspace_id", "session_id", **one_open("state = 'on_floor'")),
)
"""`number` counts topics that were on the floor, from 1; `place` is where one that waits was moved in the queue."""


SPELLS = Table(
    "spells",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("topic_id", RowId),
    required("began_at", UtcDateTime),
    nullable("ended_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
    Index("ix_spells_topic", "workspace_id", "topic_id"),
)
"""A stretch of time that a topic was on the floor; a topic that was resumed has several."""


ENTRIES = Table(
    "entries",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("channel_id", String(64)),
    required("message", String(128)),
    required("line", RowId),
    nullable("thread", String(32)),
    required("revision", RowId),
    required("session_id", RowId),
    nullable("topic_id", RowId),
    required("number", RowId),
    required("kind", String(16)),
    required("text", Text),
    nullable("folded", Text),
    required("owners", JSON),
    nullable("due", Date),
    required("author_id", RowId),
    nullable("said_by", RowId),
    required("said_at", UtcDateTime),
    required("standing", Boolean),
    nullable("done", Boolean),
    nullable("why", String(16)),
    required("revised_by", RowId),
    required("revised_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
    ForeignKeyConstraint(["workspace_id", "author_id"], ["people.workspace_id", "people.id"]),
    ForeignKeyConstraint(["workspace_id", "said_by"], ["people.workspace_id", "people.id"]),
    ForeignKeyConstraint(["workspace_id", "revised_by"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "channel_id", "message", "line", "revision"),
    UniqueConstraint("workspace_id", "session_id", "number", "revision"),
    Index("ix_entries_kind", "workspace_id", "kind"),
)
"""One revision of an entry. The newest revision of (message, line) is what stands; none is ever changed.

`message` is the `ts` of the message that the words stand in, or `/` and the trigger id for a command's.
`line` counts from 0; below 0 it is the whole message, as somebody has recorded it afterwards: -1, then -2 …
`said_by` is who said it, where that is not who recorded it. `thread` is the `ts` of the message that begins the
thread of a reply. `standing` is false in the revision that takes an entry back, `done` is true in that which says
it of an action, and `why` says how each revision came about (null in those that are older than the column).
Of what is taken off the record, the words are erased from all revisions.
"""


LINKS = Table(
    "links",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("session_id", RowId),
    nullable("topic_id", RowId),
    nullable("message", String(128)),
    required("key", Text),
    required("url", Text),
    required("reference", Text),
    required("title", Text),
    nullable("unfurled", Text),
    required("person_id", RowId),
    required("shared_at", UtcDateTime),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    UniqueConstraint("workspace_id", "session_id", "key", "message"),
)
"""One mention of a link to a tracker: `key` is the address in its canonical form, and a session shows each once.

`message` is as in an entry, null in what is older than the column. `unfurled` is what Slack says the page is
called, for links that nobody gave a title.
"""


PARTICIPATIONS = Table(
    "participations",
    METADATA,
    required("workspace_id", RowId, primary_key=True),
    required("session_id", RowId, primary_key=True),
    required("person_id", RowId, primary_key=True),
    required("first_at", UtcDateTime),
    nullable("signed_in_at", UtcDateTime),
    required("voted", Boolean, default=False),
    required("messages", RowId, default=0),
    nullable("organisation", Text),
    nullable("country", String(2)),
    ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
    ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
)
"""Who took part in a session and how: `messages` counts what they said, never what it was.

`organisation` and `country` are what they had told of themselves by then: no later word changes who was there.
"""


OUTBOX = Table(
    "outbox",
    METADATA,
    required("id", RowId, primary_key=True),
    required("workspace_id", RowId),
    required("key", String(255)),
    required("kind", String(32)),
    required("lane", String(96)),
    required("channel_id", String(64)),
    required("payload", JSON),
    required("state", String(16)),
    required("version", RowId, default=1),
    required("attempts", RowId, default=0),
    required("owed_at", UtcDateTime),
    required("not_before", UtcDateTime),
    nullable("lease_owner", String(64)),
    nullable("leased_until", UtcDateTime),
    nullable("sent_at", UtcDateTime),
    nullable("slack_ts", String(32)),
    nullable("error", Text),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_outbox_waiting", "state", "not_before"),
    Index("ix_outbox_message", "channel_id", "slack_ts"),
)
"""One duty: something that must be said in Slack. `key` is unique, so that nothing is owed twice.

`version` grows with every redraw that is asked for; a redraw is done only if nobody asked again meanwhile.
"""
