"""Tests of `minutes.session_command`."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.session_command import (
    End,
    Extend,
    History,
    Reopen,
    SessionHelp,
    Start,
    Status,
    UnknownSession,
    understand_session,
)

THREE_HOURS = timedelta(hours=3)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("", Start(None, None, None)),
        ("Kata PTG", Start("Kata PTG", None, None)),
        (
            "Kata PTG for 3h at https://zoom.example/j/1",
            Start("Kata PTG", THREE_HOURS, "https://zoom.example/j/1"),
        ),
        ('Kata PTG at "Room 5, Berlin" for 180 minutes', Start("Kata PTG", THREE_HOURS, "Room 5, Berlin")),
        ("Kata PTG at “Room 5, Berlin” FOR 3h", Start("Kata PTG", THREE_HOURS, "Room 5, Berlin")),
        ("Kata PTG at „Room 5“", Start("Kata PTG", None, "Room 5")),
        ("X at [our room](https://zoom.example/j/1)", Start("X", None, "[our room](https://zoom.example/j/1)")),
        ("Planning for 2027 at Zoom", Start("Planning for 2027", None, "Zoom")),
        ("Planning for 2027 for 1h 30m", Start("Planning for 2027", timedelta(minutes=90), None)),
        ("Meeting at the office", Start("Meeting at the office", None, None)),
        ("Meeting at the office for 3h", Start("Meeting at the office", THREE_HOURS, None)),
        ("Standup at 9:30", Start("Standup at 9:30", None, None)),
        ("Standup at 9am for 3h", Start("Standup at 9am", THREE_HOURS, None)),
        ("for 3h", Start(None, THREE_HOURS, None)),
        ("at Zoom for 3h", Start(None, THREE_HOURS, "Zoom")),
        ("at Zoom at Jitsi", Start("at Zoom", None, "Jitsi")),
        ('"Look at Kata" at Zoom', Start("Look at Kata", None, "Zoom")),
        ('"Waiting for 3h"', Start("Waiting for 3h", None, None)),
        ('at ""', Start('at ""', None, None)),
        ("🎉 at 🏠", Start("🎉", None, "🏠")),
        ("שלום for 3h", Start("שלום", THREE_HOURS, None)),
        ("<!channel> {{ x }} <script>", Start("<!channel> {{ x }} <script>", None, None)),
    ],
)
def test_start_takes_a_title_a_duration_and_a_place(typed, command):
    assert understand_session(f"start {typed}") == command


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("end", End()),
        (" END\n", End()),
        ("extend", Extend(None)),
        ("extend 30m", Extend(timedelta(minutes=30))),
        ("extend by 1h", Extend(timedelta(hours=1))),
        ("reopen", Reopen()),
        ("status", Status()),
        ("help", SessionHelp(None)),
        ("", SessionHelp(None)),
        (" \u200b", SessionHelp(None)),
        ("begin now", UnknownSession("begin")),
        ("👍", UnknownSession("👍")),
    ],
)
def test_the_other_commands_are_understood(typed, command):
    assert understand_session(typed) == command


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("extend a bit", "30m"),
        ("extend 30", "30m"),
        ("extend 8 days", "seven days"),
        ("end of the world", "`end`"),
        ("reopen it", "`reopen`"),
        ("start " + "x" * 201, "201 characters"),
        ("start X at " + "y" * 100_000, "place has 100,000"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(typed, told):
    answer = understand_session(typed)

    assert isinstance(answer, SessionHelp)
    assert told in (answer.problem or "")


@pytest.mark.parametrize("piece", ["at [", 'at "', " for 3", " for 3h", " at x", "]("])
def test_endless_text_is_answered_at_once(piece):
    assert isinstance(understand_session("start " + piece * 20_000), SessionHelp)


@given(st.text())
def test_whatever_is_typed_gives_a_title_and_a_place_that_fit(typed):
    command = understand_session("start " + typed)

    assert isinstance(command, Start | SessionHelp)
    if isinstance(command, Start):
        assert command.title is None or 0 < len(command.title) <= 200
        assert command.place is None or 0 < len(command.place) <= 200


@given(st.text(alphabet="abc XYZ", min_size=1, max_size=50).map(str.strip).filter(bool), st.booleans())
def test_the_order_of_the_clauses_does_not_matter(title, place_first):
    clauses = ["at https://zoom.example/j/1", "for 3h"]
    typed = " ".join(["start", title, *(clauses if place_first else reversed(clauses))])

    assert understand_session(typed) == Start(" ".join(title.split()), THREE_HOURS, "https://zoom.example/j/1")


@pytest.mark.parametrize("typed", ["history 7", "History #7", "  history   7 "])
def test_history_names_an_entry_by_its_number(typed):
    assert understand_session(typed) == History(7)


@pytest.mark.parametrize("typed", ["history", "history seven", "history 7 8", "history -7", "history ٧"])
def test_history_without_a_number_is_told_how(typed):
    understood = understand_session(typed)
    assert isinstance(understood, SessionHelp)
    assert "`/session history 7`" in (understood.problem or "")
