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
from storage.engine import reading_engine
from storage.hearing_schema import INBOX
from storage.reader import Reader
from storage.writer import StorageFailed, Writer
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
