"""Shortcuts: recording a message of anybody's, and starting a session or a vote from anywhere."""

import pytest

from rehearsal.server import ActFailed
from tests.conversations.room import Room, buttons, shown
from tests.conversations.test_mentions import marks

RECORD = "Record as…"


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with a session and a topic on its floor."""
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    return room


def entries(room: Room) -> list[dict[str, object]]:
    record = room.record()
    return [each for section in [record["before_topics"], *record["topics"]] for each in section["entries"]]


def elements(room: Room, who: str) -> dict[str, dict[str, object]]:
    return {block["block_id"]: block["element"] for block in room.dialog(who)["blocks"]}


def records(room: Room, who: str, words: str, **fields: object) -> dict[str, str]:
    room.does(who, "shortcut", name=RECORD, on=words)
    return room.fills(who, **fields)


def test_a_message_is_recorded_with_who_said_it_and_who_recorded_it(room: Room) -> None:
    room.says("ana", "/topic Guides")
    room.says("ben", "They are out of date")

    assert records(room, "chen", "out of date", kind="Note") == {}

    (entry,) = entries(room)
    assert (entry["kind"], entry["text"], entry["author"]) == ("note", "They are out of date", "Chen Wei")
    assert entry["said_by"] == "Ben Ortega"
    assert entry["ts"] == room.message("They are out of date")["ts"]
    assert marks(room, "They are out of date") == {"memo": ["folkmoot"]}
    assert "Note 1 is recorded under “Guides”" in room.whispers("chen")[-1]
    room.says("ana", "/session end")
    assert "They are out of date — Ben Ortega, noted by Chen Wei" in room.digests()[0]


def test_a_reply_is_recorded_under_the_topic_of_its_thread(docs: Room) -> None:
    docs.says("ben", "They are out of date", thread="1. Guides")
    docs.says("ana", "/topic Tools")

    assert records(docs, "chen", "out of date", kind="Note") == {}

    assert [[each["text"] for each in topic["entries"]] for topic in docs.record()["topics"]] == [
        ["They are out of date"],
        [],
    ]


def test_words_and_kind_can_be_changed_before_it_is_recorded(docs: Room) -> None:
    docs.says("ben", "hm we shld have one guide only?")

    assert records(docs, "ben", "shld", kind="Question", text="Should there be one guide only?") == {}

    (entry,) = entries(docs)
    assert (entry["kind"], entry["text"]) == ("question", "Should there be one guide only?")
    assert entry["said_by"] is None
    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert digest.index("Open questions") < digest.index("Should there be one guide only?")


def test_a_message_that_was_recorded_in_its_own_words_is_followed_when_it_is_edited(docs: Room) -> None:
    said = docs.says("ben", "@dia says they are out of date")
    assert records(docs, "chen", "out of date", kind="Note") == {}

    docs.does("ben", "edit", on=said, text="@dia says they are out of date since May")

    (entry,) = entries(docs)
    assert entry["text"] == "@Dia Sharma says they are out of date since May"
    assert entry["said_by"] == "Ben Ortega"
    assert "edited by Ben Ortega" in docs.says("chen", "/session history 1")


def test_the_words_of_whoever_recorded_it_stay_whatever_becomes_of_the_message(docs: Room) -> None:
    said = docs.says("ben", "hm they are out of date")
    assert records(docs, "chen", "out of date", kind="Note", text="The guides are out of date") == {}

    docs.does("ben", "edit", on=said, text="they are fine")

    assert [each["text"] for each in entries(docs)] == ["The guides are out of date"]


def test_a_message_that_is_edited_while_its_dialog_is_open_is_not_recorded_in_its_old_words(docs: Room) -> None:
    said = docs.says("ben", "hm they are out of date")
    docs.does("ben", "edit", on=said, text="They are out of date")
    docs.passes(minutes=1)
    docs.does("chen", "shortcut", name=RECORD, on="out of date")
    docs.does("ben", "edit", on=said, text="They are fine")

    assert "edited while you had this open" in docs.fills("chen", kind="Note")["text"]
    assert docs.fills("chen", kind="Note", text="The guides are fine") == {}
    docs.passes(minutes=1)
    docs.does("ana", "shortcut", name=RECORD, on="They are fine")
    assert docs.fills("ana", kind="Decision") == {}

    assert [each["text"] for each in entries(docs)] == ["The guides are fine", "They are fine"]


def test_a_message_that_is_deleted_while_its_dialog_is_open_stays_out_of_the_minutes(docs: Room) -> None:
    said = docs.says("ben", "They are out of date")
    docs.does("chen", "shortcut", name=RECORD, on="out of date")
    docs.does("ben", "delete", on=said)

    assert "has been deleted" in docs.fills("chen", kind="Note")["text"]

    assert entries(docs) == []


def test_owner_and_day_that_were_chosen_stay_unless_an_edit_is_about_them(docs: Room) -> None:
    said = docs.says("ben", "somebody rewrites them")
    assert records(docs, "chen", "rewrites", kind="Action", owners=["dia"], due="2026-04-20") == {}

    docs.does("ben", "edit", on=said, text="they are rewritten")

    (action,) = entries(docs)
    assert (action["text"], action["owners"], action["due"]) == ("they are rewritten", ["Dia Sharma"], "2026-04-20")


@pytest.mark.parametrize("kind", ["Note", "Action", "Decision", "Question", "Link"])
def test_it_can_be_recorded_as_each_kind_and_as_each_only_once(docs: Room, kind: str) -> None:
    docs.says("ben", "https://example.org is it")
    assert records(docs, "chen", "example.org", kind=kind) == {}

    errors = records(docs, "ana", "example.org", kind=kind)

    assert f"in the minutes already, as {kind.lower()} 1" in errors["text"]
    assert len(entries(docs)) == 1
    assert docs.fills("ana", kind="Link" if kind == "Note" else "Note") == {}
    assert len(entries(docs)) == 2


def test_what_was_taken_back_can_be_recorded_again(docs: Room) -> None:
    docs.says("ben", "They are out of date")
    records(docs, "chen", "out of date", kind="Note")
    docs.clicks("chen", "Undo", on="Note 1 is recorded")
    assert entries(docs) == []

    assert records(docs, "chen", "They are out of date", kind="Note") == {}

    assert [each["number"] for each in entries(docs)] == [2]


def test_owners_and_day_of_an_action_are_read_from_the_message_and_can_be_chosen(docs: Room) -> None:
    docs.says("chen", "Hello")  # so that we know their name
    docs.says("ben", "@chen rewrites it by Friday")
    docs.does("ana", "shortcut", name=RECORD, on="rewrites it")
    found = elements(docs, "ana")
    assert found["owners"]["initial_users"] == ["U0CHEN"]
    assert found["due"]["initial_date"] == "2026-04-17"
    assert found["text"]["initial_value"] == "@Chen Wei rewrites it by Friday"

    assert docs.fills("ana", kind="Action", owners=["dia", "chen"], due="2026-04-20") == {}

    (action,) = entries(docs)
    assert (action["owners"], action["due"]) == (["Dia Sharma", "Chen Wei"], "2026-04-20")


def test_who_is_mentioned_in_a_message_is_known_by_name_and_pinged_by_nobody(docs: Room) -> None:
    docs.says("chen", "Hello")  # so that we know them
    docs.says("ben", "Ask @chen and <!here>")

    records(docs, "ana", "Ask", kind="Note")

    assert entries(docs)[0]["text"] == "Ask @Chen Wei and <!here>"
    assert "U0CHEN" not in docs.record()["topics"][0]["entries"][0]["text"]


def test_a_message_belongs_to_the_topic_that_was_on_the_floor_when_it_was_said(docs: Room) -> None:
    docs.says("ben", "They are out of date")
    docs.passes(minutes=1)
    docs.says("ana", "/topic Tools")

    records(docs, "ana", "out of date", kind="Note")

    assert [[each["text"] for each in topic["entries"]] for topic in docs.record()["topics"]] == [
        ["They are out of date"],
        [],
    ]


def test_a_reply_in_a_thread_can_be_recorded_too(docs: Room) -> None:
    docs.says("ben", "In the thread", thread=docs.message("1. Guides")["ts"])

    assert records(docs, "ana", "In the thread", kind="Decision") == {}

    assert marks(docs, "In the thread") == {"memo": ["folkmoot"]}
    docs.says("ana", "/session end")
    assert "said by Ben Ortega, recorded by Ana Ruiz, no vote" in docs.digests()[0]


def test_a_tagged_line_is_not_recorded_again_as_what_it_is(docs: Room) -> None:
    docs.says("ben", "#info Out of date")

    assert "as note 1" in records(docs, "ana", "#info", kind="Note")["text"]


def test_without_a_session_there_is_no_dialog_but_a_way_to_start_one(room: Room) -> None:
    room.says("ben", "They are out of date")

    room.does("ana", "shortcut", name=RECORD, on="out of date")

    assert "No session is open in this channel" in room.whispers("ana")[0]
    room.clicks("ana", "Start with details", on="No session is open")
    room.fills("ana", title="Docs day")
    assert "Docs day" in room.card()


def test_a_dialog_that_comes_after_the_session_has_ended_says_so(docs: Room) -> None:
    docs.says("ben", "They are out of date")
    docs.does("chen", "shortcut", name=RECORD, on="out of date")
    docs.says("ana", "/session end")
    docs.says("ana", "/session start Next day")

    assert "That session is over" in docs.fills("chen", kind="Note")["text"]


def test_no_words_are_refused_at_their_field(docs: Room) -> None:
    docs.says("ben", "They are out of date")

    assert records(docs, "chen", "out of date", kind="Note", text="\u2060 ") == {
        "text": "Write what is to stand in the minutes."
    }


def test_what_the_bot_has_said_can_be_recorded_and_names_nobody(docs: Room) -> None:
    assert records(docs, "ana", "1. Guides", kind="Note", text="We came to the guides") == {}

    assert entries(docs)[0]["said_by"] is None


def test_a_conversation_with_the_bot_alone_is_no_gathering(room: Room) -> None:
    room.says("ana", "Hello", channel="@folkmoot")

    room.does("ana", "shortcut", name=RECORD, on="Hello", channel="@folkmoot")

    assert any("minutes of channels only" in each for each in room.hears_directly("ana"))


def test_a_session_is_started_from_anywhere(room: Room) -> None:
    room.has_channel("garden")

    room.does("ana", "shortcut", name="Start a session", channel="garden")
    assert room.fills("ana", title="Planting", place="Zoom", length="2h") == {}

    card = room.message("Planting", "garden")
    assert "Zoom" in shown(card)
    assert "planned until 14 April 2026, 15:00 UTC" in shown(card) or "15:00" in shown(card)
    assert any("The session “Planting” is open until" in each for each in room.whispers("ana", "garden"))


def test_the_channel_in_front_of_somebody_is_chosen_already_and_another_can_be(room: Room) -> None:
    room.has_channel("garden")
    room.does("ana", "shortcut", name="start_session", channel="garden")

    assert room.fills("ana", channel="#general-moot", title="Docs day") == {}

    assert "Docs day" in room.card()


def test_starting_where_a_session_is_open_is_refused_at_the_channel(docs: Room) -> None:
    docs.does("ben", "shortcut", name="Start a session")

    assert "already open" in docs.fills("ben", title="Another")["channel"]


def test_a_length_that_is_none_is_refused_at_its_field(room: Room) -> None:
    room.does("ana", "shortcut", name="Start a session")

    assert "45m, 2h, 1h30" in room.fills("ana", length="for ever")["length"]
    assert room.fills("ana", length="45m") == {}
    assert "13:45" in room.card()


def test_where_the_bot_is_not_whoever_starts_is_told_what_to_do(room: Room) -> None:
    room.has_channel("garden", with_bot=False)
    room.does("ana", "shortcut", name="Start a session", channel="garden")

    assert room.fills("ana", title="Planting") == {}

    assert any("/invite @Folkmoot" in each for each in room.whispers("ana", "garden"))


def test_a_vote_is_begun_from_anywhere_with_the_ways_of_the_channel_that_is_chosen(docs: Room) -> None:
    docs.says("ana", "/session defaults rule=two-thirds")
    docs.does("ben", "shortcut", name="Propose")
    assert docs.fills("ben") == {}

    assert elements(docs, "ben")["rule"]["initial_option"]["value"] == "two-thirds"  # type: ignore[index]
    assert docs.fills("ben", text="One guide is enough") == {}

    assert "two thirds" in docs.ballot("One guide is enough")


def test_a_vote_needs_a_session_in_the_channel_that_is_chosen(docs: Room) -> None:
    docs.has_channel("garden")
    docs.does("ben", "shortcut", name="Propose", channel="garden")

    assert "No session is open" in docs.fills("ben")["channel"]


def test_the_app_has_the_shortcuts_of_its_manifest_and_no_other(docs: Room) -> None:
    for what in ({"name": "Delete as…", "on": "Guides"}, {"name": RECORD}, {"name": "Propose", "on": "Guides"}):
        with pytest.raises(ActFailed, match="shortcut"):
            docs.does("ana", "shortcut", **what)


def test_offers_of_a_refusal_stand_beside_each_other(room: Room) -> None:
    room.says("ana", "/note Out of date")

    told = [each for each in room.stage.messages(person="ana") if each.get("is_ephemeral")]
    assert buttons(told[0]) == ["Start a session", "Start with details"]
