"""Tests of `minutes.topic_command`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.topic_command import (
    Drop,
    Finish,
    ListTopics,
    Move,
    PutOnFloor,
    Queue,
    Rename,
    TakeNext,
    TopicHelp,
    title_key,
    understand_topic,
)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("Plans for observability", PutOnFloor("Plans for observability")),
        ("  Plans\n for\tobservability ", PutOnFloor("Plans for observability")),
        ("next", TakeNext()),
        ("NEXT ", TakeNext()),
        ("next steps for the docs", PutOnFloor("next steps for the docs")),
        ("list", ListTopics()),
        ("list of bugs", PutOnFloor("list of bugs")),
        ("Done", Finish()),
        ("done is better than perfect", PutOnFloor("done is better than perfect")),
        ("drop 3", Drop(3)),
        ("Drop 3", Drop(3)),
        ("drop -1", Drop(-1)),
        ("Drop the legacy agent", PutOnFloor("Drop the legacy agent")),
        ("drop 3 agents", PutOnFloor("drop 3 agents")),
        ("move 3 to 1", Move(3, 1)),
        ("MOVE 3 TO -1", Move(3, -1)),
        ("Move 3 to 2 nodes", PutOnFloor("Move 3 to 2 nodes")),
        ("move to Python 3", PutOnFloor("move to Python 3")),
        ("add Documentation", Queue("Documentation")),
        ("ADD next", Queue("next")),
        ("additional runtimes", PutOnFloor("additional runtimes")),
        ("rename Docs", Rename("Docs")),
        ("help", TopicHelp(None)),
        ("help for newcomers", PutOnFloor("help for newcomers")),
        ("", TopicHelp(None)),
        (" \u200b\n", TopicHelp(None)),
        ("🎉", PutOnFloor("🎉")),
        ("שלום next", PutOnFloor("שלום next")),
        ("<!channel> <script>{{ x }}```", PutOnFloor("<!channel> <script>{{ x }}```")),
    ],
)
def test_the_command_is_understood(typed, command):
    assert understand_topic(typed) == command


@pytest.mark.parametrize("typed", ["add", "Add ", "rename", "add \u200b"])
def test_a_title_that_is_missing_is_asked_for(typed):
    answer = understand_topic(typed)

    assert isinstance(answer, TopicHelp)
    assert "title" in (answer.problem or "")


@pytest.mark.parametrize("before", ["", "add ", "rename "])
def test_a_title_is_refused_rather_than_cut(before):
    assert not isinstance(understand_topic(before + "x" * 200), TopicHelp)
    answer = understand_topic(before + "x" * 100_000)

    assert isinstance(answer, TopicHelp)
    assert "100,000" in (answer.problem or "")
    assert "200" in (answer.problem or "")


@given(st.text())
def test_whatever_is_typed_is_a_command_with_a_title_of_one_line(typed):
    command = understand_topic(typed)

    if isinstance(command, PutOnFloor | Queue | Rename):
        assert command.title == " ".join(command.title.split())
        assert 0 < len(command.title) <= 200


@pytest.mark.parametrize("same", ["Plans  for QEMU", "plans for qemu", " PLANS FOR\nQEMU ", "Plans for ＱＥＭＵ"])
def test_the_same_topic_has_the_same_key(same):
    assert title_key(same) == title_key("Plans for QEMU")


@given(st.text())
def test_a_key_is_its_own_key(title):
    assert title_key(title_key(title)) == title_key(title)


def test_the_key_of_endless_marks_is_quick():
    assert title_key("a" + "\u0316\u0301" * 50_000)
