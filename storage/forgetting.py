"""Forgetting: a person, of whom the record goes on to count what they did, or all that is stored of a workspace."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Table, delete, or_, select

import storage.hearing_schema
import storage.home_schema
import storage.installation_schema  # noqa: F401 # their tables are known once they are read
from minutes.ids import PersonId
from storage.db import Db
from storage.gate_schema import GATES
from storage.hearing_schema import INBOX
from storage.message_schema import FILES
from storage.schema import OUTBOX, PARTICIPATIONS, PEOPLE, WORKSPACES
from storage.tables import TABLES
from storage.vote_schema import MARKS, PROPOSALS, REASONS
from storage.votes import GOING_ON

OF_NOBODY = frozenset({"oauth_states"})
"""Tables without a workspace: their rows live for minutes."""


class Fate(StrEnum):
    """What becomes of a row that says who, once that person is forgotten.

    It goes; or it stays and no longer says who; or it stays by our own number, behind which nobody stands any more.
    """

    GOES = "goes"
    LOSES = "loses"
    STAYS = "stays"


FATES: Mapping[str, Fate] = {
    "identities.person_id": Fate.GOES,
    "memberships.person_id": Fate.GOES,
    "homes.person_id": Fate.GOES,
    "installations.installed_by": Fate.LOSES,
    "sessions.started_by": Fate.STAYS,
    "session_chairs.person_id": Fate.STAYS,
    "session_chairs.named_by": Fate.STAYS,
    "topics.brought_by": Fate.STAYS,
    "entries.author_id": Fate.STAYS,
    "entries.said_by": Fate.STAYS,
    "entries.revised_by": Fate.STAYS,
    "presses.person_id": Fate.STAYS,
    "presses.author_id": Fate.STAYS,
    "links.person_id": Fate.STAYS,
    "files.person_id": Fate.STAYS,
    "participations.person_id": Fate.STAYS,
    "proposals.proposer_id": Fate.STAYS,
    "reasons.person_id": Fate.STAYS,
    "marks.person_id": Fate.STAYS,
}
"""Every column that leads to somebody among the people, and what becomes of its rows."""

_THEIRS: tuple[tuple[Column[Any], dict[str, Any]], ...] = (
    (PEOPLE.c.id, {"organisation": None, "country": None, "reminded_at": None, "wants_reminders": True}),
    (PARTICIPATIONS.c.person_id, {"organisation": None, "country": None}),
    (REASONS.c.person_id, {"text": ""}),
    # A file's page has the Slack id of whoever shared it in its address.
    (FILES.c.person_id, {"permalink": ""}),
)
"""What is theirs alone in rows that stay, and what stands there instead."""


def erase_workspace(db: Db, workspace: int) -> dict[str, int]:
    """Erase all that is kept of a workspace, and that there is one; gives how many rows went, by table."""
    erased = {each.name: _erase(db, each, workspace) for each in reversed(TABLES) if _is_its(each)}
    return {name: rows for name, rows in erased.items() if rows}


def erase_person(db: Db, workspace: int, person: PersonId) -> dict[str, int]:
    """Erase who somebody is, and all that is theirs alone; gives of how many rows, by table."""
    erased = {str(by.table.name): _empty(db, workspace, person, by, values) for by, values in _THEIRS}
    erased["outbox"] = _erase_duties(db, workspace, person)
    for by in (_column(name) for name, fate in FATES.items() if fate is not Fate.STAYS):
        mine = (by.table.c.workspace_id == workspace, by == person)
        goes = FATES[f"{by.table.name}.{by.name}"] is Fate.GOES
        change = delete(by.table).where(*mine) if goes else by.table.update().where(*mine).values({by: None})
        erased[str(by.table.name)] = db.execute(change).rowcount
    return {name: rows for name, rows in erased.items() if rows}


def votes_under_way(db: Db, workspace: int, person: PersonId) -> list[str]:
    """The votes of which Slack will yet be asked who holds what, and would name somebody: by label."""
    asked = or_(PROPOSALS.c.state.in_(GOING_ON), PROPOSALS.c.snapshot_due_at.is_not(None))
    of_theirs = select(MARKS.c.id).where(
        MARKS.c.workspace_id == PROPOSALS.c.workspace_id,
        MARKS.c.channel_id == PROPOSALS.c.channel_id,
        MARKS.c.message_ts == PROPOSALS.c.ballot_ts,
        MARKS.c.person_id == person,
    )
    found = select(PROPOSALS.c.number, PROPOSALS.c.roll, of_theirs.exists().label("voted"))
    rows = db.execute(found.where(PROPOSALS.c.workspace_id == workspace, asked).order_by(PROPOSALS.c.number))
    return [f"V{row.number}" for row in rows if row.voted or person in (row.roll or ())]


def _empty(db: Db, workspace: int, person: PersonId, by: Column[Any], values: dict[str, Any]) -> int:
    """Where there is anything to empty."""
    full = or_(*(by.table.c[name].is_distinct_from(value) for name, value in values.items()))
    mine = (by.table.c.workspace_id == workspace, by == person, full)
    return db.execute(by.table.update().where(*mine).values(**values)).rowcount


def _erase_duties(db: Db, workspace: int, person: PersonId) -> int:
    """What was said to them alone; and whatever names their conversation with the bot, for its id leads to them."""
    theirs = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.payload["person"].as_integer() == person)
    direct = select(OUTBOX.c.channel_id).where(*theirs, OUTBOX.c.channel_id.startswith("D")).distinct()
    for channel in db.execute(direct).scalars().all():
        db.execute(delete(GATES).where(GATES.c.workspace_id == workspace, GATES.c.name.endswith(f":{channel}")))
        db.execute(delete(INBOX).where(INBOX.c.workspace_id == workspace, INBOX.c.key.startswith(f"{channel}:")))
    return db.execute(delete(OUTBOX).where(*theirs)).rowcount


def _column(name: str) -> Column[Any]:
    rows, _, column = name.partition(".")
    return next(each for each in TABLES if each.name == rows).c[column]


def _is_its(rows: Table) -> bool:
    return rows.name not in OF_NOBODY


def _erase(db: Db, rows: Table, workspace: int) -> int:
    mine = rows.c.id if rows is WORKSPACES else rows.c.workspace_id
    return db.execute(delete(rows).where(mine == workspace)).rowcount
