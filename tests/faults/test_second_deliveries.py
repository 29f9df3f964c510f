"""What Slack delivers again, late or out of order leaves the record, the votes and what is said as they would be."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.room import Room, shown
from tests.conversations.votes import marks, propose, vote
from tests.databases import locked
from tests.faults.mortal import MortalRoom
from tests.process.running import wait_until

MOMENT = re.compile(
    r"\b\d{10}\.\d{6}\b|\bp\d{16}\b"  # of two posts at the same moment either may be the first: their names differ
    # How many seconds the room waits between two acts depends on how quick the machine is.
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|\b\d\d:\d\d\b|\"lasted\": \d+|\b(?:\d+ h )?\d+ min\b|under 1 min"
)
PEOPLE = ("ana", "ben", "chen", "dia")
AFTER_A_RESTART = "a minute later, after a restart"
AGAIN: dict[str, dict[str, Any]] = {
    "at once": {},
    AFTER_A_RESTART: {"seconds": 60},
    "five minutes later, as a retry": {"seconds": 300, "retry": True},
}


def everything_is_done_once(room: Room) -> None:
    """Every kind of event, command, click, shortcut and dialog."""
    room.says("ana", "/session start Docs day for 3h")
    room.says("ana", "/topic add Guides")
    room.says("ana", "/topic next")
    room.says("ben", "/note Out of date")
    room.says("ben", "/action @ana rewrites it")
    room.says("ben", "/decide One is enough")
    room.says("chen", "#info See https://github.com/a/b/issues/1\n#action @dia reads it")
    room.edits("chen", "#info See https", "#info See https://github.com/a/b/issues/2\n#idea @dia reads it")
    room.does("ben", "unfurl", on="#info See https", url="https://github.com/a/b/issues/2", title="Why it is slow")
    room.deletes("dia", room.says("dia", "#info Never mind", thread="1. Guides"))
    room.does("chen", "upload", filename="guide.png", content="PNG", text="The picture")
    room.does("chen", "delete_file", on="The picture")
    room.does("chen", "rename", name="Chen Weiling")
    room.does("ana", "rename_channel", name="the-moot")
    room.clicks("ben", "Undo", on="Note 1 is recorded")
    room.clicks("dia", "Sign in", on="planned until")
    room.fills("dia", Organisation="Red Hat", Country="Chile")
    room.clicks("dia", "Add a topic", on="planned until")
    room.fills("dia", title="Tools")
    room.says("dia", "@folkmoot note It has pictures")
    room.says("dia", "@folkmoot topic list")
    room.says("dia", "Thank you @folkmoot")
    room.does("dia", "shortcut", name="Record as…", on="See https")
    room.fills("dia", kind="Question", text="Is it this one?")
    room.says("dia", "/action")
    room.fills("dia", text="Draw it", owners=["ben"])
    room.says("ana", "/propose")
    room.fills("ana", text="Drop it")
    reason = room.says("ben", "It is of use", thread=room.ballot_message("Drop it")["ts"])
    for who, emoji in (("ben", "-1"), ("chen", "+1"), ("dia", "+1"), ("ana", "+1")):
        room.reacts(who, emoji, to="Drop it")
    room.unreacts("dia", "+1", to="Drop it")
    room.edits("ben", reason, "It is of some use")
    room.deletes("chen", room.says("chen", "Never mind", thread=room.ballot_message("Drop it")["ts"]))
    room.clicks("ana", "Extend 15 min", on="planned until")


def ends(room: Room) -> None:
    room.clicks("ana", "Close now", on="Drop it", sure=True)
    room.passes(seconds=30)
    room.clicks("ana", "End", on="planned until", sure=True)
    room.passes(minutes=10)


def came_of_it(room: Room) -> str:
    """The record, the votes with every mark, and all that was said, to everybody and to one person."""
    said = [shown(each) for each in room.stage.messages() if each.get("bot_id")]
    found = {
        "record": room.record(),
        "votes": room.proposals(),
        "marks": sorted(marks(room)),
        "said": sorted(said),
        "whispered": {who: room.whispers(who) for who in PEOPLE},
        "directly": {who: room.direct(who) for who in PEOPLE if room.has_talked_with(who)},
    }
    return MOMENT.sub("…", json.dumps(found, indent=1))


@pytest.mark.parametrize("again", AGAIN)
def test_what_is_delivered_twice_changes_nothing(rooms: Callable[..., Room], again: str) -> None:
    once, twice = rooms(), rooms()
    twice.fails("double", **AGAIN[again])
    for room in (once, twice):
        everything_is_done_once(room)
        if again == AFTER_A_RESTART:
            room.bot_goes()
            room.bot_comes()
        room.passes(minutes=6)
        ends(room)

    assert came_of_it(twice) == came_of_it(once)


def test_a_deletion_that_overtakes_its_reason_takes_it_back(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.reacts("ben", "-1", to=ballot)
    room.fails("delay", event="message", by="ben", times=1, seconds=240)
    reason = room.says("ben", "It is of use", thread=ballot)
    room.deletes("ben", reason)
    room.passes(minutes=6)

    assert vote(room)["reasons"] == []
    assert "It is of use" not in room.stored()


def test_a_wording_that_comes_after_a_newer_one_is_none(room: Room) -> None:
    ballot = propose(room, "Drop it for 20m")
    room.reacts("ben", "-1", to=ballot)
    room.fails("reorder", event="message*", seconds=60)
    reason = room.says("ben", "It is of yuse", thread=ballot)
    room.edits("ben", reason, "It is of use")
    room.edits("ben", reason, "It is of great use")
    room.passes(minutes=2)

    assert [each["text"] for each in vote(room)["reasons"]] == ["It is of great use"]


def everything_comes_at_once(room: MortalRoom) -> None:
    """One of each kind, and nobody waits for what comes of it: a second one of each is a minute behind."""
    room.fails("double", seconds=60)
    deeds: list[dict[str, Any]] = [
        {"as": "ana", "do": "command", "text": "/note Kept once"},
        {"as": "ben", "do": "say", "text": "#action @ana comes"},
        {"as": "chen", "do": "react", "emoji": "+1", "on": "Drop it"},
        {"as": "ben", "do": "edit", "on": "It is of yuse", "text": "It is of use"},
        {"as": "chen", "do": "click", "button": "Extend 15 min", "on": "planned until"},
        {"as": "dia", "do": "submit", "fields": {"organisation": "Red Hat"}},
    ]
    for deed in deeds:
        room.begins(deed)


def deliveries(room: Room) -> int:
    """How many Slack has begun."""
    return room.stage.backstage.carrier.underway.begun


def is_stored(room: MortalRoom) -> bool:
    stored = room.stored()
    return all(words in stored for words in ("Kept once", " comes", "It is of use", "Red Hat", "'+1'"))


@pytest.mark.parametrize("step", ["before it is stored", "when it is stored"])
def test_what_is_delivered_again_after_a_kill_in_the_middle_is_done_once(
    mortals: Callable[..., MortalRoom], step: str
) -> None:
    room = mortals(retry_delays=())
    ballot = propose(room, "Drop it for 2h")
    room.says("ben", "It is of yuse", thread=ballot)
    room.clicks("dia", "Sign in", on="planned until")
    if step == "before it is stored":
        with locked(room.database):
            begun = deliveries(room)
            everything_comes_at_once(room)
            wait_until(lambda: deliveries(room) == begun + 6)
            room.bot_goes()
    else:
        everything_comes_at_once(room)
        wait_until(lambda: is_stored(room))
        room.bot_goes()
    room.bot_comes()
    room.passes(minutes=3)

    record = room.record()
    assert [each["text"] for each in vote(room)["reasons"]] == ["It is of use"]
    assert sorted(each["text"] for each in record["before_topics"]["entries"]) == ["@Ana Ruiz comes", "Kept once"]
    assert record["planned_end"].startswith("2026-04-14T16:15")
    assert record["organisations"] == ["Red Hat"]
    assert "1 for, 0 against" in room.ballot("Drop it")
    assert len([text for text in room.thread("🗒 Docs day") if "Kept once" in text]) == 1
    assert room.is_healthy
