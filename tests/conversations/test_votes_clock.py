"""Votes and the clock: deadlines run on Slack's, however wrong our own may be (voting.md §1.5, 43)."""

import logging
import re
from collections.abc import Callable

import pytest

from rehearsal.server import ActFailed
from tests.conversations.room import Room, moments
from tests.conversations.votes import after, at_clock, counted_again, goes_on_until, outcome, propose, vote

FIVE_HOURS = 5 * 3600
socket_mode = pytest.mark.parametrize("delivery", ["socket"])  # over HTTP, a clock so wrong takes no request for signed


@socket_mode
@pytest.mark.parametrize("skew", [FIVE_HOURS, -FIVE_HOURS], ids=["ahead", "behind"])
def test_case_43_a_clock_five_hours_off_neither_closes_early_nor_counts_late_marks(
    rooms: Callable[..., Room], skew: int
) -> None:
    room = rooms(clock_skew_s=skew)
    ballot = propose(room, "Drop it for 30m")
    room.reacts("ben", "+1", to=ballot)
    goes_on_until(room, after(ballot, minutes=30) - 1)
    assert outcome(room) == "open"
    assert moments(room.ballot_message("Drop it")) == ["13:30"]

    goes_on_until(room, after(ballot, minutes=30) + 1)
    room.reacts("chen", "-1", to=ballot)
    room.passes(seconds=20)
    assert outcome(room) == "accepted"
    assert vote(room)["late"] == ["Chen Wei"]
    assert vote(room)["untimed"] == []
    assert room.record()["started_at"].startswith("2026-04-14T13:00:0")
    counted_again(room)


@socket_mode
@pytest.mark.parametrize("skew", [FIVE_HOURS, -FIVE_HOURS], ids=["ahead", "behind"])
def test_case_43_a_restart_does_not_bring_the_wrong_clock_back(rooms: Callable[..., Room], skew: int) -> None:
    room = rooms(clock_skew_s=skew, retry_delays=())
    ballot = propose(room, "Drop it for 30m")
    room.reacts("ben", "+1", to=ballot)
    room.reacts("chen", "+1", to=ballot)
    room.bot_goes()
    room.until("13:20")
    room.bot_comes()
    room.passes(minutes=1)
    assert outcome(room) == "open"

    room.bot_goes()
    room.until("13:30:30")
    room.reacts("dia", "-1", to=ballot)
    room.until("13:31")
    room.bot_comes()
    room.passes(minutes=1)
    assert outcome(room) == "accepted"
    assert vote(room)["untimed"] == ["Dia Sharma"]
    assert [(at_clock(began), at_clock(ended)) for began, ended in vote(room)["outages"]] == [
        ("13:00", "13:20"),
        ("13:21", "13:31"),
    ]
    counted_again(room)


@socket_mode
def test_case_43_a_clock_that_jumps_while_the_bot_runs_is_put_right_by_its_next_post(room: Room) -> None:
    ballot = propose(room, "Drop it for 30m")
    room.reacts("ben", "+1", to=ballot)
    room.loop.do(room.stage.set_clock_skew(-FIVE_HOURS))
    room.says("ana", "/note It is late")
    goes_on_until(room, after(ballot, minutes=30) - 1)
    assert outcome(room) == "open"
    room.passes(seconds=20)
    assert outcome(room) == "accepted"
    assert moments(room.ballot_message("Drop it"))[-1] == "13:30"


@pytest.mark.parametrize(("skew", "way"), [(FIVE_HOURS, "ahead of"), (-FIVE_HOURS, "behind")])
def test_case_43_over_http_the_log_and_readyz_name_the_clock(
    rooms: Callable[..., Room], caplog: pytest.LogCaptureFixture, skew: int, way: str
) -> None:
    room = rooms(delivery="http", retry_delays=(), clock_skew_s=skew)
    with pytest.raises(ActFailed):
        room.says("ana", "/session start Docs day")
    status, told = room.gets("/readyz")
    assert status == 503
    assert re.search("our clock is (5:00:0|4:59:5)", told["why"]), told
    assert f"{way} Slack's" in told["why"]
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert any(f"{way} Slack's: set the time of this machine right" in line for line in said)

    room.loop.do(room.stage.set_clock_skew(0))
    room.says("ana", "/session start Docs day")
    status, told = room.gets("/readyz")
    assert (status, told["ready"], "why" in told) == (200, True, False)
