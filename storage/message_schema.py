"""The tables of what messages bring besides words, and of what becomes of messages."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class FileRow(Base):
    """A file or an image that a message brought: what it is called and where it is, never what is in it."""

    __tablename__ = "files"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[int]
    topic_id: Mapped[int | None]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    permalink: Mapped[str]
    person_id: Mapped[int]
    shared_at: Mapped[datetime]
    standing: Mapped[bool]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "topic_id"], ["topics.workspace_id", "topics.id"]),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        Index("ix_files_session", "workspace_id", "session_id"),
    )


class WordingRow(Base):
    """How new the newest wording is that we know of a message which was edited or deleted; never what it says."""

    __tablename__ = "wordings"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    message_ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[int]
    worded: Mapped[str] = mapped_column(String(40))
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        Index("ix_wordings_session", "workspace_id", "session_id"),
    )
