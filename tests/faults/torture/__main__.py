"""`make torture KILLS=1000 SEED=7 ENGINE=postgres`: stories one after the other, until so many have been killed.

On SQLite the bot is one process, over Socket Mode and HTTP by turns; on PostgreSQL it is two web processes and three
workers, of which one is killed every second.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from tests.databases import SERVERS, Databases
from tests.faults.torture.story import MANY, Plan, Story
from tests.process.nursery import Nursery

KILLS_A_STORY = 30


def main() -> int:
    asked = argparse.ArgumentParser(prog="make torture", description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311 # told, so that it can be given
    asked.add_argument("--engine", choices=SERVERS, default="sqlite")
    given = asked.parse_args()
    server, failed = SERVERS[given.engine](), 0
    with Nursery() as nursery, Databases(server) as databases:
        for number, kills in enumerate(_shares(given.kills)):
            with tempfile.TemporaryDirectory() as folder:
                plan = _plan(given.engine, given.seed + number, databases.empty(), kills)
                told = asyncio.run(Story(plan, nursery, Path(folder)).play())
            failed += bool(told.complaints)
            print(told if told.complaints else f"{plan}: nothing missing, nothing twice", flush=True)
    server.close()
    return min(failed, 1)


def _plan(engine: str, seed: int, database: str, kills: int) -> Plan:
    if engine == "postgres":
        return Plan(seed, database, kills, delivery="http", roles=MANY)
    return Plan(seed, database, kills, delivery=("socket", "http")[seed % 2])


def _shares(kills: int) -> list[int]:
    return [min(KILLS_A_STORY, kills - begun) for begun in range(0, kills, KILLS_A_STORY)]


if __name__ == "__main__":
    sys.exit(main())
