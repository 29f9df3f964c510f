"""A session: how it opens, what its card shows, and how it ends."""

from collections.abc import Callable

import pytest

from rehearsal.server import ActFailed
from tests.conversations.room import Room, buttons, moments

SAYS_IT_ENDS = "Is more time needed?"
RUNS_OVER = "the session runs over"


def said(room: Room, words: str) -> int:
    return sum(words in text for text in room.texts())


def test_a_session_starts_with_title_time_and_place_on_a_pinned_card(room: Room) -> None:
    answer = room.says("ana", '/session start Docs day for 3h at "Room 5"')

    assert "“Docs day” is open" in answer
    card = room.message("Docs day")
    assert card["pinned_to"]
    assert buttons(card) == ["Sign in", "Add a topic", "Add an action", "Extend 15 min", "End"]
    assert moments(card) == ["13:00", "16:00"]
    for expected in ("📍 Room 5", "no topic on the floor", "nothing is queued", "Never the text of other messages"):
        assert expected in room.card()
    for expected in ("0 open proposals", "0 decisions", "0 actions", "0 notes", "1 person"):
        assert expected in room.card()


def test_the_card_is_kept_up_to_date_in_place(room: Room) -> None:
    room.says("ana", "/session start Docs day at https://zoom.us/j/42")
    ts = room.message("Docs day")["ts"]
    room.until("13:10")
    room.says("ana", "/topic Guides")
    room.says("ben", "/topic add Translations")
    room.says("ben", "/topic add Screenshots")
    room.says("ben", "/note The guide is out of date")
    room.says("ben", "/action @ana updates the guide")
    room.says("ana", "/decide One guide is enough")
    room.says("ana", "/propose Drop the old guide")
    room.passes(seconds=10)

    card = room.message("https://zoom.us/j/42")
    assert card["ts"] == ts
    assert moments(card)[-1] == "13:10"
    for expected in (
        "Now: Guides",
        "Next: Translations (and 1 more)",
        "1 open proposal ·",
        "1 decision ·",
        "1 action ·",
    ):
        assert expected in room.card()
    assert "1 note · 2 people" in room.card()


def test_a_session_needs_no_more_than_its_start_and_is_then_named_after_its_channel(room: Room) -> None:
    answer = room.says("ana", "/session start")

    assert f"“{room.home.name}”" in answer
    assert moments(room.message(room.home.name)) == ["13:00", "14:00"]
    assert "already open" in room.says("ben", "/session start Another")


def test_a_private_channel_gives_its_name_too(room: Room) -> None:
    room.has_channel("inner-circle", private=True)
    room.says("ana", "/topic Succession", channel="inner-circle")

    assert "🗒 inner-circle" in room.texts("inner-circle")[0]

    room.says("ana", "/session end", channel="inner-circle")
    assert "No session is open" in room.says("ben", "/note Anything", channel="inner-circle")
    room.does("ben", "click", button="Start a session", on="No session is open", channel="inner-circle")
    assert "The session “inner-circle” is open" in room.whispers("ben", "inner-circle")[-1]


