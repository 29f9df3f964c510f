"""Gates: how far Slack's limits are used up, kept so that every process, and the next one, obeys the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from storage.db import Db, add_once
from storage.gate_schema import GATES

_OF_ALL = select(GATES).where(GATES.c.name.in_(bindparam("names", expanding=True)))
_NAMED = _OF_ALL.where(GATES.c.workspace_id == bindparam("workspace"))


@dataclass(frozen=True, slots=True)
class Gate:
    """A bucket of calls is full again at `full_at`; until `shut_until` Slack has told us to wait."""

    full_at: datetime | None = None
    shut_until: datetime | None = None


def of_all(db: Db, names: Collection[str]) -> dict[tuple[int, str], Gate]:
    """Some gates of every workspace; one that was never used is missing."""
    found = db.execute(_OF_ALL, {"names": list(names)})
    return {(row.workspace_id, row.name): Gate(row.full_at, row.shut_until) for row in found}


def named(db: Db, workspace: int, names: Iterable[str]) -> dict[tuple[int, str], Gate]:
    """Some gates of a workspace; one that was never used is missing."""
    found = db.execute(_NAMED, {"workspace": workspace, "names": list(names)})
    return {(workspace, row.name): Gate(row.full_at, row.shut_until) for row in found}


def keep(db: Db, workspace: int, name: str, gate: Gate) -> None:
    """Note a gate as it is now."""
    values = {"full_at": gate.full_at, "shut_until": gate.shut_until}
    if not add_once(db, GATES, workspace_id=workspace, name=name, **values):
        mine = (GATES.c.workspace_id == workspace, GATES.c.name == name)
        db.execute(GATES.update().where(*mine).values(**values))


def purge(db: Db, before: datetime) -> None:
    """Forget gates that have long been open."""
    full, open_again = GATES.c.full_at, GATES.c.shut_until
    long_ago = (or_(each.is_(None), each < before) for each in (full, open_again))
    db.execute(GATES.delete().where(*long_ago))
