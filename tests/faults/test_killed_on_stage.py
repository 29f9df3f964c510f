"""kill -9 of bot processes while the stage's clock runs: whatever is cut off, the stage goes on."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from rehearsal.server import Stage
from tests.conversations.room import MANIFEST, Loop
from tests.ports import free_port
from tests.process.running import Process, wait_until

SOON = 20
"""In seconds: less than the stage waits before it says that something hangs."""


class Scene:
    """A stage whose clock runs, and processes of the bot, one by one. `problems` is what its loop complains of."""

    def __init__(self, folder: Path, delivery: Any, database: str) -> None:
        self.problems: list[dict[str, Any]] = []
        self.loop = Loop()
        self.loop._loop.set_exception_handler(lambda _, context: self.problems.append(context))
        port = free_port()
        url = f"http://127.0.0.1:{port}/slack/events" if delivery == "http" else None
        options: dict[str, Any] = {"delivery": delivery, "request_url": url, "retry_delays": (0.2, 0.5, 1.0)}
        self.stage: Stage = self.loop.do(Stage.start(manifest=MANIFEST, rate=10, **options))
        self._environment = self.stage.bot_environment() | {"DATABASE_URL": database, "PORT": str(port)}
        self._folder = folder
        self.bot = self.bot_comes()

    def bot_comes(self) -> Process:
        self.bot = Process(self._folder, self._environment)
        self.loop.do(self.stage.wait_for_bot())
        return self.bot

    def killed(self) -> None:
        self.bot.process.kill()
        self.bot.process.wait()

    def orders(self, fault: str, **rule: Any) -> Callable[[], bool]:
        """A fault from now on; whether it holds a call."""

        async def added() -> Any:
            return self.stage.faults.add(fault, **rule)

        standing = self.loop.do(added())
        return lambda: standing.report["kept"] > 0

    def say(self, text: str) -> None:
        kind = "command" if text.startswith("/") else "say"
        self.loop.do(self.stage.act({"as": "ana", "do": kind, "text": text}))

    def comes_to_rest(self) -> float:
        """Settle and let a minute pass; how many seconds that took."""
        begun = monotonic()
        self.loop.do(self.stage.settle())
        self.loop.do(self.stage.advance_to(self.stage.now_us + 60_000_000))
        return monotonic() - begun

    def close(self) -> float:
        begun = monotonic()
        self.killed()
        self.loop.do(self.stage.close())
        self.loop.close()
        return monotonic() - begun


@pytest.fixture
def scene(delivery: str, database: str, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path, delivery, database)
    yield made
    assert made.close() < SOON
    assert made.problems == []


@pytest.mark.parametrize("fault", ["hold_before", "hold_after"])
def test_a_bot_that_is_killed_in_the_middle_of_a_call_is_not_waited_for(scene: Scene, fault: str) -> None:
    held = scene.orders(fault, method="chat.postMessage")
    scene.say("/topic Releases")
    wait_until(held)
    scene.killed()
    assert scene.comes_to_rest() < SOON
    assert not held()

    scene.loop.do(scene.stage.faults.clear())
    scene.bot_comes()
    scene.say("/note Back again")
    assert scene.comes_to_rest() < SOON


def test_a_bot_that_is_killed_while_people_speak_is_not_waited_for(scene: Scene) -> None:
    scene.say("/topic Releases")
    for number in range(40):
        scene.say(f"#info Well, {number}")
        if number == 20:
            scene.killed()
    assert scene.comes_to_rest() < SOON
    assert scene.stage.backstage.carrier.lost, "nobody was there to hear the last ones"


def test_a_bot_that_is_killed_while_the_stage_waits_for_it_ends_the_waiting(scene: Scene) -> None:
    held = scene.orders("hold_after", method="chat.postMessage")
    scene.say("/topic Releases")
    wait_until(held)
    settling = asyncio.run_coroutine_threadsafe(scene.stage.settle(), scene.loop._loop)
    scene.killed()
    settling.result(SOON)
