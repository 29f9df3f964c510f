"""Votes that are kept on PostgreSQL, by two web processes on two cores and by one on one.

The database's own processes run where they will, and the load runs on the second core: with no more than two cores,
both are beside the processes that are measured.
"""

import tempfile
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path

from tests.bench import requests, server
from tests.bench.counted import all_kept, marks
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import convene, posting_slack, saturated
from tests.databases import Databases, Postgres

ENOUGH_CORES = 4
LIMIT = "with {cores} cores, the load and PostgreSQL's own processes are on those that are measured"


def rows(effort: Effort) -> list[Row]:
    with server.at_large():
        postgres = Postgres(careless=False, in_memory=False)
    with closing(postgres), Databases(postgres) as databases:
        found = turns(lambda: _votes(databases, 2, effort), lambda: _votes(databases, 1, effort), effort)
    cores = len(server.CORES)
    limit = LIMIT.format(cores=cores) if cores < ENOUGH_CORES else None
    return [Row("postgres-two", *found, "a second", 1.25, limit=limit)]


def _votes(databases: Databases, processes: int, effort: Effort) -> float:
    with tempfile.TemporaryDirectory() as name, posting_slack() as slack, ExitStack() as ending:
        database, folder = databases.migrated(), Path(name)
        with server.folkmoot(slack, folder, database=database) as whole:
            convene(whole)
        webs = [
            ending.enter_context(server.folkmoot(slack, folder, database=database, command="web", core=core))
            for core in islice(server.CORES, processes)
        ]
        load = saturated(requests.votes(whole.ballot), effort, *webs)
        for each in webs:
            each.kill()
        all_kept(load.acknowledged, marks(database))
        return load.per_second
