"""Rooms for conversations."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.room import Room


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Makes rooms that differ from the usual one. Whatever happens in them, nobody is pinged."""
    made: list[Room] = []

    def make(**options: Any) -> Room:
        made.append(Room(tmp_path, **options))
        return made[-1]

    yield make
    pings = [ping for room in made for ping in room.pings()]
    for room in made:
        room.close()
    assert pings == []


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    """A channel with the bot, over Socket Mode."""
    return rooms()


@pytest.fixture(params=["socket", "http"])
def any_room(request: pytest.FixtureRequest, rooms: Callable[..., Room]) -> Room:
    """The same over either delivery."""
    return rooms(delivery=request.param)
