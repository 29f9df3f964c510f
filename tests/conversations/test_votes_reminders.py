"""Reminders of votes (§1.5, 46): to each on a roll who has not voted, privately, once, in time, never too often."""

import pytest

from tests.conversations.room import Room


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day for 12h")
    return room


def reminded(room: Room, who: str) -> list[str]:
    """The votes of which somebody was reminded, by label."""
    found = [text for text in room.direct(who) if "your vote is not there yet" in text]
    return [text.partition("on the roll of ")[2].partition(" in ")[0] for text in found]


def everybody(room: Room) -> dict[str, list[str]]:
    people = ("ana", "ben", "chen", "dia")
    return {who: reminded(room, who) for who in people if room.has_talked_with(who) and reminded(room, who)}


def test_46_who_has_not_voted_is_reminded_once_at_three_quarters_of_the_time(docs: Room) -> None:
    docs.says("ana", "/propose for=2h roll=@ana,@ben,@chen,@dia Ship on Friday")
    docs.reacts("ben", "+1", to="Ship on Friday")
    docs.reacts("chen", "+1", to="Ship on Friday")
    docs.reacts("chen", "-1", to="Ship on Friday")
    docs.reacts("dia", "+1", to="Ship on Friday")
    docs.unreacts("dia", "+1", to="Ship on Friday")
    docs.until("14:29")
    assert everybody(docs) == {}
    docs.until("14:31")
    assert everybody(docs) == {"ana": ["V1"], "chen": ["V1"], "dia": ["V1"]}, "a conflict is no vote"
    (text,) = [text for text in docs.direct("ana") if "V1" in text]
    for words in ("in #general-moot", "open until 14 April 2026, 15:00 UTC", "“Ship on Friday”", "No more reminders"):
        assert words in text
    docs.until("15:10")
    assert everybody(docs) == {"ana": ["V1"], "chen": ["V1"], "dia": ["V1"]}


@pytest.mark.parametrize("options", ["for=2h", "for=59m roll=@ana,@ben", "roll=@ana,@ben"])
def test_46_a_live_vote_and_one_without_a_roll_remind_nobody(docs: Room, options: str) -> None:
    docs.says("ana", f"/propose {options} Ship on Friday")
    docs.passes(hours=3)
    assert everybody(docs) == {}


def test_46_a_vote_that_is_closed_or_withdrawn_reminds_nobody_any_more(docs: Room) -> None:
    for text in ("Close it", "Withdraw it"):
        docs.says("ana", f"/propose for=2h roll=@ana,@ben {text}")
    docs.until("14:00")
    docs.clicks("ana", "Close now", on="Close it", sure=True)
    docs.clicks("ana", "Withdraw", on="Withdraw it", sure=True)
    docs.until("15:10")
    assert everybody(docs) == {}


def test_46_nobody_is_reminded_twice_within_an_hour_however_many_votes_wait(docs: Room) -> None:
    docs.says("ana", "/propose for=2h roll=@ben First one")
    docs.says("ana", "/propose for=2h roll=@ben,@dia Second one")
    docs.says("ana", "/propose for=3h roll=@ben Third one")
    docs.until("14:32")
    assert everybody(docs) == {"ben": ["V1"], "dia": ["V2"]}
    docs.until("15:01")
    assert everybody(docs) == {"ben": ["V1"], "dia": ["V2"]}, "for the second it was too late by then"
    docs.until("15:32")
    assert everybody(docs) == {"ben": ["V1", "V3"], "dia": ["V2"]}, "the third came when the hour was over"
    docs.until("18:00")
    assert everybody(docs) == {"ben": ["V1", "V3"], "dia": ["V2"]}


def test_46_who_was_away_is_not_reminded_in_the_last_two_minutes_and_otherwise_late(docs: Room) -> None:
    docs.says("ana", "/propose for=2h roll=@ben First one")
    docs.says("ana", "/propose for=3h roll=@dia Second one")
    docs.bot_goes()
    docs.until("14:59")
    docs.bot_comes()
    docs.passes(seconds=20)
    assert everybody(docs) == {}
    docs.bot_goes()
    docs.until("15:30")
    docs.bot_comes()
    docs.passes(seconds=20)
    assert everybody(docs) == {"dia": ["V2"]}


def test_46_an_extended_vote_reminds_at_three_quarters_of_its_new_time(docs: Room) -> None:
    docs.says("ana", "/propose for=1h roll=@ben Ship on Friday")
    for _ in range(2):
        docs.clicks("ana", "Extend 10 min", on="Ship on Friday")
    docs.until("13:59")
    assert everybody(docs) == {}
    docs.until("14:01")
    assert everybody(docs) == {"ben": ["V1"]}
    docs.clicks("ana", "Extend 10 min", on="Ship on Friday")
    docs.until("14:31")
    assert everybody(docs) == {"ben": ["V1"]}, "once for each vote"


def test_46_who_wants_no_more_reminders_gets_none_until_they_say_otherwise(docs: Room) -> None:
    docs.says("ana", "/propose for=1h roll=@ben,@dia First one")
    docs.until("13:50")
    assert everybody(docs) == {"ben": ["V1"], "dia": ["V1"]}
    docs.clicks_in("@folkmoot", "ben", "No more reminders", on="V1")
    assert any("will not be reminded of votes any more" in text for text in docs.hears_directly("ben"))
    docs.says("ana", "/propose for=2h roll=@ben,@dia Second one")
    docs.until("15:40")
    assert everybody(docs) == {"ben": ["V1"], "dia": ["V1", "V2"]}
    docs.clicks_in("@folkmoot", "ben", "Remind me again", on="any more")
    docs.says("ana", "/propose for=2h roll=@ben Third one")
    docs.until("17:40")
    assert everybody(docs) == {"ben": ["V1", "V3"], "dia": ["V1", "V2"]}
