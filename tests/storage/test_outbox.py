"""The outbox: everything owed once, in order within a lane, tried by one at a time."""

from datetime import timedelta

from sqlalchemy import Engine

from storage import lanes, outbox, people, postings
from storage.outbox import Duty, DutyState
from tests.storage.sample import CHANNEL, Gathering, after, gather

SETTLE = timedelta(minutes=0.5)


def ready(moot: Gathering, minutes: float = 0) -> list[str]:
    return [duty.key for duty in lanes.ready(moot.db, after(minutes)).due]


def claim(moot: Gathering, key: str, minutes: float = 0, lease: float = 1) -> Duty | None:
    until = after(minutes + lease)
    return outbox.claim(moot.db, moot.duty(key), "a courier", until, after(minutes))


def claimed(moot: Gathering, key: str, minutes: float = 0) -> Duty:
    duty = claim(moot, key, minutes)
    assert duty is not None
    return duty


def test_a_duty_is_owed_once_for_ever(moot: Gathering) -> None:
    assert moot.owe("digest:1")
    assert not moot.owe("digest:1")
    outbox.sent(moot.db, claimed(moot, "digest:1"), "1.000001", after(0))

    assert not moot.owe("digest:1")
    assert ready(moot, 60) == []
    assert postings.message_ts(moot.db, moot.workspace, ["digest:1", "digest:2"]) == {"digest:1": "1.000001"}


def test_a_lane_keeps_its_order_and_holds_up_no_other(moot: Gathering) -> None:
    moot.owe("one")
    moot.owe("two")
    moot.owe("three", channel="C0OTHER")
    assert ready(moot) == ["one", "three"]

    first = claimed(moot, "one")
    assert ready(moot) == ["three"]
    outbox.postpone(moot.db, first, after(5), "ratelimited")
    assert ready(moot) == ["three"]
    assert ready(moot, 5) == ["one", "three"]
    outbox.sent(moot.db, claimed(moot, "one", 5), "1.000001", after(5))
    assert ready(moot, 5) == ["two", "three"]
    outbox.bury(moot.db, claimed(moot, "two", 5), "is_archived")
    assert ready(moot, 5) == ["three"]


def test_of_many_lanes_all_that_is_due_comes_in_the_order_in_which_it_was_owed(moot: Gathering) -> None:
    keys = [f"in {number}" for number in range(2 * lanes.PORTION + 8)]
    for key in keys:
        moot.owe(key, channel=f"C0{key}")
    moot.owe("behind", channel="C0in 3")
    assert ready(moot) == keys

    claimed(moot, "in 2")
    outbox.block(moot.db, claimed(moot, "in 5"), "not_in_channel")
    outbox.sent(moot.db, claimed(moot, "in 3"), "1.000001", after(0))

    assert ready(moot) == [each for each in keys if each not in ("in 2", "in 3", "in 5")] + ["behind"]


def test_what_somebody_has_tried_since_it_was_looked_at_is_looked_at_again(moot: Gathering) -> None:
    """Or it would be posted without looking for what that attempt may have left in Slack."""
    moot.owe("one")
    looked_at = moot.duty("one")
    outbox.postpone(moot.db, claimed(moot, "one"), after(5), "ServerDisconnectedError", certain=False)

    assert outbox.claim(moot.db, looked_at, "another courier", after(6), after(5)) is None
    again = claimed(moot, "one", 5)
    assert (again.attempts, again.sent_at) == (2, after(0))


def test_it_says_when_to_look_again(moot: Gathering) -> None:
    assert lanes.ready(moot.db, after(0)).next_due is None
    moot.owe("one")
    moot.owe("two", channel="C0OTHER")
    outbox.postpone(moot.db, claimed(moot, "one"), after(5), "ratelimited")
    claimed(moot, "two")

    assert lanes.ready(moot.db, after(0)).next_due == after(1)  # the lease of the second
    assert lanes.ready(moot.db, after(1)).next_due == after(5)


def test_what_a_limit_holds_back_is_not_read_and_not_forgotten(moot: Gathering) -> None:
    moot.owe("one")
    outbox.owe(moot.db, moot.workspace, "card", "redraw", channel=CHANNEL, now=after(0), lane="card")
    held = {(moot.workspace, "redraw"): after(3)}

    looked = lanes.ready(moot.db, after(0), held)
    assert [duty.key for duty in looked.due] == ["one"]
    assert looked.next_due == after(3)
    assert ready(moot, 3) == ["one", "card"]


def test_what_a_limit_holds_back_is_seen_to_be_forsaken_all_the_same(moot: Gathering) -> None:
    moot.owe("one")
    claimed(moot, "one")
    assert lanes.ready(moot.db, after(2), {(moot.workspace, "post"): after(3)}).forsaken


def test_only_one_gets_a_duty(moot: Gathering) -> None:
    moot.owe("one")

    assert claim(moot, "one") is not None
    assert claim(moot, "one") is None
    assert moot.duty("one").attempts == 1


