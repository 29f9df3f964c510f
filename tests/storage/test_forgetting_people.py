"""Forgetting somebody: every column that leads to people has its fate, and no word of them is left."""

from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, select

from storage import people, sessions, votes
from storage.forgetting import FATES, Fate, erase_person, votes_under_way
from storage.tables import TABLES
from tests.storage.channel import Channel
from tests.storage.sample import CHANNEL, Gathering

ANA = "U0ANA"


def leading_to_people() -> set[Column[Any]]:
    keys = [key for each in TABLES for key in each.foreign_keys if key.column.table.name == "people"]
    return {key.parent for key in keys if key.column.name == "id"}


def named(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def rows(db: Connection, table: Table, *where: Any) -> list[Any]:
    return [tuple(row) for row in db.execute(select(table).where(*where).order_by(*table.primary_key))]


def everything(db: Connection, *, without: int | None = None) -> str:
    """All that is stored, in words; without a workspace where one is given."""
    found: list[Any] = []
    for each in TABLES:
        own = each.c.get("workspace_id", each.c.get("id"))
        found += rows(db, each, *(() if without is None or own is None else (own != without,)))
    return "\n".join(map(repr, found))


@pytest.fixture
def moot(db: Connection) -> Channel:
    """A workspace in which Ana has done everything that somebody can."""
    moot = Channel(db, CHANNEL)
    moot.gather(0)
    moot.installs(50)
    moot.opens_home(51)
    moot.is_quoted(52, "The guide is in the cupboard")
    people.tell(db, moot.workspace, number_of_ana(db, moot), organisation="Reed Hut", country="PT")
    return moot


def number_of_ana(db: Connection, where: Channel) -> int:
    known = people.by_user(db, where.workspace, ANA)
    assert known is not None
    return known.id


def test_every_column_that_leads_to_people_has_its_fate() -> None:
    assert {named(column) for column in leading_to_people()} == FATES.keys(), "what becomes of it? see FATES"


def test_only_what_may_be_empty_is_emptied() -> None:
    loses = {column for column in leading_to_people() if FATES[named(column)] is Fate.LOSES}

    assert [named(column) for column in loses if not column.nullable] == []


@pytest.mark.parametrize("name", sorted(FATES))
def test_each_of_these_rows_meets_its_fate(db: Connection, moot: Channel, name: str) -> None:
    ana, column = number_of_ana(db, moot), next(each for each in leading_to_people() if named(each) == name)
    before = len(rows(db, column.table, column == ana))
    all_before = len(rows(db, column.table))
    assert before, "what is not there has no fate"

    erased = erase_person(db, moot.workspace, ana)

    left, all_left = len(rows(db, column.table, column == ana)), len(rows(db, column.table))
    expected = {Fate.GOES: (0, all_before - before), Fate.LOSES: (0, all_before), Fate.STAYS: (before, all_before)}
    assert (left, all_left) == expected[FATES[name]]
    if FATES[name] is not Fate.STAYS:
        assert erased[column.table.name] == before


def test_no_word_of_them_is_left_and_nothing_of_another_workspace_is_touched(db: Connection, moot: Channel) -> None:
    village = Channel(db, CHANNEL, "T0VILLAGE")
    village.gather(100)
    others = everything(db, without=moot.workspace)
    assert ANA in others

    erase_person(db, moot.workspace, number_of_ana(db, moot))

    assert everything(db, without=moot.workspace) == others
    left = everything(db, without=village.workspace)
    for gone in (ANA, "'Ana'", "Reed Hut", "'PT'", "The tests are green"):
        assert gone not in left
    for kept in ("Traces are missing", "write the guide", "guide.png", "Ship on Friday"):
        assert kept in left


def test_who_is_forgotten_twice_was_not_there_the_second_time(db: Connection, moot: Channel) -> None:
    ana = number_of_ana(db, moot)

    assert erase_person(db, moot.workspace, ana)
    assert erase_person(db, moot.workspace, ana) == {}


def test_votes_are_under_way_for_those_who_vote_or_may_vote_in_them(db: Connection, moot: Channel) -> None:
    session = sessions.all_kept(db)[0].session
    ana, ben = number_of_ana(db, moot), people.meet(db, moot.workspace, "U0BEN", "Ben").id
    assert votes_under_way(db, moot.workspace, ana) == [], "that vote is over"

    kept = votes.get(db, moot.workspace, Gathering(db, moot.workspace, ana, ben, session).proposal("Move the well"))
    assert votes_under_way(db, moot.workspace, ben) == []
    votes.change(db, kept, kept.proposal.state, roll=[ben])

    assert votes_under_way(db, moot.workspace, ben) == [kept.proposal.label]
    assert votes_under_way(db, moot.workspace, ana) == []
