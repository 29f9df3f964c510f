"""Sessions as they are kept: one open at a time in a channel, and when each falls due."""

import pytest
from sqlalchemy.exc import IntegrityError

from minutes.session import SessionState
from storage import people, sessions
from tests.storage.sample import CHANNEL, Gathering, after, open_session


def test_the_database_itself_refuses_a_second_open_session_in_a_channel(moot: Gathering) -> None:
    with pytest.raises(IntegrityError), moot.db.begin_nested():
        open_session(moot.db, moot.workspace, moot.ben)

    assert [each.session.id for each in sessions.all_kept(moot.db)] == [moot.session.id]


def test_another_channel_another_workspace_or_a_later_hour_can_have_a_session_of_its_own(moot: Gathering) -> None:
    open_session(moot.db, moot.workspace, moot.ben, channel="C0OTHER")
    elsewhere = people.workspace(moot.db, "T0OTHER")
    stranger = people.meet(moot.db, elsewhere, "U0ANA", "Ana of another workspace").id
    open_session(moot.db, elsewhere, stranger)
    sessions.change(moot.db, moot.workspace, moot.session.id, state=SessionState.CLOSED, ended_at=after(60))
    open_session(moot.db, moot.workspace, moot.ana, minutes=90)

    assert len(sessions.all_kept(moot.db)) == 4


def test_a_session_of_another_workspace_is_not_to_be_had(moot: Gathering) -> None:
    elsewhere = people.workspace(moot.db, "T0OTHER")

    with pytest.raises(LookupError):
        sessions.get(moot.db, elsewhere, moot.session.id)
    assert sessions.open_in(moot.db, elsewhere, CHANNEL) is None


def test_what_falls_due_moves_with_every_change(moot: Gathering) -> None:
    def due(minutes: float) -> list[int]:
        return [session for session, _ in sessions.falling_due(moot.db, after(minutes))]

    assert sessions.earliest_due(moot.db) == after(55)
    assert (due(54), due(55)) == ([], [moot.session.id])

    sessions.change(moot.db, moot.workspace, moot.session.id, planned_end=after(90))
    assert sessions.earliest_due(moot.db) == after(85)

    closed = {"state": SessionState.CLOSED, "ended_at": after(20), "digest_due_at": after(30)}
    sessions.change(moot.db, moot.workspace, moot.session.id, **closed)
    assert sessions.earliest_due(moot.db) == after(30)
    sessions.change(moot.db, moot.workspace, moot.session.id, digest_due_at=None)
    assert sessions.earliest_due(moot.db) is None


def test_a_channel_has_its_own_ways_of_voting_and_those_of_everywhere_for_the_rest(moot: Gathering) -> None:
    def ways(channel: str | None) -> dict[str, str]:
        return sessions.vote_defaults(moot.db, moot.workspace, channel)

    assert ways(CHANNEL) == {}
    sessions.set_vote_defaults(moot.db, moot.workspace, None, {"rule": "two-thirds", "quorum": "5"})
    sessions.set_vote_defaults(moot.db, moot.workspace, CHANNEL, {"quorum": "2"})

    assert ways(CHANNEL) == {"rule": "two-thirds", "quorum": "2"}
    assert ways("C0OTHER") == ways(None) == {"rule": "two-thirds", "quorum": "5"}
    assert sessions.own_vote_defaults(moot.db, moot.workspace, CHANNEL) == {"quorum": "2"}
    assert sessions.vote_defaults(moot.db, people.workspace(moot.db, "T0OTHER"), CHANNEL) == {}


def test_what_somebody_does_adds_up_and_bots_are_nobody(moot: Gathering) -> None:
    def part(person: int, minutes: float, **what: int | bool) -> None:
        sessions.take_part(moot.db, moot.workspace, moot.session.id, person, after(minutes), **what)  # type: ignore[arg-type]

    robot = people.meet(moot.db, moot.workspace, "U0BOT", "Robot").id
    people.learn(moot.db, moot.workspace, robot, name="Robot", zone=None, is_bot=True, at=after(0))
    part(moot.ben, 1, spoke=1)
    part(moot.ana, 2, voted=True)
    part(robot, 2, spoke=5)
    part(moot.ben, 3, spoke=1)
    part(moot.ben, 4, signed_in=True)

    ben, ana = sessions.participants(moot.db, moot.workspace, moot.session.id)
    assert (ben.name, ben.messages, ben.signed_in, ben.voted) == ("Ben", 2, True, False)
    assert (ana.name, ana.messages, ana.signed_in, ana.voted) == ("Ana", 0, False, True)
