"""The table of chairs."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class ChairRow(Base):
    """Who chairs a session, named by whom and when; `unnamed_at` is when they ceased to. Who starts it names itself."""

    __tablename__ = "session_chairs"
    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    named_by: Mapped[int]
    named_at: Mapped[datetime]
    unnamed_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "session_id"], ["sessions.workspace_id", "sessions.id"]),
        ForeignKeyConstraint(["workspace_id", "person_id"], ["people.workspace_id", "people.id"]),
        ForeignKeyConstraint(["workspace_id", "named_by"], ["people.workspace_id", "people.id"]),
    )
