"""The writer: whoever is answered yes has it on disk, whatever becomes of the others."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text

from minutes.refusal import Refusal
from storage import inbox, people
from storage.db import Db
from storage.engine import reading_engine, writing_engine
from storage.inbox import INBOX
from storage.reader import Reader
from storage.writer import StorageFailed, Writer
from tests.databases import locked
from tests.storage.sample import after

ROOT = Path(__file__).parents[2]
BULK = "x" * 250


def keep(db: Db, key: str) -> str:
    inbox.first_time(db, people.workspace(db, "T0MOOT"), key, after(0))
    return key


def refuse(db: Db, key: str) -> None:
    keep(db, key)
    raise Refusal("No session is open in this channel.")


def stored(address: str) -> set[str]:
    reader = Reader(reading_engine(address))
    try:
        return reader.ask_now(lambda db: set(db.execute(select(INBOX.c.key)).scalars()))
    finally:
        reader.close()


class Gate:
    """Holds the writer in a use case, so that what is asked meanwhile becomes one batch."""

    def __init__(self) -> None:
        self._held, self._open = threading.Event(), threading.Event()

    def hold(self, _db: Db) -> None:
        self._held.set()
        self._open.wait(20)

    async def one_batch(self, writer: Writer, *asked: Awaitable[Any]) -> list[Any]:
        holding = asyncio.ensure_future(writer.run(self.hold))
        await asyncio.to_thread(self._held.wait, 20)
        waiting = [asyncio.ensure_future(each) for each in asked]
        while writer.waiting < len(waiting) + 1:  # noqa: ASYNC110 # the others ask as soon as they get a turn
            await asyncio.sleep(0)
        self._open.set()
        await holding
        return await asyncio.gather(*waiting, return_exceptions=True)


@pytest.fixture
def written(engine: Engine) -> Iterator[Callable[[Callable[[Writer], Awaitable[Any]]], Any]]:
    """Run a scene with a writer, which is closed afterwards."""

    def play(scene: Callable[[Writer], Awaitable[Any]]) -> Any:
        async def act() -> Any:
            writer = Writer(engine)
            try:
                return await scene(writer)
            finally:
                await writer.close()

        return asyncio.run(act())

    return play


def test_many_are_stored_by_one_commit(address: str, engine: Engine, written: Callable[..., Any]) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)

    async def scene(writer: Writer) -> list[Any]:
        return await Gate().one_batch(writer, *(writer.run(keep, f"Ev{number}") for number in range(100)))

    assert written(scene) == [f"Ev{number}" for number in range(100)]
    assert len(commits) == 2, "one for whoever held the gate, one for all the others"
    assert len(stored(address)) == 100


def test_one_that_fails_leaves_the_others_of_its_batch_stored(address: str, written: Callable[..., Any]) -> None:
    async def scene(writer: Writer) -> list[Any]:
        return await Gate().one_batch(
            writer,
            writer.run(keep, "before"),
            writer.run(refuse, "refused"),
            writer.run(lambda db: db.execute(text("SELECT * FROM nowhere"))),
            writer.run(lambda db: db.execute(text("INSERT INTO sessions (id) VALUES (1)"))),
            writer.run(keep, "after"),
        )

    before, refused, no_table, no_values, behind = written(scene)
    assert (before, behind) == ("before", "after")
    assert isinstance(refused, Refusal)
    assert isinstance(no_table, Exception)
    assert isinstance(no_values, Exception)
    assert stored(address) == {"before", "after"}


def test_what_a_use_case_raises_does_not_end_the_writer(address: str, written: Callable[..., Any]) -> None:
    def exit_from(_db: Db) -> None:
        raise SystemExit(1)

    async def scene(writer: Writer) -> str:
        with pytest.raises(StorageFailed):
            await writer.run(exit_from)
        return str(await writer.run(keep, "after"))

    assert written(scene) == "after"
    assert stored(address) == {"after"}


def test_close_finishes_what_is_queued_and_then_refuses(address: str, engine: Engine) -> None:
    async def scene() -> list[Any]:
        writer = Writer(engine)
        asked = [asyncio.ensure_future(writer.run(keep, f"Ev{number}")) for number in range(600)]
        await asyncio.sleep(0)
        await writer.close()
        with pytest.raises(StorageFailed, match="closed"):
            await writer.run(keep, "too late")
        await writer.close()
        return await asyncio.gather(*asked)

    assert len(asyncio.run(scene())) == 600
    assert len(stored(address)) == 600


def test_a_caller_who_is_gone_keeps_nobody_else_waiting(address: str, engine: Engine) -> None:
    writer = Writer(engine)
    gate = Gate()

    async def leave() -> None:
        asyncio.ensure_future(writer.run(gate.hold))  # noqa: RUF006 # it is abandoned, that is the point
        asyncio.ensure_future(writer.run(keep, "of one who left"))  # noqa: RUF006
        await asyncio.to_thread(gate._held.wait, 20)

    loop = asyncio.new_event_loop()
    loop.run_until_complete(leave())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    async def scene() -> str:
        asked = asyncio.ensure_future(writer.run(keep, "of one who stayed"))
        await asyncio.sleep(0)
        gate._open.set()
        answer = await asked
        await writer.close()
        return str(answer)

    assert asyncio.run(scene()) == "of one who stayed"
    assert stored(address) == {"of one who left", "of one who stayed"}


def test_a_caller_who_is_cancelled_does_not_break_the_batch(address: str, written: Callable[..., Any]) -> None:
    async def scene(writer: Writer) -> list[Any]:
        leaving = asyncio.ensure_future(writer.run(keep, "left"))
        leaving.cancel()
        return await Gate().one_batch(writer, writer.run(keep, "stayed"))

    assert written(scene) == ["stayed"]
    assert "stayed" in stored(address)


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


def test_kill_9_under_load_loses_nothing_that_was_acknowledged(address: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.storage.busy_writer", address], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(400)]
        process.kill()
        said += process.stdout.readlines()

    acknowledged = {f"Ev{line.decode().strip()}" for line in said if line.endswith(b"\n")}
    assert len(acknowledged) >= 400
    assert acknowledged <= stored(address)


def test_an_error_of_the_database_shows_no_text_that_people_wrote(
    written: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(writer: Writer) -> None:
        secret = {"title": "a very private title"}
        with pytest.raises(Exception, match="sessions") as failure:
            await writer.run(lambda db: db.execute(text("INSERT INTO sessions (title) VALUES (:title)"), secret))
        assert "private" not in str(failure.value)

    written(scene)
    assert "private" not in caplog.text
