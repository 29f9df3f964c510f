"""Tests of `/session chairs`, `floor`, `entries`, `redo` and `move`, as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.chair_command import HOW_TO_CHAIR, HOW_TO_NAME, ChangeChairs, SetFloor, ShowChairs
from minutes.entry_command import ListEntries, MoveEntry, Redo
from minutes.session_command import SessionHelp, Start, understand_session
from minutes.text import mention

ANA, BEN = mention("U1"), mention("U2")


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("chairs", ShowChairs()),
        ("Chair", ShowChairs()),
        ("floor", ShowChairs()),
        (f"chairs {ANA} {BEN}", ChangeChairs(("U1", "U2"))),
        (f"chair {ANA}", ChangeChairs(("U1",))),
        (f"chairs {ANA}, {BEN}", ChangeChairs(("U1", "U2"))),
        (f"chairs {ANA} and {BEN} & {ANA}", ChangeChairs(("U1", "U2"))),
        (f"chairs -{ANA}", ChangeChairs((), ("U1",))),
        (f"chairs +{BEN} -{ANA}", ChangeChairs(("U2",), ("U1",))),
        ("floor chaired", SetFloor(True)),
        ("floor OPEN", SetFloor(False)),
        ("entries", ListEntries()),
        ("entries #40", ListEntries(40)),
        ("redo", Redo(None)),
        ("redo 7", Redo(7)),
        ("move 7 to 2", MoveEntry(7, 2)),
        ("move #7 TO topic 2", MoveEntry(7, 2)),
        ("move 7 to 0", MoveEntry(7, 0)),
    ],
)
def test_what_is_typed_is_understood(typed: str, command: object) -> None:
    assert understand_session(typed) == command


@pytest.mark.parametrize("typed", ["chairs @ana", "chairs ana", f"chairs --{ANA}", f"chairs {ANA}{BEN}", "chairs ,"])
def test_chairs_are_named_by_mentions_only(typed: str) -> None:
    assert understand_session(typed) == SessionHelp(HOW_TO_NAME)


def test_nobody_is_named_and_taken_away_at_once() -> None:
    understood = understand_session(f"chairs {ANA} -{ANA}")
    assert isinstance(understood, SessionHelp)
    assert "at once" in str(understood.problem)


@pytest.mark.parametrize("typed", ["floor chair", "floor closed", "floor open now"])
def test_a_floor_is_chaired_or_open(typed: str) -> None:
    assert understand_session(typed) == SessionHelp(HOW_TO_CHAIR)


@pytest.mark.parametrize(
    "typed", ["entries all", "entries -1", "redo it", "move", "move 7", "move 7 2", "move -7 to 2", "move 7 to Tools"]
)
def test_entries_are_named_by_their_numbers(typed: str) -> None:
    understood = understand_session(typed)
    assert isinstance(understood, SessionHelp)
    assert f"`/session {typed.split()[0]} " in str(understood.problem)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("floor=chaired Docs day", Start("Docs day", None, None, chaired=True)),
        ("Docs day floor=chaired", Start("Docs day", None, None, chaired=True)),
        ("FLOOR=Chaired", Start(None, None, None, chaired=True)),
        ("floor=open Docs day", Start("Docs day", None, None)),
        ("Docs day chaired", Start("Docs day chaired", None, None)),
        ("chaired", Start("chaired", None, None)),
        ("The floor=chaired option", Start("The floor=chaired option", None, None)),
        ('"Why floor=chaired"', Start("Why floor=chaired", None, None)),
    ],
)
def test_a_chaired_start_is_mistaken_for_no_title_and_no_title_for_one(typed: str, command: Start) -> None:
    assert understand_session(f"start {typed}") == command


def test_place_and_time_stand_beside_a_floor() -> None:
    understood = understand_session("start floor=chaired Docs day for 2h at Zoom")
    assert isinstance(understood, Start)
    assert (understood.title, understood.place, understood.chaired) == ("Docs day", "Zoom", True)
    assert understood == understand_session("start Docs day for 2h at Zoom floor=chaired")


@pytest.mark.parametrize("typed", ["floor=shared Docs day", "floor= Docs day", "Docs day floor=closed"])
def test_a_floor_that_is_none_is_no_title(typed: str) -> None:
    assert understand_session(f"start {typed}") == SessionHelp("Write `floor=chaired` or `floor=open`.")


@given(st.sampled_from(["chairs", "floor", "entries", "redo", "move", "start"]), st.text())
def test_nothing_that_is_typed_breaks_anything(word: str, rest: str) -> None:
    understand_session(f"{word} {rest}")
