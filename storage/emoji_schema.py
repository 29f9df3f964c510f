"""The table of presses: who has set or taken back which recording emoji on which message."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class PressRow(Base):
    """One event; only added to. `meaning` is what the emoji said when it was pressed, `author_id` whose message it is.

    The order in which they arrive means nothing: what holds is a fold (`minutes/emoji.py`).
    """

    __tablename__ = "presses"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int]
    channel_id: Mapped[str] = mapped_column(String(64))
    message_ts: Mapped[str] = mapped_column(String(32))
    session_id: Mapped[int]
    author_id: Mapped[int]
    person_id: Mapped[int]
    raw_name: Mapped[str] = mapped_column(String(128))
    meaning: Mapped[str] = mapped_column(String(16))
    event_ts: Mapped[str] = mapped_column(String(32))
    present: Mapped[bool]
    received_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "author_id"], ["people.workspace_id", "people.id"]),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        UniqueConstraint(
            "workspace_id", "channel_id", "message_ts", "person_id", "raw_name", "event_ts", "present",
            name="uq_presses_once",
        ),
    )  # fmt: skip
