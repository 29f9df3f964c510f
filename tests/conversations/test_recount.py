"""`folkmoot recount V1`: a stored result is counted again from the stored marks; no alteration passes (§1.5, 50)."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import app
from minutes.rules import Rule, RuleName, Rules
from tests.conversations.room import Room
from tests.conversations.votes import outcome
from tests.databases import opened

UNANIMITY = json.dumps(Rules(Rule(RuleName.UNANIMOUS)).to_json())


def recount(room: Room, label: str = "V1") -> Result:
    return CliRunner().invoke(app, ["recount", label], env={"DATABASE_URL": room.database})


def put(room: Room, options: str, hands: dict[str, str]) -> None:
    room.says("ana", "/session start Docs day for 3h")
    room.says("ana", f"/propose {options} Ship it".replace("  ", " "))
    for who, emoji in hands.items():
        room.reacts(who, emoji, to="Ship it")


def counted(options: str, hands: dict[str, str]) -> Callable[[Room], None]:
    def play(room: Room) -> None:
        put(room, f"for=10m {options}", hands)
        room.passes(minutes=11)

    return play


def stopped(by: str) -> Callable[[Room], None]:
    def play(room: Room) -> None:
        put(room, "", {"ben": "+1", "chen": "-1"})
        room.clicks(by, "Withdraw", on="Ship it", sure=True)

    return play


def deleted(room: Room) -> None:
    put(room, "", {"ben": "+1", "chen": "+1"})
    room.passes(seconds=5)
    room.admin_deletes("ana", room.ballot_message("Ship it")["ts"])


def uncountable(room: Room) -> None:
    put(room, "for=10m", {"ben": "+1", "chen": "+1"})
    room.fails("cut_users", users=1, even_full=True)
    room.passes(minutes=25)


def accepted_by_the_chair(room: Room) -> None:
    uncountable(room)
    room.clicks("ana", "Accept the count", on="Ship it", sure=True)


def never_opened(room: Room) -> None:
    room.fails("error", method="conversations.members", error="missing_scope")
    put(room, "roll=channel", {})


@pytest.mark.parametrize(
    ("play", "state"),
    [
        (counted("", {"ben": "+1", "chen": "-1", "dia": "+1"}), "accepted"),
        (counted("", {"ben": "-1", "chen": "white_circle"}), "rejected"),
        (counted("", {"ben": "+1", "chen": "-1"}), "tied"),
        (counted("", {}), "no_votes"),
        (counted("quorum=3", {"ben": "+1"}), "no_quorum"),
        (counted("rule=unanimous roll=@ben,@chen", {"ben": "+1", "chen": "+1", "dia": "-1"}), "accepted"),
        (stopped("ana"), "withdrawn"),
        (deleted, "void"),
        (uncountable, "undetermined"),
        (accepted_by_the_chair, "accepted"),
        (never_opened, "cancelled"),
    ],
)
def test_50_every_outcome_is_counted_again_and_stays_so_whatever_comes_later(
    room: Room, play: Callable[[Room], None], state: str
) -> None:
    play(room)
    room.passes(seconds=20)
    assert outcome(room) == state
    first = recount(room)
    assert (first.exit_code, first.output.startswith(f"V1: {state}")) == (0, True), first.output
    assert ("counted again, the same" in first.output) == (state != "cancelled")

    if state not in ("void", "cancelled"):
        for emoji in ("+1", "-1"):
            room.reacts("dia", f"{emoji}::skin-tone-4", to=room.ballot_message("Ship it")["ts"])
    room.passes(minutes=2)
    assert outcome(room) == state
    assert recount(room).output == first.output


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE marks SET raw_name = '-1' WHERE raw_name = '+1'", "binding.in_favour: stored"),
        ("UPDATE marks SET present = false WHERE raw_name = '-1'", "binding.against: stored"),
        ("DELETE FROM marks WHERE raw_name = '+1'", "binding.in_favour: stored"),
        ("UPDATE marks SET event_ts = '9' || event_ts", "late: stored []"),
        ("UPDATE proposals SET state = 'rejected'", "state: the proposal says rejected, its result accepted"),
        ("UPDATE proposals SET result = replace(result, 'accepted', 'rejected')", "state: stored 'rejected'"),
        (f"UPDATE proposals SET rules = '{UNANIMITY}'", "state: stored 'accepted'"),  # noqa: S608 # our own rule
        ("UPDATE proposals SET text = 'Sink it'", "text: it is not the one"),
    ],
)
def test_50_whatever_was_altered_in_the_database_is_found_and_said(room: Room, statement: str, words: str) -> None:
    counted("", {"ben": "+1", "chen": "-1", "dia": "+1"})(room)
    assert recount(room).exit_code == 0
    room.alters_database(statement)
    again = recount(room)
    assert again.exit_code == 1
    assert "V1: the stored result is not what the stored marks give" in again.output
    assert words in again.output


def test_50_an_open_vote_is_not_counted_yet_and_an_unknown_one_is_said_to_be(room: Room) -> None:
    put(room, "", {"ben": "+1"})
    room.passes(seconds=5)
    open_one = recount(room, "v1")
    assert (open_one.exit_code, open_one.output) == (0, "V1: open, 1 for, 0 against; not counted yet\n")
    for label, words in (("V9", "There is no proposal V9"), ("nine", "such as V1")):
        unknown = recount(room, label)
        assert unknown.exit_code != 0
        assert words in unknown.output


def test_50_a_vote_that_was_extended_after_its_count_was_in_doubt_counts_what_came_meanwhile(room: Room) -> None:
    uncountable(room)
    room.reacts("dia", "+1", to=room.ballot_message("Ship it")["ts"])
    room.loop.do(room.stage.faults.clear())
    room.passes(seconds=1)
    room.clicks("ana", "Extend 10 min", on="Ship it")
    room.passes(minutes=12)
    assert outcome(room) == "accepted"
    assert "3 for, 0 against; counted again, the same" in recount(room).output


def test_marks_are_only_ever_added_to(room: Room) -> None:
    put(room, "", {"ben": "+1", "chen": "-1"})
    before = stored_marks(room)
    room.unreacts("ben", "+1", to="Ship it")
    room.reacts("ben", "-1", to="Ship it")
    room.clicks("ana", "Close now", on="Ship it", sure=True)
    room.passes(minutes=1)
    after = stored_marks(room)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


def stored_marks(room: Room) -> list[tuple[object, ...]]:
    with opened(room.database) as database:
        return [tuple(row) for row in database.exec_driver_sql("SELECT * FROM marks ORDER BY id")]
