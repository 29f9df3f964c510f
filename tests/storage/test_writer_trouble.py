"""The writer in trouble: full disks, locks, servers that go away. Nobody is answered yes for what is not stored."""

import asyncio
import threading
from typing import Any

import pytest
from sqlalchemy import event, text

from storage.db import Db
from storage.engine import writing_engine
from storage.writer import StorageFailed, Writer
from tests.databases import locked
from tests.storage.test_writer import BULK, Gate, keep, stored


@pytest.mark.engine("sqlite")
def test_on_a_full_disk_nobody_is_answered_yes_for_what_is_not_stored(address: str) -> None:
    """SQLite rolls back the whole transaction, and the next savepoint would silently begin another (perf.md §7)."""
    engine = writing_engine(address)
    room = {"pages": 0}

    @event.listens_for(engine, "checkout")
    def limit(connection: Any, *_: object) -> None:
        taken = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {room['pages'] or taken + 6}")

    async def scene() -> tuple[list[Any], list[Any]]:
        writer = Writer(engine)
        keys = [f"{number:04}{BULK}" for number in range(200)]
        full = await Gate().one_batch(writer, *(writer.run(keep, key) for key in keys))
        room["pages"] = 1_000_000
        again = await Gate().one_batch(writer, *(writer.run(keep, key) for key in keys))
        on_disk = stored(address)
        await writer.close()
        assert {answer for answer in again if isinstance(answer, str)} == set(keys) == on_disk
        return full, sorted(on_disk)

    full, _ = asyncio.run(scene())

    assert any(isinstance(answer, Exception) for answer in full), "the disk was never full"
    yes = {answer for answer in full if isinstance(answer, str)}
    assert yes == set(), "SQLite gave the batch up, so nobody in it can have been served"


@pytest.mark.engine("sqlite")
def test_what_was_answered_yes_before_the_disk_was_full_stays(address: str) -> None:
    engine = writing_engine(address)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 12
    event.listen(engine, "checkout", lambda made, *_: made.execute(f"PRAGMA max_page_count = {pages}"))

    async def scene() -> list[Any]:
        writer = Writer(engine)
        answers = []
        for begin in range(0, 300, 7):
            asked = (writer.run(keep, f"{number:04}{BULK}") for number in range(begin, begin + 7))
            answers += await asyncio.gather(*asked, return_exceptions=True)
        await writer.close()
        return answers

    answers = asyncio.run(scene())

    yes = {answer for answer in answers if isinstance(answer, str)}
    assert yes == stored(address)
    assert 0 < len(yes) < 300
    assert {type(answer) for answer in answers if not isinstance(answer, str)} == {StorageFailed}


@pytest.mark.engine("sqlite")
def test_a_locked_database_is_said_and_then_works_again(address: str) -> None:
    engine, other = writing_engine(address), writing_engine(address)
    event.listen(engine, "checkout", lambda made, *_: made.execute("PRAGMA busy_timeout = 20"))

    async def scene() -> str:
        writer = Writer(engine)
        with other.begin(), pytest.raises(StorageFailed):
            await writer.run(keep, "while it was locked")
        answer = await writer.run(keep, "afterwards")
        await writer.close()
        return str(answer)

    assert asyncio.run(scene()) == "afterwards"
    assert stored(address) == {"afterwards"}


@pytest.mark.engine("sqlite")
def test_a_lock_that_is_soon_given_up_is_waited_for(address: str) -> None:
    other = writing_engine(address)
    is_locked, done = threading.Event(), threading.Event()

    def lock_for_a_moment() -> None:
        with other.begin():
            is_locked.set()
            done.wait(0.2)

    async def scene() -> str:
        writer = Writer(writing_engine(address))
        answer = await writer.run(keep, "waited")
        await writer.close()
        return str(answer)

    thread = threading.Thread(target=lock_for_a_moment)
    thread.start()
    is_locked.wait(20)
    assert asyncio.run(scene()) == "waited"
    thread.join()


@pytest.mark.engine("postgres")
def test_a_lock_that_is_not_given_up_is_waited_for_once_a_batch(address: str) -> None:
    tried: list[str] = []

    def insist(db: Db, key: str) -> None:
        tried.append(key)
        keep(db, key)

    async def scene() -> tuple[list[Any], str]:
        writer = Writer(writing_engine(address))
        await writer.run(keep, "the workspace is known")
        async with asyncio.timeout(30):
            with locked(address):
                refused = await Gate().one_batch(writer, *(writer.run(insist, key) for key in ("one", "two", "three")))
        answer = await writer.run(keep, "afterwards")
        await writer.close()
        return refused, str(answer)

    refused, answer = asyncio.run(scene())
    assert tried == ["one"]
    assert [type(each) for each in refused] == [StorageFailed] * 3
    assert "lock timeout" in str(refused[0].__cause__)
    assert answer == "afterwards"
    assert stored(address) == {"the workspace is known", "afterwards"}


@pytest.mark.engine("postgres")
def test_a_server_that_keeps_nothing_for_now_is_said_as_any_other_trouble(address: str) -> None:
    def on_a_full_server(db: Db) -> None:
        db.execute(text("SET LOCAL transaction_read_only = on"))
        keep(db, "refused")

    async def scene() -> str:
        writer = Writer(writing_engine(address))
        with pytest.raises(StorageFailed):
            await writer.run(on_a_full_server)
        answer = await writer.run(keep, "afterwards")
        await writer.close()
        return str(answer)

    assert asyncio.run(scene()) == "afterwards"
    assert stored(address) == {"afterwards"}


@pytest.mark.engine("postgres")
def test_a_connection_that_the_server_ends_fails_its_batch_and_no_other(address: str) -> None:
    def end_connection(db: Db) -> None:
        db.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    async def scene() -> tuple[list[Any], str]:
        writer = Writer(writing_engine(address))
        gone = await Gate().one_batch(
            writer, writer.run(keep, "before"), writer.run(end_connection), writer.run(keep, "behind")
        )
        answer = await writer.run(keep, "afterwards")
        await writer.close()
        return gone, str(answer)

    gone, answer = asyncio.run(scene())
    assert not [each for each in gone if isinstance(each, str)]
    assert answer == "afterwards"
    assert stored(address) == {"afterwards"}
