"""Web and worker processes on one PostgreSQL: to whoever is in the channel, one bot."""

from collections import Counter
from collections.abc import Callable

import pytest

from bot.settings import Role
from tests.conversations.hall import Hall
from tests.conversations.room import PATIENCE, shown
from tests.databases import locked
from tests.faults.test_second_deliveries import came_of_it, ends, everything_is_done_once
from tests.process.running import wait_until

pytestmark = pytest.mark.engine("postgres")  # on SQLite there is one process


def said_twice(hall: Hall) -> list[str]:
    """The duties of which there is more than one message."""
    calls = [call.arguments for call in hall.calls("chat.postMessage") if call.answer["ok"]]
    keys = Counter(str(call.get("metadata")) for call in calls)
    return [key for key, times in keys.items() if times > 1]


def test_a_gathering_is_held_by_all_of_them_together(hall: Hall) -> None:
    hall.says("ana", "/topic Releases")
    hall.says("ben", "/note The branch is cut")
    hall.says("ben", "#action @chen writes the notes")
    hall.says("ana", "/propose Ship on Friday for 5m")
    hall.reacts("ben", "+1", to="Ship on Friday")
    hall.reacts("chen", "+1", to="Ship on Friday")
    hall.passes(minutes=6)
    assert "2 for, 0 against" in hall.ballot("Ship on Friday")
    hall.says("ana", "/session end")
    hall.passes(minutes=2)

    (digest,) = hall.digests()
    assert all(words in digest for words in ("Releases", "The branch is cut", "writes the notes", "Ship on Friday"))
    assert len(hall.recaps()) == 1
    assert said_twice(hall) == []


def test_what_falls_due_is_done_by_one_of_many_workers(halls: Callable[..., Hall]) -> None:
    hall = halls(workers=4)
    hall.has_channel("other")
    hall.says("ana", "/session start Docs day for 1h")
    hall.says("ana", "/session start Elsewhere for 1h", channel="other")
    hall.passes(hours=2)

    assert (len(hall.digests()), len(hall.digests("other"))) == (1, 1)
    assert said_twice(hall) == []


def test_a_crowd_in_one_channel_loses_no_note_and_no_number(hall: Hall) -> None:
    hall.says("ana", "/topic Releases")
    for number in range(40):
        hall.hurries(("ana", "ben", "chen", "dia")[number % 4], "command", text=f"/note {number} of them")
    hall.passes(minutes=5)

    notes = hall.record()["topics"][0]["entries"]
    assert [note["number"] for note in notes] == list(range(1, 41))
    assert {note["text"] for note in notes} == {f"{number} of them" for number in range(40)}
    assert len(hall.thread("1. Releases")) == 40


def test_workers_keep_slacks_pace_together(halls: Callable[..., Hall]) -> None:
    hall = halls(workers=3, enforce_rate_limits=True)
    hall.says("ana", "/topic Releases")
    for number in range(10):
        hall.hurries("ben", "command", text=f"/note {number} in a hurry")
        hall.hurries("chen", "command", text=f"/propose Shall we {number}")
    for _ in range(3):
        hall.passes(minutes=1)

    assert [call.method for call in hall.stage.web_api.calls if call.answer.get("error") == "ratelimited"] == []
    assert len([text for text in hall.texts() if "Shall we" in text]) == 10
    assert said_twice(hall) == []


def test_whoever_commands_where_the_bot_is_not_is_told_although_another_process_found_out(hall: Hall) -> None:
    hall.has_channel("elsewhere", with_bot=False)
    hall.says("ana", "/topic Releases", channel="elsewhere")
    wait_until(lambda: any("/invite" in text for text in hall.whispers("ana", "elsewhere")))


def test_a_worker_that_leaves_leaves_its_work_to_the_others(hall: Hall) -> None:
    hall.says("ana", "/topic Releases")
    hall.one_goes(hall.workers[0])
    hall.says("ana", "/decide We ship")
    hall.says("ana", "/session end")
    hall.passes(minutes=1)

    assert len([text for text in hall.texts() if text.startswith("✅ Decision: We ship")]) == 1
    assert len(hall.digests()) == 1


def test_what_is_delivered_to_one_process_and_again_to_another_changes_nothing(halls: Callable[..., Hall]) -> None:
    once, twice = halls(webs=2), halls(webs=2)
    twice.fails("double")
    for hall in (once, twice):
        everything_is_done_once(hall)
        hall.passes(minutes=6)
        ends(hall)

    assert came_of_it(twice) == came_of_it(once)
    assert said_twice(twice) == []


def test_what_fell_due_while_all_of_them_were_away_is_done_once_by_those_who_come(halls: Callable[..., Hall]) -> None:
    hall = halls(webs=2, workers=3, retry_delays=())
    hall.says("ana", "/session start Docs day for 1h")
    hall.says("ana", "/propose Ship it for 20m")
    hall.reacts("ben", "+1", to="Ship it")
    hall.bot_goes()
    hall.until("16:00")
    hall.bot_comes()
    hall.passes(minutes=3)

    (digest,) = hall.digests()
    assert "This comes late. It is from" in digest
    assert "Ship it" in digest
    assert len([text for text in hall.texts() if text.startswith("✅ Decision (V1)")]) == 1
    assert said_twice(hall) == []


def test_without_a_worker_everything_is_kept_and_said_when_one_comes(halls: Callable[..., Hall]) -> None:
    hall = halls(workers=1)
    hall.one_goes(hall.workers[0])
    assert "Releases" in hall.says("ana", "/topic Releases")
    hall.passes(minutes=5)
    assert hall.texts() == []

    hall.one_comes(Role.WORKER)
    hall.passes(minutes=1)

    assert any("Releases" in shown(each) for each in hall.channel())


def test_a_digest_that_a_worker_told_while_no_web_process_heard_slack_says_so_afterwards(
    halls: Callable[..., Hall],
) -> None:
    hall = halls(retry_delays=())
    hall.says("ana", "/session start Docs day for 1h")
    hall.passes(minutes=10)
    hall.one_goes(hall.webs[0])
    hall.passes(hours=2)
    assert ["I was away" in digest for digest in hall.digests()] == [False]

    hall.one_comes(Role.WEB)
    hall.passes(minutes=1)

    assert ["I was away" in digest for digest in hall.digests()] == [True]


def test_a_worker_answers_what_the_web_process_was_asked(hall: Hall) -> None:
    hall.says("ana", "/session start Village")
    hall.says("ana", "/decide Buy the pump")

    assert "Looking" in hall.says("ben", "/session search pump")

    assert [each for each in hall.whispers("ben") if "Decision 1: Buy the pump" in each]
    hall.opens_home("ben")
    assert "Village in #general-moot" in hall.home_of("ben")
    assert len(hall.calls("users.conversations")) == 1


def test_a_web_process_whose_clock_is_set_while_it_waits_for_the_database_still_answers(
    halls: Callable[..., Hall],
) -> None:
    hall = halls(rate=0.001)  # else its next note that it hears Slack would be soon
    with locked(hall.database):
        hall.hurries("ana", "say", text="Good morning")
        wait_until(lambda: hall.gets("/healthz")[1]["writer"]["waiting"] > 0)
        setting = hall.loop.begin(hall.stage.set_clock_skew(0))

        assert hall.gets("/healthz")[0] == 200
    setting.result(PATIENCE)
