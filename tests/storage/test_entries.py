"""Entries are revisions that are only added to."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from minutes.session import SessionState
from storage import entries, sessions
from storage.schema import ENTRIES
from tests.storage.sample import Gathering, after


def test_a_line_of_a_message_is_kept_once(moot: Gathering) -> None:
    first, again, other = moot.note("Traces"), moot.note("Traces"), moot.note("Logs", line=1)

    assert first is not None
    assert other is not None
    assert again is None
    assert (first.entry.number, other.entry.number) == (1, 2)


def test_what_was_said_lately_is_found_where_the_session_is_closed_as_of_before_that(moot: Gathering) -> None:
    """After an outage it closes as of when it should have, and what was said since has been recorded in it."""
    moot.note("By tomorrow", "1.000009", author=moot.ana, at=after(130))
    sessions.change(moot.db, moot.workspace, moot.session.id, state=SessionState.CLOSED, ended_at=after(60))

    found = entries.by_author_since(moot.db, moot.workspace, moot.ana, after(125))

    assert [each.entry.text for each in found] == ["By tomorrow"]


def test_a_revision_is_added_and_what_was_before_stays(moot: Gathering) -> None:
    first = moot.note("Traces are missing")
    assert first is not None
    entries.revise(moot.db, first, by=moot.ana, at=after(5), standing=False)

    rows = moot.db.execute(select(ENTRIES).order_by(ENTRIES.c.revision)).all()
    assert [(row.revision, row.text, row.standing, row.revised_by) for row in rows] == [
        (1, "Traces are missing", True, moot.ben),
        (2, "Traces are missing", False, moot.ana),
    ]
    newest = entries.numbered(moot.db, moot.workspace, moot.session.id, 1)
    assert newest is not None
    assert not newest.standing
    assert [kept.standing for kept in entries.of_session(moot.db, moot.workspace, moot.session.id)] == [False]


def test_of_two_revisions_at_once_one_wins_and_the_other_is_refused(moot: Gathering) -> None:
    first = moot.note("Traces are missing")
    assert first is not None
    entries.revise(moot.db, first, by=moot.ana, at=after(5), standing=False)

    with pytest.raises(IntegrityError), moot.db.begin_nested():
        entries.revise(moot.db, first, by=moot.ben, at=after(5), standing=False)
