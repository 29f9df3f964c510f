"""People: one number each, whatever Slack calls them, and what they told of themselves."""

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from storage import people
from storage.tables import TABLES
from tests.storage.sample import Gathering, after


def test_a_workspace_and_a_person_are_met_once(moot: Gathering) -> None:
    assert people.workspace(moot.db, "T0MOOT") == moot.workspace
    known = people.by_user(moot.db, moot.workspace, "U0ANA")
    assert known is not None
    assert (known.id, known.name, known.zone, known.is_bot) == (moot.ana, "Ana", None, None)
    with pytest.raises(IntegrityError), moot.db.begin_nested():
        people.meet(moot.db, moot.workspace, "U0ANA", "Ana again")


def test_the_same_id_in_another_workspace_is_another_person(moot: Gathering) -> None:
    elsewhere = people.workspace(moot.db, "T0OTHER")

    assert people.by_user(moot.db, elsewhere, "U0ANA") is None
    assert people.meet(moot.db, elsewhere, "U0ANA", "Ana").id != moot.ana
    assert people.by_id(moot.db, elsewhere, moot.ana) is None


def test_what_slack_tells_replaces_the_hint(moot: Gathering) -> None:
    people.learn(moot.db, moot.workspace, moot.ana, name="Ana Silva", zone="Europe/Lisbon", is_bot=False, at=after(0))

    assert people.names(moot.db, moot.workspace, [moot.ana, moot.ben, 999]) == {moot.ana: "Ana Silva", moot.ben: "Ben"}
    assert people.bots(moot.db, moot.workspace) == frozenset()


def test_who_is_a_member_is_known_for_as_long_as_slacks_word_is_young(moot: Gathering) -> None:
    def unknown(since: float) -> list[str]:
        return people.unknown_users(moot.db, moot.workspace, ["U0ANA", "U0BEN", "U0NEW", "U0BEN"], after(since))

    people.learn(moot.db, moot.workspace, moot.ana, name="Ana", zone=None, is_bot=False, is_member=False, at=after(5))
    people.learn(moot.db, moot.workspace, moot.ben, name="Ben", zone=None, is_bot=False, at=after(9))

    assert unknown(0) == ["U0NEW"]
    assert unknown(6) == ["U0ANA", "U0NEW"]
    assert people.members(moot.db, moot.workspace, [moot.ana, moot.ben, 999]) == {moot.ben}
    assert people.users(moot.db, moot.workspace, [moot.ben, 999]) == ["U0BEN"]


def test_what_somebody_tells_is_kept_for_the_next_time(moot: Gathering) -> None:
    people.tell(moot.db, moot.workspace, moot.ana, organisation="Igalia", country="PT")

    assert people.told(moot.db, moot.workspace, moot.ana) == ("Igalia", "PT")
    assert people.told(moot.db, moot.workspace, moot.ben) == (None, None)


def test_only_one_table_has_a_column_for_slacks_ids_of_people() -> None:
    columns = [(table.name, column.name) for table in TABLES for column in table.c]

    assert [(table, name) for table, name in columns if "user" in name] == [
        ("identities", "slack_user_id"),
        ("installations", "bot_user_id"),  # our own
    ]


def test_a_person_can_be_forgotten_without_breaking_the_record(moot: Gathering) -> None:
    """Nothing points at an identity: it can go, and what the person did stays."""
    pointed_at = {key["referred_table"] for table in TABLES for key in inspect(moot.db).get_foreign_keys(table.name)}

    assert "identities" not in pointed_at
