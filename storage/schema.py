"""The tables. Every key carries the workspace; entries and marks are only ever added to; all times are in UTC."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import RowId, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: RowId,
        str: Text,
        datetime: UtcDateTime,
        date: Date,
        dict[str, Any]: JSON,
        list[int]: JSON,
    }


def one_open(column: str) -> dict[str, Any]:
    condition = text(column)
    return {"unique": True, "sqlite_where": condition, "postgresql_where": condition}


class Workspace(Base):
    """`heard_at` is when we were last known to hear Slack; `uninstalled_at` since when the app is not there;
    `url` is its own address in Slack; `emoji` says by which people record.

    A workspace is known by its team alone, for it can come into an organisation later: `enterprise_id` is for an
    installation in a whole organisation, which would have no team.
    """

    __tablename__ = "workspaces"
    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(String(64), default="")
    team_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    bot_person_id: Mapped[int | None]
    heard_at: Mapped[datetime | None]
    uninstalled_at: Mapped[datetime | None]
    vote_defaults: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    emoji: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    __table_args__ = (UniqueConstraint("enterprise_id", "team_id"),)


class Person(Base):
    """Somebody by our own number. What they told of themselves is here; who they are in Slack is in `identities`.

    `reminded_at` is when a reminder of a vote was last owed to them; `wants_reminders` is theirs to say.
    """

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    organisation: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    reminded_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("workspace_id", "id"),)


class Identity(Base):
    """The only table that knows Slack's ids of people, and their names. The rest is null until learnt.

    `learnt_at` without the rest: Slack was asked, and does not tell who that is.
    """

    __tablename__ = "identities"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    slack_user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int]
    name: Mapped[str]
    zone: Mapped[str | None] = mapped_column(String(64))
    is_bot: Mapped[bool | None]
    is_member: Mapped[bool | None]
    learnt_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        UniqueConstraint("workspace_id", "person_id"),
    )


class Channel(Base):
    """`named_at` is as of when it was called so: of two renames, the one that was told first may be the later one."""

    __tablename__ = "channels"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    named_at: Mapped[datetime | None]
    vote_defaults: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class SessionRow(Base):
    """`digest_delay` in minutes and `digest_channel` say when and where its digest goes, where that was chosen.

    `folded`, here and elsewhere, is the text in the form in which it is looked through: `minutes/folding.py`.
    """

    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel_id: Mapped[str] = mapped_column(String(64))
    title: Mapped[str]
    folded: Mapped[str | None]
    place: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    planned_end: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    started_by: Mapped[int]
    last_spoken_at: Mapped[datetime]
    warned: Mapped[bool] = mapped_column(default=False)
    overrun_said: Mapped[bool] = mapped_column(default=False)
    closings: Mapped[int] = mapped_column(default=0)
    chaired: Mapped[bool] = mapped_column(server_default=text("false"))
    next_due_at: Mapped[datetime | None]
    digest_due_at: Mapped[datetime | None]
    digest_delay: Mapped[int | None]
    digest_channel: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "started_by"], ["people.workspace_id", "people.id"]),
        UniqueConstraint("workspace_id", "id"),
        Index("uq_sessions_one_open", "workspace_id", "channel_id", **one_open("state = 'open'")),
        Index("ix_sessions_next_due_at", "next_due_at"),
        Index("ix_sessions_digest_due_at", "digest_due_at"),
        Index("ix_sessions_channel", "workspace_id", "channel_id", "started_at"),
    )


class TopicRow(Base):
    """`number` counts topics that were on the floor, from 1; `place` is where one that waits was moved in the queue."""

    __tablename__ = "topics"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    session_id: Mapped[int]
    number: Mapped[int | None]
    title: Mapped[str]
    title_key: Mapped[str]
    folded: Mapped[str | None]
    state: Mapped[str] = mapped_column(String(16))
    queued_at: Mapped[datetime | None]
    place: Mapped[int | None]
    brought_by: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "brought_by"], ["people.workspace_id", "people.id"]),
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "session_id", "title_key"),
        Index("uq_topics_one_on_floor", "workspace_id", "session_id", **one_open("state = 'on_floor'")),
    )


class SpellRow(Base):
    """A stretch of time that a topic was on the floor; a topic that was resumed has several."""

    __tablename__ = "spells"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    topic_id: Mapped[int]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
        Index("ix_spells_topic", "workspace_id", "topic_id"),
    )


class EntryRow(Base):
    """One revision of an entry. The newest revision of (message, line) is what stands; none is ever changed.

    `message` is the `ts` of the message that the words stand in, or `/` and the trigger id for a command's.
    `line` counts from 0; below 0 it is the whole message, as somebody has recorded it afterwards: -1, then -2 …
    `said_by` is who said it, where that is not who recorded it. `thread` is the `ts` of the message that begins the
    thread of a reply. `standing` is false in the revision that takes an entry back, `done` is true in that which says
    it of an action, and `why` says how each revision came about (null in those that are older than the column).
    Of what is taken off the record, the words are erased from all revisions.
    """

    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    channel_id: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(128))
    line: Mapped[int]
    thread: Mapped[str | None] = mapped_column(String(32))
    revision: Mapped[int]
    session_id: Mapped[int]
    topic_id: Mapped[int | None]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    folded: Mapped[str | None]
    owners: Mapped[list[int]]
    due: Mapped[date | None]
    author_id: Mapped[int]
    said_by: Mapped[int | None]
    said_at: Mapped[datetime]
    standing: Mapped[bool]
    done: Mapped[bool | None]
    why: Mapped[str | None] = mapped_column(String(16))
    revised_by: Mapped[int]
    revised_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
        ForeignKeyConstraint(["workspace_id", "author_id"], ["people.workspace_id", "people.id"]),
        ForeignKeyConstraint(["workspace_id", "said_by"], ["people.workspace_id", "people.id"]),
        ForeignKeyConstraint(["workspace_id", "revised_by"], ["people.workspace_id", "people.id"]),
        UniqueConstraint("workspace_id", "channel_id", "message", "line", "revision"),
        UniqueConstraint("workspace_id", "session_id", "number", "revision"),
        Index("ix_entries_kind", "workspace_id", "kind"),
    )


class LinkRow(Base):
    """One mention of a link to a tracker: `key` is the address in its canonical form, and a session shows each once.

    `message` is as in an entry, null in what is older than the column. `unfurled` is what Slack says the page is
    called, for links that nobody gave a title.
    """

    __tablename__ = "links"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    session_id: Mapped[int]
    topic_id: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(String(128))
    key: Mapped[str]
    url: Mapped[str]
    reference: Mapped[str]
    title: Mapped[str]
    unfurled: Mapped[str | None]
    person_id: Mapped[int]
    shared_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        UniqueConstraint("workspace_id", "session_id", "key", "message"),
    )


class ParticipationRow(Base):
    """Who took part in a session and how: `messages` counts what they said, never what it was.

    `organisation` and `country` are what they had told of themselves by then: no later word changes who was there.
    """

    __tablename__ = "participations"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    voted: Mapped[bool] = mapped_column(default=False)
    messages: Mapped[int] = mapped_column(default=0)
    organisation: Mapped[str | None]
    country: Mapped[str | None] = mapped_column(String(2))
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
    )


class OutboxRow(Base):
    """One duty: something that must be said in Slack. `key` is unique, so that nothing is owed twice.

    `version` grows with every redraw that is asked for; a redraw is done only if nobody asked again meanwhile.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(32))
    lane: Mapped[str] = mapped_column(String(96))
    channel_id: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    owed_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    slack_ts: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_outbox_waiting", "state", "not_before"),
        Index("ix_outbox_message", "channel_id", "slack_ts"),
    )
