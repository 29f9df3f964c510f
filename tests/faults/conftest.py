"""Rooms in which things go wrong."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conversations.conftest import opened, room, rooms
from tests.databases import Databases
from tests.faults.mortal import MortalRoom
from tests.process.nursery import Nursery

__all__ = ["room", "rooms"]


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def mortals(nursery: Nursery, databases: Databases, tmp_path: Path) -> Iterator[Callable[..., MortalRoom]]:
    """Makes rooms whose bot can be killed."""
    with opened(MortalRoom, databases) as make:
        yield partial(make, nursery=nursery, folder=tmp_path)
