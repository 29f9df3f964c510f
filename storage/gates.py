"""Gates: how far Slack's limits are used up, kept so that every process, and the next one, obeys the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, or_, select

from storage import prepared
from storage.db import Db, add_once
from storage.gate_schema import GATES

_WIDE = select(GATES).where(~GATES.c.name.contains(literal_column("':'")))
_OF_ALL = select(GATES).where(GATES.c.name.in_(bindparam("names", expanding=True)))
_CALLED = select(GATES).where(GATES.c.name == bindparam("called"))
_ITSELF = (GATES.c.workspace_id == bindparam("workspace"), GATES.c.name == bindparam("called"))
_NAMED, _CHANGE = select(GATES).where(*_ITSELF), GATES.update().where(*_ITSELF)


@dataclass(frozen=True, slots=True)
class Gate:
    """A bucket of calls is full again at `full_at`; until `shut_until` Slack has told us to wait."""

    full_at: datetime | None = None
    shut_until: datetime | None = None


def wide(db: Db) -> dict[tuple[int, str], Gate]:
    """Those of whole workspaces, which are few; one that was never used is missing.

    The many of single channels have names with a colon.
    """
    return _by_name(prepared.rows(db, _WIDE, {}))


def of_all(db: Db, names: Collection[str]) -> dict[tuple[int, str], Gate]:
    """Some gates of every workspace; one that was never used is missing."""
    if len(names) > prepared.FEW:
        return _by_name(db.execute(_OF_ALL, {"names": list(names)}))
    return _by_name(row for name in names for row in prepared.rows(db, _CALLED, {"called": name}))


def _by_name(rows: Iterable[Any]) -> dict[tuple[int, str], Gate]:
    return {(row.workspace_id, row.name): Gate(row.full_at, row.shut_until) for row in rows}


def named(db: Db, workspace: int, names: Iterable[str]) -> dict[tuple[int, str], Gate]:
    """Some gates of a workspace; one that was never used is missing."""
    return _by_name(
        row for name in names if (row := prepared.one(db, _NAMED, {"workspace": workspace, "called": name})) is not None
    )


def keep(db: Db, workspace: int, name: str, gate: Gate) -> None:
    """Note a gate as it is now."""
    values = {"full_at": gate.full_at, "shut_until": gate.shut_until}
    if not add_once(db, GATES, workspace_id=workspace, name=name, **values):
        prepared.count(db, _CHANGE, {"workspace": workspace, "called": name} | values)


def purge(db: Db, before: datetime) -> None:
    """Forget gates that have long been open."""
    full, open_again = GATES.c.full_at, GATES.c.shut_until
    long_ago = (or_(each.is_(None), each < before) for each in (full, open_again))
    db.execute(GATES.delete().where(*long_ago))
