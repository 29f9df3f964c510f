"""`folkmoot backup FILE`: a copy that is whole, of a bot that goes on writing."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli.commands import app
from tests.databases import Databases, opened
from tests.ports import free_port
from tests.process.load import Load, kept
from tests.process.running import Process, command, http_environment, tiny_slack
from tests.storage.channel import Channel

pytestmark = pytest.mark.engine("sqlite")  # PostgreSQL has a tool of its own


def folkmoot(database: str, *words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"DATABASE_URL": database})


def backup(database: str, to: Path) -> Result:
    return folkmoot(database, "backup", str(to))


@pytest.fixture
def gathered(databases: Databases) -> str:
    address = databases.migrated()
    with opened(address) as connection:
        Channel(connection, "C0MOOT").gather(0)
    return address


@pytest.fixture
def serving(database: str, tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with tiny_slack() as slack, Process(tmp_path, http_environment(slack, port, database)) as bot:
        bot.until("Folkmoot is running")
        yield port


def sessions(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [row[0] for row in database.execute("SELECT title FROM sessions ORDER BY id")]


def left_over(folder: Path, name: str) -> list[str]:
    return [each.name for each in folder.iterdir() if name in each.name and each.name != name]


def test_a_copy_of_a_busy_bot_has_all_that_was_acknowledged_before(serving: int, database: str, tmp_path: Path) -> None:
    assert command(serving, "/session start Docs day")[0] == 200
    with Load(serving).going_on() as load:
        for number in range(3):
            load.more()
            before = set(load.acknowledged)
            done = backup(database, tmp_path / f"copy-{number}.db")
            assert done.exit_code == 0, done.output
            copy = f"sqlite:///{tmp_path / f'copy-{number}.db'}"
            copied = kept(copy)
            assert before <= copied
            assert folkmoot(copy, "check").output == "The database is consistent.\n"
        load.more()
    assert load.refused == {}, "the writer goes on meanwhile"
    assert load.acknowledged - copied, "and what came later is not in it"


def test_a_copy_is_one_file_that_the_bot_can_go_on_from(gathered: str, tmp_path: Path) -> None:
    said, copy = backup(gathered, tmp_path / "copy.db").output, f"sqlite:///{tmp_path / 'copy.db'}"

    assert f"The copy is in {tmp_path / 'copy.db'}: " in said
    assert left_over(tmp_path, "copy.db") == []
    assert folkmoot(copy, "check").output == "The database is consistent.\n"
    assert folkmoot(copy, "recap", "--session", "1").output == folkmoot(gathered, "recap", "--session", "1").output


def test_last_nights_copy_is_replaced_also_behind_a_link(gathered: str, tmp_path: Path) -> None:
    (tmp_path / "nightly.db").write_text("last night's")
    (tmp_path / "latest.db").symlink_to(tmp_path / "nightly.db")

    assert backup(gathered, tmp_path / "latest.db").exit_code == 0

    assert (tmp_path / "latest.db").is_symlink()
    assert sessions(tmp_path / "nightly.db") == ["Moot"]


def test_a_damaged_database_is_not_copied_over_a_good_copy(gathered: str, tmp_path: Path) -> None:
    assert backup(gathered, tmp_path / "copy.db").exit_code == 0
    with closing(sqlite3.connect(gathered.removeprefix("sqlite:///"))) as database:
        database.execute("PRAGMA writable_schema=ON")
        database.execute("UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE', '') WHERE name = 'entries'")
        root = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'uq_sessions_one_open'").fetchone()[0]
        database.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = 'ix_sessions_next_due_at'", [root])
        database.commit()

    said = backup(gathered, tmp_path / "copy.db")

    assert said.exit_code == 1
    assert "damaged" in said.stderr
    assert sessions(tmp_path / "copy.db") == ["Moot"]
    assert left_over(tmp_path, "copy.db") == []


def in_no_folder(folder: Path, _: str) -> Path:
    return folder / "nowhere" / "copy.db"


def onto_itself(_: Path, database: str) -> Path:
    return Path(database.removeprefix("sqlite:///"))


def onto_one_in_use(folder: Path, _: str) -> Path:
    (folder / "other.db-wal").touch()
    return folder / "other.db"


@pytest.mark.parametrize(
    ("where", "why"),
    [
        (in_no_folder, "cannot be written: No such file or directory."),
        (onto_itself, "is the database itself: name another file."),
        (onto_one_in_use, "is a database that is in use"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    gathered: str, tmp_path: Path, where: Callable[[Path, str], Path], why: str
) -> None:
    said = backup(gathered, where(tmp_path, gathered))

    assert (said.exit_code, why in said.stderr) == (1, True), said.output
    assert "Traceback" not in said.output


def test_no_database_or_one_without_minutes_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()

    assert "There is no database at" in backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db").stderr
    assert "without minutes" in backup(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path / "copy.db").stderr
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.engine("postgres")
def test_postgresql_is_left_to_its_own_tool(databases: Databases, tmp_path: Path) -> None:
    said = backup(databases.migrated(), tmp_path / "copy.db")

    assert said.exit_code == 1
    assert said.stderr == "The minutes are in PostgreSQL: copy them with pg_dump.\n"
    assert list(tmp_path.iterdir()) == []
