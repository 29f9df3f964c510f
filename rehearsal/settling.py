"""The control of the bot's clock, and waiting until the bot has done everything due."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import WSMsgType, web

from rehearsal.agenda import Agenda
from rehearsal.clock import PlayClock
from rehearsal.delivery.carrier import Underway
from rehearsal.wire import SECOND, Json

SETTLE_SECONDS = 60.0
_MOST_ROUNDS = 10_000
# In real time: nothing has happened for so long, so the bot may be taken to wait for an answer.
_QUIET_SECONDS = 0.03
_MOST_ROUNDS_AT_ONE_TIME = 20


class NotSettled(Exception):
    """The bot, or what was sent to it, did not come to rest; the message says what hangs."""


@dataclass(eq=False)
class _BotClock:
    """A connection of the bot's clock: the frame it answered last, and what it said was due next."""

    socket: web.WebSocketResponse
    answered: int = 0
    next_due_us: int | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    async def until_answered(self, frame: int) -> None:
        while self.answered < frame and not self.gone:
            self.changed.clear()
            await self.changed.wait()


class Settling:
    """Knows three kinds of unrest: deliveries under way, calls of the bot's, and a bot that is not idle.

    `skew_us` is how far the bot's clock is ahead of Slack's.
    """

    def __init__(self, clock: PlayClock, deliveries: Underway, agenda: Agenda) -> None:
        self._clock = clock
        self._deliveries = deliveries
        self._agenda = agenda
        self.skew_us = 0
        self._telling: asyncio.Task[list[_BotClock]] | None = None
        self._bots: list[_BotClock] = []
        self._frame = itertools.count(1)
        self._turn = asyncio.Lock()
        self._waiting_for = ""
        self._calls = Underway()
        self._slow = Underway()
        self._moved = 0
        self._rested: object = None
        self._come = asyncio.Condition()

    @property
    def next_due_us(self) -> int | None:
        """When the bot has something to do next, as it last said, or the stage; `None` when nothing is due."""
        alive = [bot for bot in self._bots if not bot.gone]
        of_the_bot = (bot.next_due_us - self.skew_us for bot in alive if bot.next_due_us is not None)
        of_the_stage = self._agenda.next_due_us
        return min((*of_the_bot, *([] if of_the_stage is None else [of_the_stage])), default=None)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """The bot's end of the clock, from its opening to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        bot = _BotClock(socket)
        self._bots.append(bot)
        try:
            async with self._come:
                self._come.notify_all()
            await socket.send_json(self._time(next(self._frame)))
            await self._listen(bot)
        finally:
            self._bots.remove(bot)
            bot.gone = True
            bot.changed.set()
        return socket

    async def until_connected(self, clocks: int) -> None:
        """Until so many processes of the bot follow this clock."""
        async with self._come:
            await self._come.wait_for(lambda: len(self._bots) >= clocks)

    async def _listen(self, bot: _BotClock) -> None:
        async for message in bot.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            content = message.json()
            due = content.get("next_due_us")
            if content.get("idle") is not True or not isinstance(content.get("id"), int):
                await bot.socket.close(message=b"expected id and idle: true")
            elif due is not None and not isinstance(due, int):
                await bot.socket.close(message=b"next_due_us is microseconds or null")
            elif content["id"] >= bot.answered:
                bot.answered, bot.next_due_us = content["id"], due
                bot.changed.set()

    def _time(self, frame: int) -> Json:
        return {"id": frame, "now_us": self._clock.now_us + self.skew_us, "rate": self._clock.rate}

    def put_ahead(self, us: int) -> None:
        """Put the bot's clock so far ahead of Slack's: at once where time runs, or else when the bot is next asked."""
        self.skew_us = us
        if self._clock.rate:
            self._telling = asyncio.create_task(self._tell_time(next(self._frame)))

    async def settle(self) -> None:
        """Until nothing is under way and the bot is idle at the present time."""
        async with self._turn, self._limit():
            await self._settle()

    async def advance_to(self, us: int) -> None:
        """Go to a time by way of every moment at which the bot has something to do."""
        async with self._turn:
            if self._clock.rate or self._rested != self._happenings():
                await self._settle_in_time()
            await self._advance(us)

    def call(self, name: str) -> AbstractContextManager[None]:
        """Around each call that the bot makes."""
        return self._calls.one(f"a call of {name}")

    def _happenings(self) -> tuple[int, int, int, list[_BotClock]]:
        """Equal to what it was at another time if nothing has happened since that unsettles the bot."""
        return self._calls.begun, self._deliveries.begun, self._moved, list(self._bots)

    async def set_rate(self, rate: float) -> None:
        async with self._turn:
            self._clock.set(rate=rate)
            await self._settle_in_time()

    async def pass_time(self, seconds: float) -> None:
        """Keep a call waiting for some play time."""
        over = asyncio.Event()
        self._agenda.after(seconds, over.set)
        with self._slow.one(""):
            await over.wait()

    async def _advance(self, us: int) -> None:
        rounds_here = 0
        for _ in range(_MOST_ROUNDS):
            due = self.next_due_us
            if due is None or due > us:
                break
            rounds_here = rounds_here + 1 if due <= self._clock.now_us else 0
            if rounds_here > _MOST_ROUNDS_AT_ONE_TIME:
                raise NotSettled(f"The bot says it is idle, yet also that it is due at {_at(due)}, now past.")
            self._clock.set(now_us=due)
            await self._settle_in_time()
        else:
            raise NotSettled(f"After {_MOST_ROUNDS} steps the bot still has something due by {_at(us)}.")
        self._clock.set(now_us=us)
        await self._settle_in_time()

    async def _settle_in_time(self) -> None:
        async with self._limit():
            await self._settle()

    async def _settle(self) -> None:
        patience = asyncio.create_task(self._let_slow_answers_come())
        try:
            await self._come_to_rest()
        finally:
            patience.cancel()

    async def _let_slow_answers_come(self) -> None:
        """A bot that waits for an answer is not idle: where the clock stands still, it goes on for that answer."""
        seen: object = None
        while True:
            await asyncio.sleep(_QUIET_SECONDS)
            happenings = self._happenings(), len(self._calls.names), len(self._deliveries.names)
            if self._slow.names and seen == happenings and self._agenda.next_due_us and not self._clock.rate:
                self._moved += 1
                self._clock.set(now_us=self._agenda.next_due_us)
            seen = happenings

    async def _come_to_rest(self) -> None:
        while True:
            self._agenda.review()
            self._waiting_for = "deliveries"
            await self._deliveries.none_left()
            before = self._happenings()
            self._waiting_for = "the bot to be idle"
            await self._ask_whether_idle()
            self._waiting_for = "the bot's calls to Slack"
            await self._calls.none_left()
            if before == self._happenings():
                self._rested = before
                return

    async def _ask_whether_idle(self) -> None:
        frame = next(self._frame)
        for bot in await self._tell_time(frame):
            await bot.until_answered(frame)

    async def _tell_time(self, frame: int) -> list[_BotClock]:
        """Set the clock of every bot; those that were told."""
        told = list(self._bots)
        for bot in told:
            try:
                await bot.socket.send_json(self._time(frame))
            except ConnectionError:
                bot.gone = True
        return told

    @asynccontextmanager
    async def _limit(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                yield
        except TimeoutError:
            raise NotSettled(self._what_hangs()) from None

    def _what_hangs(self) -> str:
        names = [*self._deliveries.names, *self._calls.names]
        listed = f" ({', '.join(names[:5])}{', …' if len(names) > 5 else ''})" if names else ""
        at = _at(self._clock.now_us)
        return f"At {at} the stage waited {SETTLE_SECONDS:.0f} s for {self._waiting_for}{listed}."

    async def close(self) -> None:
        for bot in list(self._bots):
            await bot.socket.close()


def _at(us: int) -> str:
    return datetime.fromtimestamp(us / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
