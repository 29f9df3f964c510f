"""A room: a channel of the stand-in Slack with the whole bot in it, driven as people drive it.

The bot takes Slack's real deliveries (Socket Mode, or signed HTTP) and calls the stand-in's Web API over HTTP. The
clock is the rehearsal's: it stands still at 13:00 UTC until `passes` or `until` moves it, so nothing here sleeps.
"""

import asyncio
import json
import re
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from time import monotonic
from typing import Any, Self, TypeVar

from aiohttp import ClientSession
from sqlalchemy import inspect
from typer.testing import CliRunner

from bot.app import Bot
from bot.cli.checking import findings
from bot.cli.commands import app
from bot.settings import read
from minutes.consistency import Finding
from minutes.moment import from_micros
from rehearsal.interactions.clicks import click_in_message, target_in
from rehearsal.people import Channel
from rehearsal.selectors import select
from rehearsal.server import Stage
from rehearsal.site import Site
from storage.engine import reading_engine
from storage.reader import Reader
from tests.databases import opened
from tests.ports import free_port

T = TypeVar("T")
MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
PATIENCE = 100
BETWEEN_ACTS_US = 5_000_000
STAGE_PATIENCE_S = 30.0
"""Slack waits for three seconds; what is said here must not hang on how busy the machine is."""
Message = dict[str, Any]


class Loop:
    """An event loop on a thread of its own, so that tests read in order."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.begin(work).result(PATIENCE)

    def begin(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """The same without waiting."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


