"""The whole bot: what stands in the tables after a gathering."""

import re

from sqlalchemy import MetaData, select

from storage import votes
from tests.conversations.room import Room
from tests.databases import opened
from tests.faults.test_partial_slack import gather

KNOWN = {("identities", "slack_user_id")}


def test_a_gathering_leaves_slacks_ids_of_people_in_one_table_alone(room: Room) -> None:
    gather(room)
    for handle in ("eve", "fay", "gus"):
        room.has_person(handle, f"{handle.title()} Newcomer")
    room.says("ben", "/topic Ask @eve about it")
    room.says("ben", "/note @eve and @chen know more")
    room.says("ben", "#info so does @fay")
    room.clicks("ana", "Sign in", on="general-moot")
    room.says("ben", "/session end")
    room.says("ana", "#startmeeting @gus chairs")
    room.passes(minutes=5)
    ids = re.compile("|".join(each.id for each in room.stage.backstage.workspace.people.values()))
    with opened(room.database) as connection:
        tables = MetaData()
        tables.reflect(connection)
        found = {
            (name, column.name, str(value))
            for name, table in tables.tables.items()
            for row in connection.execute(select(table))
            for column, value in zip(table.columns, row, strict=True)
            if ids.search(str(value)) and (name, column.name) not in KNOWN
        }
        (vote,) = votes.every(connection)

    assert found == set()
    assert str(vote.proposal.tally) == "2 for, 0 against"
