"""Several writers on one PostgreSQL: what two of them must not change at once is changed one after the other."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from storage import sessions
from storage.db import Db, add
from storage.engine import reading_engine, writing_engine
from storage.neighbours import ROOM, Bell, key_of
from storage.schema import SESSIONS, WORKSPACES
from storage.writer import StorageFailed, Writer
from tests.process.running import wait_until
from tests.storage.sample import CHANNEL, after, gather

pytestmark = pytest.mark.engine("postgres")  # on SQLite there is one process


@asynccontextmanager
async def writers(address: str, number: int = 2) -> AsyncIterator[list[Writer]]:
    made = [Writer(writing_engine(address)) for _ in range(number)]
    try:
        yield made
    finally:
        for writer in made:
            await writer.close()


def play(scene: Callable[[], Any]) -> Any:
    return asyncio.run(scene())


def extend(db: Db, session: int) -> None:
    """As a use case does: look, think, write."""
    kept = sessions.kept(db, session)
    assert kept is not None
    sessions.change(db, kept.workspace, session, planned_end=kept.session.planned_end + timedelta(minutes=1))


def test_a_hundred_changes_of_one_channel_by_two_processes_all_count(address: str) -> None:
    async def scene() -> None:
        async with writers(address) as both:
            begun = await both[0].run(gather)
            session = begun.session.id
            await asyncio.gather(*(both[each % 2].run(extend, session, holding=CHANNEL) for each in range(100)))

    play(scene)

    with reading_engine(address).connect() as connection:
        end = connection.execute(select(SESSIONS.c.planned_end)).scalar_one()
    assert end == after(60 + 100)


def test_names_that_are_held_crosswise_make_nobody_wait_for_ever(address: str) -> None:
    """Each batch takes all of its names at once, and in one order."""

    async def scene() -> list[int]:
        async with writers(address) as (one, other):
            names = [f"C{number}" for number in range(20)]
            there = (one.run(_count, holding=name) for name in names for _ in range(10))
            back = (other.run(_count, holding=name) for name in reversed(names) for _ in range(10))
            return list(await asyncio.wait_for(asyncio.gather(*there, *back), 20))

    assert play(scene) == [1] * 400


def test_those_who_share_a_name_need_not_wait_for_each_other(address: str) -> None:
    both = threading.Barrier(2)

    async def scene() -> None:
        async with writers(address) as (one, other):
            together = (each.run(lambda _: both.wait(20), sharing=CHANNEL) for each in (one, other))
            await asyncio.gather(*together)

    play(scene)


def test_who_holds_a_name_waits_for_those_who_share_it(address: str) -> None:
    shares, goes_on, order = threading.Event(), threading.Event(), list[str]()

    def share(_db: Db) -> None:
        shares.set()
        goes_on.wait(20)
        order.append("shared")

    async def scene() -> None:
        async with writers(address) as (one, other):
            sharing = asyncio.ensure_future(one.run(share, sharing=CHANNEL))
            await asyncio.to_thread(shares.wait, 20)
            holding = asyncio.ensure_future(other.run(lambda _: order.append("held"), holding=CHANNEL))
            await asyncio.to_thread(wait_until, lambda: _waits(address))
            goes_on.set()
            await asyncio.gather(sharing, holding)

    play(scene)
    assert order == ["shared", "held"]


def _waits(address: str) -> bool:
    with reading_engine(address).connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(connection.execute(text(waiting)).scalar_one())


def _count(db: Db) -> int:
    return int(db.execute(text("SELECT 1")).scalar_one())


def test_who_was_not_quick_enough_does_it_again_and_sees_what_the_other_did(address: str) -> None:
    """Two processes meet the same workspace for the first time."""
    both_look = threading.Barrier(2)

    def meet(db: Db, attempts: list[int]) -> int:
        found = db.execute(select(WORKSPACES.c.id).where(WORKSPACES.c.team_id == "T0MOOT")).scalar_one_or_none()
        attempts.append(1)
        if found is None:
            both_look.wait(10)
            return add(db, WORKSPACES, enterprise_id="", team_id="T0MOOT", name="")
        return int(found)

    async def scene() -> tuple[list[int], int]:
        attempts: list[int] = []
        async with writers(address) as both:
            return list(await asyncio.gather(*(each.run(meet, attempts) for each in both))), len(attempts)

    numbers, attempts = play(scene)
    assert numbers[0] == numbers[1]
    assert attempts == 3


def test_a_mistake_that_no_neighbour_made_is_told_after_a_few_attempts(address: str) -> None:
    attempts: list[int] = []

    def twice(db: Db) -> None:
        attempts.append(1)
        for _ in range(2):
            add(db, WORKSPACES, enterprise_id="", team_id="T0MOOT", name="")

    async def scene() -> None:
        async with writers(address, 1) as (writer,):
            await writer.run(twice)

    with pytest.raises(Exception, match="uq_workspaces"):
        play(scene)
    assert len(attempts) == 5


def test_a_neighbour_that_hangs_with_a_channel_keeps_nobody_longer_than_slack_waits(address: str) -> None:
    hanging = writing_engine(address).connect()
    hanging.execute(text("SELECT pg_advisory_xact_lock(:room, :key)"), {"room": ROOM, "key": key_of("C0HUNG")})

    async def scene() -> None:
        async with writers(address, 1) as (writer,):
            with pytest.raises(StorageFailed):
                await asyncio.wait_for(writer.run(_count, holding="C0HUNG"), 3)
            assert await asyncio.wait_for(writer.run(_count, holding="C0OTHER"), 3) == 1

    play(scene)
    hanging.close()


def test_a_change_rings_the_neighbours_bell_and_not_our_own(address: str) -> None:
    rung: dict[str, int] = {"ours": 0, "theirs": 0}

    async def scene() -> None:
        async with writers(address) as (one, other):
            bells = [_bell(address, one, rung, "ours"), _bell(address, other, rung, "theirs")]
            await asyncio.to_thread(wait_until, lambda: rung == {"ours": 1, "theirs": 1})
            await one.run(_count)
            await asyncio.to_thread(wait_until, lambda: rung["theirs"] == 2)
            await other.run(_count)
            await asyncio.to_thread(wait_until, lambda: rung["ours"] == 2)
            assert rung["theirs"] == 2, "what one has done itself is no news"
            for bell in bells:
                bell.close()

    play(scene)


def test_after_a_break_the_bell_rings_for_what_it_missed(address: str) -> None:
    rung: dict[str, int] = {"ours": 0}

    async def scene() -> None:
        async with writers(address, 1) as (writer,):
            bell = _bell(address, writer, rung, "ours")
            await asyncio.to_thread(wait_until, lambda: rung["ours"] == 1)
            await writer.run(_end_all_who_listen)
            await asyncio.to_thread(wait_until, lambda: rung["ours"] == 2)
            bell.close()

    play(scene)


def _end_all_who_listen(db: Db) -> None:
    listening = "query LIKE 'LISTEN%' AND datname = current_database()"
    db.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}"))  # noqa: S608


def _bell(address: str, writer: Writer, rung: dict[str, int], whose: str) -> Bell:
    def ring() -> None:
        rung[whose] += 1

    return Bell(reading_engine(address), writer.us, ring)