class Room:
    """`says` types: what begins with `/` is a command. All methods return when the bot has done what it does."""

    def __init__(
        self, database: str, *, delivery: str = "socket", settings: dict[str, str] | None = None, **stage: Any
    ) -> None:
        self.loop = Loop()
        self.database = database
        self._delivery, self._more, self._stage_options = delivery, settings or {}, stage
        self._ports = self._free_ports()
        self._heard = 0
        self.is_whole = True
        """Whether the record is to be whole at the end: not where a test has altered it by hand."""
        self.stage: Stage = self.loop.do(self._open_stage())
        self.site: Site = self.stage
        """The workspace that is meant by all that is done and seen here."""
        self._rooms = {self.site.backstage.workspace.team.id: self}
        self.bot: Bot | None = None
        self.bot_comes()

    def of(self, workspace: str) -> Self:
        """This room as it is in another workspace: for its people, with its channels. The bot's process is the same."""
        site = self.stage.site(workspace)
        there = self._rooms.setdefault(site.backstage.workspace.team.id, copy(self))
        there.site = site
        return there

    def has_workspace(self, name: str = "Elsewhere", *, alike: bool = True) -> Self:
        """There is another workspace, where the app is not installed yet; the room as it is there.

        `alike`: its ids and timestamps may be the same as here, so that whatever forgets the workspace shows.
        """

        async def made() -> None:
            self.stage.add_workspace(name, alike=alike)

        self.loop.do(made())
        return self.of(name)

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

    def inconsistencies(self) -> list[Finding]:
        """What `folkmoot check` would find at this moment of the play."""
        reader = Reader(reading_engine(self.database))
        try:
            return reader.ask_now(findings, from_micros(self.stage.now_us))
        finally:
            reader.close()

    # What people do

    def says(self, who: str, text: str, *, thread: Any = None, channel: str | None = None) -> str:
        """The answer that only `who` sees to a command, or the `ts` of a message."""
        kind = "command" if text.startswith("/") else "say"
        more = {"thread": thread} if thread else {}
        result = self._act({"as": who, "do": kind, "text": text, **more}, channel)
        return shown(result["answer"]) if kind == "command" and result.get("answer") else str(result.get("ts", ""))

    def hurries(self, who: str, what: str, **how: Any) -> None:
        """Somebody does something, and nobody waits for what comes of it."""
        self.loop.do(self.site.act({"as": who, "do": what, **how}))

    def reacts(self, who: str, emoji: str, *, to: Any) -> None:
        self._act({"as": who, "do": "react", "emoji": emoji, "on": to})

    def unreacts(self, who: str, emoji: str, *, to: Any) -> None:
        self._act({"as": who, "do": "unreact", "emoji": emoji, "on": to})

    def clicks(self, who: str, button: str, *, on: Any = None, sure: bool = False) -> None:
        where = {"on": on} if on else {}
        self._act({"as": who, "do": "click", "button": button, "confirm": sure, **where})

    def clicks_in(self, channel: str, who: str, button: str, *, on: str) -> None:
        """A click in another conversation; `@folkmoot` is their own with the bot."""
        self._act({"as": who, "do": "click", "button": button, "on": on}, channel)

    def clicks_unseen(self, who: str, button: str, *, on: str, shown_to: str) -> None:
        """A click on a private message of somebody else's, which no client would send."""
        workspace, backstage = self.site.backstage.workspace, self.site.backstage
        person, seer = workspace.person_called(who), workspace.person_called(shown_to)
        assert person
        assert seer
        # As if it stood in the channel, or the answer would take the place of somebody else's message.
        message = replace(select(workspace, seer, self.home, on, clickable=True), seen_by=None)
        target = target_in(message.blocks, button, confirm=True)
        self.loop.do(click_in_message(backstage, person, message, target))
        self._settle()

    def opens_home(self, who: str) -> None:
        self._act({"as": who, "do": "open_home"})

    def home_of(self, who: str) -> str:
        """All that `who` sees as the bot's Home."""
        return shown({"blocks": self.home_view(who)["blocks"]}).strip()

    def home_view(self, who: str) -> Message:
        person = self.site.backstage.workspace.person_called(who)
        assert person
        home = self.site.backstage.homes.of(person.id)
        assert home, f"{who}'s Home is empty"
        return home.view

    def clicks_home(self, who: str, button: str, choose: str | None = None) -> None:
        """A click in Home; `choose` is what is typed into a field there, with Enter."""
        self._act({"as": who, "do": "click", "home": True, "button": button, "choose": choose})

    def searches_home(self, who: str, words: str) -> None:
        self.clicks_home(who, "home_search", words)

    def fills(self, who: str, **fields: Any) -> dict[str, str]:
        """Fill in and send the dialog that `who` has open; what stands below its fields then."""
        errors: dict[str, str] = self._act({"as": who, "do": "submit", "fields": fields})["errors"]
        return errors

    def edits(self, who: str, message: str, text: str) -> None:
        self._act({"as": who, "do": "edit", "on": message, "text": text})

    def edits_in(self, channel: str, who: str, ts: str, text: str) -> None:
        """Edit a message of another conversation, by its `ts`."""
        self._act({"as": who, "do": "edit", "on": ts, "text": text}, channel)

    def deletes(self, who: str, message: str) -> None:
        self._act({"as": who, "do": "delete", "on": message})

    def admin_deletes(self, who: str, message: str) -> None:
        """An admin deletes what somebody else, or the bot, has said."""
        self._act({"as": who, "do": "delete", "on": message, "admin": True})

    def joins(self, who: str, *, channel: str | None = None) -> None:
        self._act({"as": who, "do": "join"}, channel)

    def leaves(self, who: str) -> None:
        self._act({"as": who, "do": "leave"})

    def reacts_in(self, channel: str, who: str, emoji: str, *, to: str) -> None:
        """React to a message of another channel, by its `ts`."""
        self._act({"as": who, "do": "react", "emoji": emoji, "on": to}, channel)

    def crowd(self, size: int) -> list[str]:
        """So many more people come to the channel; their handles."""

        async def made() -> list[str]:
            return self.site.crowd(size)

        return self.loop.do(made())

    def reacts_all(self, votes: list[tuple[str, str]], *, to: Any, seconds: float = 0) -> None:
        """Many people react, who and with what, within some seconds."""
        self.loop.do(self.site.react_as(votes, on=to, seconds=seconds))
        self._settle()

    def passes(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass, with everything that falls due on the way."""
        us = self.stage.now_us + round((hours * 3600 + minutes * 60 + seconds) * 1_000_000)
        self.loop.do(self.stage.advance_to(us))

    def until(self, clock: str) -> None:
        """Let time pass until the clock shows this time of the first day, in UTC."""
        today = datetime(2026, 4, 14, tzinfo=UTC).date()
        then = datetime.combine(today, time.fromisoformat(clock), UTC)
        self.loop.do(self.stage.advance_to(round(then.timestamp()) * 1_000_000))

    @property
    def now(self) -> str:
        return f"{datetime.fromtimestamp(self.stage.now_us / 1_000_000, UTC):%H:%M:%S}"

    # What Slack does

    def has_channel(self, name: str, *, private: bool = False, with_bot: bool = True) -> None:
        """There is another channel, with everybody in it."""

        async def made() -> None:
            self.site.add_channel(name, private=private, with_bot=with_bot)

        self.loop.do(made())

    def has_group_direct(self, *handles: str) -> str:
        """There is a conversation of these people without a channel; what Slack calls it."""

        async def made() -> str:
            return self.site.add_group_direct(*handles).name

        return self.loop.do(made())

    def has_person(self, handle: str, name: str, **kind: Any) -> None:
        """There is somebody new in the channel; `is_bot`, `is_guest` and `is_stranger` say of what kind."""

        async def made() -> None:
            self.site.add_person(handle, name, **kind)

        self.loop.do(made())

    def has_group(self, handle: str, *members: str) -> None:
        """There is a user group of these people."""

        async def made() -> None:
            self.site.add_group(handle, *members)

        self.loop.do(made())

    def fails(self, fault: str, **rule: Any) -> None:
        """Something goes wrong from now on, by a rule of `rehearsal/faults`."""

        async def added() -> None:
            self.stage.faults.add(fault, **rule)

        self.loop.do(added())

    def holds_calls(self, method: str) -> Any:
        """The next call of this method is answered only when Slack `lets_go`; gives the rule, which says if it came."""

        async def held() -> Any:
            return self.stage.faults.add("hold_after", method=method, times=1)

        return self.loop.do(held())

    def lets_go(self) -> None:
        self.loop.do(self.stage.faults.release(None))

    def hears_event(self, event: Message) -> None:
        """Slack delivers this event to the bot."""
        team = self.site.backstage.workspace.team
        self._heard += 1
        body = {"type": "event_callback", "team_id": team.id, "api_app_id": team.app_id, "event": event}

        async def delivered() -> None:
            self.stage.backstage.carrier.event(body | {"event_id": f"EvODD{team.id}{self._heard}", "event_time": 1})

        self.loop.do(delivered())
        self._settle()

    # What people see

    @property
    def home(self) -> Channel:
        return next(each for each in self.site.backstage.workspace.channels.values() if each.kind == "channel")

    def channel(self, name: str | None = None) -> list[Message]:
        """What everybody sees in the channel, without the threads."""
        found = self.site.messages(name)
        return [each for each in found if each.get("thread_ts", each["ts"]) == each["ts"]]

    def texts(self, name: str | None = None) -> list[str]:
        """What the bot has posted in the channel, as people read it."""
        return [shown(each) for each in self.channel(name) if each.get("bot_id") and not each.get("subtype")]

    def thread(self, words: str) -> list[str]:
        """The replies below the newest message that has these words."""
        return self.thread_of(self.message(words)["ts"])

    def thread_of(self, ts: str) -> list[str]:
        replies = [each for each in self.site.messages() if each.get("thread_ts") == ts]
        return [shown(each) for each in replies if each["ts"] != ts]

    def message(self, words: str, channel: str | None = None) -> Message:
        """The newest message of the channel that has these words."""
        found = [each for each in self.channel(channel) if words in shown(each)]
        assert found, f"nobody said {words!r}; the bot said {self.texts(channel)}"
        return found[-1]

    def sees(self, words: str) -> None:
        """Wait until somebody has said these words, without waiting for the bot to be done."""
        deadline = monotonic() + PATIENCE
        while not any(words in shown(each) for each in self.channel()):
            assert monotonic() < deadline, f"nobody said {words!r}"
            self.loop.do(asyncio.sleep(0.005))

    def card(self) -> str:
        """The newest session card."""
        cards = [each for each in self.channel() if each.get("pinned_to") and shown(each).startswith("🗒")]
        assert cards, f"there is no card among {self.texts()}"
        return shown(cards[-1])

    def ballot(self, words: str) -> str:
        return shown(self.ballot_message(words))

    def ballot_message(self, words: str) -> Message:
        """The newest ballot with these words: a decision or a digest may have them too."""
        found = [each for each in self.channel() if words in shown(each) and "Proposed by" in shown(each)]
        assert found, f"there is no ballot on {words!r} among {self.texts()}"
        return found[-1]

    def digests(self, name: str | None = None) -> list[str]:
        return [text for text in self.texts(name) if "Thank you for taking part" in text]

    def whispers(self, who: str, channel: str | None = None) -> list[str]:
        """What only `who` sees in the channel."""
        found = self.site.messages(channel, person=who)
        return [shown(each) for each in found if each.get("is_ephemeral")]

    def direct(self, who: str) -> list[str]:
        """What the bot has said to `who` alone, in their direct messages with it."""
        workspace = self.site.backstage.workspace
        person = workspace.person_called(who)
        assert person
        return self.texts(workspace.direct_id(person))

    def has_talked_with(self, who: str) -> bool:
        """Whether the bot has a conversation of its own with them."""
        workspace = self.site.backstage.workspace
        person = workspace.person_called(who)
        assert person
        return workspace.direct_id(person) in workspace.channels

    def hears_directly(self, who: str) -> list[str]:
        """All that `who` sees in their direct messages with the bot, with what only they see of it."""
        workspace = self.site.backstage.workspace
        person = workspace.person_called(who)
        assert person
        return [shown(each) for each in self.site.messages(workspace.direct_id(person), person=who)]

    def dialog(self, who: str) -> Message:
        """The dialog that `who` has open."""
        person = self.site.backstage.workspace.person_called(who)
        assert person
        dialog = self.site.backstage.dialogs.top(person.id)
        assert dialog, f"{who} has no dialog open"
        return dialog.view

    def recaps(self) -> list[str]:
        """The files that the bot has attached."""
        files = self.site.backstage.workspace.files.values()
        return [file.content.decode() for file in files if file.name == "recap.md"]

    def pings(self) -> list[str]:
        """Everything in the bot's messages, now or once, that would ping somebody."""
        workspaces = [site.backstage.workspace for site in self.stage.sites]
        private = [
            each
            for workspace in workspaces
            for place in workspace.channels.values()
            for each in place.ephemerals.values()
            if each.user == workspace.bot.id
        ]
        said = [{"text": each.text, "blocks": each.blocks} for each in private]
        said += [call.arguments for call in self.stage.web_api.calls if call.method.startswith("chat.")]
        return [ping for each in said for ping in _pings(each)]

    # What is kept

    def folkmoot(self, *arguments: str) -> str:
        """What the command line says of what is stored."""
        done = CliRunner().invoke(app, list(arguments), env={"DATABASE_URL": self.database})
        assert done.exit_code == 0, done.output
        return done.stdout

    def record(self, session: int | None = None) -> Message:
        """A session as JSON, the latest where none is named."""
        which = [] if session is None else ["--session", str(session)]
        found: Message = json.loads(self.folkmoot("recap", *which, "--format", "json"))
        return found

    def proposals(self) -> list[Message]:
        found: list[Message] = json.loads(self.folkmoot("proposals", "--json"))
        return found

    def stored(self) -> str:
        """Everything in the database, in words."""
        with opened(self.database) as database:
            tables = inspect(database).get_table_names()
            rows = (row for name in tables for row in database.exec_driver_sql(f'SELECT * FROM "{name}"'))  # noqa: S608
            # A moment is text in SQLite.
            return "\n".join(repr([str(each) if isinstance(each, datetime) else each for each in row]) for row in rows)

    def alters_database(self, statement: str) -> None:
        """Somebody works on the database behind the bot's back: who knows whether it is whole then."""
        self.is_whole = False
        with opened(self.database) as database:
            database.exec_driver_sql(statement)

    def gets(self, path: str) -> tuple[int, Any]:
        """What the bot's own server answers to a plain request, over signed HTTP: the status, and its JSON."""

        async def got() -> tuple[int, Any]:
            async with ClientSession() as session, session.get(f"http://127.0.0.1:{self._port}{path}") as answer:
                return answer.status, await answer.json()

        return self.loop.do(got())

    def calls(self, method: str) -> list[Any]:
        """What the bot has asked of this workspace, or of none in particular."""
        teams = ("", self.site.backstage.workspace.team.id)
        return [call for call in self.stage.web_api.calls if call.method == method and call.team in teams]

    def does(self, who: str, what: str, *, channel: str | None = None, **how: Any) -> None:
        """Anything else that people do: see `rehearsal/acts.py`."""
        self._act({"as": who, "do": what, **how}, channel)

    def _act(self, act: dict[str, Any], channel: str | None = None) -> dict[str, Any]:
        if channel:
            act = {**act, "channel": channel}
        result = self.loop.do(self.site.act(act))
        self._settle()
        return result

    def _settle(self) -> None:
        self.loop.do(self.stage.settle())
        # The courier keeps Slack's pace on this clock: give it the seconds that people take between two acts.
        soon = self.stage.now_us + BETWEEN_ACTS_US
        if self.stage.next_due_us is not None and self.stage.next_due_us <= soon:
            self.loop.do(self.stage.advance_to(soon))

    @property
    def _port(self) -> int:
        return self._ports[0]

    def _free_ports(self) -> list[int]:
        """One for each process that Slack calls."""
        return [free_port()]

    async def _open_stage(self) -> Stage:
        urls = [f"http://127.0.0.1:{port}/slack/events" for port in self._ports]
        return await Stage.start(
            delivery=self._delivery,  # type: ignore[arg-type]
            request_url=urls if self._delivery == "http" else None,
            **{"manifest": MANIFEST, "patience_s": STAGE_PATIENCE_S} | self._stage_options,
        )

    def _environment(self) -> dict[str, str]:
        environment = self.stage.bot_environment() | {"DATABASE_URL": self.database, "PORT": str(self._port)}
        return environment | self._more

    async def _start_bot(self) -> None:
        self.bot = Bot(read(self._environment(), lambda _: None))
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


def buttons(message: Message) -> list[str]:
    """The labels of a message's buttons."""
    elements = [each for block in message.get("blocks") or [] for each in block.get("elements", ())]
    return [each["text"]["text"] for each in elements if each["type"] == "button"]


def moments(message: Message) -> list[str]:
    """The moments of a message that each reader sees in their own time zone, here in UTC."""
    found = (each for each in _nodes(message.get("blocks") or []) if each.get("type") == "date")
    return [f"{datetime.fromtimestamp(each['timestamp'], UTC):%H:%M}" for each in found]


def _nodes(value: Any) -> Iterator[Message]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _nodes(each)


def _pings(said: Message) -> Iterator[str]:
    """Slack reads control sequences in `text` and in mrkdwn; rich text and plain text are literal."""
    blocks = said.get("blocks") or []
    nodes = list(_nodes(json.loads(blocks) if isinstance(blocks, str) else blocks))
    yield from (str(node) for node in nodes if node.get("type") in ("user", "usergroup", "broadcast", "channel"))
    read = [said.get("text") or "", *(str(node["text"]) for node in nodes if node.get("type") == "mrkdwn")]
    yield from (text for text in read if re.search(r"<[@!](?!date\^)", text))


RICH = ("text", "link", "emoji", "date", "user")


def _lines(elements: list[dict[str, Any]]) -> list[str]:
    """The pieces of one rich-text line read as one."""
    return ["".join(each.get("text") or each.get("fallback") or each.get("url") or "" for each in elements)]
