"""`folkmoot forget`: a person whose deeds still count, or a workspace, is erased from everything that is stored."""

import time

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import app
from storage.engine import file_of
from tests.conversations.room import Room
from tests.conversations.votes import vote
from tests.process.running import wait_until

ANA = "U0ANA"


def forget(room: Room, *whom: str) -> Result:
    return CliRunner().invoke(app, ["forget", *whom], env={"DATABASE_URL": room.database})


def refused(room: Room, *whom: str) -> str:
    done = forget(room, *whom)
    assert done.exit_code == 1
    return done.stderr


def gather(room: Room) -> None:
    """A gathering in which Ana does everything, and is named by others."""
    room.says("ana", "/session start Docs day of @ana")
    room.clicks("ana", "Sign in", on="planned until")
    room.fills("ana", Organisation="Reed Hut", Country="Portugal")
    room.says("ana", "/topic Guides")
    room.says("ana", "#info Out of date, says @ana\nhttps://github.com/a/b/issues/1 of @ana")
    room.says("ben", "/action @ana rewrites it")
    room.says("ben", "/decide As @ana said")
    room.does("ana", "upload", filename="guide.png", content="a picture")
    room.opens_home("ana")
    room.says("ana", "/session search guides")
    room.says("ana", "Hello?", channel="@folkmoot")
    room.says("ana", "/propose Thank @ana")
    room.passes(seconds=5)
    room.reacts("ana", "-1", to="Thank")
    room.says("ana", "I have my reasons", thread="Thank")
    room.reacts("ben", "+1", to="Thank")
    room.says("ana", "/session end")
    room.passes(minutes=1)


def catches_up(room: Room) -> None:
    """The command goes by the machine's clock: let the play come to that, and what was owed by it be said."""
    room.bot_comes()
    room.passes(seconds=max(0.0, time.time() - room.stage.now_us / 1_000_000) + 600)


def test_no_name_no_id_and_no_word_of_theirs_is_left(room: Room) -> None:
    gather(room)
    for there in (ANA, f"D{ANA[1:]}", "Ana Ruiz", "Reed Hut", "I have my reasons"):
        assert there in room.stored()
    room.bot_goes()

    done = forget(room, "--user", ANA)

    assert done.exit_code == 0, done.output
    assert f"{ANA} in Testville (T0TEST) is forgotten. Erased: 1 name with its Slack id," in done.stdout
    assert "1 reason for a vote" in done.stdout
    for gone in (ANA, f"D{ANA[1:]}", "Ana Ruiz", "Reed Hut", "I have my reasons"):
        assert gone not in room.stored()
    assert "Out of date" in room.stored()


def test_the_record_goes_on_to_count_what_they_did(room: Room) -> None:
    gather(room)
    before = room.record()
    room.bot_goes()
    forget(room, "--user", ANA)
    after = room.record()

    assert "Ana" not in str(after)
    assert vote(room)["against"] == ["somebody"]
    assert after["started_by"] == "somebody"
    assert "Docs day of @somebody" in after["title"]
    assert [len(after[many]) for many in ("participants", "links", "files")] == [
        len(before[many]) for many in ("participants", "links", "files")
    ]
    assert after["organisations"] == []
    assert "counted again, the same" in room.folkmoot("recount", "V1")


def test_what_was_said_in_slack_under_their_name_is_drawn_anew_when_the_bot_runs(room: Room) -> None:
    gather(room)
    assert "Ana Ruiz" in "\n".join(room.texts())
    room.bot_goes()
    forget(room, "--user", ANA)
    catches_up(room)

    assert "Ana Ruiz" not in "\n".join(room.texts())
    assert "Docs day of @somebody" in room.card()
    assert "somebody" in room.digests()[0]


def test_whoever_comes_back_is_a_new_person(room: Room) -> None:
    gather(room)
    room.bot_goes()
    forget(room, "--user", ANA)
    room.bot_comes()
    room.says("ana", "/session start Code day")

    assert room.record()["started_by"] == "Ana Ruiz"
    assert room.record(1)["started_by"] == "somebody"


