"""What fell due while the bot was dead happens at its return: once, as of its own time, and saying that it was away."""

from collections.abc import Callable

import pytest

from tests.conversations.room import Room, moments, shown
from tests.conversations.votes import counted_again, outcome, propose, vote
from tests.faults.mortal import MortalRoom
from tests.process.running import wait_until

AWAY = "I was away"
LATE = "This comes late. It is from"
ENDS_SOON = "Is more time needed?"
RUNS_OVER = "the session runs over"


def dies_until(room: MortalRoom, clock: str) -> None:
    """It is killed now, and another one starts when the clock shows this time."""
    room.bot_goes()
    room.until(clock)
    room.bot_comes()
    room.passes(seconds=30)


def dies_again_and_comes_back(room: MortalRoom) -> None:
    """Whatever was done at the first return is not done anew at the next."""
    room.bot_goes()
    room.bot_comes()
    room.passes(minutes=3)
    assert room.is_healthy


def times(room: Room, words: str) -> int:
    return sum(words in shown(each) for each in room.stage.messages() if each.get("bot_id"))


@pytest.fixture
def room(mortals: Callable[..., MortalRoom]) -> MortalRoom:
    """A session until two; what Slack cannot deliver is lost."""
    room = mortals(retry_delays=())
    room.says("ana", "/session start Docs day for 1h")
    room.says("ana", "/topic Guides")
    return room


def test_a_session_has_ended_when_it_was_to_and_its_digest_says_so(room: MortalRoom) -> None:
    room.until("13:40")
    dies_until(room, "16:00")
    dies_again_and_comes_back(room)

    (digest,) = room.digests()
    assert AWAY in digest
    assert LATE in digest
    assert moments(room.message("Thank you for taking part"))[:2] == ["13:00", "14:00"]
    assert room.record()["ended_at"].startswith("2026-04-14T14:00")
    assert len(room.recaps()) == 1
    assert "The bot was away from 14 April, 13:40" in room.recaps()[0]
    assert times(room, ENDS_SOON) == 0, "there is nothing to warn of any more"


def test_a_warning_is_said_at_the_return_while_there_is_time_left(room: MortalRoom) -> None:
    room.until("13:50")
    dies_until(room, "13:57")
    dies_again_and_comes_back(room)

    assert times(room, ENDS_SOON) == 1


def test_a_session_in_which_people_spoke_last_runs_over_and_says_so_once(room: MortalRoom) -> None:
    room.until("13:58")
    room.says("ben", "One more thing")
    dies_until(room, "14:03")
    dies_again_and_comes_back(room)

    assert times(room, RUNS_OVER) == 1
    assert room.digests() == []
    room.passes(minutes=15)
    assert len(room.digests()) == 1


def test_a_digest_comes_at_the_return_and_its_session_ended_when_it_did(mortals: Callable[..., MortalRoom]) -> None:
    room = mortals(retry_delays=(), settings={"DIGEST_DELAY": "30"})
    room.says("ana", "/session start Docs day for 3h")
    room.until("13:20")
    room.says("ana", "/session end")
    room.passes(minutes=2)
    dies_until(room, "15:00")
    dies_again_and_comes_back(room)

    (digest,) = room.digests()
    assert LATE in digest
    assert AWAY not in digest, "nothing of the session was missed"
    assert room.record()["ended_at"].startswith("2026-04-14T13:20")
    assert len(room.recaps()) == 1


def test_a_vote_is_closed_as_of_its_deadline_and_says_that_the_bot_was_away(room: MortalRoom) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen", "dia"):
        room.reacts(who, "+1", to=ballot)
    dies_until(room, "13:50")
    dies_again_and_comes_back(room)

    assert outcome(room) == "accepted"
    assert vote(room)["closed_at"].startswith("2026-04-14T13:10")
    assert vote(room)["outages"] != []
    assert times(room, "Decision (V1)") == 1
    assert "away" in shown(room.message("Decision (V1)"))
    counted_again(room)


def test_marks_of_that_time_do_not_turn_a_vote_whose_deadline_has_passed(room: MortalRoom) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    room.bot_goes()
    room.until("13:30")
    for who in ("ana", "dia"):
        room.reacts(who, "-1", to=ballot)
    room.until("13:50")
    room.bot_comes()
    room.passes(minutes=1)
    dies_again_and_comes_back(room)

    assert outcome(room) == "undetermined", "Slack does not tell when they were set"
    assert times(room, "Decision (V1)") == 0


@pytest.mark.parametrize("seconds", [1, 4])
def test_a_count_that_was_under_way_goes_on(room: MortalRoom, seconds: int) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    room.until("13:10")
    room.passes(seconds=5 + seconds)
    dies_until(room, "13:12")
    dies_again_and_comes_back(room)

    assert outcome(room) == "accepted"
    assert vote(room)["in_favour"] == ["Ben Ortega", "Chen Wei"]
    assert times(room, "Decision (V1)") == 1
    counted_again(room)


def test_who_has_not_voted_is_reminded_once(mortals: Callable[..., MortalRoom]) -> None:
    room = mortals(retry_delays=())
    room.says("ana", "/session start Docs day for 3h")
    room.says("ana", "/propose for=1h roll=@ben,@dia Drop it")
    room.passes(minutes=1)
    room.reacts("dia", "+1", to="Drop it")
    room.until("13:40")
    dies_until(room, "13:50")
    dies_again_and_comes_back(room)

    assert len(room.direct("ben")) == 1
    assert not room.has_talked_with("dia")


def test_everything_that_fell_due_at_once_is_said_once_although_the_return_is_cut_off_too(room: MortalRoom) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    room.bot_goes()
    room.until("16:00")
    room.fails("hold_after", method="chat.postMessage", times=1)
    calls = len(room.calls("chat.postMessage"))
    starting = room.loop.begin(room._start_bot())
    wait_until(lambda: len(room.calls("chat.postMessage")) > calls)
    room.bot_goes()
    starting.cancel()
    room.loop.do(room.stage.faults.clear())
    room.bot_comes()
    room.passes(minutes=5)

    assert times(room, "Decision (V1)") == 1
    assert len(room.digests()) == 1
    assert len(room.recaps()) == 1
    assert room.is_healthy
