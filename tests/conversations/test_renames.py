"""New names of people and channels: shown wherever the old ones were, and no further."""

import re

import pytest

from tests.conversations.room import Room


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day with @ben")
    room.says("ben", "/topic Guides, by @ben")
    room.says("ben", "/note Out of date")
    room.says("ana", "/action @ben rewrites it")
    room.passes(seconds=10)
    return room


def test_a_renamed_person_shows_by_their_new_name_everywhere(docs: Room) -> None:
    docs.says("ben", "/propose Drop it")
    docs.reacts("ben", "+1", to="Drop it")
    docs.passes(seconds=5)
    docs.does("ben", "rename", name="Benedetta Ortega")
    docs.passes(seconds=30)

    assert "Docs day with @Benedetta Ortega" in docs.card()
    assert "Guides, by @Benedetta Ortega" in docs.message("1. Guides")["text"]
    note, action = docs.thread("1. Guides")
    assert "recorded by Benedetta Ortega" in note
    assert "@Benedetta Ortega rewrites it" in action
    assert "Benedetta Ortega" in docs.ballot("Drop it")
    assert not any("Ben Ortega" in text for text in (*docs.texts(), *docs.thread("1. Guides")))


def test_what_was_said_of_a_session_not_long_over_shows_it_too(docs: Room) -> None:
    docs.says("ben", "/propose Drop it")
    docs.reacts("ben", "+1", to="Drop it")
    docs.says("ana", "/session end")
    docs.passes(hours=20)
    docs.does("ben", "rename", name="Benedetta Ortega")
    docs.passes(minutes=2)
    assert not any("Ben Ortega" in text for text in (*docs.texts(), *docs.thread("1. Guides")))
    assert "Benedetta Ortega" in docs.digests()[0]

    docs.passes(hours=30)
    docs.does("ben", "rename", name="Benno Ortega")
    docs.passes(minutes=2)
    assert "Benedetta Ortega" in docs.digests()[0]  # long over: what stands in the channel stays
    assert docs.record()["topics"][0]["entries"][0]["author"] == "Benno Ortega"


def test_only_what_shows_them_is_drawn_again(docs: Room) -> None:
    docs.has_channel("elsewhere")
    docs.says("ana", "/session start Code day", channel="elsewhere")
    docs.passes(minutes=5)
    drawn = len(docs.calls("chat.update"))
    docs.does("ben", "rename", name="Benedetta Ortega")
    docs.does("dia", "rename", name="Diana Sharma")
    docs.passes(minutes=5)
    again = docs.calls("chat.update")[drawn:]
    assert {call.arguments["channel"] for call in again} == {docs.home.id}
    assert len(again) == 4  # the card, the topic, the note and the action
    assert "Diana" not in docs.stored()  # who had nothing to do with a gathering is none of ours


def test_what_else_people_change_of_themselves_draws_nothing(docs: Room) -> None:
    drawn = len(docs.calls("chat.update"))
    ben = docs.stage.backstage.workspace.person_called("ben")
    assert ben
    user = {"id": ben.id, "name": "ben", "real_name": "Ben Ortega", "tz": ben.tz, "profile": {"status_text": "Lunch"}}
    docs.hears_event({"type": "user_change", "user": user, "event_ts": f"{docs.stage.now_us // 1_000_000}.000001"})
    docs.passes(minutes=1)
    assert len(docs.calls("chat.update")) == drawn


def test_of_two_renames_the_later_one_stands_in_whatever_order_they_are_told(docs: Room) -> None:
    ben = docs.stage.backstage.workspace.person_called("ben")
    assert ben
    now = docs.stage.now_us // 1_000_000
    for name, at in (("Third", now + 3), ("Second", now + 2), ("Third", now + 3)):
        user = {"id": ben.id, "name": "ben", "real_name": name, "tz": ben.tz, "profile": {}}
        docs.hears_event({"type": "user_change", "user": user, "event_ts": f"{at}.000000"})
    docs.passes(seconds=30)
    assert "Docs day with @Third" in docs.card()


def test_a_hostile_name_pings_nobody_and_breaks_nothing(docs: Room) -> None:
    docs.does("ben", "rename", name="<!channel> *B* ](https://evil.example)")
    docs.says("ana", "/session end")
    assert "<!channel> *B*" in docs.digests()[0]
    page = docs.recaps()[0].split("---\n", 2)[2]
    assert r"\*B\* \](https://evil.example)" in page
    assert re.search(r"[^\\]\]\(https://evil", page) is None


@pytest.mark.parametrize("private", [False, True])
def test_a_renamed_channel_shows_by_its_new_name(room: Room, private: bool) -> None:
    room.has_channel("kitchen", private=private)
    room.says("ana", "#startmeeting", channel="kitchen")
    room.passes(seconds=5)
    assert "🗒 kitchen" in room.texts("kitchen")[0]
    room.does("ana", "rename_channel", channel="kitchen", name="the-kitchen")
    room.passes(seconds=5)

    assert "🗒 the-kitchen" in room.texts("the-kitchen")[0]
    assert (room.record()["channel_name"], room.record()["title"]) == ("the-kitchen", "the-kitchen")


def test_a_session_that_has_a_title_of_its_own_keeps_it(docs: Room) -> None:
    docs.does("ana", "rename_channel", name="docs-and-more")
    assert docs.record()["channel_name"] == "docs-and-more"
    assert docs.record()["title"] == "Docs day with @Ben Ortega"


def test_the_later_name_of_a_channel_stands_in_whatever_order_they_are_told(docs: Room) -> None:
    now = docs.stage.now_us // 1_000_000
    for name, at in (("third", now + 3), ("second", now + 2)):
        told = {"id": docs.home.id, "name": name}
        docs.hears_event({"type": "channel_rename", "channel": told, "event_ts": f"{at}.000000"})
    assert docs.record()["channel_name"] == "third"


def test_a_channel_in_which_nothing_was_held_is_not_noted(room: Room) -> None:
    room.does("ana", "rename_channel", name="quiet")
    assert "quiet" not in room.stored()
