"""A Socket Mode connection that dies without being closed, is closed, or is refused: the bot sees to a living one."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import pytest

from bot.intake import SocketIntake
from tests.conversations.room import Room
from tests.process.running import wait_until

PING_EVERY = 0.5


@pytest.fixture
def delivery() -> str:
    """On either engine."""
    return "socket"


@pytest.fixture
def room(rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch) -> Room:
    """A bot that pings more often than in life, and waits less, with a topic on the floor; Slack soon tries again."""
    monkeypatch.setattr("bot.socket_link.CONNECT_WITHIN", 2.0)
    monkeypatch.setattr("bot.app.SocketIntake", partial(SocketIntake, ping_every=PING_EVERY))
    room: Room = rooms(retry_delays=(0.2, 1.0, 3.0))
    room.says("ana", "/topic Releases")
    return room


def hears(room: Room) -> bool:
    assert room.bot
    assert room.bot._intake
    return room.bot._intake.hears


def tries(room: Room) -> int:
    """How often the bot has asked for an address to connect to."""
    return len(room.calls("apps.connections.open"))


def noted(room: Room) -> list[str]:
    return [entry["text"] for topic in room.record()["topics"] for entry in topic["entries"]]


def test_what_is_said_while_the_connection_is_dead_is_recorded_once(room: Room) -> None:
    room.fails("freeze", event="message", by="ben", times=1)
    room.hurries("ben", "say", text="#info We ship on Monday")
    room.hurries("chen", "say", text="#info Not before noon")
    room.passes(seconds=10)

    assert sorted(noted(room)) == ["Not before noon", "We ship on Monday"]
    assert room.stage.backstage.carrier.lost == []


def test_a_dead_connection_is_known_for_dead_and_votes_meanwhile_are_found(room: Room) -> None:
    room.says("ana", "/propose Drop it for 20m")
    room.passes(seconds=5)
    ballot = room.ballot_message("Drop it")["ts"]
    assert hears(room)
    room.fails("freeze", at="+0:00", seconds=20, meanwhile="lost")
    wait_until(lambda: not hears(room))
    room.hurries("ben", "react", emoji="+1", on=ballot)
    room.passes(seconds=30)

    assert hears(room)
    assert "1 for, 0 against" in room.ballot("Drop it")


def test_slack_is_asked_for_a_new_address_as_long_as_it_takes_no_connection(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    before = tries(room)
    with caplog.at_level(logging.INFO):
        room.fails("disconnect", event="message", by="ben", times=1, seconds=60)
        room.hurries("ben", "say", text="#info We ship on Monday")
        wait_until(lambda: tries(room) >= before + 3)
        assert not hears(room)
        room.passes(minutes=2)

    assert hears(room)
    assert noted(room) == ["We ship on Monday"]
    assert "Slack does not reach us over Socket Mode: connecting anew" in caplog.messages
    assert "ticket" not in caplog.text, "an address is a secret"


def test_a_refused_token_is_named_and_tried_again(
    room: Room, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.socket_link.LONGEST_DELAY", 0.1)
    room.fails("error", method="apps.connections.open", error="token_revoked")
    room.fails("disconnect", at="+0:00")
    wait_until(lambda: "Slack opens no Socket Mode connection (SLACK_APP_TOKEN: token_revoked)" in caplog.messages)
    room.loop.do(room.stage.faults.clear())
    wait_until(lambda: hears(room))
    room.says("ben", "/note We ship on Monday")

    assert noted(room) == ["We ship on Monday"]


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled"])
def test_a_bot_that_is_told_to_go_comes_back(room: Room, reason: str) -> None:
    room.loop.do(room.stage.disconnect_bot(reason))
    room.loop.do(room.stage.wait_for_bot())
    wait_until(lambda: hears(room))
    room.says("ben", "#info We ship on Monday")

    assert noted(room) == ["We ship on Monday"]


@pytest.mark.parametrize("part", ["receive_messages", "monitor_current_session"])
def test_a_client_of_which_a_part_has_died_is_replaced(room: Room, part: str) -> None:
    """Nothing of the SDK's is relied on."""
    room.loop.do(dies(part))
    before = tries(room)
    room.fails("freeze", at="+0:00")
    wait_until(lambda: tries(room) > before and hears(room))
    room.says("ben", "#info We ship on Monday")

    assert noted(room) == ["We ship on Monday"]


async def dies(part: str) -> None:
    """A task of Slack's client ends, as by a defect."""
    found = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == f"SocketModeClient.{part}"]
    assert found
    for task in found:
        task.cancel()
