"""What comes late says so, where a person would wonder."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room
from tests.faults.test_delivery import mends, sends

LATE = "This comes late. It is from"
AWAY = "I was away"


def test_what_slack_did_not_take_for_an_hour_says_when_it_was_said(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.fails("hang_up_before", method="chat.postMessage")
    sends(room, "ana", "/decide We ship")
    room.passes(hours=1)
    mends(room)
    room.passes(minutes=2)

    (decision,) = [text for text in room.texts() if text.startswith("✅ Decision: We ship")]
    assert LATE in decision
    assert LATE not in room.card()


def test_what_came_late_goes_on_saying_so_when_it_changes(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.fails("hang_up_before", method="chat.postMessage")
    sends(room, "ana", "/decide We ship")
    room.passes(hours=1)
    mends(room)
    room.passes(minutes=2)
    room.says("ana", "/session undo")

    (decision,) = [text for text in room.texts() if "We ship" in text and "Undone" in text]
    assert LATE in decision


def test_a_digest_that_was_due_while_the_bot_was_away_says_since_when_and_that_it_is_late(
    rooms: Callable[..., Room],
) -> None:
    room = rooms(retry_delays=())
    room.says("ana", "/session start Docs day for 1h")
    room.until("13:40")
    room.bot_goes()
    room.until("16:00")
    room.bot_comes()
    room.passes(minutes=1)

    (digest,) = room.digests()
    assert AWAY in digest
    assert LATE in digest
    assert "The bot was away from 14 April, 13:40" in room.recaps()[0]


@pytest.mark.parametrize("minutes", [0.5, 20])
def test_an_absence_in_the_middle_is_told_and_a_short_one_is_none(rooms: Callable[..., Room], minutes: float) -> None:
    room = rooms(retry_delays=())
    room.says("ana", "/session start Docs day for 1h")
    room.passes(minutes=10)
    room.bot_goes()
    room.loop.do(room.stage.advance_to(room.stage.now_us + round(minutes * 60_000_000)))
    room.bot_comes()
    room.says("ana", "/session end")
    room.passes(minutes=1)

    (digest,) = room.digests()
    assert (AWAY in digest) == (minutes > 1)
    assert LATE not in digest
