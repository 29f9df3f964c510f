"""When a session warns, runs over and ends by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.session import Due, Session, SessionState, Step, extended_end, next_due

START = datetime(2026, 4, 21, 13, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


SESSION = Session(
    id=1,
    channel="C0MOOT",
    title="Moot",
    place=None,
    state=SessionState.OPEN,
    started_at=START,
    planned_end=after(60),
    ended_at=None,
    started_by=1,
    last_spoken_at=START,
)


@pytest.mark.parametrize(
    ("session", "due"),
    [
        # A session of an hour warns five minutes ahead, whoever speaks when.
        (SESSION, Due(Step.WARN, after(55))),
        (replace(SESSION, last_spoken_at=after(59)), Due(Step.WARN, after(55))),
        # Warned, it closes at its end if the last ten minutes were quiet, and runs over if they were not.
        (replace(SESSION, warned=True), Due(Step.CLOSE, after(60))),
        (replace(SESSION, warned=True, last_spoken_at=after(50)), Due(Step.CLOSE, after(60))),
        (replace(SESSION, warned=True, last_spoken_at=after(50.1)), Due(Step.RUN_OVER, after(60))),
        # Running over, it closes after ten quiet minutes, or an hour over at the most.
        (replace(SESSION, warned=True, overrun_said=True, last_spoken_at=after(59)), Due(Step.CLOSE, after(69))),
        (replace(SESSION, warned=True, overrun_said=True, last_spoken_at=after(90)), Due(Step.CLOSE, after(100))),
        (replace(SESSION, warned=True, overrun_said=True, last_spoken_at=after(119)), Due(Step.CLOSE, after(120))),
        (replace(SESSION, warned=True, overrun_said=True, last_spoken_at=after(30)), Due(Step.CLOSE, after(60))),
        # Ten minutes are just long enough for a warning; less has none.
        (replace(SESSION, planned_end=after(10)), Due(Step.WARN, after(5))),
        (replace(SESSION, planned_end=after(9)), Due(Step.RUN_OVER, after(9))),
        (replace(SESSION, planned_end=after(15), warned=True), Due(Step.CLOSE, after(15))),
        # What is over owes nothing by time alone.
        (replace(SESSION, state=SessionState.CLOSED), None),
        (replace(SESSION, state=SessionState.DISCARDED), None),
    ],
)
def test_what_falls_due_next(session: Session, due: Due | None) -> None:
    assert next_due(session) == due


@given(
    length=st.integers(1, 7 * 24 * 60),
    spoken=st.lists(st.integers(0, 8 * 24 * 60), max_size=20).map(sorted),
)
def test_every_session_ends_by_itself_however_much_is_said(length: int, spoken: list[int]) -> None:
    """Played through: each step comes once and in order, and an hour over is the longest."""
    session = replace(SESSION, planned_end=after(length))
    steps: list[Step] = []
    while (due := next_due(session)) is not None:
        said = [after(minute) for minute in spoken if after(minute) <= due.at]
        latest = replace(session, last_spoken_at=max([session.last_spoken_at, *said]))
        if next_due(latest) != due:
            session = latest
            continue
        steps.append(due.step)
        assert due.at <= session.planned_end + HOUR
        session = {
            Step.WARN: replace(session, warned=True),
            Step.RUN_OVER: replace(session, overrun_said=True),
            Step.CLOSE: replace(session, state=SessionState.CLOSED, ended_at=due.at),
        }[due.step]

    assert steps == sorted(set(steps), key=list(Step).index)
    assert steps[-1] is Step.CLOSE
    assert session.ended_at is not None
    assert session.ended_at >= session.planned_end


def test_an_extension_counts_from_the_planned_end_or_from_now_when_that_is_past() -> None:
    quarter = timedelta(minutes=15)

    assert extended_end(SESSION, quarter, after(50)) == after(75)
    assert extended_end(SESSION, quarter, after(70)) == after(85)
