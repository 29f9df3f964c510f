"""Answers of the Web API that go wrong on purpose: refused, slow, cut off, incomplete."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from stage_bot import HOME, Json, StageBot, error_of, on_stage, send, until

from rehearsal.server import ActFailed, NotSettled, Stage
from rehearsal.web_api.faults import Fault

SECOND = 1_000_000


async def post(bot: StageBot, text: str = "words", channel: str = HOME) -> str:
    return str((await bot.api.chat_postMessage(channel=channel, text=text))["ts"])


async def refusal(call: Awaitable[Any]) -> tuple[str, str]:
    """The error of a call that Slack refuses, and how long it says to wait."""
    with pytest.raises(SlackApiError) as refused:
        await call
    response = refused.value.response
    return response["error"], response.headers["Retry-After"]


async def reactions(bot: StageBot, ts: str, *, full: bool) -> dict[str, tuple[int, int]]:
    """Of each emoji how many people are named, and how many are counted."""
    message = (await bot.api.reactions_get(channel=HOME, timestamp=ts, full=full))["message"]
    return {each["name"]: (len(each["users"]), each["count"]) for each in message.get("reactions", [])}


@on_stage()
async def test_a_storm_of_429_says_how_long_to_wait(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("ratelimited", method="chat.*", until="+0:01:00")
    await stage.advance_to(stage.now_us + 15 * SECOND)
    refused = await error_of(bot.api.chat_postMessage(channel=HOME, text="x"))
    assert refused["error"] == "ratelimited"
    async with aiohttp.ClientSession() as session:
        token = {"Authorization": f"Bearer {stage.backstage.bot_token}"}
        async with session.post(f"{stage.url}/api/chat.update", headers=token) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "45")
    assert (await bot.api.auth_test())["ok"]
    await stage.advance_to(stage.now_us + 45 * SECOND)
    assert await post(bot)
    assert [message["text"] for message in stage.messages()] == ["words"]


@on_stage()
async def test_a_storm_may_strike_every_method_for_a_time(stage: Stage, bot: StageBot) -> None:
    storm = stage.faults.add("ratelimited", method="*", until="+0:00:30")

    async def refusals() -> list[tuple[str, str]]:
        calls = [
            bot.api.auth_test(),
            bot.api.users_info(user="U0ANA"),
            bot.api.chat_postMessage(channel=HOME, text="x"),
            bot.api.reactions_get(channel=HOME, timestamp="1.000000"),
            bot.api.conversations_history(channel=HOME),
        ]
        return [await refusal(call) for call in calls]

    assert await refusals() == [("ratelimited", "30")] * 5
    await stage.advance_to(stage.now_us + 20 * SECOND)
    assert await refusals() == [("ratelimited", "10")] * 5
    await stage.advance_to(stage.now_us + 10 * SECOND)
    assert (await bot.api.auth_test())["ok"]
    assert await post(bot)
    assert storm.fired == 10


@on_stage()
async def test_the_whole_api_may_fail_for_some_calls(stage: Stage, bot: StageBot) -> None:
    rule = stage.faults.add("status", status=502, times=2)
    assert not (await error_of(bot.api.auth_test()))["ok"]
    assert not (await error_of(bot.api.users_info(user="U0ANA")))["ok"]
    assert (await bot.api.auth_test())["ok"]
    assert rule.fired == 2


@on_stage()
async def test_one_channel_may_fail_and_the_others_not(stage: Stage, bot: StageBot) -> None:
    second = stage.add_channel("second")
    stage.faults.add("ratelimited", method="chat.postMessage", channel="general-moot", retry_after=7)
    assert (await error_of(bot.api.chat_postMessage(channel=HOME, text="x")))["error"] == "ratelimited"
    assert await post(bot, channel=second.id)


@on_stage()
async def test_an_error_may_be_any(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("error", method="reactions.get", error="message_not_found", nth=2)
    ts = await post(bot)
    await reactions(bot, ts, full=True)
    refused = await error_of(bot.api.reactions_get(channel=HOME, timestamp=ts))
    assert refused["error"] == "message_not_found"


@on_stage()
async def test_slack_may_hang_up_before_or_after_it_has_done_what_was_asked(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("hang_up_before", method="chat.postMessage", nth=1)
    stage.faults.add("hang_up_after", method="chat.postMessage", nth=2)
    for text in ("never", "unknown to the bot"):
        with pytest.raises(aiohttp.ClientError):
            await post(bot, text)
    assert [message["text"] for message in stage.messages()] == ["unknown to the bot"]


@on_stage()
async def test_slack_may_take_late_what_it_seemed_to_have_lost(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("taken_late", method="chat.postMessage", seconds=8, times=1)
    with pytest.raises(aiohttp.ClientError):
        await post(bot, "slow to come")
    await stage.advance_to(stage.now_us + 7 * SECOND)
    assert stage.messages() == []
    await stage.advance_to(stage.now_us + 1 * SECOND)
    assert [message["text"] for message in stage.messages()] == ["slow to come"]


@pytest.mark.parametrize(("fault", "seen"), [("hold_before", 0), ("hold_after", 1)])
def test_a_call_is_held_at_a_moment_until_it_is_released(fault: str, seen: int) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        rule = stage.faults.add(fault, method="chat.postMessage")
        call = asyncio.create_task(post(bot))
        await until(lambda: rule.report["kept"] == 1)
        assert len(stage.messages()) == seen
        assert (await bot.api.auth_test())["ok"]
        assert not call.done()
        await send(f"{stage.url}/stage/faults", "POST", json={"release": True})
        assert await call == stage.messages()[0]["ts"]
        assert len(stage.messages()) == 1
        assert await post(bot, "a rule that was released holds nothing more")

    scene()


@pytest.mark.parametrize(("fault", "seen"), [("hold_before", 0), ("hold_after", 1)])
def test_a_held_call_ends_with_its_connection(fault: str, seen: int) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        rule = stage.faults.add(fault, method="chat.postMessage")
        call = asyncio.create_task(post(bot))
        await until(lambda: rule.report["kept"] == 1)
        call.cancel()
        await asyncio.wait_for(stage.settle(), timeout=5)
        await stage.faults.release(rule)
        await stage.settle()
        assert (rule.report["kept"], len(stage.messages())) == (0, seen)

    scene()


@on_stage()
async def test_what_a_test_orders_comes_before_the_rules(stage: Stage, bot: StageBot) -> None:
    rule = stage.faults.add("error", error="fatal_error")
    stage.web_api.faults.order("auth.test", Fault("error", error="internal_error"))
    assert (await error_of(bot.api.auth_test()))["error"] == "internal_error"
    assert rule.fired == 0
    assert (await error_of(bot.api.auth_test()))["error"] == "fatal_error"


@on_stage()
async def test_the_people_of_a_reaction_may_be_cut_off_although_the_count_is_whole(stage: Stage, bot: StageBot) -> None:
    ts = await post(bot, "ballot")
    voters = stage.crowd(60)
    await stage.react_as([(who, "+1") for who in voters] + [(who, "-1") for who in voters[:10]])
    assert await reactions(bot, ts, full=True) == {"+1": (60, 60), "-1": (10, 10)}
    assert await reactions(bot, ts, full=False) == {"+1": (50, 60), "-1": (10, 10)}
    stage.faults.add("cut_users", even_full=True, times=1)
    assert await reactions(bot, ts, full=True) == {"+1": (50, 60), "-1": (10, 10)}
    stage.faults.add("cut_users", emoji="-1", users=3)
    assert await reactions(bot, ts, full=True) == {"+1": (60, 60), "-1": (10, 10)}
    assert await reactions(bot, ts, full=False) == {"+1": (50, 60), "-1": (3, 10)}


@on_stage()
async def test_reactions_may_be_missing(stage: Stage, bot: StageBot) -> None:
    ts = await post(bot, "ballot")
    await stage.react_as([("ana", "+1::skin-tone-4"), ("ben", "-1")])
    rule = stage.faults.add("miss_reactions", emoji="+1")
    assert await reactions(bot, ts, full=True) == {"-1": (1, 1)}
    rule.lifted = True
    stage.faults.add("miss_reactions")
    answer = await bot.api.reactions_get(channel=HOME, timestamp=ts, full=True)
    assert "reactions" not in answer["message"]


@on_stage()
async def test_an_admin_deletes_the_bots_message(stage: Stage, bot: StageBot) -> None:
    plain, answered = await post(bot, "ballot"), await post(bot, "another")
    await stage.act({"as": "ana", "do": "say", "text": "no rollback yet", "thread": "another"})
    await stage.act({"as": "ben", "do": "react", "on": "another", "emoji": "+1"})
    with pytest.raises(ActFailed, match="not ana's own"):
        await stage.act({"as": "ana", "do": "delete", "on": plain})
    stage.add_person("eve", "Eve Adams", is_admin=True)
    await stage.act({"as": "ana", "do": "delete", "on": plain, "admin": True})
    await stage.act({"as": "eve", "do": "delete", "on": answered})
    await stage.settle()
    assert [event["subtype"] for event in bot.events[-2:]] == ["message_deleted", "message_changed"]
    assert bot.events[-1]["message"]["subtype"] == "tombstone"
    assert "reactions" not in bot.events[-1]["message"]
    for ts in (plain, answered):
        refused = await error_of(bot.api.reactions_get(channel=HOME, timestamp=ts, full=True))
        assert refused["error"] == "message_not_found"
    assert (await bot.api.users_info(user="U0EVE"))["user"]["is_admin"]


@on_stage()
async def test_a_slow_answer_takes_play_time_although_the_clock_stands(stage: Stage, bot: StageBot) -> None:
    start = stage.now_us
    done: list[Json] = []

    async def remind() -> None:
        done.append(await post_at(stage, bot))

    stage.faults.add("slow", method="chat.postMessage", seconds=20)
    bot.due = [(start + 60 * SECOND, remind)]
    await stage.settle()
    await stage.advance_to(start + 70 * SECOND)
    assert done == [{"asked": start + 60 * SECOND, "answered": start + 80 * SECOND}]
    assert stage.messages()[0]["ts"] == f"{start // SECOND + 60}.000000"
    assert bot.frames[-1]["now_us"] == stage.now_us == start + 80 * SECOND


async def post_at(stage: Stage, bot: StageBot) -> Json:
    asked = stage.now_us
    await post(bot, "time is up")
    return {"asked": asked, "answered": stage.now_us}


@on_stage(rate=1000)
async def test_a_slow_answer_comes_by_itself_where_time_runs(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("slow", seconds=50)
    start = stage.now_us
    await asyncio.wait_for(post(bot), timeout=10)
    assert stage.now_us >= start + 50 * SECOND


@on_stage()
async def test_an_answer_may_be_slow_in_real_time(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("slow", seconds=0.1, real=True, times=1)
    before, start = time.monotonic(), stage.now_us
    await post(bot)
    assert time.monotonic() - before >= 0.1
    assert stage.now_us == start


@on_stage()
async def test_the_tier_of_chat_update_is_kept_when_asked_for(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("ratelimited", method="chat.update", nth=1, retry_after=9)
    ts = await post(bot)
    assert (await error_of(bot.api.chat_update(channel=HOME, ts=ts, text="one")))["error"] == "ratelimited"
    assert (await bot.api.chat_update(channel=HOME, ts=ts, text="two"))["ok"]


@on_stage()
async def test_a_bot_that_waits_for_nothing_is_still_named(stage: Stage, bot: StageBot) -> None:
    bot.deaf = 9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rehearsal.settling.SETTLE_SECONDS", 0.1)
        await stage.act({"as": "ana", "do": "say", "text": "hello?"})
        with pytest.raises(NotSettled, match="deliveries"):
            await stage.settle()
