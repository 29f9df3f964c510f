"""Installations: in which workspaces the app is, with its sealed token for each, and where it no longer is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, select

from minutes.ids import PersonId, UserId
from storage.db import Db, add
from storage.installation_schema import INSTALLATIONS, STATES
from storage.schema import WORKSPACES

CONSENT_WITHIN = timedelta(minutes=10)
"""So long somebody may take to consent at Slack."""
MOST_STATES = 10_000


@dataclass(frozen=True, slots=True)
class Installation:
    """One that stands. `sealed` is the bot's token as a ciphertext, `team` Slack's id of the workspace."""

    id: int
    workspace: int
    team: str
    bot: str
    bot_user: UserId
    sealed: str
    installed_at: datetime


def is_installed(workspace: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of rows of a workspace: unless it has uninstalled the app. There nothing is owed or due any more."""
    return workspace.not_in(select(WORKSPACES.c.id).where(WORKSPACES.c.uninstalled_at.is_not(None)))


def earliest(db: Db, rows: Table, columns: Collection[str]) -> datetime | None:
    """The first moment that stands in any of these columns, in workspaces in which the app is installed."""
    return min((at for at in db.execute(_firsts(rows, tuple(columns))).one() if at is not None), default=None)


@cache
def _firsts(rows: Table, columns: tuple[str, ...]) -> Select[Any]:
    """Asked after every change: building it would take longer than the answer."""
    return select(*(_first(rows, rows.c[name]).scalar_subquery() for name in columns))


def _first(rows: Table, column: ColumnElement[Any]) -> Select[Any]:
    """Column by column: so an index finds the few rows that have a moment at all."""
    return select(func.min(column)).where(column.is_not(None), is_installed(rows.c.workspace_id))


def keep(
    db: Db,
    workspace: int,
    *,
    app: str,
    bot: str,
    bot_user: UserId,
    sealed: str,
    scopes: str,
    by: PersonId | None,
    at: datetime,
) -> int:
    """The app was installed, for the first time or again: from now on this token is the workspace's only one."""
    db.execute(INSTALLATIONS.update().where(INSTALLATIONS.c.workspace_id == workspace).values(sealed_token=None))
    present(db, workspace)
    return add(
        db,
        INSTALLATIONS,
        workspace_id=workspace,
        app_id=app,
        bot_id=bot,
        bot_user_id=bot_user,
        sealed_token=sealed,
        scopes=scopes,
        installed_by=by,
        installed_at=at,
    )


def present(db: Db, workspace: int) -> None:
    """The app is in this workspace, whatever was before."""
    db.execute(WORKSPACES.update().where(WORKSPACES.c.id == workspace).values(uninstalled_at=None))


def revoke(db: Db, installation: int, at: datetime) -> bool:
    """An installation is void, and the app no longer in its workspace; False for one that did not stand any more."""
    mine = INSTALLATIONS.update().where(INSTALLATIONS.c.id == installation, INSTALLATIONS.c.sealed_token.is_not(None))
    void = {"sealed_token": None, "revoked_at": at}
    workspace = db.execute(mine.values(**void).returning(INSTALLATIONS.c.workspace_id)).scalar_one_or_none()
    if workspace is not None:
        db.execute(WORKSPACES.update().where(WORKSPACES.c.id == workspace).values(uninstalled_at=at))
    return workspace is not None


def of_team(db: Db, team: str) -> Installation | None:
    """The one that stands in a workspace, by Slack's id of that."""
    return _one(db, WORKSPACES.c.team_id == team, WORKSPACES.c.enterprise_id == "")


def of_workspace(db: Db, workspace: int) -> Installation | None:
    return _one(db, WORKSPACES.c.id == workspace)


def standing(db: Db) -> list[Installation]:
    """All that stand."""
    return _found(db)


def reseal(db: Db, installation: Installation, sealed: str) -> bool:
    """Put another ciphertext of the same token in the place of that which was read; False where it is gone by now."""
    mine = (INSTALLATIONS.c.id == installation.id, INSTALLATIONS.c.sealed_token == installation.sealed)
    return db.execute(INSTALLATIONS.update().where(*mine).values(sealed_token=sealed)).rowcount == 1


def uninstalled_before(db: Db, moment: datetime) -> list[int]:
    """The workspaces that uninstalled the app before, and have not installed it since."""
    return list(db.execute(select(WORKSPACES.c.id).where(WORKSPACES.c.uninstalled_at <= moment)).scalars())


def issue(db: Db, state: str, now: datetime) -> None:
    """Somebody is sent to Slack, to consent. Who has not come back in time is forgotten.

    Anybody may open that page, as often as they like: of too many the oldest are forgotten, so that it fills no disk.
    """
    db.execute(STATES.delete().where(STATES.c.issued_at < now - CONSENT_WITHIN))
    too_many = select(STATES.c.state).order_by(STATES.c.issued_at.desc()).limit(MOST_STATES).offset(MOST_STATES - 1)
    db.execute(STATES.delete().where(STATES.c.state.in_(too_many)))
    db.execute(STATES.insert().values(state=state, issued_at=now))


def consume(db: Db, state: str, now: datetime) -> bool:
    """Somebody comes back from Slack: True once, and in time."""
    mine = (STATES.c.state == state, STATES.c.issued_at >= now - CONSENT_WITHIN)
    return db.execute(STATES.delete().where(*mine)).rowcount == 1


def _one(db: Db, *where: ColumnElement[bool]) -> Installation | None:
    return next(iter(_found(db, *where)), None)


def _found(db: Db, *where: ColumnElement[bool]) -> list[Installation]:
    rows = db.execute(
        select(INSTALLATIONS, WORKSPACES.c.team_id)
        .join(WORKSPACES, WORKSPACES.c.id == INSTALLATIONS.c.workspace_id)
        .where(INSTALLATIONS.c.sealed_token.is_not(None), *where)
        .order_by(INSTALLATIONS.c.id)
    )
    return [_installation(row) for row in rows]


def _installation(row: Row[Any]) -> Installation:
    return Installation(
        id=row.id,
        workspace=row.workspace_id,
        team=row.team_id,
        bot=row.bot_id,
        bot_user=row.bot_user_id,
        sealed=row.sealed_token,
        installed_at=row.installed_at,
    )
