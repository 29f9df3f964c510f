"""What all rooms of the tests share: databases, on either engine."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.databases import Databases, Server

ENGINES = ("sqlite", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "Run what uses a database on this engine alone, and not on both."
    parser.addoption("--engine", choices=ENGINES, help=about)


def _engines(config: pytest.Config) -> tuple[str, ...]:
    chosen = config.getoption("--engine")
    return (chosen,) if chosen else ENGINES


def pytest_report_header(config: pytest.Config) -> str:
    return f"databases: {', '.join(_engines(config))}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What uses a database, through whichever fixture, runs on SQLite, and then on PostgreSQL."""
    if "server" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("engine")
        engines = [each for each in _engines(metafunc.config) if only is None or each in only.args]
        metafunc.parametrize("server", engines, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is true of one engine alone is left out where the other one was asked for."""
    engines = set(_engines(config))

    def left_out(item: pytest.Item) -> bool:
        only = item.get_closest_marker("engine")
        return only is not None and engines.isdisjoint(only.args)

    config.hook.pytest_deselected(items=[item for item in items if left_out(item)])
    items[:] = [item for item in items if not left_out(item)]


@pytest.fixture(scope="session")
def servers() -> "Iterator[dict[str, Server]]":
    """Each is started for the first test that asks for it."""
    made: dict[str, Server] = {}
    yield made
    for each in made.values():
        each.close()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, servers: "dict[str, Server]") -> "Server":
    """Where databases are made, for whoever needs one for longer than a test."""
    from tests.databases import SERVERS

    if request.param not in servers:
        servers[request.param] = SERVERS[request.param]()
    return servers[request.param]


@pytest.fixture
def databases(server: "Server") -> "Iterator[Databases]":
    """Where a test gets its databases from."""
    from tests.databases import Databases

    with Databases(server) as made:
        yield made


@pytest.fixture
def database(databases: "Databases") -> str:
    """The address of a new database, as somebody makes it who installs Folkmoot."""
    return databases.empty()


@pytest.fixture
def delivery(server: "Server") -> str:
    """How Slack reaches the bot: with either engine in another way, so that each is proved without all pairs."""
    from tests.databases import Sqlite

    return "socket" if isinstance(server, Sqlite) else "http"