def test_five_minutes_before_its_end_it_says_so_and_can_be_extended_there(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.until("13:54")
    assert said(room, SAYS_IT_ENDS) == 0
    room.until("13:55:10")
    assert said(room, SAYS_IT_ENDS) == 1
    assert moments(room.message(SAYS_IT_ENDS)) == ["14:00"]

    room.clicks("ben", "Extend 15 min", on=SAYS_IT_ENDS)
    assert "goes on until" in room.whispers("ben")[-1]
    assert moments(room.message("Docs day")) == ["13:00", "14:15"]

    room.until("14:09:50")
    assert said(room, SAYS_IT_ENDS) == 1
    room.until("14:10:10")
    assert said(room, SAYS_IT_ENDS) == 2
    room.until("14:15:10")
    assert len(room.digests()) == 1


def test_it_is_extended_by_its_card_and_by_command(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.clicks("ben", "Extend 15 min", on="Docs day")
    room.says("chen", "/session extend 30m")
    assert moments(room.message("Docs day")) == ["13:00", "14:45"]
    assert "seven days" in room.says("chen", "/session extend 8d")
    assert moments(room.message("Docs day")) == ["13:00", "14:45"]


def test_a_quiet_session_closes_at_its_planned_end(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.says("ben", "Hello all")
    room.until("13:59:50")
    assert room.digests() == []
    room.until("14:00:10")

    assert said(room, RUNS_OVER) == 0
    assert len(room.digests()) == 1
    card = room.message("Ended.")
    assert moments(card) == ["13:00", "14:00"]
    assert buttons(card) == []


def test_it_runs_over_while_people_speak_and_says_so_once_and_ends_after_ten_quiet_minutes(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.until("13:57")
    room.says("ben", "One more thing")
    room.until("14:00:10")
    assert said(room, RUNS_OVER) == 1
    assert buttons(room.message(RUNS_OVER)) == ["Extend 15 min"]
    assert "Runs over" in room.card()

    room.until("14:05")
    room.says("ben", "And another one")
    room.until("14:14:50")
    assert room.digests() == []
    room.until("14:15:20")

    assert said(room, RUNS_OVER) == 1
    assert len(room.digests()) == 1
    assert moments(room.message("Ended."))[1] == "14:15"


def test_however_much_is_said_it_ends_an_hour_over(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    for minute in ("13:58", "14:07", "14:16", "14:25", "14:34", "14:43", "14:52", "14:59"):
        room.until(minute)
        room.says("ben", "And another thing")
    assert room.digests() == []
    room.until("15:00:10")

    assert len(room.digests()) == 1
    assert said(room, RUNS_OVER) == 1


def test_extending_a_session_that_runs_over_gives_it_time_from_now_on(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.until("13:58")
    room.says("ben", "One more thing")
    room.until("14:04")
    room.clicks("ana", "Extend 15 min", on=RUNS_OVER)

    assert moments(room.message("Docs day")) == ["13:00", "14:19"]
    assert "Runs over" not in room.card()
    room.until("14:14:30")
    assert said(room, SAYS_IT_ENDS) == 2
    room.until("14:19:10")
    assert len(room.digests()) == 1


def test_it_ends_by_command_and_by_the_button_that_asks_first(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    with pytest.raises(ActFailed, match="confirm"):
        room.clicks("ben", "End", on="Docs day")
    assert room.digests() == []
    room.clicks("ben", "End", on="Docs day", sure=True)
    assert len(room.digests()) == 1
    assert "is closed" in room.whispers("ben")[-1]

    room.says("ana", "/session start Code day")
    answer = room.says("ana", "/session end")
    assert "“Code day” is closed. The digest follows at once" in answer
    assert len(room.digests()) == 2
    assert "No session is open" in room.says("ana", "/session end")


def test_it_can_be_reopened_for_half_an_hour_and_then_has_a_second_digest(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.says("ana", "/session end")
    room.passes(minutes=29)
    assert "open again" in room.says("ben", "/session reopen")
    assert "reopen" in room.says("ben", "/session reopen")
    assert buttons(room.message("Docs day")) == []  # the digest; the card is above it
    assert "planned until" in room.card()

    room.says("ben", "/note We forgot this one")
    room.says("ben", "/session end")
    first, second = room.digests()
    assert "We forgot this one" not in first
    assert "We forgot this one" in second

    room.passes(minutes=31)
    assert "more than half an hour ago" in room.says("ben", "/session reopen")
    assert len(room.digests()) == 2


def test_a_topic_opens_a_session_of_an_hour_which_only_its_starter_can_discard(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/session end")
    answer = room.says("ben", "/topic Oops, wrong channel")
    assert "has opened one" in answer
    assert moments(room.message("planned until"))[:2][1] == "14:00"
    room.says("chen", "/propose Go on anyway")
    room.reacts("dia", "+1", to="Go on anyway")

    room.clicks_unseen("chen", "Discard", on="has opened one", shown_to="ben")
    assert "Only Ben Ortega" in room.whispers("chen")[-1]
    room.clicks("ben", "Discard", on="has opened one", sure=True)

    assert "is discarded" in room.whispers("ben")[-1]
    assert "Discarded" in room.card()
    room.passes(hours=3)
    assert len(room.digests()) == 1
    assert said(room, "Decision") == 0
    assert "No session is open" in room.says("chen", "/note Anything")


def test_a_discarded_session_does_not_stand_in_the_way_of_reopening_the_one_before(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/session end")
    room.says("ana", "/topic Oops")
    room.clicks("ana", "Discard", on="has opened one", sure=True)

    assert "“Docs day” is open again" in room.says("ana", "/session reopen")


def test_other_commands_offer_a_button_that_starts_a_session(room: Room) -> None:
    for command in ("/note A", "/action A", "/decide A", "/propose A", "/topic next", "/topic add A", "/topic list"):
        assert "No session is open" in room.says("ben", command)
    for command in ("/session status", "/session end", "/session extend 10m"):
        assert "No session is open" in room.says("ben", command)
    assert room.texts() == []

    room.clicks("ben", "Start a session", on="No session is open")
    assert "is open until" in room.whispers("ben")[-1]
    assert "planned until" in room.card()


def test_status_tells_one_person_how_it_stands(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    before = len(room.texts())
    answer = room.says("ben", "/session status")

    assert "Docs day" in answer
    assert "Now: Guides" in answer
    assert len(room.texts()) == before


def test_help_shows_every_command(room: Room) -> None:
    answer = room.says("ana", "/session help")
    for command in ("/session start", "/topic add", "/note", "/action", "/decide", "/propose", "#agreed"):
        assert command in answer


def test_direct_messages_say_where_to_go(room: Room) -> None:
    for command in ("/topic Guides", "/session start", "/note A", "/action A", "/decide A", "/propose A"):
        assert "a gathering needs a channel" in room.says("ana", command, channel="@folkmoot")
    assert room.direct("ana") == []
    room.says("ana", "Hello, how does this work?", channel="@folkmoot")

    (answer,) = room.direct("ana")
    assert "a gathering needs a channel" in answer
    assert "sessions" not in room.stored() or "how does this work" not in room.stored()


def test_sessions_in_two_channels_do_not_know_of_each_other(room: Room) -> None:
    room.has_channel("kitchen")
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.says("ben", "/session start Menu", channel="kitchen")
    room.says("ben", "/topic Soup", channel="kitchen")
    room.says("ben", "/note Leek", channel="kitchen")
    room.says("ana", "/note Out of date")
    room.says("ana", "/session end")

    assert "Now: “Soup”" in room.says("ana", "/topic list", channel="kitchen")
    assert "Leek" not in room.digests()[0]
    room.says("ben", "/session end", channel="kitchen")
    (digest,) = room.digests("kitchen")
    assert "Leek" in digest
    assert "Out of date" not in digest


def test_the_buttons_of_a_session_that_is_over_do_not_touch_a_newer_one(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.until("13:56")
    room.clicks("ben", "Sign in", on="Docs day")
    room.says("ana", "/session end")
    room.says("ana", "/session start Code day for 1h")

    room.clicks("ben", "Extend 15 min", on=SAYS_IT_ENDS)
    assert "That session is over" in room.whispers("ben")[-1]
    assert moments(room.message("Code day")) == ["13:56", "14:56"]
    assert "That session is over" in room.fills("ben", organisation="Red Hat")["organisation"]


def test_a_bot_that_was_away_makes_up_for_what_fell_due_meanwhile(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start Docs day for 1h")
    room.says("ana", "/topic Guides")
    room.bot_goes()
    room.passes(hours=2)
    room.bot_comes()

    assert len(room.digests()) == 1
    assert said(room, SAYS_IT_ENDS) == 0
    assert moments(room.message("Ended.")) == ["13:00", "14:00"]
