"""The tables of what we have heard of Slack, and of when we could not hear it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class OutageRow(Base):
    """A stretch of time in which we could not hear Slack; what happened then is known from snapshots only."""

    __tablename__ = "outages"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    __table_args__ = (Index("ix_outages_ended_at", "workspace_id", "ended_at"),)


class InboxRow(Base):
    """What has been handled: Slack's `event_id` or `trigger_id`, so that a second delivery changes nothing."""

    __tablename__ = "inbox"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    received_at: Mapped[datetime]
    __table_args__ = (Index("ix_inbox_received_at", "received_at"),)
