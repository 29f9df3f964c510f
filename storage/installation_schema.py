"""The tables of installing: the app in its workspaces, with sealed tokens, and consents that are under way."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Base


class InstallationRow(Base):
    """One time that somebody installed the app in a workspace. The newest one stands; older ones are its history.

    `sealed_token` is a ciphertext, and null as soon as the token is of no use: once a newer installation has taken its
    place, or `revoked_at` says since when it is void. An org-wide installation would hang on a workspace with an
    enterprise and no team.
    """

    __tablename__ = "installations"
    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    app_id: Mapped[str] = mapped_column(String(64))
    bot_id: Mapped[str] = mapped_column(String(64))
    bot_user_id: Mapped[str] = mapped_column(String(64))
    sealed_token: Mapped[str | None]
    scopes: Mapped[str]
    installed_by: Mapped[int | None]
    installed_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "installed_by"], ["people.workspace_id", "people.id"]),
        Index("ix_installations_workspace", "workspace_id"),
    )


class StateRow(Base):
    """A consent that somebody is giving at Slack: whoever comes back with `state` was sent there by us, once."""

    __tablename__ = "oauth_states"
    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    issued_at: Mapped[datetime]
