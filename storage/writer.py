"""The writer: one thread that runs use cases one after the other and commits many at once (group commit).

Each use case runs in a savepoint of its own; a caller is answered only when its work is on disk. Several processes on
one PostgreSQL have a writer each: what two must not change at once is held by one (see `storage/neighbours.py`).
"""

import asyncio
import logging
import queue
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InternalError, OperationalError

from storage import neighbours

T = TypeVar("T")
LARGEST_BATCH = 256
MOST_ATTEMPTS = 5
"""A use case that lost a race against a neighbour is done again so often; five in a row have not been seen."""

log = logging.getLogger(__name__)


class StorageFailed(Exception):
    """The database could not keep what it was given; nothing of the request is stored."""


@dataclass(slots=True)
class _Request:
    run: Callable[[Connection], Any]
    future: "asyncio.Future[Any]"
    holding: str | None = None
    sharing: str | None = None
    attempts: int = 0
    again: bool = False
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Give it use cases with `run`; each is answered in its own event loop. `close` finishes what waits."""

    def __init__(self, engine: Engine, on_commit: Callable[[], None] = lambda: None) -> None:
        self.us = uuid.uuid4().hex
        """Our name among the neighbours."""
        self._engine = engine
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._waiting = 0
        self._rested = asyncio.Event()
        self._closed = False
        self._began: float | None = None
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many have asked and not been answered."""
        return self._waiting

    @property
    def idle(self) -> bool:
        return self._waiting == 0

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def busy_for(self) -> float:
        """How many seconds it has been at the present batch; 0 where it is at none."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    async def run(
        self, use_case: Callable[..., T], *args: Any, holding: str | None = None, sharing: str | None = None
    ) -> T:
        """Run `use_case(db, *args)` and return its result once it is on disk.

        `holding` names what no other process may change meanwhile, such as a channel's record, and `sharing` what none
        may hold meanwhile: for what only adds to it, in any order. Raises what the use case raised (its savepoint is
        rolled back) or StorageFailed. Whoever is cancelled while waiting does not know whether it was done.
        """
        loop = asyncio.get_running_loop()
        request = _Request(lambda db: use_case(db, *args), loop.create_future(), holding, sharing)
        self._waiting += 1
        try:
            self._take(request)
            return cast(T, await request.future)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._rested.set()

    async def quiet(self) -> None:
        """Return when everybody who has asked in this event loop is answered."""
        while self._waiting:
            self._rested.clear()
            await self._rested.wait()

    async def close(self) -> None:
        """Finish what was asked; whoever asks from now on is told StorageFailed."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)  # always the last
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _take(self, request: _Request) -> None:
        with self._door:
            if self._closed:
                raise StorageFailed("the writer is closed")
            self._queue.put(request)

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            while batch:
                self._began = time.monotonic()
                self._carry_out(batch)
                self._began = None
                _resolve([request for request in batch if not request.again], self._on_commit)
                batch = [request for request in batch if request.again]

    def _next_batch(self) -> list[_Request] | None:
        batch: list[_Request] = []
        request = self._queue.get()
        while request is not None:
            batch.append(request)
            if len(batch) == LARGEST_BATCH:
                return batch
            try:
                request = self._queue.get_nowait()
            except queue.Empty:
                return batch
        if batch:
            self._queue.put(None)  # the end was seen behind these: come back to it
            return batch
        return None

    def _carry_out(self, batch: list[_Request]) -> None:
        try:
            with self._engine.begin() as connection:
                held = (request.holding for request in batch if request.holding)
                neighbours.meet(connection, self.us, held, (each.sharing for each in batch if each.sharing))
                driver = cast(Any, connection.connection.driver_connection)
                _one_by_one(connection, driver, batch)
        except BaseException as error:  # the thread outlives whatever a use case may raise
            log.exception("a batch of %d use cases was not stored", len(batch))
            for request in batch:
                request.again = False
                request.error = request.error or StorageFailed(str(type(error).__name__))


def _one_by_one(connection: Connection, driver: Any, batch: list[_Request]) -> None:
    """What somebody does not let go of is waited for once: each would wait as long again, and those behind it too."""
    locked: Exception | None = None
    for request in batch:
        if locked is not None:
            request.again, request.error = False, _failed(locked)
            continue
        _in_savepoint(connection, driver, request)
        cause = request.error.__cause__ if request.error is not None else None
        locked = cause if isinstance(cause, Exception) and neighbours.locked_out(connection, cause) else None


def _in_savepoint(connection: Connection, driver: Any, request: _Request) -> None:
    driver.execute("SAVEPOINT use_case")
    request.attempts, request.again, request.error = request.attempts + 1, False, None
    try:
        request.result = request.run(connection)
        driver.execute("RELEASE SAVEPOINT use_case")
    except Exception as error:
        # Some are no mistake of the use case: a lock, a disk, a server that goes away or only lets itself be read.
        request.error = _failed(error) if isinstance(error, OperationalError | InternalError) else error
        if not _in_transaction(driver):
            # A full disk makes SQLite roll the *whole* batch back; the next savepoint would begin anew.
            raise StorageFailed("the database gave the transaction up") from error
        request.again = request.attempts < MOST_ATTEMPTS and neighbours.lost_race(connection, error)
        driver.execute("ROLLBACK TO SAVEPOINT use_case")
        driver.execute("RELEASE SAVEPOINT use_case")


def _failed(error: Exception) -> StorageFailed:
    failed = StorageFailed(str(type(error).__name__))
    failed.__cause__ = error
    return failed


def _in_transaction(driver: Any) -> bool:
    if hasattr(driver, "in_transaction"):
        return bool(driver.in_transaction)
    return bool(driver.info.transaction_status in (1, 2, 3) and not driver.closed)


def _resolve(batch: list[_Request], on_commit: Callable[[], None]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Request]] = {}
    for request in batch:
        by_loop.setdefault(request.future.get_loop(), []).append(request)
    for loop, requests in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer, requests, on_commit)
        except RuntimeError:
            log.warning("%d callers were gone before their work was done", len(requests))


def _answer(requests: list[_Request], on_commit: Callable[[], None]) -> None:
    for request in requests:
        if request.future.done():
            continue
        if request.error is not None:
            request.future.set_exception(request.error)
        else:
            request.future.set_result(request.result)
    on_commit()
