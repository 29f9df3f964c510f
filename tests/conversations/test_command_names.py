"""Conversations where the commands have other names: those are shown, and the plain ones nowhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from rehearsal.acts import ActFailed
from tests.conversations.room import Room, shown

PREFIX = {"COMMANDS_PREFIX": "ptg-", "COMMAND_DECIDE": "/agreed"}
PLAIN = re.compile(r"(?<![\w-])/(topic|session|note|action|decide|propose)\b")
TITLE = "Why `/topic` is built in, {title}"


@pytest.fixture
def room(rooms: Callable[..., Room], tmp_path: Path) -> Room:
    """The app is made from the manifest that the same settings give."""
    written = CliRunner().invoke(app, ["manifest"], env=PREFIX)
    (tmp_path / "manifest.yaml").write_text(written.stdout, encoding="utf-8")
    return rooms(settings=PREFIX, manifest=tmp_path / "manifest.yaml")


def said_by_the_bot(room: Room) -> str:
    """Everything: in the channel, to one person, and what has been overwritten since."""
    sent = [shown(call.arguments) for call in room.stage.web_api.calls if call.method.startswith("chat.")]
    return "\n".join([*sent, *room.texts(), *room.whispers("ana"), *room.whispers("ben")])


def test_help_refusals_hints_and_answers_show_the_names_in_force(room: Room) -> None:
    answers = [
        room.says("ana", "/ptg-session undo 7"),
        room.says("ana", "/ptg-session help"),
        room.says("ana", "/ptg-session start Moot"),
        room.says("ben", "/ptg-session extend soon"),
        room.says("ben", "/ptg-session undo"),
        room.says("ben", "/ptg-session undo last"),
        room.says("ben", "/ptg-session defaults"),
        room.says("ben", "/ptg-session defaults rule"),
        room.says("ben", "/ptg-session end now"),
        room.says("ben", "/ptg-session dance"),
        room.says("ben", "/ptg-topic"),
        room.says("ben", "/ptg-topic add"),
        room.says("ben", "/ptg-topic rename"),
        room.says("ben", "/ptg-topic The well"),
        room.says("ben", "/ptg-topic add The roof"),
        room.says("ben", "/ptg-topic done"),
        room.says("ben", "/ptg-note"),
        room.says("ben", "/ptg-action"),
        room.says("ben", "/agreed"),
        room.says("ben", "/ptg-propose for 10m"),
        room.says("ben", "/ptg-propose rule=two-thirds"),
        room.says("ben", "/ptg-propose help"),
        room.says("ana", "/ptg-session end"),
        room.says("ana", "/ptg-session reopen"),
        room.says("ana", "/ptg-session end"),
    ]
    everything = "\n".join([*answers, said_by_the_bot(room)])

    assert PLAIN.findall(everything) == []
    assert "`" not in "".join(answers)
    for name in ("/ptg-topic", "/ptg-session", "/ptg-note", "/ptg-action", "/agreed", "/ptg-propose"):
        assert f"{name} " in answers[1], "help shows them all"
    assert "/ptg-session undo 7" in answers[4]
    assert "/ptg-session extend 30m" in answers[3]
    assert "/ptg-session end alone" in answers[8]
    assert "/ptg-topic next" in answers[15]
    assert "/ptg-session reopen" in answers[22]


def test_people_who_write_to_the_bot_alone_are_told_the_name_in_force(room: Room) -> None:
    room.says("ana", "hello", channel="@folkmoot")

    (told,) = room.direct("ana")
    assert "/ptg-session start" in told
    assert not PLAIN.search(told)


def test_what_people_wrote_is_left_as_it_is(room: Room) -> None:
    """A title may name a command, and stand in a sentence that does."""
    room.says("ana", f"/ptg-session start {TITLE}")
    twice = room.says("ben", "/ptg-session start")
    room.says("ana", f"/ptg-topic {TITLE}")
    again = room.says("ben", f"/ptg-topic add {TITLE}")
    unknown = room.says("ben", "/ptg-session `/topic`")

    assert f"“{TITLE}” is already open" in twice
    assert f"“{TITLE}” is on the floor already." in again
    assert "I do not know “`/topic`”." in unknown
    assert "/ptg-session start" in unknown


def test_a_refusal_in_a_dialog_is_plain_text_with_the_name_in_force(room: Room) -> None:
    room.says("ana", "/ptg-session start Moot")
    room.says("ana", f"/ptg-topic {TITLE}")
    room.clicks("ben", "Add a topic", on="planned until")
    errors = room.fills("ben", title=TITLE)

    assert errors == {"title": f"“{TITLE}” is on the floor already."}


def test_an_app_that_still_has_the_plain_names_is_told_what_to_type(rooms: Callable[..., Room]) -> None:
    """The names are set, and the manifest on the app's page is the old one."""
    answer = (room := rooms(settings=PREFIX)).says("ana", "/topic Hello")

    assert "I do not know that command." in answer
    assert "/ptg-topic Release plans" in answer
    assert room.texts() == []


def test_the_plain_names_are_not_commands_of_ours(room: Room) -> None:
    """Another app may have them: what comes under them is not carried out."""
    with pytest.raises(ActFailed, match="/topic"):
        room.says("ana", "/topic Hello")

    assert room.texts() == []
