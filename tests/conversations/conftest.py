"""Rooms for conversations."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.room import Room


@pytest.fixture()
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Makes rooms that differ from the usual one."""
    made: list[Room] = []

    def make(**options: Any) -> Room:
        made.append(Room(tmp_path, **options))
        return made[-1]

    yield make
    for room in made:
        room.close()


@pytest.fixture()
def room(rooms: Callable[..., Room]) -> Room:
    """A channel with the bot, over Socket Mode."""
    return rooms()


@pytest.fixture(params=["socket", "http"])
def any_room(request: pytest.FixtureRequest, rooms: Callable[..., Room]) -> Room:
    """The same over either delivery."""
    return rooms(delivery=request.param)
