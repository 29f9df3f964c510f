"""How a vote is closed when Slack does not help: short lists, refusals, restarts, a ballot or access that is gone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.room import Room, buttons, moments
from tests.conversations.votes import (
    after,
    counted_again,
    goes_on_until,
    irregular,
    marks,
    outcome,
    propose,
    vote,
)

MINUTE = 60


def decisions(room: Room) -> list[str]:
    return [text for text in room.texts() if "Decision (V" in text]


def mends(room: Room) -> None:
    """From now on nothing goes wrong any more."""
    room.loop.do(room.stage.faults.clear())


def asked(room: Room) -> int:
    return len(room.calls("reactions.get"))


def test_case_21_a_list_shorter_than_its_count_is_shown_as_at_least_and_never_closes_a_vote(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.fails("cut_users", even_full=True)
    voters = room.stage.crowd(60)
    # Of half of the votes no event tells.
    room.fails("drop", event="reaction_added", nth=list(range(1, 60, 2)))
    room.loop.do(room.stage.react_as([(who, "+1") for who in voters], on=ballot, seconds=10))
    room.passes(minutes=2)
    assert "At least 5" in room.ballot("Drop it")
    assert "At least 60 for" not in room.ballot("Drop it")

    goes_on_until(room, after(ballot, minutes=10) + MINUTE)
    assert outcome(room) == "closing"
    assert "Counting…" in room.ballot("Drop it")
    before = asked(room)
    goes_on_until(room, after(ballot, minutes=10) + 9 * MINUTE)
    assert outcome(room) == "closing"
    assert 7 <= asked(room) - before <= 16, "it asks on, less and less often"
    assert sum("counting takes longer than usual" in text for text in room.thread_of(ballot)) == 1

    goes_on_until(room, after(ballot, minutes=10) + 11 * MINUTE)
    assert outcome(room) == "undetermined"
    assert "Slack did not give the whole list of votes" in room.ballot("Drop it")
    assert buttons(room.ballot_message("Drop it")) == ["Accept the count", "Extend 10 min"]
    assert decisions(room) == []
    counted_again(room)

    mends(room)
    room.passes(minutes=11)
    assert outcome(room) == "accepted"
    assert "60 for, 0 against" in room.ballot("Drop it")
    assert len(decisions(room)) == 1
    counted_again(room)


def test_case_21_a_digest_does_not_wait_and_the_result_follows_as_an_addendum(room: Room) -> None:
    ballot = propose(room, "Drop it")
    room.reacts("ben", "+1", to=ballot)
    room.fails("cut_users", users=0, even_full=True)
    room.says("ana", "/session end")
    room.passes(seconds=20)
    assert room.digests() == []
    room.passes(seconds=15)
    (digest,) = room.digests()
    assert "Drop it — V1: counting; the result follows" in digest
    assert "1 for" not in digest, "no number that might not be the last"

    mends(room)
    room.passes(minutes=2)
    (digest,) = room.digests()
    assert "Drop it — V1: 1 for, 0 against" in digest
    assert "counting" not in digest
    assert "Accepted: 1 for, 0 against" in room.texts()[-1]
    assert vote(room)["closed_why"] == "session"
    counted_again(room)


FAILURES: dict[str, dict[str, Any]] = {
    "ratelimited": {"retry_after": 45},
    "status": {"status": 503},
    "hang_up_before": {},
    "error": {"error": "fatal_error"},
}


@pytest.mark.parametrize("fault", FAILURES)
def test_case_22_a_vote_stays_closing_while_slack_does_not_tell_and_that_is_said(room: Room, fault: str) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    goes_on_until(room, after(ballot, minutes=10) - 5)
    room.fails(fault, method="reactions.get", **FAILURES[fault])
    before = asked(room)
    goes_on_until(room, after(ballot, minutes=10) + 40)
    if fault == "ratelimited":
        assert asked(room) == before + 1, "Slack said how long to wait"
    goes_on_until(room, after(ballot, minutes=10) + 115)
    assert outcome(room) == "closing"
    assert room.thread_of(ballot) == []
    goes_on_until(room, after(ballot, minutes=10) + 160)
    (said,) = room.thread_of(ballot)
    assert "V1 is closed, but counting takes longer than usual" in said
    assert "Nothing is decided yet" in said

    goes_on_until(room, after(ballot, minutes=10) + 240)
    mends(room)
    room.passes(minutes=2)
    assert outcome(room) == "accepted"
    assert len(decisions(room)) == 1
    assert irregular(vote(room)) == {}
    counted_again(room)


def test_case_22_an_answer_that_takes_its_time_is_waited_for(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    goes_on_until(room, after(ballot, minutes=10) - 5)
    room.fails("slow", method="reactions.get", seconds=8)
    goes_on_until(room, after(ballot, minutes=10) + 20)
    assert outcome(room) == "accepted"
    assert irregular(vote(room)) == {}


def test_case_23_late_changes_are_undone_and_stragglers_are_heard_before_the_count(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    room.fails("delay", event="reaction_*", by="dia", seconds=4)
    goes_on_until(room, after(ballot, minutes=10) - 1)
    room.hurries("dia", "react", emoji="-1", on=ballot)
    goes_on_until(room, after(ballot, minutes=10) + 1)
    assert outcome(room) == "closing"
    room.hurries("ben", "unreact", emoji="+1", on=ballot)
    room.hurries("chen", "react", emoji="-1", on=ballot)
    room.hurries("ana", "react", emoji="-1", on=ballot)
    room.passes(seconds=2)
    assert outcome(room) == "closing"
    room.passes(seconds=10)

    assert outcome(room) == "accepted"
    assert (vote(room)["in_favour"], vote(room)["against"]) == (["Ben Ortega", "Chen Wei"], ["Dia Sharma"])
    assert irregular(vote(room)) == {"late": ["Ana Ruiz", "Chen Wei"]}
    assert len(decisions(room)) == 1
    counted_again(room)


def test_case_23_of_two_who_close_a_vote_one_does_and_is_named(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m", by="ben")
    room.reacts("dia", "+1", to=ballot)
    room.fails("delay", action="ballot_close", seconds=1, times=1)
    with pytest.raises(Exception, match="did not answer"):
        room.hurries("ana", "click", button="Close now", on=ballot, confirm=True)
    room.hurries("ben", "click", button="Close now", on=ballot, confirm=True)
    room.passes(seconds=20)
    assert outcome(room) == "accepted"
    assert vote(room)["closed_by"] == "Ben Ortega"
    assert len(decisions(room)) == 1
    assert "The vote on V1 is closed already" in room.whispers("ana")[-1]
    counted_again(room)


@pytest.mark.parametrize("step", ["asking", "waiting", "telling"])
def test_case_24_a_restart_while_closing_goes_on_where_it_was(rooms: Callable[..., Room], step: str) -> None:
    room = rooms(retry_delays=())
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    deadline = after(ballot, minutes=10)
    if step == "asking":
        room.fails("hang_up_before", method="reactions.get", after="+0:09:00")
    if step == "telling":
        room.fails("hang_up_after", method="chat.postMessage", times=1)
    goes_on_until(room, deadline + (6 if step == "telling" else 2))
    room.bot_goes()
    assert outcome(room) == ("accepted" if step == "telling" else "closing")
    mends(room)
    room.reacts("dia", "-1", to=ballot)
    room.passes(seconds=30)
    room.bot_comes()
    room.passes(minutes=2)

    assert outcome(room) == "accepted"
    assert vote(room)["in_favour"] == ["Ben Ortega", "Chen Wei"]
    assert vote(room)["untimed"] == (["Dia Sharma"] if step == "asking" else [])
    assert moments(room.ballot_message("Drop it"))[-1] == "13:10"
    assert len(decisions(room)) == 1
    assert "V1: accepted" in room.ballot("Drop it")
    counted_again(room)


@pytest.mark.parametrize("replied", [False, True], ids=["bare", "with replies"])
def test_case_35_a_ballot_that_is_deleted_is_void_and_no_decision(room: Room, replied: bool) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    if replied:
        room.says("dia", "I would rather keep it", thread=ballot)
    room.does("dia", "delete", on=ballot, admin=True)
    room.passes(seconds=10)
    assert_void(room)


@pytest.mark.parametrize("when", ["open", "closing"])
def test_case_35_a_ballot_that_is_not_found_twice_is_void_without_any_event(room: Room, when: str) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    room.passes(minutes=3)
    if when == "closing":
        goes_on_until(room, after(ballot, minutes=10) - 1)
    room.fails("drop", event="message")
    room.hurries("dia", "delete", on=ballot, admin=True)
    room.passes(minutes=1.5)
    assert_void(room)


def test_case_35_a_ballot_that_is_not_found_once_goes_on(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    room.fails("error", method="reactions.get", error="message_not_found", times=1)
    room.passes(minutes=11)
    assert outcome(room) == "accepted"


def assert_void(room: Room) -> None:
    """The last tally is kept, nowhere as a decision, and people are told of it."""
    assert outcome(room) == "void"
    assert vote(room)["tally"] == "2 for, 0 against"
    assert decisions(room) == []
    told = [text for text in room.texts() if "void, not a decision" in text]
    assert len(told) == 1
    assert "Stopped because the ballot was deleted" in told[0]
    assert "2 for, 0 against" in told[0]
    room.passes(minutes=15)
    room.says("ana", "/session end")
    room.passes(seconds=20)
    assert outcome(room) == "void"
    assert "0 decisions" in room.digests()[0]
    assert "void, not a decision" in room.digests()[0]
    counted_again(room)


def removes(room: Room) -> None:
    room.does("folkmoot", "leave")


def lets_in(room: Room) -> None:
    room.does("folkmoot", "join")


def archives(room: Room) -> None:
    room.does("ana", "archive")


def unarchives(room: Room) -> None:
    room.does("ana", "unarchive")


def revokes(room: Room) -> None:
    room.loop.do(room.stage.access.revoke_token())
    room.loop.do(room.stage.settle())


def restores(room: Room) -> None:
    room.loop.do(room.stage.access.restore_token())


@pytest.mark.parametrize(
    ("loses", "regains", "hours"),
    [(removes, lets_in, 1), (removes, lets_in, 30), (revokes, restores, 1)],
    ids=["removed", "removed for too long", "token revoked"],
)
def test_case_36_without_access_a_vote_is_undetermined_and_resumes_within_a_day(
    room: Room, loses: Callable[[Room], None], regains: Callable[[Room], None], hours: int
) -> None:
    ballot = propose(room, "Drop it for 10m")
    for who in ("ben", "chen"):
        room.reacts(who, "+1", to=ballot)
    room.passes(minutes=2)
    loses(room)
    goes_on_until(room, after(ballot, minutes=10) + 2 * MINUTE)
    assert outcome(room) == "undetermined"
    assert vote(room)["access_lost_at"].startswith("2026-04-14T13:")
    assert "The bot has had no access to the channel since 14 April 2026, 13:" in room.folkmoot("recap")
    assert decisions(room) == []
    counted_again(room)

    for _ in range(hours):
        room.passes(hours=1)
    regains(room)
    room.passes(minutes=7)
    assert outcome(room) == ("accepted" if hours < 24 else "undetermined")
    assert vote(room)["tally"] == "2 for, 0 against"
    told = [text for text in room.texts() if "V1" in text and "Proposed by" not in text and "Thank you" not in text]
    assert len(told) + len(room.thread_of(ballot)) == 1, "one outcome, not the doubt and then the result"
    assert ("V1: accepted" if hours < 24 else "V1: the count is in doubt") in room.ballot("Drop it")
    counted_again(room)


def test_case_36_a_vote_in_an_archived_channel_is_counted_and_told_when_it_is_open_again(room: Room) -> None:
    ballot = propose(room, "Drop it for 10m")
    room.reacts("ben", "+1", to=ballot)
    archives(room)
    room.passes(minutes=15)
    assert outcome(room) == "accepted"
    assert decisions(room) == []
    assert "Proposal V1" in room.ballot("Drop it")
    unarchives(room)
    room.passes(minutes=1)
    assert len(decisions(room)) == 1
    assert "V1: accepted" in room.ballot("Drop it")
    counted_again(room)


def test_case_36_an_open_vote_goes_on_when_the_bot_is_let_in_again(room: Room) -> None:
    ballot = propose(room, "Drop it for 1h")
    room.reacts("ben", "+1", to=ballot)
    removes(room)
    room.reacts("chen", "-1", to=ballot)
    room.reacts("dia", "-1", to=ballot)
    room.passes(minutes=10)
    lets_in(room)
    room.passes(seconds=10)
    assert "1 for, 2 against" in room.ballot("Drop it")
    assert [source for _, source in marks(room)] == ["event", "snapshot", "snapshot"]
    room.passes(minutes=60)
    assert outcome(room) == "rejected"
    assert irregular(vote(room)) == {}


def test_case_45_a_vote_closes_with_its_session_unless_it_has_a_deadline_of_its_own(room: Room) -> None:
    short, long = propose(room, "Drop it"), propose(room, "Keep the guide for 1h")
    room.reacts("ben", "+1", to=short)
    room.reacts("ben", "+1", to=long)
    room.says("ana", "/session end")
    room.passes(seconds=20)
    assert (outcome(room, "V1"), outcome(room, "V2")) == ("accepted", "open")
    assert "Closed with the session" in room.ballot("Drop it")
    (digest,) = room.digests()
    assert "Keep the guide — V2: open until 14 April 2026, 14:00 UTC, so far 1 for, 0 against" in digest
    assert "1 decision" in digest

    room.reacts("chen", "-1", to=long)
    room.reacts("dia", "-1", to=long)
    room.passes(hours=1, minutes=1)
    assert outcome(room, "V2") == "rejected"
    assert "V2, not accepted" in room.thread_of(long)[-1]
    (digest,) = room.digests()
    assert "Keep the guide — V2: 1 for, 2 against, not accepted" in digest
    assert "1 for, 2 against" in room.folkmoot("recap")
    counted_again(room, "V2")