def test_a_redraw_is_one_row_and_the_newest_wish_wins(moot: Gathering) -> None:
    def redraw(minutes: float) -> None:
        payload = {"of": "card:1"}
        outbox.owe_again(
            moot.db, moot.workspace, "redraw:card:1", "redraw", channel=CHANNEL, now=after(minutes), payload=payload
        )

    redraw(0)
    redraw(1)
    assert moot.duty("redraw:card:1").version == 2
    under_way = claimed(moot, "redraw:card:1", 1)
    redraw(2)
    outbox.sent(moot.db, under_way, None, after(2))
    assert moot.duty("redraw:card:1").state is DutyState.WAITING, "it was asked for again while it was under way"

    outbox.sent(moot.db, claimed(moot, "redraw:card:1", 3), None, after(3))
    assert moot.duty("redraw:card:1").state is DutyState.SENT
    redraw(4)
    again = moot.duty("redraw:card:1")
    assert (again.state, again.version, again.attempts) == (DutyState.WAITING, 4, 0)


def test_a_redraw_that_failed_for_good_is_tried_anew_when_it_is_wanted_anew(moot: Gathering) -> None:
    moot.owe("redraw:card:1", lane="redraw:card:1")
    outbox.bury(moot.db, claimed(moot, "redraw:card:1"), "message_not_found")

    outbox.owe_again(
        moot.db, moot.workspace, "redraw:card:1", "redraw", channel=CHANNEL, now=after(1), payload={"of": "card:1"}
    )

    assert ready(moot, 1) == ["redraw:card:1"]


def test_an_unclear_attempt_is_remembered_until_it_is_clear(moot: Gathering) -> None:
    moot.owe("one")
    outbox.postpone(moot.db, claimed(moot, "one", 1), after(2), "TimeoutError", certain=False)
    assert moot.duty("one").sent_at == after(1)
    outbox.postpone(moot.db, claimed(moot, "one", 2), after(3), "TimeoutError", certain=False)
    assert moot.duty("one").sent_at == after(1), "the first attempt is the oldest that may be found"
    outbox.postpone(moot.db, claimed(moot, "one", 3), after(4), "ratelimited")
    assert moot.duty("one").sent_at is None


def test_what_a_process_left_under_way_is_recovered_when_its_lease_ends(moot: Gathering) -> None:
    moot.owe("one")
    moot.owe("two")
    claimed(moot, "one", 0)

    assert not lanes.ready(moot.db, after(0.9)).forsaken
    assert outbox.recover(moot.db, after(0.9), SETTLE) == 0
    assert lanes.ready(moot.db, after(1)).forsaken
    assert outbox.recover(moot.db, after(1), SETTLE) == 1
    assert ready(moot, 1) == [], "Slack may have taken it just now: only after a while can it be found"
    assert ready(moot, 1.5) == ["one"]
    assert moot.duty("one").sent_at == after(0), "Slack may have taken it: it is looked for first"


def test_whoever_is_alone_takes_over_what_another_process_left_without_waiting_for_its_lease(moot: Gathering) -> None:
    moot.owe("one")
    claimed(moot, "one", 0)

    assert outbox.take_over(moot.db, after(0.1), SETTLE) == 1
    assert ready(moot, 0.1) == []
    assert ready(moot, 0.6) == ["one"]


def test_what_waits_for_the_bot_to_be_let_in_is_due_when_it_is(moot: Gathering) -> None:
    moot.owe("one")
    moot.owe("two")
    moot.owe("elsewhere", channel="C0OTHER")
    outbox.block(moot.db, claimed(moot, "one"), "not_in_channel")
    outbox.block(moot.db, claimed(moot, "elsewhere"), "not_in_channel")
    assert ready(moot, 60) == []
    assert not moot.owe("one")

    outbox.unblock(moot.db, moot.workspace, CHANNEL, after(60))

    assert ready(moot, 60) == ["one"]


def test_what_is_no_longer_wanted_is_not_said_unless_it_is_under_way(moot: Gathering) -> None:
    moot.owe("waiting")
    moot.owe("moving", lane="another")
    claimed(moot, "moving")

    outbox.cancel(moot.db, moot.workspace, "waiting", "moving")

    assert moot.duty("waiting").state is DutyState.DEAD
    assert moot.duty("moving").state is DutyState.SENDING


def test_two_processes_at_once_get_a_duty_once(engine: Engine) -> None:
    """Compare-and-set, seen from two connections, of which one has not seen what the other did."""
    with engine.begin() as first:
        moot = gather(first)
        moot.owe("one")
        duty = moot.duty("one")
    with engine.begin() as first:
        assert outbox.claim(first, duty, "first", after(1), after(0)) is not None
    with engine.begin() as second:
        assert outbox.claim(second, duty, "second", after(1), after(0)) is None


def test_whoever_waits_for_the_bot_to_be_let_in_is_told_apart_by_workspace_and_channel(moot: Gathering) -> None:
    moot.owe("one")
    outbox.block(moot.db, claimed(moot, "one"), "not_in_channel")
    people.workspace(moot.db, "T0VILLAGE")

    places = [("T0VILLAGE", CHANNEL), ("T0MOOT", "C0OTHER"), ("T0MOOT", CHANNEL)]

    assert outbox.blocked_in(moot.db, places, "is_archived") == [("T0MOOT", CHANNEL)]
    assert outbox.blocked_in(moot.db, places[:2], "is_archived") == []
    assert outbox.blocked_in(moot.db, places, "not_in_channel") == [], "but for that reason"
    assert outbox.blocked_in(moot.db, [], "is_archived") == []
