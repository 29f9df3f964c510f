"""What is resident at the end of the soak, beside bare Bolt that has only started."""

import asyncio
import tempfile
from contextlib import closing
from pathlib import Path

from tests.bench import server
from tests.bench.row import Effort, Row
from tests.bench.scene import gathering
from tests.databases import SERVERS, Databases
from tests.soak.soak import Plan, Soak

EVENTS, CHANNELS = 50_000, 100


def rows(effort: Effort) -> list[Row]:
    """One turn each: what is held after so many events hardly differs from one to the next."""
    with server.bare() as bolt:
        theirs = bolt.resident / 2**20
    with gathering() as there:
        idle = there.resident / 2**20
    with (
        tempfile.TemporaryDirectory() as name,
        closing(SERVERS["sqlite"]()) as engine,
        Databases(engine) as databases,
        server.at_large(),
    ):
        plan = Plan(databases.migrated(), effort.share_of(EVENTS), effort.share_of(CHANNELS))
        told = asyncio.run(Soak(plan, Path(name)).run())
    assert not told.complaints, told.complaints
    limit = f"{idle:.0f} MiB are there before the first event: the libraries, and Alembic, which had a database to make"
    return [Row("memory", told.samples[-1].memory[0], theirs, "MiB", 2.5, at_least=False, limit=limit)]
