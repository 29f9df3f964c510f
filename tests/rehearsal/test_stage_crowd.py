"""Hundreds of people voting at once."""

import time

import pytest
from stage_bot import HOME, StageBot, on_both, on_stage

from rehearsal.server import ActFailed, Stage

SECOND = 1_000_000


@on_both()
async def test_five_hundred_people_react_within_ten_seconds(stage: Stage, bot: StageBot) -> None:
    ts = (await bot.api.chat_postMessage(channel=HOME, text="ballot"))["ts"]
    start, before = stage.now_us, time.monotonic()
    voters = stage.crowd(500)
    await stage.react_as([(who, "+1" if number % 3 else "-1") for number, who in enumerate(voters)], seconds=10)
    assert stage.now_us == start + 10 * SECOND
    await stage.settle()
    assert time.monotonic() - before < 10
    events = bot.events_of("reaction_added")
    assert len({event["user"] for event in events}) == len(events) == 500
    assert min(event["event_ts"] for event in events) == f"{start // SECOND}.020000"
    assert max(event["event_ts"] for event in events) == f"{start // SECOND + 10}.000000"
    held = (await bot.api.reactions_get(channel=HOME, timestamp=ts, full=True))["message"]["reactions"]
    assert {each["name"]: each["count"] for each in held} == {"-1": 167, "+1": 333}


@on_stage(rate=20)
async def test_where_time_runs_they_take_the_time_they_take(stage: Stage, bot: StageBot) -> None:
    await bot.api.chat_postMessage(channel=HOME, text="ballot")
    start = stage.now_us
    await stage.react_as([(who, "+1") for who in stage.crowd(50)], seconds=10)
    assert stage.now_us >= start + 10 * SECOND
    await stage.settle()
    assert len(bot.events_of("reaction_added")) == 50


@on_stage()
async def test_a_second_crowd_is_of_other_people(stage: Stage, bot: StageBot) -> None:
    assert stage.crowd(2) == ["voter1", "voter2"]
    assert stage.crowd(1) == ["voter3"]
    assert bot.deliveries == []
    members = (await bot.api.conversations_members(channel=HOME))["members"]
    assert members[-3:] == ["U0VOTER1", "U0VOTER2", "U0VOTER3"]


@on_stage()
async def test_somebody_may_be_a_guest_or_of_another_team(stage: Stage, bot: StageBot) -> None:
    guest = stage.add_person("eve", "Eve Adams", is_restricted=True)
    other = stage.add_person("fay", "Fay Okoro", team_id="T0OTHER", is_stranger=True)
    assert (await bot.api.users_info(user=guest.id))["user"]["is_restricted"]
    told = (await bot.api.users_info(user=other.id))["user"]
    assert (told["team_id"], told["is_stranger"]) == ("T0OTHER", True)


@pytest.mark.parametrize(
    ("votes", "sentence"),
    [
        ([], "There is nobody called ''"),
        ([["ana"]], "takes votes, pairs of who and emoji"),
        ([["ana", "+1"], ["zoe", "+1"]], "There is nobody called 'zoe'."),
        ([["ana", "+1"], ["ana", "thumbsup"]], "ana has already reacted with :\\+1:."),
    ],
)
def test_votes_that_cannot_be_fail_with_a_sentence(votes: list[list[str]], sentence: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        await bot.api.chat_postMessage(channel=HOME, text="ballot")
        with pytest.raises(ActFailed, match=sentence):
            await stage.act({"do": "react_many", "votes": votes, "on": "last"})

    scene()
