"""Forgetting: of a workspace nothing stays, in no table, and of the others everything does."""

from typing import Any

from sqlalchemy import Connection, Table, select

from storage import gates, installations
from storage.db import Db
from storage.forgetting import OF_NOBODY, erase_workspace
from storage.gates import Gate
from storage.tables import TABLES as ALL
from tests.storage.channel import Channel
from tests.storage.sample import CHANNEL, after

TABLES = [each for each in ALL if each.name not in OF_NOBODY]


def kept_of(db: Db, rows: Table, workspace: int) -> list[Any]:
    mine = rows.c.id if rows.name == "workspaces" else rows.c.workspace_id
    return [tuple(row) for row in db.execute(select(rows).where(mine == workspace).order_by(*rows.primary_key))]


def test_every_table_is_a_workspaces_but_for_those_that_are_named() -> None:
    without = {each.name for each in ALL if "workspace_id" not in each.c}

    assert without == OF_NOBODY | {"workspaces"}


def test_all_of_a_workspace_is_erased_and_nothing_of_another(db: Connection) -> None:
    moot, village = Channel(db, CHANNEL), Channel(db, CHANNEL, "T0VILLAGE")
    for channel in (moot, village):
        channel.gather(0)
        channel.installs(50)
        channel.opens_home(51)
        gates.keep(db, channel.workspace, "post", Gate(full_at=after(0)))
    installations.issue(db, "somebody is consenting", after(50))
    others = {each.name: kept_of(db, each, village.workspace) for each in TABLES}
    lacking = [each.name for each in TABLES if not kept_of(db, each, moot.workspace)]
    assert lacking == [], "what is not there cannot be erased"

    erased = erase_workspace(db, moot.workspace)

    assert [each.name for each in TABLES if kept_of(db, each, moot.workspace)] == []
    assert erased.keys() == {each.name for each in TABLES}
    assert erased["workspaces"] == 1
    assert {each.name: kept_of(db, each, village.workspace) for each in TABLES} == others
    assert erase_workspace(db, moot.workspace) == {}
