"""Actions after they were recorded: done, not done after all, or later."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room


@pytest.fixture
def village(room: Room) -> Room:
    """A session in which Ben has taken something on, as action 1 of the channel."""
    room.says("ana", "/session start Village for 2h")
    room.says("ana", "/topic The well")
    room.says("ana", "/action @ben orders a seal by Friday")
    return room


def test_an_owner_says_that_an_action_is_done_and_everybody_sees_it(village: Room) -> None:
    answer = village.says("ben", "/action done 1")

    assert "☑️ Done: “@Ben Ortega orders a seal by Friday”." in answer
    assert "☑️ Action: @Ben Ortega orders a seal by Friday" in village.thread("The well")[-1]
    assert "done, Ben Ortega" in village.thread("The well")[-1]
    village.says("ana", "/session end")
    village.passes(minutes=1)
    assert "☑️ @Ben Ortega orders a seal by Friday — done, Ben Ortega" in village.digests()[-1]
    assert "(done, Ben Ortega): @Ben Ortega orders a seal by Friday" in village.recaps()[-1]
    assert "☑️ **[Action](https://testville.slack.com/" in village.recaps()[-1]


def test_a_mistaken_done_is_taken_back_by_button_or_command(village: Room) -> None:
    village.says("ben", "/action done 1")
    village.clicks("ben", "Undo", on="Done:")

    assert "Open again: “@Ben Ortega orders a seal by Friday”." in village.whispers("ben")[-1]
    assert "done, Ben" not in village.thread("The well")[-1]
    assert "That is open already." in village.says("ben", "/action reopen 1")
    village.says("ben", "/action done 1")
    assert "That is done already." in village.says("ben", "/action done 1")
    assert "Open again" in village.says("ben", "/action reopen #1")


def test_an_action_can_be_put_off_by_a_week_or_until_a_day(village: Room) -> None:
    assert "Put off until 24 April 2026" in village.says("ben", "/action later 1")
    assert "Put off until 20 April 2026" in village.says("ben", "/action later 1 by 20 April")
    assert "by 20 April 2026" in village.thread("The well")[-1]
    assert "That day is past." in village.says("ben", "/action later 1 by 2026-01-31")
    assert "I cannot tell which day that is." in village.says("ben", "/action later 1 by the end of the week")
    village.says("ben", "/action done 1")
    assert "That is done already." in village.says("ben", "/action later 1")


def test_only_its_owner_its_author_and_the_chair_can_change_an_action(village: Room) -> None:
    refused = village.says("chen", "/action done 1")

    assert (
        "Only Ana Ruiz, who recorded it, its owners, or Ana Ruiz, who chairs, can say how it goes with it." in refused
    )
    assert "☑️ Done" in village.says("ana", "/action done 1")


def test_what_is_no_action_is_not_done(village: Room) -> None:
    village.says("ana", "/note The pump is slow")

    for typed in ("/action done 2", "/action done 9", "/action later 99.1", "/action reopen 2"):
        assert "There is no action" in village.says("ana", typed)
    assert "Write its number" in village.says("ana", "/action done")
    assert "Nothing else goes after the number" in village.says("ana", "/action done 1 and 2")
    assert "Action 3 is recorded" in village.says("ana", "/action done is better than perfect: @ana ships")


def test_own_actions_are_listed_with_their_numbers_after_slack_has_said_where_one_is(village: Room) -> None:
    village.says("ana", "/action @ben paints the lid")

    assert "Looking … I ask Slack first" in village.says("ben", "/action list")
    listed = village.whispers("ben")[-1]
    assert "You have 2 open actions." in listed
    assert "1 @Ben Ortega orders a seal by Friday — by 17 April 2026 · Village" in listed
    assert "2 @Ben Ortega paints the lid — Village" in listed
    assert listed.index("orders") < listed.index("paints"), "what is due comes first"
    village.clicks("ben", "Done: 2", on="You have 2 open actions.")
    assert "☑️ Done: “@Ben Ortega paints the lid”." in village.whispers("ben")[-1]
    assert "You have 1 open action." in village.says("ben", "/action list"), "it is known where they are"
    assert len(village.calls("users.conversations")) == 1


def test_an_action_of_another_channel_goes_by_two_numbers(village: Room) -> None:
    village.has_channel("kitchen")
    village.says("chen", "/session start Kitchen", channel="kitchen")
    village.says("ben", "/action list", channel="kitchen")
    listed = village.whispers("ben", "kitchen")[-1]
    assert "In other channels" in listed
    assert "1.1 @Ben Ortega orders a seal by Friday — by 17 April 2026 · #general-moot, Village" in listed

    assert "There is no action 1 here." in village.says("ben", "/action done 1", channel="kitchen")
    assert "There is no action 1.1 of yours." in village.says("chen", "/action done 1.1", channel="kitchen")
    assert "☑️ Done" in village.says("ben", "/action done 1.1", channel="kitchen")
    assert "done, Ben Ortega" in village.thread("The well")[-1]


def test_what_was_put_off_or_done_long_after_reaches_the_digest(village: Room) -> None:
    village.says("ana", "/session end")
    village.passes(hours=30)
    village.says("ben", "/action later 1 by 30 April")

    assert "by 30 April 2026" in village.digests()[-1]
    village.says("ben", "/action done 1")
    assert "done, Ben Ortega" in village.digests()[-1]


def test_more_time_is_asked_for_in_a_dialog(village: Room) -> None:
    village.says("ben", "/action list")
    village.clicks("ben", "Later: 1", on="You have 1 open action.")

    dialog = village.dialog("ben")
    assert dialog["blocks"][1]["element"]["initial_date"] == "2026-04-24"
    assert village.fills("ben", day="2026-04-01") == {"day": "That day is past. Choose today or a later one."}
    assert village.fills("ben", day="2026-05-02") == {}
    assert "by 2 May 2026" in village.thread("The well")[-1]


def test_a_click_that_slack_delivers_twice_changes_nothing(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.says("ana", "/session start")
    room.says("ana", "/action @ana sweeps")
    room.says("ana", "/action list")
    room.fails("double")
    room.clicks("ana", "Done: 1", on="You have 1 open action.")

    assert [each for each in room.whispers("ana") if "done already" in each] == []
    assert "done, Ana" in room.thread_of(room.message("📊")["ts"])[-1]
