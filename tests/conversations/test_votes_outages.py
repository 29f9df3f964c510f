"""Votes and silences of ours: marks that no event told, and outcomes that they could turn (voting.md §1.5, 18–20)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.room import Room, buttons
from tests.conversations.votes import (
    SECOND,
    after,
    at_clock,
    counted_again,
    goes_on_until,
    irregular,
    marks,
    outcome,
    propose,
    vote,
)

MINUTE = 60


@pytest.fixture
def forgetful(rooms: Callable[..., Room]) -> Room:
    """A room in which Slack does not tell again what the bot has missed."""
    return rooms(retry_delays=())


def while_away(room: Room, ballot: str, *deeds: tuple[str, str], minutes: float) -> None:
    """The bot is stopped, people react meanwhile, and it comes back after so many minutes."""
    room.bot_goes()
    for who, emoji in deeds:
        room.reacts(who, emoji, to=ballot)
    room.passes(minutes=minutes)
    room.bot_comes()
    room.passes(seconds=20)


def test_case_18_a_bot_that_is_back_before_the_deadline_finds_what_it_has_missed(forgetful: Room) -> None:
    room = forgetful
    ballot = propose(room, "Drop it for 20m")
    room.reacts("ben", "+1", to=ballot)
    redraws = len(room.calls("chat.update"))
    room.bot_goes()
    room.reacts("chen", "-1", to=ballot)
    room.reacts("dia", "+1", to=ballot)
    room.unreacts("ben", "+1", to=ballot)
    room.passes(minutes=5)
    room.bot_comes()
    assert "1 for, 1 against" in room.ballot("Drop it"), "at once, not when its turn comes"
    assert [source for _, source in marks(room)].count("snapshot") == 3
    drawn = [call for call in room.calls("chat.update") if call.arguments["ts"] == ballot][redraws:]
    assert len(drawn) <= 1, "the new tally is published once"

    room.passes(minutes=20)
    assert (outcome(room), vote(room)["in_favour"], vote(room)["against"]) == ("tied", ["Dia Sharma"], ["Chen Wei"])
    assert set(irregular(vote(room))) == {"outages"}, "what was there before the deadline is in no doubt"
    counted_again(room)


@pytest.mark.parametrize("delivery", ["socket"])
def test_case_18_a_connection_that_breaks_loses_nothing(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.reacts("ben", "+1", to=ballot)
    room.fails("disconnect", at="+0:01:00", seconds=180, meanwhile="lost")
    room.passes(minutes=2)
    for who in ("chen", "dia"):
        room.hurries(who, "react", emoji="-1", on=ballot)
    room.passes(minutes=4)
    assert "1 for, 2 against" in room.ballot("Drop it")

    room.passes(minutes=15)
    assert outcome(room) == "rejected"
    assert set(irregular(vote(room))) == {"outages"}
    ((began, ended),) = vote(room)["outages"]
    assert (at_clock(began), at_clock(ended)) == ("13:01", "13:04")
    counted_again(room)


@pytest.mark.parametrize("delivery", ["socket"])
def test_case_18_a_connection_that_slack_renews_is_no_outage_and_compares(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.fails("drop", event="reaction_added", by="ben")
    room.reacts("ben", "+1", to=ballot)
    asked = len(room.calls("reactions.get"))
    room.loop.do(room.stage.disconnect_bot())
    room.loop.do(room.stage.wait_for_bot())
    room.loop.do(room.stage.settle())
    assert len(room.calls("reactions.get")) == asked + 1
    assert "1 for, 0 against" in room.ballot("Drop it")
    room.passes(minutes=21)
    assert irregular(vote(room)) == {}


def test_case_19_an_outage_across_the_deadline_that_changes_nothing_is_noted(forgetful: Room) -> None:
    room = forgetful
    ballot = propose(room, "Drop it for 10m")
    for who in ("ana", "ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    while_away(room, ballot, ("dia", "-1"), minutes=15)

    assert outcome(room) == "accepted"
    assert vote(room)["untimed"] == ["Dia Sharma"]
    ((began, ended),) = vote(room)["outages"]
    assert (at_clock(began), at_clock(ended)) == ("13:00", "13:15")
    small_print = room.ballot("Drop it")
    assert "The bot was away from 14 April 2026, 13:00:" in small_print
    assert "Nobody can tell whether these marks came in time: Dia Sharma" in small_print
    assert "Accepted: 3 for, 1 against" in room.texts()[-1]
    assert "The bot was away" in room.texts()[-1]
    counted_again(room)


@pytest.fixture
def in_doubt(forgetful: Room) -> tuple[Room, str]:
    """One for, one against, and a third vote set while the bot was away across the deadline."""
    ballot = propose(forgetful, "Drop it for 10m", by="ben")
    forgetful.reacts("ben", "+1", to=ballot)
    forgetful.reacts("chen", "-1", to=ballot)
    while_away(forgetful, ballot, ("dia", "+1"), minutes=15)
    return forgetful, ballot


def test_case_19_an_outage_that_could_turn_the_outcome_is_decided_by_the_chair_by_name(
    in_doubt: tuple[Room, str],
) -> None:
    room, ballot = in_doubt
    assert outcome(room) == "undetermined"
    assert vote(room)["tally"] == "1 for, 1 against", "what is certain"
    assert vote(room)["untimed"] == ["Dia Sharma"]
    assert "V1: the count is in doubt, so no decision yet" in room.ballot("Drop it")
    assert buttons(room.ballot_message("Drop it")) == ["Accept the count", "Extend 10 min"]
    assert "The chair can accept the count as it is" in room.thread_of(ballot)[-1]
    assert not any("Decision" in text for text in room.texts())
    counted_again(room)

    room.clicks("ben", "Accept the count", on=ballot, sure=True)
    assert "Only Ana Ruiz, who chairs, can decide that" in room.whispers("ben")[-1]
    assert outcome(room) == "undetermined"
    room.clicks("ana", "Accept the count", on=ballot, sure=True)
    room.passes(seconds=10)
    assert outcome(room) == "accepted"
    assert irregular(vote(room)) | {"outages": []} == {
        "outages": [],
        "untimed": ["Dia Sharma"],
        "resolved_by": "Ana Ruiz",
    }
    assert "Accepted: 2 for, 1 against" in room.texts()[-1]
    assert "Ana Ruiz accepted the count as it was" in room.texts()[-1]
    assert "Ana Ruiz accepted the count as it was" in room.ballot("Drop it")
    assert not any("in doubt" in text for text in room.thread_of(ballot)), "what was told of the doubt follows"
    counted_again(room)


def test_case_19_the_chair_can_let_everybody_vote_for_ten_more_minutes(in_doubt: tuple[Room, str]) -> None:
    room, ballot = in_doubt
    room.clicks("ben", "Extend 10 min", on=ballot)
    assert "Only Ana Ruiz, who chairs, can decide that" in room.whispers("ben")[-1]
    room.clicks("ana", "Extend 10 min", on=ballot)
    room.passes(seconds=10)
    assert outcome(room) == "open"
    assert "2 for, 1 against" in room.ballot("Drop it")
    assert buttons(room.ballot_message("Drop it")) == ["Close now", "Extend 10 min", "Withdraw"]
    room.reacts("ana", "-1", to=ballot)
    room.unreacts("dia", "+1", to=ballot)

    room.passes(minutes=11)
    assert outcome(room) == "rejected"
    assert vote(room)["tally"] == "1 for, 2 against"
    assert set(irregular(vote(room))) == {"outages"}
    assert "not accepted" in room.thread_of(ballot)[-1]
    counted_again(room)


def test_case_19_a_mark_taken_away_while_the_bot_was_away_is_as_doubtful(forgetful: Room) -> None:
    room = forgetful
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    room.bot_goes()
    room.unreacts("ben", "+1", to=ballot)
    room.passes(minutes=15)
    room.bot_comes()
    room.passes(seconds=20)
    assert outcome(room) == "undetermined"
    assert vote(room)["untimed"] == ["Ben Ortega"]
    counted_again(room)


def test_case_20_what_is_lost_without_a_break_is_found_in_its_turn(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.fails("drop", event="reaction_*")
    room.reacts("ben", "+1", to=ballot)
    room.reacts("chen", "-1", to=ballot)
    room.unreacts("chen", "-1", to=ballot)
    room.reacts("dia", "white_circle", to=ballot)
    room.passes(minutes=2)
    assert "1 for, 0 against, 1 abstaining" in room.ballot("Drop it")
    room.passes(minutes=19)
    assert outcome(room) == "accepted"
    assert irregular(vote(room)) == {}
    counted_again(room)


def test_case_20_the_round_is_within_slacks_limits_and_leaves_room_for_closings(rooms: Callable[..., Room]) -> None:
    room = rooms(enforce_rate_limits=True)
    room.says("ana", "/session start Docs day for 8h")
    for number in range(30):
        room.hurries("ana", "command", text=f"/propose Shall we {number} for 4h")
    room.passes(minutes=4)
    ballots = [str(room.ballot_message(f"Shall we {number}")["ts"]) for number in (0, 29)]
    room.fails("drop", event="reaction_added")
    begun, began_us = len(room.calls("reactions.get")), room.stage.now_us
    for ballot in ballots:
        room.reacts("ben", "+1", to=ballot)
    room.passes(minutes=3)
    asked = [call.arguments["timestamp"] for call in room.calls("reactions.get")[begun:]]
    assert len(asked) <= 20 * (room.stage.now_us - began_us) / (MINUTE * SECOND) + 2
    assert set(ballots) <= set(asked)
    assert "1 for, 0 against" in room.ballot("Shall we 0")
    assert "1 for, 0 against" in room.ballot("Shall we 29")

    # All at once: each ballot is to be compared, and one of them, the last in line, is to be counted.
    room.loop.do(room.stage.disconnect_bot())
    room.loop.do(room.stage.wait_for_bot())
    room.loop.do(room.stage.settle())
    room.clicks("ana", "Close now", on=ballots[1], sure=True)
    room.passes(seconds=12)
    assert outcome(room, "V30") == "accepted"
    room.passes(minutes=2)
    assert [call.method for call in room.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []


NEVER: dict[str, dict[str, Any]] = {
    "unknown_method": {"unavailable_methods": frozenset({"reactions.get"})},
    "missing_scope": {},
}


@pytest.mark.parametrize("why", NEVER)
def test_where_slack_never_tells_who_holds_what_events_are_counted_and_that_is_said(
    rooms: Callable[..., Room], why: str
) -> None:
    room = rooms(**NEVER[why])
    if why == "missing_scope":
        room.fails("error", method="reactions.get", error=why)
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    room.passes(minutes=2)
    assert "1 for, 0 against" in room.ballot("Drop it")
    goes_on_until(room, after(ballot, minutes=10) + 10)

    assert outcome(room) == "accepted"
    assert irregular(vote(room)) == {"by_events_only": True}
    assert "Counted from Slack's events alone" in room.ballot("Drop it")
    assert "Counted from Slack's events alone" in room.texts()[-1]
    room.says("ana", "/session end")
    room.passes(seconds=20)
    assert "Counted from Slack's events alone" in room.digests()[0]
    assert len(room.calls("reactions.get")) == 2, "in its turn and at the closing; what can never be is not retried"
    counted_again(room)
