"""The tables of votes: proposals, the marks on their ballots, and the reasons given below them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base, one_open


class ProposalRow(Base):
    """Everything that its count rests on is frozen here or in `marks`, so that any result can be counted again.

    `roll` holds people's numbers, null where everybody in the channel may vote. `closed_at` is in Slack's time.
    `result` is canonical text, null until the count; `counted_with` says with what it was made. `next_due_at` is when
    time alone moves it on, `snapshot_due_at` when Slack is to be asked next who holds what, and `remind_at` when
    those on its roll who have not voted are reminded. `follow_at` is since when marks wait for what follows from them,
    `followed_up_to` the last one of which that has been done.
    """

    __tablename__ = "proposals"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    channel_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[int]
    topic_id: Mapped[int | None]
    number: Mapped[int]
    text: Mapped[str]
    folded: Mapped[str | None]
    fingerprint: Mapped[str] = mapped_column(String(64))
    proposer_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    proposed_at: Mapped[datetime]
    rules: Mapped[dict[str, Any]]
    roll: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    roll_wish: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    duration_seconds: Mapped[int | None]
    ballot_ts: Mapped[str | None] = mapped_column(String(32))
    opened_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    snapshot_due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    follow_at: Mapped[datetime | None]
    followed_up_to: Mapped[int | None]
    snapshot_at: Mapped[datetime | None]
    snapshot_whole: Mapped[bool] = mapped_column(default=False)
    missing_since: Mapped[datetime | None]
    events_only: Mapped[bool] = mapped_column(default=False)
    access_lost_at: Mapped[datetime | None]
    closing_since: Mapped[datetime | None]
    delay_said: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    closed_why: Mapped[str | None] = mapped_column(String(16))
    resolved_by: Mapped[int | None]
    supersedes_id: Mapped[int | None]
    counted_with: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result: Mapped[str | None]
    __table_args__ = (
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


class ReasonRow(Base):
    """A reply below a ballot: why somebody votes as they do. The newest wording stands; an empty one is gone.

    `worded_ts` is Slack's time of that wording: edits can arrive in any order.
    """

    __tablename__ = "reasons"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"))
    person_id: Mapped[int]
    text: Mapped[str]
    worded_ts: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        Index("ix_reasons_proposal_id", "proposal_id"),
    )


class MarkRow(Base):
    """One emoji of one person on one message, set or taken back, as Slack told it. Only ever added to.

    Keyed by message, not by ballot: a mark that arrives before Slack has confirmed the ballot's post finds it later.
    `id` tells which marks were there when a result was counted: those that came later are no part of it.
    """

    __tablename__ = "marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    channel_id: Mapped[str] = mapped_column(String(64))
    message_ts: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int]
    raw_name: Mapped[str] = mapped_column(String(128))
    event_ts: Mapped[str] = mapped_column(String(32))
    present: Mapped[bool]
    source: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    __table_args__ = (
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