@pytest.mark.engine("sqlite")
def test_they_are_in_no_byte_of_the_sqlite_file(room: Room) -> None:
    gather(room)
    room.bot_goes()
    forget(room, "--user", ANA)

    written = b"".join(file.read_bytes() for file in file_of(room.database).parent.iterdir())
    assert b"Out of date" in written
    for gone in (ANA, "Ruiz", "Reed Hut", "I have my reasons"):
        assert gone.encode() not in written


@pytest.mark.engine("sqlite")
def test_on_sqlite_the_bot_has_to_be_stopped_first(room: Room) -> None:
    gather(room)
    before = room.stored()

    assert "The bot is running (process " in refused(room, "--user", ANA)
    assert room.stored() == before


@pytest.mark.engine("postgres")
def test_on_postgresql_it_is_done_while_the_bot_runs(room: Room) -> None:
    gather(room)
    assert forget(room, "--user", ANA).exit_code == 0
    assert ANA not in room.stored()

    room.says("ben", "/session start Code day")
    assert "Code day" in room.card()


@pytest.mark.engine("postgres")
def test_an_answer_of_slacks_that_is_under_way_meanwhile_brings_nobody_back(room: Room) -> None:
    room.says("ben", "/session start Code day")
    held = room.holds_calls("users.info")
    room.hurries("ana", "say", text="Hello")
    passing = room.loop.begin(room.stage.advance_to(room.stage.now_us + 10_000_000))
    wait_until(lambda: bool(held.fired))

    assert forget(room, "--user", ANA).exit_code == 0
    room.lets_go()
    passing.result(60)

    assert ANA not in room.stored()
    assert "Ana Ruiz" not in room.stored()


def test_nobody_is_forgotten_in_the_middle_of_their_vote(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/propose Drop it")
    room.passes(seconds=5)
    room.reacts("ben", "+1", to="Drop it")
    room.bot_goes()
    before = room.stored()

    assert refused(room, "--user", "U0BEN") == (
        "U0BEN votes in V1, which is not over: Slack would name them to the bot again. "
        "Have it closed or withdrawn, then say this again. Nothing was erased.\n"
    )
    assert room.stored() == before


def test_who_is_not_stored_cannot_be_forgotten(room: Room) -> None:
    gather(room)
    room.bot_goes()

    assert "Nobody with the id U0NOBODY is stored." in refused(room, "--user", "U0NOBODY")
    assert refused(room, "--team", "T0NOWHERE") == "No workspace with the id T0NOWHERE is stored.\n"
    assert "Say whom to forget" in refused(room)
    assert "is a bot. Only people can be forgotten." in refused(room, "--user", room.stage.bot.id)


def test_a_workspace_is_forgotten_with_all_that_is_its_own(room: Room) -> None:
    gather(room)
    room.bot_goes()

    done = forget(room, "--team", "T0TEST")

    assert done.exit_code == 0, done.output
    assert "Testville (T0TEST) is forgotten. Erased: 1 session, 1 topic," in done.stdout
    assert done.stdout.split("Erased: ")[1].split(".\n")[0].endswith("1 workspace")
    for gone in (ANA, "Ana Ruiz", "Docs day", "Guides", "T0TEST"):
        assert gone not in room.stored()
    assert "No session is stored yet." in room.folkmoot("sessions")


def test_in_several_workspaces_it_has_to_be_said_which_one_is_meant(room: Room) -> None:
    gather(room)
    room.bot_goes()
    room.alters_database("INSERT INTO workspaces (enterprise_id, team_id, name) VALUES ('', 'T0OTHER', 'Other')")

    assert refused(room, "--user", ANA) == (
        "Several workspaces are stored. Say with --team which one is meant: Testville (T0TEST), Other (T0OTHER).\n"
    )
    assert "Nobody with the id" in refused(room, "--user", ANA, "--team", "T0OTHER")
    assert forget(room, "--user", ANA, "--team", "T0TEST").exit_code == 0
