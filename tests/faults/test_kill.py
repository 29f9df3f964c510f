"""kill -9 of the real process at a named step of a post, and a new one in its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.server import Stage
from tests.conversations.room import MANIFEST, Loop, Message, shown
from tests.process.running import Process, wait_until

MINUTE = 60_000_000


class Killed:
    """A stage, and processes of the bot one after the other."""

    def __init__(self, folder: Path) -> None:
        self.loop = Loop()
        self.stage = self.loop.do(Stage.start(manifest=MANIFEST, retry_delays=(0.2, 1.0, 3.0)))
        self._environment = self.stage.bot_environment() | {"DATABASE_URL": f"sqlite:///{folder / 'folkmoot.db'}"}
        self._folder = folder
        self.bot = self._start()

    def _start(self) -> Process:
        bot = Process(self._folder, self._environment)
        self.loop.do(self.stage.wait_for_bot())
        self.loop.do(self.stage.settle())
        return bot

    def says(self, who: str, text: str) -> None:
        self.loop.do(self.stage.act({"as": who, "do": "command", "text": text}))

    def passes(self, minutes: float) -> None:
        self.loop.do(self.stage.advance_to(self.stage.now_us + round(minutes * MINUTE)))

    def fails(self, fault: str, **rule: object) -> None:
        async def added() -> None:
            self.stage.faults.add(fault, **rule)

        self.loop.do(added())

    def killed_and_back(self) -> None:
        self.bot.process.kill()
        self.bot.process.wait()
        self.loop.do(self.stage.faults.clear())
        self.bot = self._start()

    def decided(self) -> list[Message]:
        return [each for each in self.stage.messages() if shown(each).startswith("✅ Decision: We ship")]

    def posts(self) -> int:
        return sum(call.method == "chat.postMessage" for call in self.stage.web_api.calls)

    def close(self) -> None:
        self.bot.__exit__()
        self.loop.do(self.stage.close())
        self.loop.close()


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    made = Killed(tmp_path)
    made.says("ana", "/topic Releases")
    made.passes(1)
    yield made
    made.close()


@pytest.mark.parametrize("fault", [None, "hang_up_before", "hang_up_after", "slow"])
def test_a_decision_is_said_once_whenever_the_process_dies(killed: Killed, fault: str | None) -> None:
    """Before the call, after Slack lost it, after Slack took it and hung up, and while Slack answers."""
    before = killed.posts()
    if fault is not None:
        more = {"seconds": 2, "real": True} if fault == "slow" else {}
        killed.fails(fault, method="chat.postMessage", times=1, **more)
    killed.says("ana", "/decide We ship")
    if fault in ("hang_up_after", "slow"):
        wait_until(lambda: killed.posts() > before)
    killed.killed_and_back()
    killed.passes(5)

    assert len(killed.decided()) == 1
