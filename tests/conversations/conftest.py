"""Rooms for conversations."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import pytest

from tests.conversations.estate import Estate, GrandEstate
from tests.conversations.hall import Hall
from tests.conversations.room import Room
from tests.databases import Databases, Sqlite

Kind = TypeVar("Kind", bound=Room)


@contextmanager
def opened(kind: Callable[..., Kind], databases: Databases) -> Iterator[Callable[..., Kind]]:
    """Makes rooms of a kind. Whatever happens in them, nobody is pinged, and the record is whole."""
    made: list[Kind] = []

    def make(**options: Any) -> Kind:
        made.append(kind(databases.migrated(), **options))
        return made[-1]

    yield make
    pings = [ping for room in made for ping in room.pings()]
    for room in made:
        room.close()
    assert pings == []
    assert [each for room in made if room.is_whole for each in room.inconsistencies()] == []


@pytest.fixture(autouse=True)
def ways_of_reactions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told of votes is proved both ways: with SQLite through Bolt, with PostgreSQL the short way."""
    of_votes = request.path.name.startswith(("test_votes", "test_proposals"))
    if of_votes and "server" in request.fixturenames and isinstance(request.getfixturevalue("server"), Sqlite):
        monkeypatch.setattr("bot.listeners.short_way.register", lambda *_: None)


@pytest.fixture
def rooms(databases: Databases, delivery: str) -> Iterator[Callable[..., Room]]:
    """Makes rooms that differ from the usual one."""
    with opened(partial(Room, delivery=delivery), databases) as make:
        yield make


@pytest.fixture
def room(rooms: Callable[..., Room]) -> Room:
    """A channel with the bot, over Socket Mode on SQLite and over signed HTTP on PostgreSQL."""
    return rooms()


@pytest.fixture
def estates(databases: Databases) -> Iterator[Callable[..., Estate]]:
    """Makes rooms into whose workspaces the bot comes by OAuth."""
    with opened(Estate, databases) as make:
        yield make


@pytest.fixture
def estate(estates: Callable[..., Estate]) -> Estate:
    """The first of them, over signed HTTP; the app is not installed yet."""
    return estates(delivery="http")


@pytest.fixture
def grand_estates(databases: Databases) -> Iterator[Callable[..., GrandEstate]]:
    """The same with several processes."""
    with opened(GrandEstate, databases) as make:
        yield make


@pytest.fixture
def halls(databases: Databases) -> Iterator[Callable[..., Hall]]:
    """Makes rooms that several processes serve."""
    with opened(Hall, databases) as make:
        yield make


@pytest.fixture
def hall(halls: Callable[..., Hall]) -> Hall:
    """One web process and two workers."""
    return halls()
