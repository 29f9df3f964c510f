"""A real browser on the real page of a real stage, which runs in a thread of its own."""

import asyncio
import contextlib
import json
import os
import threading
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rehearsal.server import Stage

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MANIFEST = {
    "display_information": {"name": "Folkmoot"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "folkmoot"},
        "shortcuts": [
            {"name": "Record as…", "type": "message", "callback_id": "record_as", "description": "Put it down"},
            {"name": "Start a session", "type": "global", "callback_id": "start", "description": "Begin"},
            {"name": "Propose", "type": "global", "callback_id": "propose", "description": "Put to the vote"},
        ],
        "slash_commands": [
            {"command": "/topic", "description": "Put a topic on the floor", "usage_hint": "title"},
            {"command": "/note", "description": "Keep a note", "usage_hint": "text", "should_escape": True},
        ],
    },
    "oauth_config": {
        "redirect_urls": ["http://127.0.0.1/slack/oauth_redirect"],
        "scopes": {"bot": ["commands", "chat:write", "reactions:read", "reactions:write", "pins:write", "files:write"]},
    },
    "settings": {
        "event_subscriptions": {"bot_events": []},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


class Puppet:
    """Stands in for the bot: acknowledges everything, and does what a test has told it to do."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._api = environment["SLACK_API_URL"]
        self._environment = environment
        self.views: dict[str, dict[str, Any]] = {}  # action_id -> the view it opens
        self.clicked: list[dict[str, Any]] = []
        self.submitted: list[dict[str, Any]] = []
        self.errors: dict[str, str] = {}  # what the next submission is answered with

    async def listen(self, ready: asyncio.Event) -> None:
        token = {"authorization": f"Bearer {self._environment['SLACK_APP_TOKEN']}"}
        async with aiohttp.ClientSession() as session:
            async with session.post(self._api + "apps.connections.open", headers=token) as answer:
                url = (await answer.json())["url"]
            async with session.ws_connect(url) as socket:
                async for frame in socket:
                    envelope = json.loads(frame.data)
                    if envelope["type"] == "hello":
                        ready.set()
                    elif "envelope_id" in envelope:
                        answer_body = await self._answer(session, envelope)
                        await socket.send_json({"envelope_id": envelope["envelope_id"], **answer_body})

    async def _answer(self, session: aiohttp.ClientSession, envelope: dict[str, Any]) -> dict[str, Any]:
        payload = envelope["payload"]
        if envelope["type"] == "slash_commands":
            return {"payload": {"text": f"Understood: {payload['command']} {payload['text']}"}}
        if payload["type"] == "block_actions":
            await self._act(session, payload)
        if payload["type"] in ("shortcut", "message_action"):
            self.clicked.append(payload)
            await self._open(session, payload, payload["callback_id"])
        if payload["type"] == "view_submission":
            if self.errors:
                errors, self.errors = self.errors, {}
                return {"payload": {"response_action": "errors", "errors": errors}}
            self.submitted.append(payload["view"]["state"]["values"])
        return {}

    async def _act(self, session: aiohttp.ClientSession, payload: dict[str, Any]) -> None:
        action = payload["actions"][0]
        self.clicked.append(action | {"by": payload["user"]["id"]})
        await self._open(session, payload, action["action_id"])

    async def _open(self, session: aiohttp.ClientSession, payload: dict[str, Any], name: str) -> None:
        view = self.views.get(name)
        if view:
            body = {"trigger_id": payload["trigger_id"], "view": view}
            token = {"authorization": f"Bearer {self._environment['SLACK_BOT_TOKEN']}"}
            async with session.post(self._api + "views.open", json=body, headers=token) as answer:
                assert (await answer.json())["ok"], await answer.text()


expect.set_options(timeout=20_000)  # what is on show in the end counts, however slow the machine is


@dataclass
class Theatre:
    """The stage, seen from a test's thread."""

    stage: Stage
    bot: Puppet
    loop: asyncio.AbstractEventLoop
    handles: dict[str, str] = field(default_factory=dict)

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=20)

    def act(self, who: str, do: str, **fields: Any) -> dict[str, Any]:
        return dict(self.wait(self.stage.act({"as": who, "do": do, **fields})))

    def report(self, **progress: Any) -> None:
        """The player says how far it is."""
        self.loop.call_soon_threadsafe(lambda: self.stage.report_progress(**progress))

    def api(self, method: str, **body: Any) -> dict[str, Any]:
        """A call of the Web API with the bot's token."""
        environment = self.stage.bot_environment()
        headers = {
            "authorization": f"Bearer {environment['SLACK_BOT_TOKEN']}",
            "content-type": "application/x-www-form-urlencoded",
        }
        form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        request = urllib.request.Request(  # noqa: S310 - the stage's own address on this computer
            environment["SLACK_API_URL"] + method, urlencode(form).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            result: dict[str, Any] = json.load(answer)
        assert result["ok"], result
        return result

    def posts(self, text: str, **fields: Any) -> str:
        """The bot posts in #general-moot; the ts of its message."""
        return str(self.api("chat.postMessage", channel="C0MOOT", text=text, **fields)["ts"])

    def id_of(self, handle: str) -> str:
        if not self.handles:
            with urllib.request.urlopen(f"{self.stage.url}/stage/state", timeout=20) as answer:  # noqa: S310
                self.handles = {p["name"]: p["id"] for p in json.load(answer)["you_can_act_as"]}
        return self.handles[handle]


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(yaml.safe_dump(MANIFEST), encoding="utf-8")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="stage", daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=20)

    stage = wait(Stage.start(None, manifest=manifest))
    puppet = Puppet(stage.bot_environment())

    async def begin() -> asyncio.Task[None]:
        ready = asyncio.Event()
        task = asyncio.create_task(puppet.listen(ready))
        await ready.wait()
        return task

    async def end() -> None:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await stage.close()

    listening = wait(begin())
    yield Theatre(stage, puppet, loop)
    wait(end())
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=20)
    loop.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing: the page has not been looked at")
        pytest.skip(f"{CHROMIUM} is missing: install Debian's chromium to look at the page")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, theatre: Theatre) -> Iterator[Callable[..., Page]]:
    """Opens the page in a browser of one's own; errors of its scripts fail the test."""
    contexts, errors = [], []

    def opened(who: str | None = None, *, width: int = 1280, height: int = 800, scheme: Any = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(theatre.stage.url)
        expect(page.locator("#composer-text")).to_be_focused()
        if who:
            page.get_by_label("Act as").select_option(theatre.id_of(who))
            expect(page.locator(".place[aria-pressed=true]")).to_contain_text("you")
        expect(page.locator("#log .rows")).to_have_attribute("aria-busy", "false")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
