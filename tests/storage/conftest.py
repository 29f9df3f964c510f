"""A database of its own for each test, on either engine."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from storage.engine import writing_engine
from tests.databases import Databases
from tests.storage.sample import Gathering, gather


@pytest.fixture
def address(databases: Databases) -> str:
    return databases.migrated()


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    engine = writing_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Connection]:
    """What a use case is given. Nothing of it is kept."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        if transaction.is_active:
            transaction.rollback()


@pytest.fixture
def moot(db: Connection) -> Gathering:
    """A workspace with Ana and Ben, and a session of Ana's."""
    return gather(db)
