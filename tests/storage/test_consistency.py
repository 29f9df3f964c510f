"""`folkmoot check`: passes on what the bot wrote, and each thing that somebody breaks by hand is found and named."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from typer.testing import CliRunner

from bot.cli.checking import WORDS, findings
from bot.cli.commands import app
from minutes.consistency import Fault
from tests.databases import Databases
from tests.storage.channel import Channel
from tests.storage.sample import after


@pytest.fixture
def damaged(engine: Engine) -> Iterator[Connection]:
    """A gathering that is over, and one that is open; its rules no longer hold, so that anything can be done to it."""
    with engine.begin() as connection:
        Channel(connection, "C0MOOT").gather(0)
        Channel(connection, "C0OTHER").gather(100)
        opened = Channel(connection, "C0OPEN")
        opened.says(200, "#startmeeting Office hours")
        opened.says(201, "#topic Releases")
        opened.says(202, "#info it goes on")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")  # it means nothing in a transaction
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET session_replication_role = replica")
            yield connection


def found(connection: Connection) -> set[tuple[Fault, str]]:
    return {(each.fault, each.subject) for each in findings(connection, after(203))}


def test_what_the_bot_wrote_is_consistent(damaged: Connection) -> None:
    assert found(damaged) == set()


@pytest.mark.parametrize(
    ("statement", "fault", "subject"),
    [
        ("DELETE FROM topics WHERE number = 2", Fault.REFERENCE, "spells"),
        ("UPDATE entries SET author_id = 99 WHERE session_id = 1", Fault.REFERENCE, "author_id in people"),
        ("UPDATE entries SET owners = '[99]' WHERE session_id = 1", Fault.UNKNOWN_PERSON, "session 1, entry 1"),
        ("UPDATE proposals SET roll = '[1, 99]' WHERE number = 1", Fault.UNKNOWN_PERSON, "V1"),
        (
            "DROP INDEX uq_sessions_one_open; UPDATE sessions SET state = 'open', ended_at = NULL,"
            " channel_id = 'C0OPEN' WHERE id = 1",
            Fault.OPEN_TWICE,
            "channel C0OPEN",
        ),
        ("DELETE FROM entries WHERE session_id = 1 AND number = 1", Fault.ENTRY_NUMBERS, "session 1"),
        ("UPDATE entries SET revision = 2 WHERE session_id = 1 AND number = 2", Fault.REVISIONS, "session 1, entry 2"),
        (
            "INSERT INTO entries (workspace_id, channel_id, message, line, revision, session_id, topic_id, number,"
            " kind, text, owners, author_id, said_at, standing, revised_by, revised_at) SELECT"
            " workspace_id, channel_id,"
            " message, line, 2, session_id, topic_id, number, kind, text, owners, author_id, said_at, standing,"
            " revised_by, revised_at FROM entries WHERE session_id = 1 AND number = 1;"
            " UPDATE entries SET standing = false WHERE session_id = 1 AND number = 1",
            Fault.GOES_ON,
            "session 1, entry 1",
        ),
        (
            "INSERT INTO wordings (workspace_id, channel_id, message_ts, session_id, worded) SELECT workspace_id,"
            " channel_id, message, session_id, '999999999999999999999999999999999' FROM entries"
            " WHERE session_id = 1 AND number = 2",
            Fault.DELETED_STANDS,
            "session 1, entry 2",
        ),
        (
            "UPDATE wordings SET worded = '999999999999999999999999999999999' WHERE session_id = 1",
            Fault.DELETED_STANDS,
            "session 1, a file",
        ),
        ("UPDATE topics SET number = 7 WHERE session_id = 1 AND number = 2", Fault.TOPIC_NUMBERS, "session 1"),
        ("UPDATE topics SET state = 'on_floor' WHERE session_id = 1 AND number = 2", Fault.FLOOR, "session 1"),
        ("UPDATE spells SET ended_at = NULL WHERE id = 1", Fault.SPELL_OPEN, "session 1, topic 1"),
        ("UPDATE spells SET began_at = '2020-01-01 00:00:00+00' WHERE id = 1", Fault.SPELL_OUTSIDE, "topic 1"),
        (
            "UPDATE spells SET topic_id = 1 WHERE id = 2; UPDATE spells SET began_at = (SELECT began_at FROM spells"
            " WHERE id = 1) WHERE id = 2",
            Fault.SPELLS_OVERLAP,
            "session 1, topic 1",
        ),
        ("UPDATE session_chairs SET unnamed_at = named_at WHERE session_id = 1", Fault.NO_CHAIR, "session 1"),
        (
            "UPDATE topics SET state = 'queued', place = 1 WHERE session_id = 1",
            Fault.QUEUE,
            "session 1",
        ),
        (
            "UPDATE entries SET topic_id = (SELECT id FROM topics WHERE session_id = 3 AND number = 1)"
            " WHERE session_id = 1 AND number = 1",
            Fault.FOREIGN_TOPIC,
            "session 1, entry 1",
        ),
        ("UPDATE sessions SET digest_due_at = NULL WHERE id = 1", Fault.NO_DIGEST, "session 1"),
        ("UPDATE marks SET raw_name = '-1' WHERE channel_id = 'C0MOOT'", Fault.RECOUNT, "V1"),
        ("UPDATE marks SET message_ts = '1.5' WHERE channel_id = 'C0MOOT'", Fault.STRAY_MARKS, "message 1.5 in"),
        ("DELETE FROM outbox WHERE key LIKE 'result:1:%'", Fault.OUTCOME_UNTOLD, "V1"),
        ("UPDATE outbox SET state = 'lost' WHERE key = 'card:1'", Fault.DUTY_STATE, "card:1"),
        ("UPDATE outbox SET lease_owner = 'somebody' WHERE key = 'card:1'", Fault.LEASE, "card:1"),
        (
            "UPDATE outbox SET state = 'waiting', owed_at = '2026-04-01 00:00:00+00' WHERE key = 'card:1'",
            Fault.STUCK,
            "card:1",
        ),
        ("UPDATE sessions SET state = 'lost' WHERE id = 1", Fault.UNREADABLE, "session 1"),
        ("UPDATE proposals SET state = 'lost' WHERE id = 1", Fault.UNREADABLE, "V1"),
    ],
)
def test_whatever_is_broken_by_hand_is_found_and_named(
    damaged: Connection, statement: str, fault: Fault, subject: str
) -> None:
    for each in statement.split("; "):
        damaged.execute(text(each))

    assert [name for what, name in found(damaged) if what is fault and subject in name], found(damaged)


def test_what_an_edit_has_taken_out_may_come_back(damaged: Connection) -> None:
    columns = (
        "workspace_id, channel_id, message, line, session_id, topic_id, number, kind, text, owners, author_id,"
        " said_at, revised_by, revised_at"
    )
    for statement in (
        "UPDATE entries SET standing = false, why = 'untagged' WHERE session_id = 1 AND number = 1",
        f"INSERT INTO entries ({columns}, revision, standing, why)"  # noqa: S608
        f" SELECT {columns}, 2, true, 'edited' FROM entries WHERE session_id = 1 AND number = 1",
    ):
        damaged.execute(text(statement))
    assert found(damaged) == set()


def test_every_fault_has_its_words() -> None:
    assert set(WORDS) == set(Fault)


def test_the_command_names_what_is_wrong_with_status_1(address: str, engine: Engine) -> None:
    with engine.begin() as connection:
        Channel(connection, "C0MOOT").gather(0)
    said = CliRunner().invoke(app, ["check"], env={"DATABASE_URL": address})
    assert (said.exit_code, said.output) == (0, "The database is consistent.\n")

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM entries WHERE number = 1"))

    said = CliRunner().invoke(app, ["check"], env={"DATABASE_URL": address})
    assert said.exit_code == 1
    assert said.stderr == (
        "The database is not consistent:\n  session 1: its entries are not numbered from 1 without a gap.\n"
    )


@pytest.mark.engine("sqlite")
def test_a_damaged_file_is_said_to_be_one(databases: Databases) -> None:
    address = databases.migrated()
    file = address.removeprefix("sqlite:///")
    with open(file, "r+b") as written:  # bytes in the middle of a table
        written.seek(4096 * 6)
        written.write(b"\xff" * 4096)

    said = CliRunner().invoke(app, ["check"], env={"DATABASE_URL": address})

    assert said.exit_code == 1
    assert "the file is damaged" in said.stderr
    assert "Traceback" not in said.output
