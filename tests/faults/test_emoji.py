"""Recording by emoji when Slack does not tell the words, tells them late, or the bot is away meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.room import Room
from tests.faults.mortal import MortalRoom
from tests.process.running import wait_until


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.says("chen", "Hello")
    room.passes(seconds=10)
    return room


def entries(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = room.record()["topics"][0]["entries"]
    return found


@pytest.mark.parametrize("error", ["missing_scope", "not_in_channel", "access_denied"])
def test_whoever_wants_recorded_what_slack_does_not_tell_is_told_once_a_session(docs: Room, error: str) -> None:
    docs.fails("error", method="conversations.replies", error=error)
    first, second = docs.says("ben", "The guide is out of date"), docs.says("ben", "We need a key")
    docs.reacts("chen", "pushpin", to=first)
    docs.reacts("chen", "question", to=second)
    docs.passes(seconds=30)
    assert entries(docs) == []
    (hint,) = docs.whispers("chen")
    assert "Slack does not let me read that message" in hint
    assert "/note" in hint


def test_where_slack_tells_one_message_a_minute_they_are_recorded_late_but_all(docs: Room) -> None:
    docs.fails("ratelimited", method="conversations.replies", times=2, retry_after=60)
    first, second = docs.says("ben", "The guide is out of date"), docs.says("ben", "We need a key")
    docs.reacts("chen", "pushpin", to=first)
    docs.reacts("chen", "pushpin", to=second)
    docs.passes(seconds=50)
    assert entries(docs) == []
    docs.passes(minutes=3)
    assert {each["text"] for each in entries(docs)} == {"The guide is out of date", "We need a key"}
    assert docs.whispers("chen") == []


def test_an_answer_that_is_lost_is_asked_for_again(docs: Room) -> None:
    docs.fails("hang_up_after", method="conversations.replies", times=1)
    docs.fails("status", method="conversations.replies", times=1, status=503)
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("chen", "pushpin", to=ts)
    docs.passes(minutes=2)
    assert [each["text"] for each in entries(docs)] == ["The guide is out of date"]


def test_a_message_that_is_deleted_before_it_was_read_is_not_recorded(docs: Room) -> None:
    docs.fails("ratelimited", method="conversations.replies", times=1, retry_after=30)
    gone, stone = docs.says("ben", "The guide is out of date"), docs.says("ben", "We need a key")
    docs.says("dia", "Why?", thread=stone)
    docs.reacts("chen", "pushpin", to=gone)
    docs.reacts("chen", "pushpin", to=stone)
    docs.deletes("ben", gone)
    docs.deletes("ben", stone)
    docs.passes(minutes=2)
    assert entries(docs) == []
    assert docs.whispers("chen") == []


def test_an_emoji_that_is_gone_before_the_words_are_there_records_nothing(docs: Room) -> None:
    docs.fails("ratelimited", method="conversations.replies", times=1, retry_after=30)
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("chen", "pushpin", to=ts)
    docs.unreacts("chen", "pushpin", to=ts)
    docs.passes(minutes=2)
    assert entries(docs) == []


def test_a_bot_that_was_away_between_emoji_and_words_asks_at_its_return(docs: Room) -> None:
    docs.fails("ratelimited", method="conversations.replies", times=1, retry_after=60)
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("chen", "pushpin", to=ts)
    docs.bot_goes()
    docs.passes(minutes=2)
    docs.bot_comes()
    docs.passes(seconds=30)
    assert [each["text"] for each in entries(docs)] == ["The guide is out of date"]


def test_the_bots_own_emoji_is_taken_away_even_where_somebody_else_was_quicker(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("chen", "pushpin", to=ts)
    docs.passes(seconds=10)
    docs.fails("error", method="reactions.remove", error="no_reaction", times=1)
    docs.unreacts("chen", "pushpin", to=ts)
    docs.passes(minutes=1)
    docs.reacts("chen", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == ["The guide is out of date"]


def test_an_emoji_that_comes_and_goes_quickly_leaves_the_bots_own_as_the_last_one_was(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("chen", "pushpin", to=ts)
    docs.passes(seconds=10)
    docs.fails("ratelimited", method="reactions.remove", times=1, retry_after=20)
    docs.unreacts("chen", "pushpin", to=ts)
    docs.reacts("dia", "pushpin", to=ts)
    docs.passes(minutes=2)
    message = next(each for each in docs.stage.messages() if each["ts"] == ts)
    marks = {each["name"]: each["users"] for each in message["reactions"]}
    assert marks["memo"] == [docs.stage.bot.id]


@pytest.mark.parametrize("fault", ["hold_before", "hold_after"])
@pytest.mark.parametrize("method", ["conversations.replies", "reactions.add"])
def test_a_bot_that_is_killed_over_it_records_and_acknowledges_once(
    mortals: Callable[..., MortalRoom], fault: str, method: str
) -> None:
    room = mortals(retry_delays=(0.2, 1.0, 3.0))  # what it was killed over, Slack may have to say again
    room.says("ana", "/topic Guides")
    room.says("chen", "Hello")
    ts = room.says("ben", "The guide is out of date")
    room.passes(seconds=10)  # Slack has told who they are
    rule = room.loop.do(struck(room, fault, method))
    room.begins({"as": "chen", "do": "react", "emoji": "pushpin", "on": ts})
    wait_until(lambda: rule.fired)
    room.bot_goes()
    room.loop.do(room.stage.faults.clear())
    room.bot_comes()
    room.passes(minutes=2)

    assert [(each["text"], each["author"]) for each in entries(room)] == [("The guide is out of date", "Chen Wei")]
    message = next(each for each in room.stage.messages() if each["ts"] == ts)
    assert {each["name"]: each["count"] for each in message["reactions"]} == {"pushpin": 1, "memo": 1}
    assert room.is_healthy


async def struck(room: MortalRoom, fault: str, method: str) -> Any:
    return room.stage.faults.add(fault, method=method, times=1)
