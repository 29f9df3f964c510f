"""`folkmoot sessions`, `recap` and `proposals`: what is stored, read again at any time."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.services import entries, sessions, topics
from bot.settings import VARIABLES
from minutes.entry import EntryKind
from minutes.session_command import Start
from storage.engine import writing_engine
from storage.migrate import upgrade
from tests.databases import Databases
from tests.storage.channel import Channel

Say = Callable[..., Result]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """Type a command in a folder of its own, with nothing set."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def typed(*words: str, database: str | None = None) -> Result:
        monkeypatch.setenv("COLUMNS", "200")
        return CliRunner().invoke(app, list(words), env={} if database is None else {"DATABASE_URL": database})

    return typed


@contextmanager
def channel(address: str, name: str = "C0MOOT") -> Iterator[Channel]:
    engine = writing_engine(address)
    with engine.begin() as connection:
        yield Channel(connection, name)
    engine.dispose()


@pytest.fixture
def gathered(databases: Databases) -> str:
    """A database with a session that is over, and one in another channel that is open."""
    address = databases.migrated()
    with channel(address) as moot:
        moot.gather(0)
    with channel(address, "C0OPEN") as other:
        other.asks(100, sessions.start, Start("Office hours", None, None))
        other.asks(101, topics.put_on_floor, "Releases")
        other.asks(102, entries.record_command, EntryKind.NOTE, "It goes on")
    return address


def test_sessions_lists_what_is_stored_the_newest_last(say: Say, gathered: str) -> None:
    lines = say("sessions", database=gathered).output.splitlines()

    moot, open_one = (next(line for line in lines if title in line) for title in ("Moot", "Office hours"))
    assert lines.index(moot) < lines.index(open_one)
    assert "2026-04-21 13:00" in moot
    assert "2026-04-21 13:40" in moot
    assert "closed" in moot
    assert "open" in open_one


def test_recap_writes_the_latest_by_default_open_or_not(say: Say, gathered: str) -> None:
    written = say("recap", database=gathered)

    assert written.exit_code == 0, written.output
    front = yaml.safe_load(written.output.split("---\n")[1])
    assert "Office hours" in front["title"]
    assert "It goes on" in written.output


def test_recap_writes_any_session_as_json(say: Say, gathered: str) -> None:
    written = say("recap", "--session", "1", "--format", "json", database=gathered)

    found = json.loads(written.output)
    assert found["title"] == "Moot"
    assert [topic["title"] for topic in found["topics"]] == ["Observability", "Releases"]
    assert "Traces are missing" in written.output
    # Slack itself names, in a file's address, whoever shared it.
    assert "U0ANA" not in written.output.replace("/files/U0ANA/", "/files/")


def test_recap_takes_a_template_and_a_file_to_write_to(say: Say, gathered: str, tmp_path: Path) -> None:
    (tmp_path / "short.md.j2").write_text("{{ record.title }}: {{ record.topics | length }} topics\n")

    said = say("recap", "--session", "1", "--template", "short.md.j2", "--out", "moot.md", database=gathered)

    assert (said.exit_code, said.output) == (0, "")
    assert (tmp_path / "moot.md").read_text().strip() == "Moot: 2 topics"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("recap", "--session", "99"), "There is no session 99."),
        (("recap", "--template", "nowhere.j2"), "nowhere.j2"),
        (("recap", "--out", "no/such/folder.md"), "no/such/folder.md cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    say: Say, gathered: str, words: tuple[str, ...], sentence: str
) -> None:
    said = say(*words, database=gathered)

    assert said.exit_code == 1
    assert sentence in said.stderr
    assert said.stdout == ""
    assert "Traceback" not in said.output


def test_a_template_that_is_wrong_is_said_with_its_place(say: Say, gathered: str, tmp_path: Path) -> None:
    (tmp_path / "broken.j2").write_text("fine\n{{ title")

    said = say("recap", "--template", "broken.j2", database=gathered)

    assert said.exit_code == 1
    assert "broken.j2" in said.stderr


def test_proposals_are_listed_for_people_and_for_programs(say: Say, gathered: str) -> None:
    table = say("proposals", database=gathered).output
    (listed,) = json.loads(say("proposals", "--json", database=gathered).output)

    assert "V1" in table
    assert "accepted" in table
    assert set(listed) == {"id", "outcome", "for", "against", "abstaining", "ballot_ts"}
    assert (listed["id"], listed["outcome"], listed["for"], listed["against"]) == ("V1", "accepted", 1, 0)
    assert float(listed["ballot_ts"]) > 0


def test_nothing_stored_yet_is_said(say: Say, databases: Databases) -> None:
    empty = databases.migrated()

    assert "No session is stored yet." in say("sessions", database=empty).output
    assert "No proposal is stored yet." in say("proposals", database=empty).output
    assert json.loads(say("proposals", "--json", database=empty).output) == []
    assert say("recap", database=empty).exit_code == 1


@pytest.mark.parametrize("command", ["sessions", "recap", "proposals"])
def test_a_missing_database_is_said_and_not_made(say: Say, tmp_path: Path, command: str) -> None:
    said = say(command)

    assert said.exit_code == 1
    assert "There is no database at folkmoot.db" in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_env_file_names_the_database(say: Say, databases: Databases, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DATABASE_URL={databases.migrated()}\n")

    assert "No session is stored yet." in say("sessions").output


def test_what_is_no_database_of_ours_is_said(say: Say, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "notes.txt").write_text("nothing of the kind " * 100)
    future = f"sqlite:///{tmp_path / 'future.db'}"
    engine = writing_engine(future)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    engine.dispose()

    for database, why in (
        ("sqlite:///empty.db", "without minutes"),
        ("sqlite:///notes.txt", "not a database"),
        (future, "revision 0999"),
        ("mysql://moot@db/minutes", "must begin with"),
    ):
        said = say("sessions", database=database)
        assert (said.exit_code, why in said.stderr) == (1, True), said.output
        assert "Traceback" not in said.output
