"""Finding again what was said in past sessions, and nothing of channels that one is not in."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room, buttons


@pytest.fixture
def village(room: Room) -> Room:
    """Two sessions that are over: one about the well, in which a pump was bought, and one about the feast."""
    room.says("ana", "/session start The Well")
    room.says("ana", "/topic Wasserpumpe für Zürich")
    room.says("ana", "/decide Buy the BLUE pump")
    room.says("ben", "#action @chen fits the pump by Friday")
    room.says("ana", "/note The old pump is loud")
    room.says("ana", "/session undo 3")
    room.says("ana", "/propose Pump at night for 10m")
    room.reacts("ben", "+1", to=room.ballot_message("Pump at night")["ts"])
    room.passes(minutes=11)
    room.says("ana", "/session end")
    room.passes(minutes=5)
    room.says("ana", "/session start The Feast")
    room.says("ana", "/note Bring 100% juice_and cake")
    room.says("ana", "/session end")
    room.passes(minutes=5)
    return room


def found(room: Room, who: str, words: str) -> str:
    """What somebody is told in the end."""
    answer = room.says(who, f"/session search {words}")
    return room.whispers(who)[-1] if "Looking" in answer else answer


def test_what_was_recorded_is_found_by_its_words_and_what_was_taken_back_is_not(village: Room) -> None:
    told = found(village, "chen", "pump")

    assert "Looking … I ask Slack first which channels you are in." in village.whispers("chen")[-2]
    assert "Found for “pump”:" in told
    assert "The Well · #general-moot, " in told
    assert "✅ Decision 1: Buy the BLUE pump" in told
    assert "🎯 Action 2: @Chen Wei fits the pump by Friday — Chen Wei, by 17 April 2026" in told
    assert "🗳 V1: Pump at night — accepted" in told
    assert "💬 Topic 1: Wasserpumpe für Zürich" in told
    assert "loud" not in told
    assert "Feast" not in told


def test_every_find_leads_to_the_message_that_said_it(village: Room) -> None:
    found(village, "chen", "pump")

    blocks = repr([each for each in village.stage.messages(person="chen") if each.get("is_ephemeral")][-1]["blocks"])
    home = "https://testville.slack.com/archives/C0MOOT/p"
    for words in ("Buy the BLUE pump", "#action", "Pump at night"):
        assert home + village.message(words)["ts"].replace(".", "") in blocks


def test_all_words_have_to_be_there_in_any_case_order_and_accent(village: Room) -> None:
    assert "Wasserpumpe für Zürich" in found(village, "ana", "ZURICH wasser")
    assert "Buy the BLUE pump" in found(village, "ana", "pump blue")
    assert "Nothing is found for “blue juice”." in found(village, "ana", "blue juice")
    assert "🗳 V1: Pump at night — accepted" in found(village, "ana", "accepted night")


def test_what_has_a_meaning_in_sql_is_looked_for_as_it_is(village: Room) -> None:
    assert "Bring 100% juice_and cake" in found(village, "ana", "100% juice_")
    assert "Nothing is found" in found(village, "ana", "0%j")
    assert "Nothing is found" in found(village, "ana", "juice?")
    assert "Nothing is found" in found(village, "ana", "' OR 1=1 --")


def test_who_is_named_is_found_by_mention_and_by_name(village: Room) -> None:
    assert "fits the pump" in found(village, "ana", "@chen")
    assert "fits the pump" in found(village, "ana", "wei pump")
    assert "Nothing is found" in found(village, "ana", "@dia")


def test_nothing_is_found_of_a_channel_that_one_is_not_in_or_has_left(village: Room) -> None:
    village.has_channel("council", private=True)
    village.says("ben", "/session start Council", channel="council")
    village.says("ben", "/decide Secretly paint the pump red", channel="council")
    assert "Secretly" in found(village, "chen", "secretly")

    village.does("chen", "leave", channel="council")

    assert "Nothing is found for “secretly”." in found(village, "chen", "secretly")
    assert "Secretly" in found(village, "ben", "secretly")
    village.does("dia", "leave")
    village.does("dia", "leave", channel="council")
    village.has_channel("cellar")
    village.says("dia", "/session search pump", channel="other")
    assert "Nothing is found for “pump”." in village.whispers("dia", "other")[-1]


def test_slacks_word_on_where_somebody_is_counts_for_five_minutes(village: Room) -> None:
    found(village, "ana", "pump")
    found(village, "ana", "juice")
    assert len(village.calls("users.conversations")) == 1

    village.passes(minutes=5)
    found(village, "ana", "juice")

    assert len(village.calls("users.conversations")) == 2


def test_somebody_in_many_channels_is_asked_about_page_by_page(rooms: Callable[..., Room]) -> None:
    room = rooms()
    for number in range(210):
        room.stage.add_channel(f"many{number:03}")
    room.says("ana", "/session start", channel="many209")
    room.says("ana", "/decide Far away", channel="many209")

    room.says("ben", "/session search far")

    assert "Far away" in room.whispers("ben")[-1]
    assert len(room.calls("users.conversations")) == 2


def test_where_slack_does_not_tell_only_this_channel_is_looked_through(village: Room) -> None:
    village.fails("error", method="users.conversations", error="missing_scope")
    village.says("ana", "/session start Other", channel="other")

    told = found(village, "ana", "pump")

    assert "Buy the BLUE pump" in told
    assert "this is from this channel only" in told


def test_somebody_is_answered_once_when_slack_has_had_trouble(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start")
    room.says("ana", "/decide Once")
    room.fails("status", method="users.conversations", status=500)
    room.says("ana", "/session search once")
    room.passes(minutes=3)

    assert len([each for each in room.whispers("ana") if "Found for" in each]) == 1


def test_an_answer_that_slack_may_have_taken_is_not_given_twice(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start")
    room.says("ana", "/decide Once")
    room.fails("status", method="users.conversations", status=500, times=3)
    room.says("ana", "/session search once")
    room.bot_goes()
    room.alters_database("UPDATE outbox SET sent_at = owed_at WHERE kind = 'answer'")
    room.bot_comes()
    room.passes(minutes=3)

    assert len(room.calls("users.conversations")) == 4, "Slack has said where she is"
    assert [each for each in room.whispers("ana") if "Found for" in each] == []


def test_the_latest_sessions_of_a_channel_are_listed_with_what_came_of_them(village: Room) -> None:
    listed = village.says("dia", "/session list")

    assert "The latest sessions of this channel:" in listed
    assert listed.index("The Feast") < listed.index("The Well")
    assert "The Well · 14 April 2026, 13:00 UTC · 2 decisions, 1 action" in listed
    assert "The Feast · 14 April 2026, 13:" in listed
    assert village.calls("users.conversations") == []
    assert "No session has ended here yet." in village.says("dia", "/session list", channel="other")


def test_a_recap_is_read_again_in_a_dialog_by_nobody_else(village: Room) -> None:
    village.says("dia", "/session list")
    shown = [each for each in village.stage.messages(person="dia") if each.get("is_ephemeral")][-1]
    assert buttons(shown) == ["Recap: The Feast, 14 April 2026", "Recap: The Well, 14 April 2026"]

    village.clicks("dia", "Recap: The Well, 14 April 2026", on="The latest sessions")

    assert "Buy the BLUE pump" in repr(village.dialog("dia")["blocks"])


def test_a_recap_of_another_channel_is_shown_when_slack_has_said_that_one_is_still_there(village: Room) -> None:
    village.says("chen", "/session search pump", channel="other")
    village.passes(minutes=6)
    in_other = {"channel": "other", "on": "Found for", "button": "Recap: The Well, 14 April 2026"}
    village.does("chen", "click", **in_other)
    assert "Buy the BLUE pump" in repr(village.dialog("chen")["blocks"]), "it was filled when Slack had said so"
    village.does("chen", "close")

    village.does("chen", "leave")
    village.does("chen", "click", **in_other)

    assert "That session is not one of a channel that you are in" in repr(village.dialog("chen")["blocks"])


def test_too_much_is_cut_with_a_word_on_it(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start")
    for number in range(25):
        room.says("ana", f"#info The pump, number {number}: " + "very long " * 60)
    room.says("ana", "/session search pump")

    told = room.whispers("ana")[-1]
    assert "There is more. Add a word to narrow it down." in told
    assert "number 24" in told
    assert "number 0:" not in told


def test_search_wants_words(room: Room) -> None:
    assert "Write the words to look for" in room.says("ana", "/session search")
    assert "Nothing goes after list" in room.says("ana", "/session list 3")
