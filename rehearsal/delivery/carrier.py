"""What both ways of delivery share: three seconds, three more tries for events, and a count of what is out."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from rehearsal.wire import Json

ACK_SECONDS = 3.0
SLACK_RETRY_DELAYS = (0.0, 60.0, 300.0)

RequestKind = Literal["slash_commands", "interactive"]


class NotAnswered(Exception):
    """The bot did not answer a command or an interaction; the reason is Slack's name for why."""


@dataclass(frozen=True)
class Failure:
    """Why an event did not arrive, in Slack's words; `final` when the app asked for no more tries."""

    reason: str
    final: bool = False


class Underway:
    """What has been begun and not ended, by name, so that whoever waits can say for what."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self.begun = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def names(self) -> list[str]:
        return list(self._names.values())

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        number = self.begin(name)
        try:
            yield
        finally:
            self.end(number)

    def begin(self, name: str) -> int:
        self.begun += 1
        self._names[self.begun] = name
        self._empty.clear()
        return self.begun

    def end(self, number: int) -> None:
        del self._names[number]
        if not self._names:
            self._empty.set()

    async def none_left(self) -> None:
        await self._empty.wait()


class Carrier(ABC):
    """Brings the app what happens. `lost` keeps the events that no try could deliver."""

    def __init__(self, retry_delays: tuple[float, ...]) -> None:
        self.underway = Underway()
        self.lost: list[Json] = []
        self._retry_delays = retry_delays
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, body: Json) -> None:
        """Set an event on its way; events overtake each other, as Slack promises no order."""
        # It is under way from now, not from when its task first runs: somebody may settle before that.
        number = self.underway.begin(f"{body['event']['type']} event {body['event_id']}")
        task = asyncio.get_running_loop().create_task(self._deliver(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self.underway.end(number))

    async def _deliver(self, body: Json) -> None:
        failure = await self._try_event(body, 0, "")
        for attempt, delay in enumerate(self._retry_delays, start=1):
            if failure is None or failure.final:
                break
            await asyncio.sleep(delay)
            failure = await self._try_event(body, attempt, failure.reason)
        if failure:
            self.lost.append(body)

    @abstractmethod
    async def _try_event(self, body: Json, attempt: int, reason: str) -> Failure | None:
        """One try; `reason` is why the one before failed."""

    async def ask(self, kind: RequestKind, payload: Json) -> Json | None:
        """Bring a command or an interaction and return what the bot answered it with, if anything."""
        with self.underway.one(str(payload.get("command") or payload.get("type"))):
            return await self._ask(kind, payload)

    @abstractmethod
    async def _ask(self, kind: RequestKind, payload: Json) -> Json | None:
        """As `ask`; raises `NotAnswered`."""

    @abstractmethod
    async def until_bot_is_there(self) -> None: ...

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
