"""Who chairs a session."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, case, select

from minutes.ids import PersonId
from storage import prepared
from storage.chair_schema import CHAIRS
from storage.db import Db, add_once

# Asked with every topic, so it is put together once.
_OF_SESSION = (
    select(CHAIRS.c.person_id)
    .where(
        CHAIRS.c.workspace_id == bindparam("workspace"),
        CHAIRS.c.session_id == bindparam("session"),
        CHAIRS.c.unnamed_at.is_(None),
    )
    .order_by(CHAIRS.c.named_at, case((CHAIRS.c.named_by == CHAIRS.c.person_id, 0), else_=1), CHAIRS.c.person_id)
)


def of_session(db: Db, workspace: int, session: int) -> tuple[PersonId, ...]:
    """In the order in which they were named; at once with others, whoever started it comes first."""
    return tuple(each[0] for each in prepared.rows(db, _OF_SESSION, {"workspace": workspace, "session": session}))


def name(db: Db, workspace: int, session: int, person: PersonId, *, by: PersonId, at: datetime) -> None:
    """From now on they chair; somebody who did before comes last in line again."""
    key = {"workspace_id": workspace, "session_id": session, "person_id": person}
    values = {"named_by": by, "named_at": at, "unnamed_at": None}
    if not add_once(db, CHAIRS, **key, **values):
        db.execute(CHAIRS.update().where(*(CHAIRS.c[each] == key[each] for each in key)).values(**values))


def unname(db: Db, workspace: int, session: int, people: Iterable[PersonId], *, at: datetime) -> None:
    mine = (CHAIRS.c.workspace_id == workspace, CHAIRS.c.session_id == session)
    db.execute(CHAIRS.update().where(*mine, CHAIRS.c.person_id.in_(tuple(people))).values(unnamed_at=at))
