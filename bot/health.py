"""Health: the pages on which a process tells how it is, for supervisors, balancers and Prometheus.

A process may lack parts: one that only takes deliveries has no courier, one that only works off has no intake.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.metrics import CONTENT_TYPE, Metrics
from storage import backlog, migrate
from storage.backlog import Backlog
from storage.db import Db
from storage.reader import Reader
from storage.writer import Writer

DATABASE_WITHIN = 2.0
"""Seconds that a page waits for the database: whoever asks for it does not wait much longer."""
STUCK_AFTER = timedelta(seconds=30)
"""No batch of use cases takes so long: SQLite gives a lock up after two seconds."""
BEHIND_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Intake:
    """`trouble` says in a sentence why Slack does not reach us; `last_at` is the last delivery's monotonic second."""

    trouble: Callable[[], str | None]
    last_at: Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says; `trouble` is why it does not, and `backlog` is then unknown."""

    trouble: str | None
    backlog: Backlog | None = None


class Health:
    """`routes` are its pages. Nothing in them is secret, and nothing names a person or a channel."""

    def __init__(
        self,
        metrics: Metrics,
        clock: Clock,
        reader: Reader,
        writer: Writer | None,
        intake: Intake | None,
        stuck_after: timedelta = STUCK_AFTER,
    ) -> None:
        self._metrics, self._clock, self._reader = metrics, clock, reader
        self._writer, self._intake, self._stuck_after = writer, intake, stuck_after
        self._looking: asyncio.Task[Stored] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self._healthz),
            web.get("/readyz", self._readyz),
            web.get("/metrics", self._metrics_page),
        ]

    async def _healthz(self, _request: web.Request) -> web.Response:
        """Whether this process does its work at all; where it does not, starting it again is the remedy."""
        return _page("healthy", [self._writer_trouble()], {"writer": self._writer_facts()})

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Whether what Slack sends is taken and kept. What waits to be said is told, but no reason to take nothing."""
        stored = await self._stored()
        facts = {"database": stored.trouble or "current", "slack": self._slack_facts(), "outbox": self._outbox(stored)}
        return _page("ready", [self._writer_trouble(), stored.trouble, self._slack_trouble()], facts)

    async def _metrics_page(self, _request: web.Request) -> web.Response:
        stored, slack = await self._stored(), self._slack_trouble()
        backlog, writer = stored.backlog, self._writer
        waiting, blocked = (None, None) if backlog is None else (backlog.waiting, backlog.blocked)
        page = self._metrics.page(
            database_up=("Whether the database answers and has our schema.", stored.trouble is None),
            slack_connected=("Whether Slack reaches us.", None if self._intake is None else slack is None),
            last_delivery_age_seconds=("Time since Slack last delivered something.", self._delivery_age()),
            outbox_waiting=("Duties that wait or are under way.", waiting),
            outbox_blocked=("Duties that wait for the bot to be invited.", blocked),
            outbox_oldest_due_age_seconds=("How late the oldest duty is.", self._late(backlog)),
            writer_queue=("Use cases that wait to be stored.", None if writer is None else writer.waiting),
        )
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    async def _stored(self) -> Stored:
        """One question at a time: pages that are asked for while the database hangs must not pile up on it."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._reader.ask(_look, self._clock.now()))
            self._looking.add_done_callback(
                lambda task: task.cancelled() or task.exception()
            )  # when nobody waits any more
        await asyncio.wait([self._looking], timeout=DATABASE_WITHIN)
        if not self._looking.done():
            return Stored(f"the database has not answered within {DATABASE_WITHIN:g} seconds")
        failure = self._looking.exception()
        if failure is not None:
            return Stored(f"the database cannot be read ({type(failure).__name__}): see the log")
        return self._looking.result()

    def _writer_trouble(self) -> str | None:
        if self._writer is None:
            return None
        if not self._writer.alive:
            return "the writer has ended, so nothing can be stored: start this process again"
        if self._writer.busy_for > self._stuck_after.total_seconds():
            return f"the writer hangs in the database since {self._writer.busy_for:.0f} seconds"
        return None

    def _writer_facts(self) -> dict[str, Any] | None:
        if self._writer is None:
            return None
        return {"waiting": self._writer.waiting, "busy_s": round(self._writer.busy_for, 1)}

    def _slack_trouble(self) -> str | None:
        return None if self._intake is None else self._intake.trouble()

    def _slack_facts(self) -> dict[str, Any] | None:
        if self._intake is None:
            return None
        return {"reaches_us": self._slack_trouble() is None, "last_delivery_s": self._delivery_age()}

    def _delivery_age(self) -> float | None:
        at = None if self._intake is None else self._intake.last_at()
        return None if at is None else round(monotonic() - at, 1)

    def _outbox(self, stored: Stored) -> dict[str, Any] | None:
        backlog, late = stored.backlog, self._late(stored.backlog)
        if backlog is None or late is None:
            return None
        told: dict[str, Any] = {"waiting": backlog.waiting, "blocked": backlog.blocked, "oldest_due_s": late}
        if late > BEHIND_AFTER.total_seconds():
            told["why"] = "what is owed to Slack is late: the log says at what it fails"
        return told

    def _late(self, backlog: Backlog | None) -> float | None:
        """By how many seconds the oldest duty is late; 0 where none is."""
        if backlog is None or backlog.due_since is None:
            return None if backlog is None else 0.0
        return round((self._clock.now() - backlog.due_since).total_seconds(), 1)


def _look(db: Db, now: Any) -> Stored:
    if not migrate.is_current(db):
        return Stored("the database's schema is not this Folkmoot's: start the one that it belongs to")
    return Stored(None, backlog.look(db, now))


def _page(name: str, troubles: list[str | None], facts: dict[str, Any]) -> web.Response:
    """200, or 503 with the sentences on what is wrong; parts that this process lacks are left out."""
    why = [trouble for trouble in troubles if trouble]
    told = {name: not why} | ({"why": "; ".join(why)} if why else {})
    told |= {key: fact for key, fact in facts.items() if fact is not None}
    return web.json_response(told, status=503 if why else 200)
