"""Play time: it stands, it is stepped by way of everything due, it runs; and it never hangs in silence."""

import asyncio

import aiohttp
import pytest
from stage_bot import HOME, StageBot, on_stage, run

from rehearsal.server import NotSettled, Stage

SECOND = 1_000_000
START_US = 1_776_171_600 * SECOND


@on_stage()
async def test_time_stands_at_the_start_until_it_is_moved(stage: Stage, bot: StageBot) -> None:
    assert stage.now_us == START_US
    await stage.settle()
    assert stage.now_us == START_US
    assert bot.frames[-1]["now_us"] == START_US
    assert bot.frames[-1]["rate"] == 0


@on_stage()
async def test_the_bot_does_everything_due_at_its_own_moment(stage: Stage, bot: StageBot) -> None:
    async def remind() -> None:
        await bot.api.chat_postMessage(channel=HOME, text="time is up")

    bot.due = [(START_US + 60 * SECOND, remind), (START_US + 90 * SECOND + 1, remind)]
    await stage.settle()
    assert stage.next_due_us == START_US + 60 * SECOND
    await stage.advance_to(START_US + 3600 * SECOND)
    assert [message["ts"] for message in stage.messages()] == ["1776171660.000000", "1776171690.000001"]
    assert stage.now_us == START_US + 3600 * SECOND
    assert stage.next_due_us is None


@on_stage()
async def test_what_is_done_late_in_the_chain_is_waited_for(stage: Stage, bot: StageBot) -> None:
    async def first() -> None:
        await bot.api.chat_postMessage(channel=HOME, text="first")
        bot.due.append((START_US + 10 * SECOND, second))

    async def second() -> None:
        await bot.api.chat_postMessage(channel=HOME, text="second")

    bot.due = [(START_US + 5 * SECOND, first)]
    await stage.settle()
    await stage.advance_to(START_US + 20 * SECOND)
    assert [message["text"] for message in stage.messages()] == ["first", "second"]
    assert [event["text"] for event in bot.events] == ["first", "second"]


@on_stage()
async def test_time_does_not_go_back(stage: Stage, bot: StageBot) -> None:
    await stage.advance_to(START_US + SECOND)
    await stage.advance_to(START_US)
    assert stage.now_us == START_US + SECOND


@on_stage()
async def test_a_bot_that_is_never_done_is_named_and_not_waited_for_for_ever(stage: Stage, bot: StageBot) -> None:
    async def never() -> None:
        bot.due.append((START_US, never))

    bot.due = [(START_US, never)]
    with pytest.raises(NotSettled, match="says it is idle, yet also that it is due"):
        await stage.advance_to(START_US + SECOND)


def test_a_bot_that_does_not_answer_the_clock_is_named() -> None:
    async def scene() -> None:
        stage = await Stage.start(page=False)
        url = stage.bot_environment()["FOLKMOOT_CLOCK_URL"]
        async with aiohttp.ClientSession() as session, session.ws_connect(url):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("rehearsal.settling.SETTLE_SECONDS", 0.05)
                with pytest.raises(NotSettled, match="for the bot to be idle"):
                    await stage.settle()
        await stage.close()

    run(scene())


def test_without_a_bot_settling_does_not_wait() -> None:
    async def scene() -> None:
        stage = await Stage.start(page=False)
        await stage.act({"as": "ana", "do": "say", "text": "hello", "channel": "other"})
        await stage.advance_to(START_US + 3600 * SECOND)
        with pytest.raises(NotSettled, match="takes no deliveries"):
            await stage.wait_for_bot(timeout=0.01)
        await stage.close()

    run(scene())


@on_stage(rate=3600)
async def test_time_may_run_faster_than_ours(stage: Stage, bot: StageBot) -> None:
    await asyncio.wait_for(stage.clock.until(START_US + 60 * SECOND), timeout=5)
    assert stage.now_us >= START_US + 60 * SECOND
    await stage.set_rate(0)
    stopped = stage.now_us
    assert stage.now_us == stopped
    assert bot.frames[-1] == {"id": bot.frames[-1]["id"], "now_us": stopped, "rate": 0}
