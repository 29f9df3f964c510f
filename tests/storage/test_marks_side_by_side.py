"""Two processes that take marks at once: side by side where one only adds to the log, and else one after the other."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.services import marked
from bot.services.visit import Asked
from storage import ballot_box, people
from storage.db import Db
from storage.vote_schema import PROPOSALS
from storage.writer import Writer
from tests.storage.sample import CHANNEL, Gathering, after, gather
from tests.storage.test_marked import at
from tests.storage.test_neighbours import play, writers
from tests.storage.test_votes import opened

FIRST, SECOND = "3.000001", "3.000002"


def prepare(db: Db) -> Gathering:
    """Two ballots are open, and everybody is known."""
    moot = gather(db)
    for ballot, text in ((FIRST, "Ship on Friday"), (SECOND, "Rest on Saturday")):
        opened(moot, moot.proposal(text), ballot)
    return moot


def vote(ballot: str, minutes: float, user: str = "U0ANA") -> tuple[Any, ...]:
    asked = Asked("T0MOOT", CHANNEL, user, after(minutes), f"{ballot}{minutes}")
    return asked, ballot, "+1", at(minutes), True


def marks_on(db: Db, ballot: str) -> int:
    workspace = people.known_workspace(db, "T0MOOT")
    assert workspace is not None
    return len(ballot_box.marks_on(db, workspace, CHANNEL, ballot))


def waiting(db: Db) -> list[bool]:
    return [at is not None for at in db.execute(select(PROPOSALS.c.follow_at)).scalars()]


def test_a_mark_is_kept_among_others_where_others_wait_already(db: Db) -> None:
    prepare(db)
    marked.mark(db, *vote(FIRST, 2))

    assert marked.mark_among_others(db, *vote(FIRST, 3))
    assert marks_on(db, FIRST) == 2


@pytest.mark.parametrize(
    ("ballot", "user"), [(FIRST, "U0ANA"), (FIRST, "U0NEW")], ids=["the first of its ballot", "of a newcomer"]
)
def test_what_more_follows_from_is_left_for_when_one_is_alone(db: Db, ballot: str, user: str) -> None:
    prepare(db)

    assert not marked.mark_among_others(db, *vote(ballot, 2, user))
    assert marks_on(db, ballot) == 0
    assert waiting(db) == [False, False]
    assert user == "U0ANA" or people.by_user(db, 1, user) is None


def test_a_mark_on_what_is_no_ballot_is_done_with_at_once(db: Db) -> None:
    prepare(db)

    assert marked.mark_among_others(db, *vote("9.000009", 2))
    assert marks_on(db, "9.000009") == 0


def test_a_mark_on_what_may_turn_out_to_be_a_ballot_is_left_too(db: Db) -> None:
    prepare(db).proposal("Have lunch")

    assert not marked.mark_among_others(db, *vote("9.000009", 2))


@pytest.mark.engine("postgres")
def test_among_others_nobody_waits_for_a_ballot(address: str, engine: Engine) -> None:
    """Two that do, each for the one that the other has, would wait until the database ends it."""

    async def scene() -> bool:
        async with writers(address, 1) as (writer,):
            await writer.run(prepare)
            with engine.begin() as elsewhere:
                elsewhere.execute(select(PROPOSALS).with_for_update())
                return await writer.run(marked.mark_among_others, *vote(FIRST, 2), sharing=CHANNEL)

    assert play(scene) is False


@pytest.mark.engine("postgres")
def test_votes_on_two_ballots_crosswise_are_all_kept(address: str) -> None:
    async def takes(writer: Writer, told: tuple[Any, ...]) -> None:
        if not await writer.run(marked.mark_among_others, *told, sharing=CHANNEL):
            await writer.run(marked.mark, *told, holding=CHANNEL)

    async def scene() -> list[int]:
        async with writers(address) as (one, other):
            await one.run(prepare)
            there = (takes(one, vote(ballot, 2 + turn / 60)) for turn in range(20) for ballot in (FIRST, SECOND))
            back = (takes(other, vote(ballot, 3 + turn / 60)) for turn in range(20) for ballot in (SECOND, FIRST))
            await asyncio.wait_for(asyncio.gather(*there, *back), 20)
            count: Callable[[Db], list[int]] = lambda db: [marks_on(db, FIRST), marks_on(db, SECOND)]  # noqa: E731
            return await one.run(count)

    assert play(scene) == [40, 40]
