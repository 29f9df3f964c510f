"""Who has opened Home lately, and what they look for there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from minutes.ids import ChannelId, PersonId
from storage import prepared
from storage.db import Db, add_once
from storage.home_schema import HOMES, MEMBERSHIPS

# Asked with every change of a session, so it is put together once.
_OPENED_LAST = (
    select(HOMES.c.person_id, MEMBERSHIPS.c.channels)
    .join(
        MEMBERSHIPS,
        (HOMES.c.workspace_id == MEMBERSHIPS.c.workspace_id) & (HOMES.c.person_id == MEMBERSHIPS.c.person_id),
    )
    .where(HOMES.c.workspace_id == bindparam("workspace"), HOMES.c.opened_at >= bindparam("since"))
    .order_by(HOMES.c.opened_at.desc(), HOMES.c.person_id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Opened:
    opened_at: datetime
    words: str | None


def opened(db: Db, workspace: int, person: PersonId, at: datetime, words: str | None = None) -> None:
    """Somebody has Home before them now, and looks for these words there, or for none."""
    now = {"opened_at": at, "words": words}
    if not add_once(db, HOMES, workspace_id=workspace, person_id=person, **now):
        mine = (HOMES.c.workspace_id == workspace, HOMES.c.person_id == person)
        db.execute(HOMES.update().where(*mine).values(**now))


def of(db: Db, workspace: int, person: PersonId) -> Opened | None:
    mine = (HOMES.c.workspace_id == workspace, HOMES.c.person_id == person)
    row = db.execute(select(HOMES).where(*mine)).one_or_none()
    return None if row is None else Opened(row.opened_at, row.words)


def showing(db: Db, workspace: int, channel: ChannelId, since: datetime, most: int) -> list[PersonId]:
    """Of the `most` people who opened theirs last, and since then, those who were in the channel when we last knew."""
    found = prepared.rows(db, _OPENED_LAST, {"workspace": workspace, "since": since, "most": most})
    return [row.person_id for row in found if channel in (row.channels or ())]


def purge(db: Db, opened_before: datetime) -> None:
    db.execute(HOMES.delete().where(HOMES.c.opened_at < opened_before))
