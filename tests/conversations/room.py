"""A room: a channel of the stand-in Slack with the whole bot in it, driven as people drive it.

The bot takes Slack's real deliveries (Socket Mode, or signed HTTP) and calls the stand-in's Web API over HTTP. The clock
is the rehearsal's: it stands still until `passes` moves it, so nothing here sleeps.
"""

import asyncio
import json
import socket
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.app import Bot
from bot.settings import read
from rehearsal.server import Stage

T = TypeVar("T")
MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
PATIENCE = 30
BETWEEN_ACTS_US = 5_000_000
Message = dict[str, Any]


class Loop:
    """An event loop on a thread of its own, so that tests read in order."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


class Room:
    """`says` types: what begins with `/` is a command. All methods return when the bot has done what it does."""

    def __init__(
        self, folder: Path, *, delivery: str = "socket", settings: dict[str, str] | None = None, **stage: Any
    ) -> None:
        self.loop = Loop()
        self.database = f"sqlite:///{folder / 'folkmoot.db'}"
        self._delivery, self._more, self._stage_options = delivery, settings or {}, stage
        self._port = _free_port()
        self.stage: Stage = self.loop.do(self._open_stage())
        self.bot: Bot | None = None
        self.bot_comes()

    def bot_comes(self) -> None:
        """Start the bot, for the first time or again."""
        self.loop.do(self._start_bot())

    def bot_goes(self) -> None:
        """Stop the bot in good order."""
        if self.bot is not None:
            self.loop.do(self.bot.stop())
            self.bot = None

    def close(self) -> None:
        self.bot_goes()
        self.loop.do(self.stage.close())
        self.loop.close()

    # What people do

    def says(self, who: str, text: str, *, thread: Any = None, channel: str | None = None) -> str:
        """The answer that only `who` sees to a command, or the `ts` of a message."""
        kind = "command" if text.startswith("/") else "say"
        more = {"thread": thread} if thread else {}
        result = self._act({"as": who, "do": kind, "text": text, **more}, channel)
        return shown(result["answer"]) if kind == "command" and result.get("answer") else str(result.get("ts", ""))

    def reacts(self, who: str, emoji: str, *, to: Any) -> None:
        self._act({"as": who, "do": "react", "emoji": emoji, "on": to})

    def unreacts(self, who: str, emoji: str, *, to: Any) -> None:
        self._act({"as": who, "do": "unreact", "emoji": emoji, "on": to})

    def clicks(self, who: str, button: str, *, on: Any = None, sure: bool = False) -> None:
        where = {"on": on} if on else {}
        self._act({"as": who, "do": "click", "button": button, "confirm": sure, **where})

    def fills(self, who: str, **fields: str) -> None:
        """Fill in and send the dialog that `who` has open."""
        self._act({"as": who, "do": "submit", "fields": fields})

    def joins(self, who: str, *, channel: str | None = None) -> None:
        self._act({"as": who, "do": "join"}, channel)

    def passes(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, with everything that falls due on the way."""
        us = self.stage.now_us + round((hours * 3600 + minutes * 60 + seconds) * 1_000_000)
        self.loop.do(self.stage.advance_to(us))

    # What people see

    def channel(self, name: str | None = None) -> list[Message]:
        """What everybody sees in the channel, without the threads."""
        found = self.stage.messages(name)
        return [each for each in found if each.get("thread_ts", each["ts"]) == each["ts"]]

    def texts(self, name: str | None = None) -> list[str]:
        """What the bot has posted in the channel, as people read it."""
        return [shown(each) for each in self.channel(name) if each.get("bot_id")]

    def thread(self, words: str) -> list[str]:
        """The replies below the newest message that has these words."""
        parent = self.message(words)
        replies = [each for each in self.stage.messages() if each.get("thread_ts") == parent["ts"]]
        return [shown(each) for each in replies if each["ts"] != parent["ts"]]

    def message(self, words: str, channel: str | None = None) -> Message:
        """The newest message of the channel that has these words."""
        found = [each for each in self.channel(channel) if words in shown(each)]
        assert found, f"nobody said {words!r}; the bot said {self.texts(channel)}"
        return found[-1]

    def card(self) -> str:
        """The newest session card."""
        cards = [each for each in self.channel() if each.get("pinned_to") and shown(each).startswith("🗒")]
        assert cards, f"there is no card among {self.texts()}"
        return shown(cards[-1])

    def ballot(self, words: str) -> str:
        return shown(self.message(words))

    def whispers(self, who: str) -> list[str]:
        """What only `who` sees in the channel."""
        found = self.stage.messages(person=who)
        return [shown(each) for each in found if each.get("is_ephemeral")]

    def calls(self, method: str) -> list[Any]:
        """What the bot has asked of this Slack."""
        return [call for call in self.stage.web_api.calls if call.method == method]

    def _act(self, act: dict[str, Any], channel: str | None = None) -> dict[str, Any]:
        if channel:
            act = {**act, "channel": channel}
        result = self.loop.do(self.stage.act(act))
        self.loop.do(self.stage.settle())
        # The courier keeps Slack's pace on this clock: give it the seconds that people take between two acts.
        soon = self.stage.now_us + BETWEEN_ACTS_US
        if self.stage.next_due_us is not None and self.stage.next_due_us <= soon:
            self.loop.do(self.stage.advance_to(soon))
        return result

    async def _open_stage(self) -> Stage:
        url = f"http://127.0.0.1:{self._port}/slack/events" if self._delivery == "http" else None
        return await Stage.start(
            manifest=MANIFEST,
            delivery=self._delivery,  # type: ignore[arg-type]
            request_url=url,
            **self._stage_options,
        )

    async def _start_bot(self) -> None:
        environment = self.stage.bot_environment() | {"DATABASE_URL": self.database, "PORT": str(self._port)}
        self.bot = Bot(read(environment | self._more, lambda _: None))
        await self.bot.start()
        await self.stage.wait_for_bot()
        await self.stage.settle()


def shown(message: Message) -> str:
    """All words of a message as people read them, blocks before the fallback text."""
    return "\n".join([*_words(message.get("blocks") or []), message.get("text", "")])


def _words(node: Any) -> list[str]:
    if isinstance(node, list):
        return _lines(node) if _is_rich(node) else [words for each in node for words in _words(each)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [words for key, each in node.items() if isinstance(each, dict | list) for words in _words(each)]


def _is_rich(node: list[Any]) -> bool:
    return bool(node) and all(isinstance(each, dict) and each.get("type") in RICH for each in node)


RICH = ("text", "link", "emoji", "date", "user")


def _lines(elements: list[dict[str, Any]]) -> list[str]:
    """The pieces of one rich-text line read as one."""
    return ["".join(each.get("text") or each.get("fallback") or each.get("url") or "" for each in elements)]



def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
