"""The tables of what one person alone is shown: where they are, and whether they have Home before them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class MembershipRow(Base):
    """In which channels somebody is, as Slack said at `asked_at`; null where it does not tell. Soon asked again.

    At `moved_at` they came to a channel or left one: what was asked before is not true any more.
    """

    __tablename__ = "memberships"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    channels: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    asked_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    __table_args__ = (ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),)


class HomeRow(Base):
    """Who has opened Home lately: theirs is kept up to date for a while. `words` are what they look for there."""

    __tablename__ = "homes"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime]
    words: Mapped[str | None]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        Index("ix_homes_opened_at", "workspace_id", "opened_at"),
    )
