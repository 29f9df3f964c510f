"""Thirty random kills: nothing that was acknowledged is lost, and nothing that was owed is missing or said twice."""

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.faults.torture.story import MANY, Plan, Story
from tests.process.nursery import Nursery

SEED = int(os.environ.get("SEED") or random.randrange(1_000_000))  # noqa: S311 # told, so that it can be given


@pytest.mark.timeout(240)
@pytest.mark.engine("postgres")
def test_of_three_workers_and_two_web_processes_one_dies_every_second_and_nobody_notices(
    nursery: Nursery, database: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}")  # first: whatever ends the story, it is told
    plan = Plan(SEED, database, kills=15, delivery="http", roles=MANY)
    told = asyncio.run(Story(plan, nursery, tmp_path).play())

    assert told.complaints == [], told


@pytest.mark.timeout(240)
def test_whenever_the_process_dies_nothing_is_lost_and_nothing_said_twice(
    nursery: Nursery, delivery: str, database: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    told = asyncio.run(Story(Plan(SEED, database, kills=15, delivery=delivery), nursery, tmp_path).play())

    assert told.complaints == [], told
