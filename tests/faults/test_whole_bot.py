"""The whole bot on either database: the same gathering, and what stands in the tables afterwards."""

import re
from collections.abc import Callable

from sqlalchemy import MetaData, select

from storage import votes
from storage.engine import reading_engine
from tests.conversations.room import Room
from tests.databases import Postgres, SqliteFiles
from tests.faults.test_partial_slack import gather

USER = re.compile(r"\b[UW]0[A-Z0-9]+\b")
KNOWN = {("identities", "slack_user_id")}


def test_a_gathering_leaves_slacks_ids_of_people_in_one_table_alone(
    rooms: Callable[..., Room], databases: SqliteFiles | Postgres
) -> None:
    address = databases.empty()
    room = rooms(settings={"DATABASE_URL": address})
    gather(room)
    room.says("ben", "/topic Ask <@U0STRANGE> about it")
    room.says("ben", "/note <@U0STRANGE> and @chen know more")
    room.says("ben", "#info so does <@U0OTHER>")
    room.says("ana", "/session start Another day")
    room.says("ana", "#startmeeting <@U0THIRD> chairs")
    room.clicks("ana", "Sign in", on="Another day")
    room.passes(minutes=5)
    engine = reading_engine(address)
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        found = {
            (name, column.name, str(value))
            for name, table in tables.tables.items()
            for row in connection.execute(select(table))
            for column, value in zip(table.columns, row, strict=True)
            if USER.search(str(value)) and (name, column.name) not in KNOWN
        }
        (vote,) = votes.every(connection)
    engine.dispose()

    assert found == set()
    assert str(vote.proposal.tally) == "2 for, 0 against"
