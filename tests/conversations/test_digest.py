"""The digest and the recap: what they tell, when they come, and how they go on where they are long."""

from collections.abc import Callable

import yaml

from tests.conversations.room import Room, moments


def hold_a_gathering(room: Room) -> None:
    room.says("ana", '/session start Docs day for 1h at "Room 5"')
    for who, organisation, country in (("ana", "Red Hat", "Spain"), ("ben", "IBM", "Germany")):
        room.clicks(who, "Sign in", on="planned until")
        room.fills(who, Organisation=organisation, Country=country)
    room.says("ana", "/topic add Never reached")
    room.says("ana", "/topic Guides")
    room.says("ben", "/note The guide is out of date")
    room.says("chen", "Slow: https://github.com/a/b/issues/1")
    room.says("ana", "/propose Drop it for 10m")
    room.reacts("ben", "+1", to="Drop it")
    room.reacts("chen", "+1", to="Drop it")
    room.reacts("dia", "-1", to="Drop it")
    room.says("ben", "/action @ana and @ben rewrite it by 20 April")
    room.until("13:25")
    room.says("ana", "/topic Tools")
    room.says("dia", "#help Who knows Sphinx?")
    room.until("13:40")
    room.says("ana", "/decide Use one tool")
    room.says("ana", "/session end")


def test_it_tells_everything_in_one_message(room: Room) -> None:
    hold_a_gathering(room)
    (digest,) = room.digests()
    order = (
        "🗒 Docs day",
        "📍 Room 5",
        "(40 min)",
        "4 people",
        "IBM and Red Hat",
        "1. Guides · 25 min",
        "Drop it — V1: 2 for, 1 against",
        "@Ana Ruiz and @Ben Ortega rewrite it by 20 April — Ana Ruiz and Ben Ortega, by 20 April 2026",
        "The guide is out of date — Ben Ortega",
        "2. Tools · 15 min",
        "Use one tool — recorded by Ana Ruiz, no vote",
        "Open questions",
        "Who knows Sphinx? — Dia Sharma, topic 2",
        "Issues and links",
        "Slow — a/b#1",
        "Not reached",
        "Never reached",
        "Thank you for taking part, and for the notes: Ben Ortega.",
    )
    places = [digest.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert moments(room.message("Thank you for taking part")) == ["13:00", "13:40"]


def test_the_recap_is_attached_as_a_file_in_its_thread(room: Room) -> None:
    hold_a_gathering(room)
    (recap,) = room.recaps()
    digest = room.message("Thank you for taking part")
    (reply,) = [each for each in room.stage.messages() if each.get("thread_ts") == digest["ts"] != each["ts"]]
    assert [file["name"] for file in reply["files"]] == ["recap.md"]

    front = yaml.safe_load(recap.split("---")[1])
    assert front["title"] == "Docs day Recap"
    for expected in ("Guides", "Tools", "Drop it", "2 for, 1 against", "Who knows Sphinx?", "Use one tool"):
        assert expected in recap
    assert recap == room.folkmoot("recap")


def test_it_comes_so_many_minutes_after_the_end(rooms: Callable[..., Room]) -> None:
    room = rooms(settings={"DIGEST_DELAY": "10"})
    room.says("ana", "/session start Docs day")
    assert "The digest follows in 10 minutes" in room.says("ana", "/session end")
    room.passes(minutes=9)
    assert room.digests() == []
    room.says("ana", "/session start Code day")  # in between
    room.passes(minutes=2)
    assert len(room.digests()) == 1
    assert "Docs day" in room.digests()[0]


def test_a_session_that_is_reopened_before_its_digest_has_one_digest_only(rooms: Callable[..., Room]) -> None:
    room = rooms(settings={"DIGEST_DELAY": "10"})
    room.says("ana", "/session start Docs day")
    room.says("ana", "/session end")
    room.passes(minutes=5)
    room.says("ana", "/session reopen")
    room.passes(minutes=8)
    assert room.digests() == []
    room.says("ana", "/note Something more")
    room.says("ana", "/session end")
    room.passes(minutes=11)
    assert len(room.digests()) == 1
    assert "Something more" in room.digests()[0]


def test_a_long_one_goes_on_in_its_thread_and_loses_nothing(room: Room) -> None:
    room.says("ana", "/session start Docs day for 6h")
    notes = [f"{number:03}: " + f"remark {number} " * 25 for number in range(120)]
    for topic in range(4):
        room.says("ana", f"/topic Topic {topic}")
        lines = "\n".join(f"#info {note}" for note in notes[topic * 30 : topic * 30 + 30])
        room.says("ben", lines)
    room.says("ana", "/session end")
    room.passes(minutes=2)

    first = next(each for each in room.channel() if "Continued in the thread." in str(each.get("blocks")))
    parts = [text for text in room.thread_of(first["ts"]) if "part" in text]
    assert len(parts) >= 2
    whole = "\n".join([room.texts()[-1], *room.thread_of(first["ts"])])
    assert [note for note in notes if note.strip() not in whole] == []
    assert "Thank you for taking part" in parts[-1]
    assert f"part {len(parts) + 1} of {len(parts) + 1}" in parts[-1]
    assert room.thread_of(first["ts"])[-1] not in parts  # the recap comes last
    assert [note for note in notes if note.strip() not in room.recaps()[0]] == []


def test_a_correction_reaches_every_part_of_a_long_one(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    for number in range(3):
        room.says("ana", f"/topic Topic {number}")
        room.says("ben", f"/note Remark {number} " + "word " * 1500)
    room.says("ana", "/session end")
    room.passes(minutes=1)
    first = next(each for each in room.channel() if "Continued in the thread." in str(each.get("blocks")))
    assert any("Remark 2" in text for text in room.thread_of(first["ts"]))
    room.says("ben", "/session undo 3")
    room.passes(minutes=1)
    assert not any("Remark 2" in text for text in [*room.texts(), *room.thread_of(first["ts"])])


def test_a_digest_whose_fate_was_unclear_is_posted_once(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.passes(seconds=10)
    room.fails("hang_up_after", method="chat.postMessage", times=1)
    room.says("ana", "/session end")
    room.passes(minutes=1)
    assert len(room.digests()) == 1
    assert len(room.recaps()) == 1


def test_an_empty_session_has_a_digest_too(room: Room) -> None:
    room.says("ana", "/session start Nobody came for 30m")
    room.passes(minutes=31)
    (digest,) = room.digests()
    assert "Nobody came" in digest
    assert "Nobody came Recap" in room.recaps()[0]
