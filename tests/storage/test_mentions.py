"""What is said to the bot in a message, where it was stopped between doing it and saying so."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.services import duties, mentions, private_duties, sessions, topics
from bot.services.entries import record_command
from bot.services.visit import Asked, serve
from minutes.entry import EntryKind
from minutes.outcomes import NothingToDo
from minutes.refusal import Refusal
from minutes.session_command import Start
from storage import outbox, people
from tests.storage.sample import after

TS = "1776171660.000001"
WORDS = {"text": "Now: no topic", "blocks": []}
ASKED = Asked("T0MOOT", "C0MOOT", "U0ANA", after(1), f"mention:C0MOOT:{TS}", "Ana", "moot", said=TS)


@pytest.fixture
def open_session(db: Connection) -> int:
    serve(db, replace(ASKED, key="a command", at=after(0), said=None), sessions.start, Start("Moot", None, None))
    return people.workspace(db, "T0MOOT")


def said(db: Connection, workspace: int) -> dict[str, object] | None:
    duty = outbox.by_key(db, workspace, private_duties.answer_key("C0MOOT", TS))
    return None if duty is None else duty.payload


@pytest.mark.usefixtures("open_session")
def test_what_was_done_and_not_told_is_told_when_slack_delivers_it_again(db: Connection) -> None:
    serve(db, ASKED, mentions.carry_out, TS, topics.listing)  # and here we were stopped

    again = serve(db, ASKED, mentions.carry_out, TS, topics.listing)
    mentions.answer(db, ASKED, TS, WORDS, [again])

    assert isinstance(again, NothingToDo)
    payload = said(db, people.workspace(db, "T0MOOT"))
    assert payload is not None
    assert payload["text"] == "Now: no topic"


def test_what_was_acknowledged_is_not_told_a_second_time(db: Connection, open_session: int) -> None:
    use_case = (mentions.carry_out, TS, record_command, EntryKind.NOTE, "It rains")
    serve(db, ASKED, *use_case)

    again = serve(db, ASKED, *use_case)
    mentions.answer(db, ASKED, TS, WORDS, [again])

    assert isinstance(again, NothingToDo)
    assert said(db, open_session) is None


def test_what_was_refused_is_not_done_when_it_comes_again(db: Connection) -> None:
    workspace = people.workspace(db, "T0MOOT")
    with pytest.raises(Refusal):
        serve(db, ASKED, mentions.carry_out, TS, record_command, EntryKind.NOTE, "It rains")
    mentions.answer(db, ASKED, TS, WORDS, [])
    serve(db, replace(ASKED, key="a command", said=None), sessions.start, Start("Moot", None, None))

    again = serve(db, replace(ASKED, key="once more"), mentions.carry_out, TS, record_command, EntryKind.NOTE, "Again")

    assert isinstance(again, NothingToDo)
    assert outbox.by_key(db, workspace, duties.entry_key(1, 1)) is None
