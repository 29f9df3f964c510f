"""Home: what one person sees of the gatherings that they are in, and what they do there."""

from collections.abc import Callable

import pytest

from rehearsal.acts import ActFailed
from tests.conversations.room import Room


@pytest.fixture
def village(room: Room) -> Room:
    """One session is over, and one goes on, in which Ben has taken something on."""
    room.says("ana", "/session start The Feast")
    room.says("ana", "/decide Bring cake")
    room.says("ana", "/session end")
    room.passes(minutes=5)
    room.says("ana", "/session start The Well for 2h")
    room.says("ana", "/topic The pump")
    room.says("ana", "/topic add The lid")
    room.says("ana", "/action @ben orders a seal by Friday")
    return room


def test_home_shows_what_goes_on_what_one_has_to_do_and_what_was(village: Room) -> None:
    village.opens_home("ben")

    home = village.home_of("ben")
    assert "The Well in #general-moot, until 14 April 2026, 15:" in home
    assert "💬 Now: The pump, since 13:" in home
    assert "📊 1 topic queued · 0 open votes" in home
    assert "Your open actions: 1" in home
    assert "2.1 @Ben Ortega orders a seal by Friday — by 17 April 2026 · #general-moot, The Well" in home
    assert "The Feast · #general-moot, 14 April 2026, 13:00 UTC · 1 decision, 0 actions" in home
    assert "Organisation: not told · Country: not told" in home


def test_home_is_only_drawn_for_its_own_tab(village: Room) -> None:
    village.does("ben", "open_home", tab="messages")

    assert village.calls("views.publish") == []


def test_home_shows_nothing_of_channels_that_one_is_not_in(village: Room) -> None:
    village.has_channel("council", private=True)
    village.says("ana", "/session start Council", channel="council")
    village.says("ana", "/action @ben keeps a secret", channel="council")
    village.opens_home("ben")
    assert "Council in #council" in village.home_of("ben")
    assert "keeps a secret" in village.home_of("ben")

    village.does("ben", "leave", channel="council")

    assert "Council" not in village.home_of("ben")
    assert "secret" not in village.home_of("ben")


def test_an_action_that_is_done_goes_from_home_and_a_mistake_is_taken_back(village: Room) -> None:
    village.opens_home("ben")

    village.clicks_home("ben", "Done: 2.1")

    assert "Your open actions: 1" not in village.home_of("ben")
    assert "☑️ Done: @Ben Ortega orders a seal by Friday" in village.home_of("ben")
    assert "done, Ben Ortega" in village.thread("The pump")[-1]
    village.clicks_home("ben", "Undo: 2.1")
    assert "Your open actions: 1" in village.home_of("ben")
    assert "Done:" not in village.home_of("ben").replace("Done: 2.1", "")


def test_a_click_in_a_home_that_is_behind_is_answered_in_a_dialog(village: Room) -> None:
    village.opens_home("ben")
    village.fails("error", method="views.publish", error="internal_error", times=1)
    village.hurries("ben", "click", home=True, button="Done: 2.1")
    village.hurries("ben", "click", home=True, button="Done: 2.1")

    assert "That is done already." in repr(village.dialog("ben")["blocks"])


def test_more_time_is_asked_for_in_a_dialog_and_seen_in_home(village: Room) -> None:
    village.opens_home("ben")
    village.clicks_home("ben", "Later: 2.1")

    assert village.fills("ben", day="2026-05-02") == {}

    assert "by 2 May 2026" in village.home_of("ben")
    village.passes(hours=24 * 20)
    village.opens_home("ben")
    assert "was due 2 May 2026" in village.home_of("ben")


def test_organisation_and_country_are_changed_for_the_next_time(village: Room) -> None:
    village.opens_home("ben")
    village.clicks_home("ben", "Change")
    village.fills("ben", organisation="Mill", country="Brazil")

    assert "Organisation: Mill · Country: Brazil" in village.home_of("ben")
    village.clicks_home("ben", "Change")
    assert village.dialog("ben")["blocks"][0]["element"]["initial_value"] == "Mill"


def test_one_looks_for_something_in_home_and_goes_back(village: Room) -> None:
    village.opens_home("ben")

    village.searches_home("ben", "CAKE")

    assert "✅ Decision 1: Bring cake" in village.home_of("ben")
    assert "Decisions" not in village.home_of("ben")
    village.searches_home("ben", "nothing such")
    assert "Nothing is found." in village.home_of("ben")
    village.clicks_home("ben", "Show the latest sessions")
    assert "1 decision, 0 actions" in village.home_of("ben")


def test_a_recap_is_read_in_a_dialog(village: Room) -> None:
    village.opens_home("ben")
    village.clicks_home("ben", "Recap: The Feast, 14 April 2026")

    assert "Bring cake" in repr(village.dialog("ben")["blocks"])


def test_home_follows_for_an_hour_and_many_changes_are_drawn_together(village: Room) -> None:
    village.opens_home("ben")
    before = len(village.calls("views.publish"))
    for title in ("One", "Two", "Three"):
        village.says("ana", f"/topic {title}")
    village.passes(seconds=30)

    assert "💬 Now: Three" in village.home_of("ben")
    assert len(village.calls("views.publish")) == before + 1
    village.passes(hours=1)
    drawn = len(village.calls("views.publish"))
    village.says("ana", "/session extend 2h")
    village.says("ana", "/topic Four")
    village.passes(minutes=2)
    assert len(village.calls("views.publish")) == drawn


def test_home_that_slack_did_not_take_is_published_again(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.fails("status", method="views.publish", status=500, times=2)
    room.opens_home("ben")
    room.passes(minutes=1)

    assert "Open sessions" in room.home_of("ben")
    room.fails("error", method="views.publish", error="hash_conflict", times=1)
    room.opens_home("ben")
    assert [call.answer.get("error") for call in room.calls("views.publish")][-2:] == ["hash_conflict", None]


def test_where_slack_does_not_tell_where_somebody_is_home_says_so(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start Secret garden")
    room.fails("error", method="users.conversations", error="missing_scope")
    room.opens_home("ana")

    assert "Slack does not tell me which channels you are in" in room.home_of("ana")
    assert "Secret garden" not in room.home_of("ana")


def test_an_app_without_home_publishes_none(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.fails("error", method="views.publish", error="not_enabled")
    room.opens_home("ana")
    room.passes(minutes=5)

    assert len(room.calls("views.publish")) == 1
    with pytest.raises(ActFailed, match="Home is empty"):
        room.clicks_home("ana", "Change")


def test_the_home_of_thirty_people_at_most_follows(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start")
    crowd = room.crowd(40)
    for one in crowd:
        room.opens_home(one)
    before = len(room.calls("views.publish"))
    room.says("ana", "/topic The pump")
    room.passes(minutes=3)

    assert len(room.calls("views.publish")) == before + 30
    assert "The pump" not in room.home_of(crowd[0])
    assert "The pump" in room.home_of(crowd[-1])
