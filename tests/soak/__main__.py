"""`make soak EVENTS=50000 CHANNELS=100 ENGINE=postgres`: one soak and its figures.

On SQLite the bot is one process; on PostgreSQL it is two web processes and two workers.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.databases import SERVERS, Databases
from tests.soak.soak import Plan, Soak

ROLES = {"sqlite": ("run",), "postgres": ("web", "web", "worker", "worker")}


def main() -> int:
    asked = argparse.ArgumentParser(prog="make soak", description=__doc__)
    asked.add_argument("--events", type=int, default=50_000)
    asked.add_argument("--channels", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--engine", choices=SERVERS, default="sqlite")
    given = asked.parse_args()
    server = SERVERS[given.engine]()
    with closing(server), Databases(server) as databases, tempfile.TemporaryDirectory() as folder:
        plan = Plan(databases.migrated(), given.events, given.channels, roles=ROLES[given.engine], seed=given.seed)
        told = asyncio.run(Soak(plan, Path(folder)).run())
    print(told)
    print("\n".join(told.complaints) or "nothing missing, nothing twice, nothing left to say, and the record is whole")
    return 1 if told.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
