"""A small bot for tests of the stage: it acknowledges everything, remembers it, and does what a test tells it to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.server import Stage

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Any]]
HOME = "C0MOOT"


class StageBot:
    """`deaf` keeps it from acknowledging; `answer` is called with each command and interaction."""

    def __init__(self, stage: Stage) -> None:
        environment = stage.bot_environment()
        self.api = AsyncWebClient(
            token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"], retry_handlers=[]
        )
        self.environment = environment
        self.deliveries: list[Json] = []
        self.retries: list[tuple[int | None, str | None]] = []
        self.stamps: list[int] = []
        self.deaf = 0
        self.answer: Answer | None = None
        self.due: list[tuple[int, Callable[[], Awaitable[Any]]]] = []
        self.frames: list[Json] = []

    @property
    def events(self) -> list[Json]:
        return [body["event"] for body in self.deliveries if body.get("type") == "event_callback"]

    def events_of(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["type"] == kind]

    async def take(self, body: Json) -> Any:
        """Remember what came and answer it; `None` for an empty acknowledgement."""
        self.deliveries.append(body)
        if self.answer and body.get("type") != "event_callback":
            return await self.answer(body)
        return None

    async def follow_clock(self, started: asyncio.Event) -> None:
        """Do what is due whenever the time is set, and say what is due next."""
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self.environment["FOLKMOOT_CLOCK_URL"]) as clock,
        ):
            started.set()
            async for frame in clock:
                time = frame.json()
                self.frames.append(time)
                for entry in [entry for entry in self.due if entry[0] <= time["now_us"]]:
                    self.due.remove(entry)
                    await entry[1]()
                next_due = min((at for at, _ in self.due), default=None)
                await clock.send_json({"id": time["id"], "idle": True, "next_due_us": next_due})


async def connected(bot: StageBot) -> SocketModeClient:
    """The bot over Socket Mode, with Slack's own client."""
    app_token = bot.environment["SLACK_APP_TOKEN"]
    web_client = AsyncWebClient(base_url=bot.environment["SLACK_API_URL"])
    client = SocketModeClient(app_token=app_token, web_client=web_client, auto_reconnect_enabled=False)

    async def on_envelope(socket: SocketModeClient, request: SocketModeRequest) -> None:
        bot.retries.append((request.retry_attempt, request.retry_reason))
        if bot.deaf:
            bot.deaf -= 1
            return
        payload = await bot.take(request.payload)
        await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(on_envelope)
    await client.connect()
    return client


def on_stage(**options: Any) -> Callable[[Callable[[Stage, StageBot], Awaitable[None]]], Callable[[], None]]:
    """Make a test of a scene: it is played on a stage of its own, with the bot connected."""

    def as_test(scene: Callable[[Stage, StageBot], Awaitable[None]]) -> Callable[[], None]:
        def test() -> None:
            run(play_scene(scene, options))

        test.__doc__ = scene.__doc__
        return test

    return as_test


def on_both(**options: Any) -> Callable[[Callable[[Stage, StageBot], Awaitable[None]]], Callable[[str], None]]:
    """Make two tests of a scene: over Socket Mode, and over signed HTTP."""

    def as_tests(scene: Callable[[Stage, StageBot], Awaitable[None]]) -> Callable[[str], None]:
        @pytest.mark.parametrize("delivery", ["socket", "http"])
        def test(delivery: str) -> None:
            run((play_scene if delivery == "socket" else play_http_scene)(scene, options))

        return test

    return as_tests


def run(scene: Coroutine[Any, Any, None]) -> None:
    """Run a scene in a thread of its own: the browser's tests leave a running loop in the main one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, scene).result()


async def play_scene(scene: Callable[[Stage, StageBot], Awaitable[None]], options: Json) -> None:
    stage = await Stage.start(**{"page": False, **options})
    bot = StageBot(stage)
    client = await connected(bot)
    try:
        await _play(scene, stage, bot)
    finally:
        await client.close()
        await stage.close()


async def play_http_scene(scene: Callable[[Stage, StageBot], Awaitable[None]], options: Json) -> None:
    """As `play_scene`, with a bot that takes signed requests."""
    bots: list[StageBot] = []

    async def take(request: web.Request) -> web.Response:
        body = await _body(request)
        if body.get("type") == "url_verification":
            return web.Response()
        [bot] = bots
        bot.stamps.append(int(request.headers["X-Slack-Request-Timestamp"]))
        attempt = int(request.headers.get("x-slack-retry-num", 0))
        bot.retries.append((attempt, request.headers.get("x-slack-retry-reason", "")))
        answer = await bot.take(body)
        return web.Response() if answer is None else web.json_response(answer)

    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner, url = await served(app)
    stage = await Stage.start(**{"page": False, **options}, delivery="http", request_url=f"{url}/slack/events")
    bots.append(StageBot(stage))
    try:
        await _play(scene, stage, bots[0])
    finally:
        await stage.close()
        await runner.cleanup()


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        body: Json = await request.json()
        return body
    form = dict(await request.post())
    return json.loads(str(form["payload"])) if "payload" in form else form


async def _play(scene: Callable[[Stage, StageBot], Awaitable[None]], stage: Stage, bot: StageBot) -> None:
    clock_started = asyncio.Event()
    clock = asyncio.create_task(bot.follow_clock(clock_started))
    try:
        await clock_started.wait()
        await stage.wait_for_bot()
        await scene(stage, bot)
    finally:
        clock.cancel()


async def error_of(call: Awaitable[Any]) -> Json:
    """The answer to a call that Slack refuses."""
    try:
        await call
    except SlackApiError as problem:
        data = problem.response.data
        assert isinstance(data, dict)
        return data
    raise AssertionError("the call was not refused")


async def served(app: web.Application) -> tuple[web.AppRunner, str]:
    """A web server on a free port, and its URL."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def send(url: str, method: str = "GET", **options: Any) -> tuple[int, Any]:
    """A plain request: its status, and its JSON or text."""
    async with aiohttp.ClientSession() as session, session.request(method, url, **options) as response:
        text = await response.text()
        try:
            return response.status, json.loads(text)
        except ValueError:
            return response.status, text


async def until(happened: Callable[[], bool], within: float = 10) -> None:
    """Ask again and again, up to a deadline."""
    async with asyncio.timeout(within):
        while not happened():  # noqa: ASYNC110 - any state will do, and most of it tells nobody
            await asyncio.sleep(0.005)


def section(text: str = "words") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": label}, **more}


def actions(*elements: Json, block_id: str = "buttons") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}
