"""A bot of several processes: deliveries take turns, every clock is set, and one that is killed harms nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from stage_bot import StageBot, run, served

from rehearsal.server import NotSettled, Stage

SECOND = 1_000_000
NOW = (0.0, 0.0, 0.0)


class WebProcess:
    """One of several servers; `breaks` is how many requests it takes and drops. `retries` came with its requests."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.retries: list[str] = []
        self.breaks = 0

    async def open(self) -> str:
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        self.runner, url = await served(app)
        return f"{url}/slack/events"

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] == "event_callback" and self.breaks:
            self.breaks -= 1
            assert request.transport
            request.transport.abort()
        elif body["type"] == "event_callback":
            self.texts.append(body["event"]["text"])
            self.retries.append(request.headers.get("x-slack-retry-reason", ""))
        return web.Response()


@asynccontextmanager
async def behind_a_load_balancer(size: int) -> AsyncIterator[tuple[Stage, list[WebProcess]]]:
    processes = [WebProcess() for _ in range(size)]
    urls = [await process.open() for process in processes]
    stage = await Stage.start(delivery="http", request_url=urls, page=False, retry_delays=NOW)
    try:
        await stage.wait_for_bot(clocks=0)
        yield stage, processes
    finally:
        await stage.close()
        for process in processes:
            await process.runner.cleanup()


async def says(stage: Stage, *texts: str) -> None:
    for text in texts:
        await stage.act({"as": "ana", "do": "say", "text": text})
        await stage.settle()


def test_web_processes_take_turns() -> None:
    async def scene() -> None:
        async with behind_a_load_balancer(2) as (stage, processes):
            await says(stage, "one", "two", "three", "four")
            assert sorted(process.texts for process in processes) == [["one", "three"], ["two", "four"]]

    run(scene())


def test_a_process_that_takes_no_connection_is_passed_over() -> None:
    async def scene() -> None:
        async with behind_a_load_balancer(3) as (stage, (gone, *left)):
            await gone.runner.cleanup()
            await says(stage, "one", "two", "three", "four")
            assert sorted(text for process in left for text in process.texts) == ["four", "one", "three", "two"]
            assert {reason for process in left for reason in process.retries} == {""}
            for process in left:
                await process.runner.cleanup()
            await says(stage, "five")
            [lost] = stage.backstage.carrier.lost
            assert lost["event"]["text"] == "five"

    run(scene())


def test_what_breaks_off_once_it_was_sent_is_tried_again_by_slack() -> None:
    async def scene() -> None:
        async with behind_a_load_balancer(2) as (stage, processes):
            processes[0].breaks = processes[1].breaks = 1
            await says(stage, "one")
            assert sorted(process.texts for process in processes) == [[], ["one"]]
            assert [reason for process in processes for reason in process.retries] == ["connection_failed"]

    run(scene())


def test_all_request_urls_are_waited_for() -> None:
    async def scene() -> None:
        there = WebProcess()
        urls = [await there.open(), "http://127.0.0.1:9/slack/events"]
        stage = await Stage.start(delivery="http", request_url=urls, page=False)
        with pytest.raises(NotSettled, match="takes no deliveries"):
            await stage.wait_for_bot(timeout=0.2, clocks=0)
        await stage.close()
        await there.runner.cleanup()

    run(scene())


@asynccontextmanager
async def clocks(stage: Stage, *bots: StageBot) -> AsyncIterator[list[asyncio.Task[None]]]:
    following = [asyncio.create_task(bot.follow_clock(asyncio.Event())) for bot in bots]
    try:
        yield following
    finally:
        for each in following:
            each.cancel()


def test_every_process_is_asked_what_is_due() -> None:
    async def scene() -> None:
        async with behind_a_load_balancer(1) as (stage, _):
            done: list[tuple[str, int]] = []
            bots = {"first": StageBot(stage), "second": StageBot(stage)}

            async def remind(who: str) -> None:
                done.append((who, stage.now_us))

            start = stage.now_us
            bots["first"].due = [(start + 60 * SECOND, lambda: remind("first"))]
            bots["second"].due = [(start + 30 * SECOND, lambda: remind("second"))]
            with pytest.raises(NotSettled, match="has not connected its clock"):
                await stage.wait_for_bot(timeout=0.05)
            async with clocks(stage, bots["first"]):
                with pytest.raises(NotSettled, match="has not connected 2 clocks"):
                    await stage.wait_for_bot(timeout=0.2, clocks=2)
                async with clocks(stage, bots["second"]):
                    await stage.wait_for_bot(clocks=2)
                    await stage.advance_to(start + 3600 * SECOND)
            assert done == [("second", start + 30 * SECOND), ("first", start + 60 * SECOND)]
            assert all(bot.frames[-1]["now_us"] == stage.now_us for bot in bots.values())

    run(scene())
