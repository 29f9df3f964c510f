"""What both ways of delivery share: three seconds, three more tries for events, and a count of what is out."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.agenda import Agenda
from rehearsal.wire import Json

PATIENCE_SECONDS = 3.0
SLACK_RETRY_DELAYS = (0.0, 60.0, 300.0)
RETRIED_WITHIN = sum(SLACK_RETRY_DELAYS)
"""After so many play seconds an event from an outage is tried no more."""

RequestKind = Literal["slash_commands", "interactive"]
Work = Callable[[], Coroutine[Any, Any, None]]


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

    @contextlib.contextmanager
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


@dataclass
class Outage:
    """A time without connections: events meanwhile are lost, or kept for the retries after it.

    `shut` while none can be made; after that the bot is `awaited`, under this number of what is under way.
    """

    lossy: bool
    shut: bool = True
    awaited: int | None = None
    kept: list[tuple[Json, int, str]] = field(default_factory=list)


class Carrier(ABC):
    """Brings the app what happens. `lost` keeps the events that no try could deliver."""

    timed_out: str
    """Slack's word for a try that was not answered in time."""

    def __init__(self, retry_delays: tuple[float, ...], agenda: Agenda, patience_s: float) -> None:
        self.underway = Underway()
        self.lost: list[Json] = []
        self._retry_delays, self._patience_s = retry_delays, patience_s
        self._agenda = agenda
        self._outage: Outage | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, body: Json, attempt: int = 0, reason: str = "") -> None:
        """Set an event on its way; events overtake each other, as Slack promises no order."""
        self._begin(f"{body['event']['type']} event {body['event_id']}", self._deliver(body, attempt, reason))

    def tell(self, kind: RequestKind, payload: Json) -> None:
        """Bring a command or an interaction for whose answer nobody waits."""
        self._begin(_name(payload), self.unheard(kind, payload))

    def in_turn(self, *deliveries: Work) -> None:
        """Set several on their way, each when the one before has been tried."""
        self._begin(f"{len(deliveries)} deliveries in turn", self._one_by_one(deliveries))

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        # It is under way from now, not from when its task first runs: somebody may settle before that.
        number = self.underway.begin(name)
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self.underway.end(number))

    async def _one_by_one(self, deliveries: tuple[Work, ...]) -> None:
        for deliver in deliveries:
            await deliver()

    async def deliver_once(self, body: Json, attempt: int = 0, reason: str = "") -> None:
        """Try an event, and leave its retries to run beside what comes next."""
        failure = await self._try(body, attempt, reason)
        if failure:
            self._begin(f"{body['event']['type']} event {body['event_id']}", self._failed(body, attempt, failure))

    async def _deliver(self, body: Json, attempt: int, reason: str) -> None:
        failure = await self._try(body, attempt, reason)
        if failure:
            await self._failed(body, attempt, failure)

    async def _failed(self, body: Json, attempt: int, failure: Failure) -> None:
        outage = self._outage
        if failure.final or attempt >= len(self._retry_delays) or (outage and outage.lossy):
            self.lost.append(body)
        elif outage:
            self._keep(outage, body, attempt + 1, failure.reason)
        else:
            await asyncio.sleep(self._retry_delays[attempt])
            await self._deliver(body, attempt + 1, failure.reason)

    async def _try(self, body: Json, attempt: int, reason: str) -> Failure | None:
        if self._outage:
            return Failure("connection_failed")
        return await self._try_event(body, attempt, reason)

    @abstractmethod
    async def _try_event(self, body: Json, attempt: int, reason: str) -> Failure | None:
        """One try; `reason` is why the one before failed."""

    async def ask(self, kind: RequestKind, payload: Json) -> Json | None:
        """Bring a command or an interaction and return what the bot answered it with, if anything."""
        if self._outage:
            raise NotAnswered("dispatch_failed")
        with self.underway.one(_name(payload)):
            return await self._ask(kind, payload)

    @abstractmethod
    async def _ask(self, kind: RequestKind, payload: Json) -> Json | None:
        """As `ask`; raises `NotAnswered`."""

    async def unheard(self, kind: RequestKind, payload: Json) -> None:
        """As `ask`, for somebody who has gone away."""
        with contextlib.suppress(NotAnswered):
            await self.ask(kind, payload)

    def cut_off(self, *, seconds: float = 0, lossy: bool = False, freeze: bool = False) -> None:
        """Begin an outage that lasts `seconds` of play time, and then until the bot is connected again.

        `freeze`: connections, where there are any, are not closed, but dead.
        """
        self._end_outage()
        self._outage = outage = Outage(lossy)
        self._agenda.after(seconds, lambda: self._open_again(outage))

    def _open_again(self, outage: Outage) -> None:
        """The bot may connect again."""
        outage.shut = False

    def _keep(self, outage: Outage, body: Json, attempt: int, reason: str) -> None:
        """For when the bot is back, but no longer than Slack tries."""
        entry = (body, attempt, reason)
        outage.kept.append(entry)
        self._agenda.after(RETRIED_WITHIN, lambda: self._give_up(outage, entry))

    def _give_up(self, outage: Outage, entry: tuple[Json, int, str]) -> None:
        if entry in outage.kept:
            outage.kept.remove(entry)
            self.lost.append(entry[0])

    def _end_outage(self) -> None:
        """The bot is there again: what was kept for it comes as the retries that it is."""
        outage, self._outage = self._outage, None
        if outage is None:
            return
        kept, outage.kept = outage.kept, []
        for entry in kept:
            self.event(*entry)
        if outage.awaited is not None:
            self.underway.end(outage.awaited)

    @abstractmethod
    async def until_bot_is_there(self) -> None: ...

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _name(payload: Json) -> str:
    return str(payload.get("command") or payload.get("type"))
