"""Dialogs: a session with all its details, and an action with owners and day."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room, buttons, shown
from tests.conversations.test_shortcuts import elements, entries


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with a session and a topic on its floor."""
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    return room


@pytest.fixture
def garden(room: Room) -> Room:
    """A room beside which there is another channel, that is told of digests."""
    room.has_channel("garden")
    return room


def test_a_session_is_started_with_all_its_details(room: Room) -> None:
    room.says("ana", "/session new")
    assert room.fills("ana", title="Docs day", place="Zoom", length="1h30") == {}

    card = shown(room.message("Docs day"))
    assert "Zoom" in card
    assert "until 14:30" in card
    assert "The session “Docs day” is open until" in room.whispers("ana")[-1]


def test_what_stands_behind_the_command_is_the_title_to_begin_with(room: Room) -> None:
    room.says("ana", "/session new  Docs day & more")

    assert elements(room, "ana")["title"]["initial_value"] == "Docs day & more"


def test_all_can_be_left_as_it_is(room: Room) -> None:
    room.says("ana", "/session new")

    assert room.fills("ana") == {}

    assert "general-moot" in room.card()
    assert "until 14:00" in room.card()


def test_a_second_session_is_refused_in_the_dialog(docs: Room) -> None:
    docs.says("ben", "/session new")

    assert "“Docs day” is already open" in docs.fills("ben", title="Another")["title"]


def test_a_mention_cannot_open_a_dialog_and_says_so(room: Room) -> None:
    room.says("ana", "@folkmoot session new")

    assert "type /session new" in room.whispers("ana")[0]


def test_the_digest_comes_when_the_session_says(room: Room) -> None:
    room.says("ana", "/session new")
    room.fills("ana", title="Docs day", digest_delay="20")

    assert "follows in 20 minutes" in room.says("ana", "/session end")
    room.passes(minutes=19)
    assert room.digests() == []
    room.passes(minutes=2)
    assert len(room.digests()) == 1


def test_at_once_is_a_delay_too(rooms: Callable[..., Room]) -> None:
    room = rooms(settings={"DIGEST_DELAY": "30"})
    room.says("ana", "/session new")
    room.fills("ana", title="Docs day", digest_delay="0")

    assert "follows at once" in room.says("ana", "/session end")
    assert len(room.digests()) == 1


def test_the_digest_goes_where_the_session_says_and_its_own_channel_is_told(garden: Room) -> None:
    garden.says("ana", "/session new")
    garden.fills("ana", title="Docs day", digest_channel="garden")
    garden.says("ana", "/topic Guides")
    garden.says("ana", "/note Out of date")

    assert "The digest follows at once, in #garden" in garden.says("ana", "/session end")

    assert garden.digests() == []
    (digest,) = garden.digests("garden")
    assert "Out of date" in digest
    assert garden.texts()[-1].splitlines()[0] == "🗒 The digest of “Docs day” is in #garden."
    assert len(garden.recaps()) == 1
    assert all("garden" not in each for each in garden.whispers("ana") if "I am not" in each)


def test_a_correction_reaches_a_digest_in_another_channel(garden: Room) -> None:
    garden.says("ana", "/session new")
    garden.fills("ana", title="Docs day", digest_channel="garden")
    garden.says("ana", "/note Out of date")
    garden.says("ana", "/session end")

    garden.says("ana", "/session undo 1")

    assert "Out of date" not in garden.digests("garden")[0]


def test_the_session_s_own_channel_needs_no_pointer(room: Room) -> None:
    room.says("ana", "/session new")
    room.fills("ana", title="Docs day", digest_channel="general-moot")
    room.says("ana", "/session end")

    assert len(room.digests()) == 1
    assert [each for each in room.texts() if "The digest of" in each] == []


