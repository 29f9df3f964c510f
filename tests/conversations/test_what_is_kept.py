"""What is kept of a gathering, and for how long; and that nothing is done twice."""

import re
from collections.abc import Callable

import pytest

from storage.engine import file_of
from tests.conversations.room import Room

SECRET = "xylophonist"


def test_the_text_of_other_messages_is_never_stored(room: Room) -> None:
    room.says("ana", f"Before the session: {SECRET}")
    room.says("ana", "/session start Docs day")
    room.says("ana", f"{SECRET}!")
    room.says("ben", f"#info Kept\n{SECRET}\nhttps://github.com/a/b/issues/1 is open")
    room.says("ben", f"{SECRET}", thread="planned until")
    room.edits("ana", f"{SECRET}!", f"{SECRET}?")
    room.says("chen", f"I am {SECRET}", channel="@folkmoot")
    room.says("ana", "/propose Drop it")
    ts = room.says("ana", f"{SECRET} once more")
    room.reacts("ben", "+1", to=ts)
    room.says("ana", "/session end")
    room.says("ana", f"After the session: {SECRET}")

    assert "Kept" in room.stored()
    assert SECRET not in room.stored()
    assert all(SECRET not in text for text in (*room.texts(), *room.recaps()))


@pytest.mark.engine("sqlite")
def test_the_text_of_other_messages_is_in_no_byte_of_the_sqlite_file(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", f"{SECRET}!")
    room.says("ben", f"#info Kept\n{SECRET}")
    room.edits("ana", f"{SECRET}!", f"{SECRET}?")

    files = list(file_of(room.database).parent.iterdir())
    written = b"".join(file.read_bytes() for file in files)
    assert b"Kept" in written
    assert SECRET.encode() not in written


def test_slacks_ids_of_people_stand_in_one_table_alone(room: Room) -> None:
    room.says("ana", "/session start Talk by @dia at @ben")
    room.says("ana", "/topic Questions to @dia")
    room.says("ben", "/action @chen asks @dia by tomorrow")
    room.says("ben", "#agreed @chen is right")
    room.says("ana", "/propose Thank @dia")
    room.reacts("chen", "+1", to="Thank")
    room.says("ben", "@ben's bug: https://github.com/a/b/issues/1")
    room.passes(seconds=10)

    assert "🗒 Talk by @Dia Sharma" in room.card()
    stored = re.findall(r"\bU0[A-Z]+\b", room.stored())
    assert sorted(stored) == ["U0ANA", "U0BEN", "U0CHEN", "U0DIA", room.stage.bot.id]


def test_sessions_are_erased_after_so_many_days(rooms: Callable[..., Room]) -> None:
    room = rooms(settings={"RETENTION_DAYS": "30"})
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.says("ana", f"/note {SECRET}")
    room.says("ana", "/propose Drop it")
    room.reacts("ben", "+1", to="Drop it")
    room.says("ana", "/session end")
    room.passes(hours=29 * 24)
    room.says("ana", "/session start Code day for 7d")
    room.says("ana", "/note Newer")
    assert SECRET in room.stored()
    room.passes(hours=26)

    for gone in (SECRET, "Guides", "Drop it", "Docs day"):
        assert gone not in room.stored()
    assert "Newer" in room.stored()
    assert "Docs day" not in room.folkmoot("sessions")
    assert len(room.digests()) == 1  # what stands in Slack is Slack's


def test_without_that_setting_they_stay(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/session end")
    room.passes(hours=400 * 24)
    assert "Docs day" in room.folkmoot("sessions")


def test_whatever_slack_delivers_twice_counts_once(room: Room) -> None:
    room.fails("double")
    room.says("ana", "/session start Docs day for 1h")
    room.says("ana", "/topic add Guides")
    room.says("ana", "/topic add Tools")
    room.says("ana", "/topic next")
    room.says("ben", "/note Out of date")
    room.says("ben", "/decide One is enough")
    room.says("ben", "#action @ana rewrites it\n#info See https://github.com/a/b/issues/1")
    room.says("ana", "/propose Drop it")
    room.reacts("chen", "+1", to="Drop it")
    room.reacts("dia", "-1", to="Drop it")
    room.unreacts("dia", "-1", to="Drop it")
    room.clicks("ben", "Extend 15 min", on="planned until")
    room.clicks("dia", "Sign in", on="planned until")
    room.fills("dia", Organisation="Red Hat")
    room.passes(seconds=10)

    for expected in ("Now: Guides", "Next: Tools", "1 open proposal · 1 decision · 1 action · 2 notes · 4 people"):
        assert expected in room.card()
    assert "1 for, 0 against" in room.ballot("Drop it")
    assert len(room.texts()) == 4  # card, topic, decision, ballot
    assert len(room.thread("1. Guides")) == 1
    found = {each["name"]: each["messages"] for each in room.record()["participants"]}
    assert found["Ben Ortega"] == 1
    room.clicks("ben", "Undo", on="Note 1 is recorded")
    room.clicks("ana", "End", on="planned until", sure=True)
    assert "0 notes" not in room.digests()[0]
    assert len(room.digests()) == 1
    assert "14:15" in room.record()["planned_end"]


def test_a_bot_that_comes_back_knows_everything_and_says_nothing_twice(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.says("ana", "/topic Guides")
    room.says("ana", "/propose Drop it for 30m")
    room.reacts("ben", "+1", to="Drop it")
    before = room.texts()
    room.bot_goes()
    room.bot_comes()
    assert room.texts() == before
    room.says("ben", "/note Out of date")
    room.reacts("chen", "+1", to="Drop it")
    room.passes(minutes=31)
    assert any("2 for, 0 against" in text for text in room.texts() if "Decision" in text)
    assert "Out of date" in room.thread("1. Guides")[0]
