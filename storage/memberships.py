"""Who is in which channels, as Slack said a moment ago: what somebody may find is told by that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from minutes.ids import ChannelId, PersonId
from storage.db import Db, add_once
from storage.home_schema import MEMBERSHIPS


@dataclass(frozen=True, slots=True)
class Membership:
    """`channels` is None where Slack does not tell."""

    channels: frozenset[ChannelId] | None
    asked_at: datetime
    moved_at: datetime | None


def of(db: Db, workspace: int, person: PersonId) -> Membership | None:
    found = select(MEMBERSHIPS).where(MEMBERSHIPS.c.workspace_id == workspace, MEMBERSHIPS.c.person_id == person)
    row = db.execute(found).one_or_none()
    if row is None:
        return None
    return Membership(None if row.channels is None else frozenset(row.channels), row.asked_at, row.moved_at)


def learn(db: Db, workspace: int, person: PersonId, channels: Collection[ChannelId] | None, asked_at: datetime) -> None:
    """Keep Slack's latest word; None where it does not tell."""
    told = {"channels": None if channels is None else sorted(channels), "asked_at": asked_at}
    if not add_once(db, MEMBERSHIPS, workspace_id=workspace, person_id=person, **told):
        mine = (MEMBERSHIPS.c.workspace_id == workspace, MEMBERSHIPS.c.person_id == person)
        db.execute(MEMBERSHIPS.update().where(*mine).values(**told))


def moved(db: Db, workspace: int, person: PersonId, at: datetime) -> None:
    """Somebody has come or gone: what was known, or is just being asked, is not true any more."""
    if not add_once(db, MEMBERSHIPS, workspace_id=workspace, person_id=person, asked_at=at, moved_at=at):
        mine = (MEMBERSHIPS.c.workspace_id == workspace, MEMBERSHIPS.c.person_id == person)
        db.execute(MEMBERSHIPS.update().where(*mine).values(moved_at=at))


def purge(db: Db, asked_before: datetime) -> None:
    db.execute(MEMBERSHIPS.delete().where(MEMBERSHIPS.c.asked_at < asked_before))
