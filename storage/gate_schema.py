"""The table of Slack's limits, as far as they are used up."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class GateRow(Base):
    """How much of one of Slack's limits is used up, for all processes together; `name` says which."""

    __tablename__ = "gates"
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(96), primary_key=True)
    full_at: Mapped[datetime | None]
    shut_until: Mapped[datetime | None]
