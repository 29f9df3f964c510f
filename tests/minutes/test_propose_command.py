"""Tests of `minutes.propose_command`."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.propose_command import ProposeCommand, ProposeHelp, understand_proposal

TEN_MINUTES = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("Drop the legacy agent", ProposeCommand("Drop the legacy agent", None)),
        ("Drop the legacy agent for 10m", ProposeCommand("Drop the legacy agent", TEN_MINUTES)),
        (
            "Drop it:\n- the agent\n- the docs\nfor 10 minutes",
            ProposeCommand("Drop it:\n- the agent\n- the docs", TEN_MINUTES),
        ),
        ("Plan for 2027", ProposeCommand("Plan for 2027", None)),
        ("Break for 10m and go on", ProposeCommand("Break for 10m and go on", None)),
        ("Break for 1h for 10m", ProposeCommand("Break for 1h", TEN_MINUTES)),
        ("help newcomers", ProposeCommand("help newcomers", None)),
        ("👍", ProposeCommand("👍", None)),
        ("<!channel> {{ x }} ```a  b```", ProposeCommand("<!channel> {{ x }} ```a  b```", None)),
        ("", ProposeHelp(None)),
        (" \n\u200b", ProposeHelp(None)),
        ("help", ProposeHelp(None)),
    ],
)
def test_the_proposal_is_understood(typed, command):
    assert understand_proposal(typed) == command


@pytest.mark.parametrize(
    ("typed", "told"), [("for 10m", "before the time"), ("x" * 100_000, "100,000"), ("x" * 2_001, "2,000")]
)
def test_what_is_wrong_is_said_in_a_sentence(typed, told):
    answer = understand_proposal(typed)

    assert isinstance(answer, ProposeHelp)
    assert told in (answer.problem or "")


def test_the_longest_proposal_counts_without_its_time():
    assert understand_proposal("x" * 2_000 + " for 10m") == ProposeCommand("x" * 2_000, TEN_MINUTES)


@pytest.mark.parametrize("piece", ["for ", " for 3", "for  \n"])
def test_endless_text_is_answered_at_once(piece):
    assert isinstance(understand_proposal(piece * 20_000), ProposeHelp)


@given(st.text())
def test_the_text_is_kept_as_typed(typed):
    command = understand_proposal(typed)

    if isinstance(command, ProposeCommand):
        assert command.text
        assert typed.strip().startswith(command.text)