@pytest.mark.parametrize("private", [False, True])
def test_where_the_bot_may_not_post_its_digest_whoever_chose_that_is_told(room: Room, private: bool) -> None:
    room.has_channel("garden", private=private, with_bot=False)
    room.says("ana", "/session new")
    room.fills("ana", title="Docs day", digest_channel="garden")

    (told,) = [each for each in room.whispers("ana") if "I am not in there" in each]
    assert "/invite @Folkmoot" in told
    assert room.whispers("ben") == []

    room.says("ana", "/session end")
    assert len([each for each in room.whispers("ana") if "I am not in there" in each]) == 2
    assert [each for each in room.texts() if "The digest of" in each] == []

    room.joins("folkmoot", channel="garden")
    assert "Docs day" in room.digests("garden")[0]
    where = "another channel" if private else "#garden"  # Slack tells outsiders no names of private ones either
    assert f"The digest of “Docs day” is in {where}." in room.texts()[-1]


def test_a_private_channel_that_gets_the_digest_is_not_named_to_others(room: Room) -> None:
    room.has_channel("garden", private=True)
    room.says("ana", "/session new")
    room.fills("ana", title="Docs day", digest_channel="garden")
    room.says("ana", "/session end")

    assert len(room.digests("garden")) == 1
    assert "The digest of “Docs day” is in another channel." in room.texts()[-1]


def test_an_action_is_added_with_owners_and_day(room: Room) -> None:
    room.says("ana", "/topic Guides")
    room.says("ben", "/action")
    assert room.fills("ben", text="Rewrite it", owners=["chen", "dia"], due="2026-04-20") == {}

    (action,) = entries(room)
    assert (action["kind"], action["author"]) == ("action", "Ben Ortega")
    assert (action["owners"], action["due"]) == (["Chen Wei", "Dia Sharma"], "2026-04-20")
    assert "Chen Wei and Dia Sharma, by 20 April 2026" in room.thread("1. Guides")[0]
    assert "Action 1 is recorded under “Guides”: Rewrite it" in room.whispers("ben")[-1]


def test_owners_and_day_may_also_stand_in_the_words(docs: Room) -> None:
    docs.says("ben", "/action")
    docs.fills("ben", text="Rewrite it by Friday")

    assert (entries(docs)[0]["owners"], entries(docs)[0]["due"]) == ([], "2026-04-17")


def test_a_day_that_was_chosen_stays_when_a_time_zone_becomes_known(room: Room) -> None:
    room.until("17:30")  # in Shanghai it is tomorrow already
    room.says("ana", "/session start Late day")
    room.says("chen", "/action")
    room.fills("chen", text="Rewrite it by tomorrow", due="2026-04-20")

    assert entries(room)[0]["due"] == "2026-04-20"


def test_the_card_has_a_button_for_it(docs: Room) -> None:
    assert buttons(docs.message("planned until"))[:3] == ["Sign in", "Add a topic", "Add an action"]

    docs.clicks("chen", "Add an action", on="planned until")
    assert docs.fills("chen", text="Rewrite it") == {}

    assert [each["text"] for each in entries(docs)] == ["Rewrite it"]
    docs.clicks("chen", "Undo", on="Action 1 is recorded")
    assert entries(docs) == []


def test_without_a_session_there_is_nothing_to_add_an_action_to(room: Room) -> None:
    answer = room.says("ben", "/action")

    assert "No session is open in this channel" in answer


def test_an_action_that_comes_after_the_end_is_refused(docs: Room) -> None:
    docs.says("ben", "/action")
    docs.says("ana", "/session end")

    assert "That session is over" in docs.fills("ben", text="Rewrite it")["text"]


def test_an_action_without_words_is_refused(docs: Room) -> None:
    docs.says("ben", "/action")

    assert "Write what is to stand in the minutes." in docs.fills("ben", text="\u2060")["text"]


def test_a_dialog_that_does_not_open_is_answered_with_how_to_go_without(docs: Room) -> None:
    docs.fails("error", method="views.open", error="internal_error")

    assert "records what somebody will do" in docs.says("ben", "/action")
    assert "opens a session" in docs.says("ben", "/session new")


def test_hostile_words_stay_in_their_fields_and_ping_nobody(docs: Room) -> None:
    docs.says("ben", "<!channel> & `code` *bold* <@U0ANA|x>")
    docs.does("ana", "shortcut", name="Record as…", on="bold")
    docs.fills("ana", kind="Note")

    assert entries(docs)[0]["text"] == "<!channel> & `code` *bold* <@U0ANA|x>"
