"""Votes and how their marks arrive: doubled, late, out of order, under other names (voting.md §1.5)."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Message, Room, shown
from tests.conversations.votes import (
    SECOND,
    after,
    counted_again,
    goes_on_until,
    irregular,
    marks,
    outcome,
    propose,
    vote,
)


def seeds(room: Room, words: str) -> list[str]:
    """The emoji that the bot itself holds on a ballot."""
    own = room.stage.bot.id
    return sorted(each["name"] for each in room.ballot_message(words).get("reactions", ()) if own in each["users"])


def test_case_01_the_same_event_twice_is_one_vote_and_brings_back_none_that_was_taken_away(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("double", event="reaction_*", by="ben")
    room.fails("double", event="reaction_*", by="chen", seconds=60, retry=True)
    room.fails("connect_double", event="reaction_*", by="dia", seconds=30)
    room.fails("retry", event="reaction_*", by="ana", seconds=20)
    for who in ("ben", "chen", "dia", "ana"):
        room.reacts(who, "+1", to=ballot)
    for who in ("chen", "dia"):
        room.unreacts(who, "+1", to=ballot)
    room.passes(minutes=2)
    assert "2 for, 0 against" in room.ballot("Drop it")
    assert len(marks(room)) == 6

    room.passes(minutes=10)
    assert vote(room)["in_favour"] == ["Ana Ruiz", "Ben Ortega"]
    assert irregular(vote(room)) == {}
    counted_again(room)


def test_case_02_whatever_the_order_of_events_the_latest_change_stands(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("swap", event="reaction_*", by="ben", times=1)
    room.reacts("ben", "+1", to=ballot)
    room.unreacts("ben", "+1", to=ballot)
    room.fails("reorder", event="reaction_*", by="chen", seconds=40)
    for emoji, deed in (("+1", room.reacts), ("+1", room.unreacts), ("-1", room.reacts)):
        deed("chen", emoji, to=ballot)
    room.passes(minutes=1)
    assert "0 for, 1 against" in room.ballot("Drop it")

    room.passes(minutes=10)
    assert vote(room)["against"] == ["Chen Wei"]
    assert vote(room)["changed"] == ["Chen Wei"]
    assert irregular(vote(room)) == {"changed": ["Chen Wei"]}
    counted_again(room)


def test_cases_03_to_05_tones_and_aliases_are_one_vote_until_the_last_of_them_is_gone(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("alias", event="reaction_*", by="chen")
    room.fails("alias", event="reaction_added", by="dia", to="thumbsup::skin-tone-4")
    for emoji in ("+1", "+1::skin-tone-2", "+1::skin-tone-6"):
        room.reacts("ben", emoji, to=ballot)
    room.reacts("chen", "+1", to=ballot)
    room.reacts("dia", "+1::skin-tone-4", to=ballot)
    room.unreacts("ben", "+1", to=ballot)
    room.passes(minutes=2)
    assert "3 for, 0 against" in room.ballot("Drop it")
    assert len(marks(room)) == 6, "the comparison with Slack found nothing to add"

    room.unreacts("chen", "+1", to=ballot)
    room.does("ben", "unreact", emoji="+1", on=ballot, all_tones=True)
    room.passes(minutes=9)
    assert vote(room)["in_favour"] == ["Dia Sharma"]
    assert irregular(vote(room)) == {}
    counted_again(room)


def test_case_15_a_mark_at_the_deadline_counts_and_one_after_it_is_kept_and_explained_once(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    goes_on_until(room, after(ballot, minutes=10) - 2)
    # Nobody tells the bot of the time meanwhile: these marks are set at the very deadline, and just after it.
    room.loop.do(room.stage.react_as([("chen", "-1")], on=ballot, seconds=after_now(room, ballot, 0)))
    room.loop.do(room.stage.react_as([("dia", "-1")], on=ballot, seconds=after_now(room, ballot, 1)))
    room.passes(seconds=1)
    room.reacts("dia", "white_circle", to=ballot)
    room.passes(seconds=30)

    assert outcome(room) == "tied"
    assert vote(room)["against"] == ["Chen Wei"]
    assert irregular(vote(room)) == {"late": ["Dia Sharma"]}
    (told,) = room.whispers("dia")
    assert "Your vote on V1 came too late and is not counted (closed: " in told
    assert room.whispers("chen") == []
    assert len(marks(room)) == 4
    counted_again(room)


def after_now(room: Room, ballot: str, us: int) -> float:
    """The seconds until so many microseconds after the deadline, ten minutes after the ballot."""
    seconds, _, micros = ballot.partition(".")
    return (int(seconds) * SECOND + int(micros) + 600 * SECOND + us - room.stage.now_us) / SECOND


def test_case_16_a_mark_in_time_that_is_delivered_late_counts_if_it_comes_before_the_count(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("delay", event="reaction_added", by="ben", seconds=4)
    room.fails("delay", event="reaction_added", by="chen", seconds=60)
    goes_on_until(room, after(ballot, minutes=10) - 2)
    for who in ("ben", "chen"):
        room.hurries(who, "react", emoji="+1", on=ballot)
    room.passes(minutes=3)

    assert vote(room)["in_favour"] == ["Ben Ortega", "Chen Wei"]
    assert irregular(vote(room)) == {"untimed": ["Chen Wei"]}, "Slack held it; when it was set was told too late"
    counted_again(room)


def test_case_17_a_mark_whose_time_is_before_the_ballots_counts(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("drop", event="reaction_added", by="ben")
    room.reacts("ben", "+1", to=ballot)
    room.hears_event(_added(room, ballot, "U0BEN", before=0.5))
    room.passes(minutes=11)

    assert vote(room)["in_favour"] == ["Ben Ortega"]
    assert irregular(vote(room)) == {}
    counted_again(room)


def _added(room: Room, ballot: str, user: str, *, before: float) -> Message:
    item = {"type": "message", "channel": room.home.id, "ts": ballot}
    return {
        "type": "reaction_added",
        "user": user,
        "reaction": "+1",
        "item": item,
        "item_user": room.stage.bot.id,
        "event_ts": f"{float(ballot) - before:.6f}",
    }


def test_case_37_a_seed_that_is_gone_is_set_once_more_and_the_count_does_not_care(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.reacts("ben", "+1", to=ballot)
    room.unreacts("folkmoot", "+1", to=ballot)
    room.passes(minutes=2)
    assert seeds(room, "Drop it") == ["+1", "-1", "white_circle"]
    room.unreacts("folkmoot", "+1", to=ballot)
    room.passes(minutes=3)
    assert seeds(room, "Drop it") == ["-1", "white_circle"]

    room.passes(minutes=20)
    assert vote(room)["in_favour"] == ["Ben Ortega"]
    assert irregular(vote(room)) == {}


def test_case_38_a_ballot_that_takes_no_more_emoji_stays_open_and_says_which_to_use(room: Room) -> None:
    room.fails("error", method="reactions.add", error="too_many_emoji")
    ballot = propose(room, "Drop it for 10m")
    assert seeds(room, "Drop it") == []
    assert "React with 👍 for, 👎 against, or ⚪ to abstain" in room.ballot("Drop it")
    room.reacts("ben", "-1", to=ballot)
    room.passes(minutes=11)
    assert outcome(room) == "rejected"


@pytest.mark.parametrize("fault", ["", "connect_double"])
def test_case_47_five_hundred_people_within_ten_seconds(rooms: Callable[..., Room], fault: str) -> None:
    room = rooms(enforce_rate_limits=True)
    ballot = propose(room, "Drop it for 10m")
    voters = room.stage.crowd(500)
    if fault:
        room.fails(fault, event="reaction_added")
    before = len(room.calls("chat.update"))
    for second in range(10):
        some = [(who, "-1" if number % 5 == 4 else "+1") for number, who in enumerate(voters[50 * second :][:50])]
        room.loop.do(room.stage.react_as(some, on=ballot, seconds=1))
        room.loop.do(room.stage.settle())
    assert "for" in room.ballot("Drop it")
    room.passes(seconds=3)

    assert "400 for, 100 against" in room.ballot("Drop it")
    assert 2 <= len(room.calls("chat.update")) - before <= 25
    room.clicks("ana", "Close now", on=ballot, sure=True)
    room.passes(seconds=20)
    assert outcome(room) == "accepted"
    assert irregular(vote(room)) == {}
    assert [call.method for call in room.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []
    assert "400 for, 100 against" in room.message("Decision (V1)")["text"]
    counted_again(room)


def test_case_47_the_first_vote_is_shown_at_once_and_the_stalest_card_comes_first(rooms: Callable[..., Room]) -> None:
    room = rooms(enforce_rate_limits=True)
    ballots = [propose(room, f"Shall we {word} for 1h") for word in ("stay", "go", "wait")]
    room.stage.crowd(120)
    room.passes(minutes=3)
    room.hurries("ben", "react", emoji="+1", on=ballots[2])
    room.loop.do(room.stage.settle())
    assert "1 for, 0 against" in room.ballot("Shall we wait")

    for second in range(10):
        some = [(f"voter{number}", "+1") for number in range(12 * second + 1, 12 * second + 13)]
        for ballot in ballots:
            room.loop.do(room.stage.react_as(some, on=ballot, seconds=0.3))
        room.loop.do(room.stage.settle())
    # Hundreds of people are being looked up, and each name redraws the cards: none of them may hold up the others.
    room.passes(seconds=8)
    for word, votes in (("stay", 120), ("go", 120), ("wait", 121)):
        assert f"{votes} for, 0 against" in shown(room.ballot_message(f"Shall we {word}"))
    assert [call.method for call in room.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []


def test_case_47_a_ballot_is_shown_before_the_card_with_the_names_of_those_who_vote(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(enforce_rate_limits=True)
    ballot = propose(room, "Drop it for 10m")
    voters = room.stage.crowd(100)
    card = next(each["ts"] for each in room.stage.messages() if "planned until" in shown(each))
    room.passes(minutes=1)
    before = len(room.calls("chat.update"))
    for second in range(20):
        room.loop.do(room.stage.react_as([(who, "+1") for who in voters[5 * second :][:5]], on=ballot, seconds=1))
        room.loop.do(room.stage.settle())
    room.passes(seconds=1)

    redrawn = [call.arguments["ts"] for call in room.calls("chat.update")[before:]]
    assert redrawn.count(ballot) >= 3 * redrawn.count(card) > 0
