"""The short way of reactions: whatever comes is answered, kept and told of as Bolt would have it."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.room import Room
from tests.process.running import post, signed

VOTE = {
    "type": "reaction_added",
    "user": "U0BEN",
    "reaction": "+1",
    "item": {"type": "message", "channel": "C0MOOT", "ts": "1776171600.000100"},
    "item_user": "U0FOLKMOOT",
    "event_ts": "1776171700.000100",
}
ODD: dict[str, dict[str, Any]] = {
    "on a file": {"item": {"type": "file", "file": "F1"}},
    "on nothing": {"item": None},
    "in no channel": {"item": {"type": "message", "ts": "1776171600.000100"}},
    "of nobody": {"user": None},
    "a number": {"reaction": 3},
    "at no time": {"event_ts": "soon"},
    "of no name": {"reaction": ""},
    "half a surrogate": {"reaction": "\ud800"},
    "beside half a surrogate": {"said": "\ud800"},
    "of a message that nobody has said": {"item_user": None, "reaction": "pushpin"},
}
TOLD = ("kind", "delivery", "team", "channel", "user", "retry", "status")


@pytest.fixture
def delivery() -> str:
    return "http"


@pytest.fixture
def both_ways(rooms: Callable[..., Room], monkeypatch: pytest.MonkeyPatch) -> tuple[Room, Room]:
    """A room whose reactions go the short way, and one in which there is none."""
    short = rooms()
    with monkeypatch.context() as without:
        without.setattr("bot.listeners.short_way.register", lambda *_: None)
        long = rooms()
    return short, long


def answered(room: Room, **event: Any) -> int:
    """The status of the answer to an event of this room's workspace."""
    team = room.stage.backstage.workspace.team
    body = {"type": "event_callback", "team_id": team.id, "api_app_id": team.app_id, "event_id": "Ev1", "event": event}
    text = json.dumps(body).encode()
    status, _ = post(room._port, text, signed(text, secret=room.stage.backstage.signing_secret))
    return status


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_answered_and_told_alike_either_way_and_leaves_no_trace(
    both_ways: tuple[Room, Room], odd: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    for room in both_ways:
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="bot.deliveries"):
            status = answered(room, **VOTE | odd)
        lines = [each.__dict__ for each in caplog.records if each.name == "bot.deliveries"]
        told.append((status, [[line[name] for name in TOLD] for line in lines]))

    assert told[0] == told[1]
    assert [room.stored().count("1776171700") for room in both_ways] == [0, 0]
