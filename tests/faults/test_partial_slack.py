"""A Slack that knows, or allows, only part of the API: that one feature is left out, once in the log, and no other."""

import logging
from collections.abc import Callable

import pytest

from tests.conversations.room import Room

METHODS = [
    "auth.test",
    "chat.delete",
    "chat.postEphemeral",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.replies",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
    "pins.add",
    "reactions.add",
    "reactions.remove",
    "users.info",
    "views.open",
]
SCOPES = {
    "files:write": "files.getUploadURLExternal",
    "pins:write": "pins.add",
    "reactions:write": "reactions.add",
    "users:read": "users.info",
    "channels:read": "conversations.info",
}


def gather(room: Room) -> None:
    """Something of everything that a gathering does, and a post whose fate is unclear."""
    room.says("ana", "#startmeeting Docs day")
    room.says("ana", "/topic Guides")
    room.says("ben", "#info The guide is out of date")
    room.says("ben", "/action @chen writes the guide")
    room.says("chen", "/propose Ship on Friday")
    room.reacts("ana", "+1", to="Ship on Friday")
    room.reacts("ben", "+1", to="Ship on Friday")
    room.reacts("ben", "pushpin", to=(said := room.says("chen", "We need a key")))
    room.passes(seconds=10)
    room.unreacts("ben", "pushpin", to=said)
    room.clicks("ana", "Sign in", on="Docs day")
    room.clicks("ben", "Add a topic", on="Docs day")
    room.says("ana", "/topic Releases")
    room.fails("hang_up_after", method="chat.postMessage", times=1)
    room.says("ana", "/decide We ship")
    room.passes(minutes=2)
    room.says("ana", "/session end")
    room.passes(minutes=2)


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says above INFO, but for the post that was cut off."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.levelno >= logging.WARNING and getattr(record, "why", None) != "ServerDisconnectedError"
    ]


def held_on(room: Room) -> None:
    """Whatever is missing, the gathering was kept, and no vote of the bot's own was counted."""
    (digest,) = room.digests()
    for words in ("Docs day", "Guides", "Releases", "The guide is out of date", "writes the guide", "We ship"):
        assert words in digest
    assert "2 for, 0 against" in digest
    (vote,) = room.proposals()
    assert (vote["for"], vote["against"], vote["abstaining"], vote["outcome"]) == (2, 0, 0, "accepted")


@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_method_costs_one_feature_and_one_line_in_the_log(
    rooms: Callable[..., Room], caplog: pytest.LogCaptureFixture, method: str
) -> None:
    room = rooms(unavailable_methods=frozenset({method}))
    gather(room)

    held_on(room)
    said = complaints(caplog)
    if method == "chat.delete":  # not needed in this gathering
        assert said == []
    else:
        assert len(said) == 1, said
        assert said[0].startswith("WARNING")
        assert "unknown_method" in said[0]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_that_was_not_granted_costs_the_same(
    rooms: Callable[..., Room], caplog: pytest.LogCaptureFixture, scope: str
) -> None:
    room = rooms()
    room.stage.access.withhold_scopes(scope)
    gather(room)

    held_on(room)
    said = complaints(caplog)
    assert len(said) == 1, said
    assert "missing_scope" in said[0]
    assert room.calls(SCOPES[scope])


def test_without_history_a_post_whose_fate_is_unclear_is_said_again_rather_than_never(
    rooms: Callable[..., Room], caplog: pytest.LogCaptureFixture
) -> None:
    room = rooms(unavailable_methods=frozenset({"conversations.history"}))
    gather(room)

    assert len([text for text in room.texts() if text.startswith("✅ Decision: We ship")]) == 2
    assert any("a post may come twice" in line for line in complaints(caplog))


def test_a_person_whose_dialog_cannot_open_is_told(rooms: Callable[..., Room]) -> None:
    room = rooms(unavailable_methods=frozenset({"views.open"}))
    room.says("ana", "/session start Docs day")
    room.clicks("ana", "Sign in", on="Docs day")

    assert room.whispers("ana"), "a button that does nothing leaves people wondering"
