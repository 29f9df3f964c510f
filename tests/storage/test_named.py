"""Where somebody is named: no session that shows a person is left out, and those that do not are, as a rule."""

from collections.abc import Callable

import pytest

from minutes.entry import EntryKind
from minutes.tally import Mark, MarkSource
from minutes.text import mention
from storage import ballot_box, chairs, entries, people, sessions, votes
from storage.entries import Source
from storage.named import naming
from tests.storage.sample import CHANNEL, Gathering, after

Deed = Callable[[Gathering, int], object]


def takes_part(moot: Gathering, dia: int) -> object:
    return sessions.take_part(moot.db, moot.workspace, moot.session.id, dia, after(1), spoke=1)


def chairs_it(moot: Gathering, dia: int) -> object:
    return chairs.name(moot.db, moot.workspace, moot.session.id, dia, by=moot.ana, at=after(1))


def is_mentioned_in_a_note(moot: Gathering, dia: int) -> object:
    return moot.note(f"{mention(str(dia))} knows")


def owns_an_action(moot: Gathering, dia: int) -> object:
    what = {"kind": EntryKind.ACTION, "text": "Ask", "author": moot.ben, "at": after(1), "topic": None}
    return entries.record(moot.db, moot.workspace, CHANNEL, moot.session.id, Source("2.000001"), owners=[dia], **what)


def has_said_what_another_noted(moot: Gathering, dia: int) -> object:
    what = {"kind": EntryKind.NOTE, "text": "Ask", "author": moot.ben, "at": after(1), "topic": None}
    return entries.record(moot.db, moot.workspace, CHANNEL, moot.session.id, Source("2.000001"), said_by=dia, **what)


def is_in_the_title(moot: Gathering, dia: int) -> object:
    return sessions.change(moot.db, moot.workspace, moot.session.id, title=f"Tea with {mention(str(dia))}")


def is_in_a_proposal(moot: Gathering, dia: int) -> object:
    return moot.proposal(f"{mention(str(dia))} decides")


def is_on_a_roll(moot: Gathering, dia: int) -> object:
    proposal = moot.proposal("Release on Friday")
    return votes.change(moot.db, votes.get(moot.db, moot.workspace, proposal), "draft", roll=[moot.ana, dia])


def has_voted(moot: Gathering, dia: int) -> object:
    proposal = moot.proposal("Release on Friday")
    votes.change(moot.db, votes.get(moot.db, moot.workspace, proposal), "draft", ballot_ts="3.000001")
    mark = Mark(dia, "+1", "4.000001", True, MarkSource.EVENT)
    return ballot_box.mark(moot.db, moot.workspace, CHANNEL, "3.000001", mark, at=after(2))


def gives_a_reason(moot: Gathering, dia: int) -> object:
    said = {"proposal": moot.proposal("Release on Friday"), "person": moot.ben, "worded": "5.000001"}
    text = f"As {mention(str(dia))} says"
    return ballot_box.give_reason(moot.db, moot.workspace, CHANNEL, "5.000001", text=text, **said)


@pytest.mark.parametrize(
    "deed",
    [
        takes_part,
        has_said_what_another_noted,
        chairs_it,
        is_mentioned_in_a_note,
        owns_an_action,
        is_in_the_title,
        is_in_a_proposal,
        is_on_a_roll,
        has_voted,
        gives_a_reason,
    ],
)
def test_a_session_names_whoever(moot: Gathering, deed: Deed) -> None:
    dia = people.meet(moot.db, moot.workspace, "U0DIA").id
    elsewhere = sessions.begin(
        moot.db, moot.workspace, "C0OTHER", title="Other", place=None, starts=after(0), ends=after(9), by=moot.ben
    )
    both = [moot.session.id, elsewhere.id]
    assert naming(moot.db, moot.workspace, dia, both) == frozenset()

    deed(moot, dia)
    assert naming(moot.db, moot.workspace, dia, both) == {moot.session.id}
    assert naming(moot.db, moot.workspace, dia, []) == frozenset()
