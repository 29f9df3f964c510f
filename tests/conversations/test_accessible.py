"""Whatever the bot says in a whole gathering, as who does not see it, and as who is in another time zone."""

import json
from collections.abc import Iterator
from typing import Any

from tests.accessibility import problems_of_blocks, problems_of_message
from tests.conversations.room import Room


def gather(room: Room) -> None:
    """Something of everything: in the channel, in threads, to one person, and over an outage."""
    room.says("ben", "/note Too early")
    room.says("ana", "/session start Docs day for 2h")
    room.says("ana", "/topic Guides")
    room.says("ana", "/topic add Tools")
    room.says("ana", "/topic list")
    room.says("ben", "/note Out of date")
    room.says("ben", "/action @ana rewrites it by tomorrow")
    room.says("ben", "/decide One is enough")
    room.says("ana", "#help Who draws it?\nhttps://github.com/a/b/issues/1")
    room.does("ana", "upload", filename="guide.png", content="a picture")
    room.clicks("dia", "Sign in", on="planned until")
    room.fills("dia", Organisation="Reed Hut", Country="Portugal")
    room.says("ana", "/propose roll=session quorum=2 Drop it for 90m")
    room.passes(seconds=10)
    room.reacts("ben", "+1", to="Drop it")
    room.reacts("ben", "-1", to="Drop it")
    room.reacts("gus", "+1", to="Drop it")
    room.passes(minutes=2)
    room.bot_goes()
    room.passes(minutes=3)
    room.bot_comes()
    room.unreacts("ben", "-1", to="Drop it")
    room.says("ana", "/session status")
    room.says("ana", "/session history 2")
    room.says("ben", "/session undo 1")
    room.says("ana", "/session help")
    room.says("chen", "Hello?", channel="@folkmoot")
    room.passes(minutes=88)
    room.reacts("chen", "+1", to="Drop it")
    room.passes(minutes=30)
    room.says("ana", "/session list")
    room.says("ana", "/session search date")
    room.says("ana", "/action list")
    room.opens_home("ana")


def posted(room: Room) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """All that was ever put into Slack, also what was changed since."""
    for call in room.stage.web_api.calls:
        if call.method in ("chat.postMessage", "chat.postEphemeral", "chat.update"):
            blocks = call.arguments.get("blocks") or []
            yield call.arguments.get("text") or "", json.loads(blocks) if isinstance(blocks, str) else blocks


def answers(room: Room) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What only one person saw: answers to commands and clicks, and hints."""
    for who in ("ana", "ben", "chen", "dia", "gus"):
        for each in room.site.messages(None, person=who):
            if each.get("is_ephemeral"):
                yield each["text"], each.get("blocks") or []


def test_all_of_it_has_words_and_each_reader_sees_their_own_times(room: Room) -> None:
    room.has_person("gus", "Gus Guest", is_guest=True)
    gather(room)
    said, told = list(posted(room)), list(answers(room))

    assert len(said) > 25
    assert len(told) > 10
    assert [problem for text, blocks in (*said, *told) for problem in problems_of_message(text, blocks)] == []
    assert problems_of_blocks(room.home_view("ana")["blocks"]) == []
