"""What is there before anything is measured: a session with an open ballot, and a load that everybody has met."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from tests.bench import requests, server
from tests.bench.counted import column
from tests.bench.generator import Load, Named, saturate
from tests.bench.row import Effort
from tests.bench.server import Server
from tests.process.running import now_ts, tiny_slack, wait_until

MOST = 30_000
"""As many requests as are made ready for a turn; where they run out, the turn is over."""
WARM_UP_S = 60
DONE = ("chat.update", "chat.postEphemeral", "reactions.add", "pins.add")
"""What is simply done, and has nothing to tell."""


def posting_slack(link: str = "", more: dict[str, Any] | None = None) -> AbstractContextManager[str]:
    """A Slack in which everything can be done, and which is reached at `link` over Socket Mode; gives its address.

    `more` are answers of its own.
    """
    answers = {
        "chat.postMessage": lambda _: {"ok": True, "channel": "C0MOOT", "ts": now_ts()},
        "apps.connections.open": lambda _: {"ok": True, "url": link},
        "users.info": lambda asked: {"ok": True, "user": {"id": asked["user"], "name": asked["user"].lower()}},
    }
    return tiny_slack(answers | dict.fromkeys(DONE, lambda _: {"ok": True}) | (more or {}))


@contextmanager
def gathering(module: str = "bot") -> Iterator[Server]:
    """A session, and an open ballot in it, on a disk."""
    with (
        tempfile.TemporaryDirectory() as name,
        posting_slack() as slack,
        server.folkmoot(slack, Path(name), module=module) as there,
    ):
        convene(there)
        yield there


def convene(there: Server) -> None:
    """Somebody starts a session and puts something to the vote, and the ballot is posted."""
    server.says(there, "/session start Docs day for 7d", "1.1")
    server.says(there, "/propose Ship on Friday", "1.2")
    there.ballot = opened_ballot(there.database)


def opened_ballot(database: str) -> str:
    """Its `ts`, as soon as Slack has told it."""
    asked = "SELECT ballot_ts FROM proposals WHERE ballot_ts IS NOT NULL"
    wait_until(lambda: bool(column(database, asked)))
    (found,) = column(database, asked)
    return found


def saturated(made: Iterator[Named], effort: Effort, *servers: Server) -> Load:
    """As many requests as the servers take; whoever sends them has been there once before."""
    ports = [each.port for each in servers]
    asyncio.run(saturate(ports, islice(made, requests.VOTERS), WARM_UP_S))
    load = asyncio.run(saturate(ports, list(islice(made, MOST)), effort.seconds))
    assert not load.failed, f"{load.failed} requests were not acknowledged"
    return load


def bare(made: Iterator[Named], effort: Effort) -> float:
    """So many requests a second does bare Bolt acknowledge."""
    with server.bare() as there:
        return saturated(made, effort, there).per_second
