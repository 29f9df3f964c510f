"""One process to an SQLite file: the second one is told why not, and the first goes on. PostgreSQL takes many."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import app
from tests.databases import Databases
from tests.ports import free_port
from tests.process.running import Process, command, http_environment, tiny_slack


@pytest.fixture
def slack() -> Iterator[str]:
    with tiny_slack() as address:
        yield address


class First:
    """The process that was there first, over HTTP, in a folder of its own."""

    def __init__(self, slack: str, folder: Path) -> None:
        self.file, self.port = folder / "folkmoot.db", free_port()
        self.process = Process(folder, http_environment(slack, self.port))
        self.process.until("Folkmoot is running")

    def works(self, word: str) -> bool:
        status, answered = command(self.port, f"/topic {word}", word)
        return status == 200 and word in answered


@pytest.fixture
def first(slack: str, tmp_path: Path) -> Iterator[First]:
    found = First(slack, tmp_path)
    with found.process:
        yield found


def second(slack: str, folder: Path, database: str) -> Process:
    folder.mkdir(exist_ok=True)
    return Process(folder, http_environment(slack, free_port(), database))


def reading(*words: str, of: First) -> Result:
    return CliRunner().invoke(app, list(words), env={"DATABASE_URL": f"sqlite:///{of.file}"})


def test_a_second_process_is_told_file_and_process_and_the_first_goes_on(
    slack: str, first: First, tmp_path: Path
) -> None:
    assert first.works("Observability")

    for _ in range(2):
        with second(slack, tmp_path / "other", f"sqlite:///{first.file}") as other:
            assert other.status() == 2
            assert f"DATABASE_URL names {first.file}, which another Folkmoot uses" in other.log
            assert f"(process {first.process.process.pid}): stop that one" in other.log
            assert "Traceback" not in other.log

    assert first.works("Releases")


def relative(first: First) -> str:
    return f"sqlite:///../{first.file.name}"


def by_symlink(first: First) -> str:
    link = first.file.with_name("link.db")
    link.symlink_to(first.file)
    return f"sqlite:///{link}"


def by_linked_folder(first: First) -> str:
    link = first.file.with_name("elsewhere")
    link.symlink_to(first.file.parent, target_is_directory=True)
    return f"sqlite:///{link / first.file.name}"


def by_hard_link(first: First) -> str:
    link = first.file.with_name("other") / "hard.db"
    link.parent.mkdir()
    os.link(first.file, link)
    return f"sqlite:///{link}"


@pytest.mark.parametrize("way", [relative, by_symlink, by_linked_folder])
def test_the_file_is_known_by_whatever_path(slack: str, first: First, tmp_path: Path, way: object) -> None:
    with second(slack, tmp_path / "other", way(first)) as other:  # type: ignore[operator]
        assert other.status() == 2
        assert f"names {first.file}, which another Folkmoot uses" in other.log


def test_a_file_with_two_names_is_refused_for_it_has_two_logs(slack: str, first: First, tmp_path: Path) -> None:
    with second(slack, tmp_path / "other", by_hard_link(first)) as other:
        assert other.status() == 2
        assert "hard.db, which has a second name (a hard link)" in other.log

    assert first.works("Releases")


def test_commands_that_only_read_are_not_refused(first: First) -> None:
    assert first.works("Observability")

    assert "moot" in reading("sessions", of=first).output
    assert "Observability" in reading("recap", of=first).output
    assert "There is no proposal V1" in reading("recount", "V1", of=first).output
    assert reading("proposals", of=first).exit_code == 0


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_next_one_starts_as_soon_as_the_first_has_ended_however(
    slack: str, first: First, tmp_path: Path, end: signal.Signals
) -> None:
    first.process.process.send_signal(end)
    first.process.process.wait()

    next_one = second(slack, tmp_path / "other", f"sqlite:///{first.file}")
    with next_one:
        next_one.until("Folkmoot is running")


@pytest.mark.engine("postgres")
def test_on_postgresql_nobody_is_refused(slack: str, databases: Databases, tmp_path: Path) -> None:
    address = databases.migrated()
    with (
        second(slack, tmp_path / "one", address) as one,
        second(slack, tmp_path / "two", address) as two,
    ):
        one.until("Folkmoot is running")
        two.until("Folkmoot is running")
