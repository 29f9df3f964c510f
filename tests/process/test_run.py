"""`folkmoot run`: what it needs, what it says when it lacks it, and how it ends."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.databases import Databases, locked, opened
from tests.ports import free_port
from tests.process.running import (
    Process,
    command,
    http_environment,
    now_ts,
    post,
    signed,
    tiny_slack,
    wait_until,
)

NOWHERE = "http://127.0.0.1:9/api/"
IN_TIME = 5.0


def asked_for(database: str) -> list[str]:
    """What the database has of sessions."""
    with opened(database) as connection:
        return list(connection.execute(text("SELECT title FROM sessions")).scalars())


def duty(database: str, key: str) -> str:
    """How far something that is owed has come."""
    with opened(database) as connection:
        found = connection.execute(text("SELECT state FROM outbox WHERE key = :key"), {"key": key})
        return str(found.scalar_one())


def test_everything_that_is_missing_is_named_and_the_status_is_2(tmp_path: Path) -> None:
    with Process(tmp_path, {"PORT": "no port", "LOG_LEVEL": "loud"}) as bot:
        assert bot.status() == 2
        assert [line.split()[0] for line in bot.log.splitlines()[1:]] == [
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "PORT",
            "LOG_LEVEL",
        ]
        assert not (tmp_path / "folkmoot.db").exists()


@pytest.mark.parametrize("name", ["run", "web", "worker"])
def test_what_runs_for_long_loads_nothing_that_only_commands_want(tmp_path: Path, name: str) -> None:
    with Process(tmp_path, {"PYTHONPROFILEIMPORTTIME": "1"}, name) as bot:
        assert bot.status() == 2
        loaded = {line.rpartition("|")[2].strip() for line in bot.log.splitlines()}
        assert "bot.app" in loaded
        assert not loaded & {"typer", "rich", "alembic", "cryptography", "pythonjsonlogger", "sqlalchemy.orm"}


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
def test_a_refused_token_is_named_and_not_told(tmp_path: Path, error: str) -> None:
    with (
        tiny_slack({"auth.test": {"ok": False, "error": error}}) as slack,
        Process(tmp_path, http_environment(slack, free_port())) as bot,
    ):
        assert bot.status() == 2
        assert f"SLACK_BOT_TOKEN is not accepted by Slack ({error})" in bot.log
        assert "xoxb-of-a-test" not in bot.log
        assert "Traceback" not in bot.log


def test_a_refused_app_token_is_named_too(tmp_path: Path) -> None:
    with tiny_slack({"apps.connections.open": {"ok": False, "error": "invalid_auth"}}) as slack:
        environment = http_environment(slack, free_port()) | {"SLACK_APP_TOKEN": "xapp-of-a-test"}
        with Process(tmp_path, environment) as bot:
            assert bot.status() == 2
            assert "SLACK_APP_TOKEN is not accepted by Slack (invalid_auth)" in bot.log
            assert "xapp-of-a-test" not in bot.log
            assert "Traceback" not in bot.log


def test_a_refused_connection_does_not_tell_its_ticket(tmp_path: Path) -> None:
    """Slack's WebSocket address is a secret too, and the SDK names it when it is refused."""
    where: list[str] = []

    def address(_asked: object) -> dict[str, Any]:
        return {"ok": True, "url": where[0].replace("http", "ws") + "nowhere?ticket=a-ticket-that-nobody-logs&app_id=1"}

    with tiny_slack({"apps.connections.open": address}) as slack:
        where.append(slack)
        environment = http_environment(slack, free_port()) | {"SLACK_APP_TOKEN": "xapp-of-a-test"}
        with Process(tmp_path, environment | {"LOG_LEVEL": "DEBUG"}) as bot:
            bot.until("Slack takes no Socket Mode connection yet")
            assert "nobody-logs" not in bot.log
            assert "xapp-of-a-test" not in bot.log


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as other, tiny_slack() as slack:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Process(tmp_path, http_environment(slack, port)) as bot:
            assert bot.status() == 2
            assert f"HOST and PORT: cannot listen on 127.0.0.1:{port}" in bot.log
            assert "Traceback" not in bot.log
        elsewhere = http_environment(slack, free_port()) | {"HEALTH_PORT": str(port)}
        with Process(tmp_path, elsewhere) as bot:
            assert bot.status() == 2
            assert f"HOST and HEALTH_PORT: cannot listen on 127.0.0.1:{port}" in bot.log


def test_a_database_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path) -> None:
    addresses = {
        f"sqlite:///{tmp_path / 'nowhere' / 'folkmoot.db'}": "unable to open",
        f"postgresql://moot:hidden@127.0.0.1:{free_port()}/minutes": "refused",
    }
    for address, why in addresses.items():
        with Process(tmp_path, http_environment(NOWHERE, 3000, address)) as bot:
            assert bot.status() == 2
            assert "DATABASE_URL cannot be used" in bot.log
            assert why in bot.log
            assert "hidden" not in bot.log
            assert "Traceback" not in bot.log


def test_a_database_from_the_future_is_refused_by_name(databases: Databases, tmp_path: Path) -> None:
    database = databases.migrated()
    with opened(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))

    with Process(tmp_path, http_environment(NOWHERE, 3000, database)) as bot:
        assert bot.status() == 2
        assert "newer Folkmoot (revision 0999)" in bot.log


def test_an_env_file_is_read_and_overrides_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nPORT=no port\nDIGEST_DELAY=never\n")
    with Process(tmp_path, {"SLACK_APP_TOKEN": "xapp-1", "PORT": "3000"}) as bot:
        assert bot.status() == 2
        assert [line.split()[0] for line in bot.log.splitlines()[1:]] == ["DIGEST_DELAY"]


@pytest.fixture
def serving(database: str, tmp_path: Path) -> Iterator[tuple[Process, int]]:
    """A bot that takes deliveries over HTTP, and whose posts hang in Slack."""
    port = free_port()
    with (
        tiny_slack({"chat.postMessage": None, "users.info": None}) as slack,  # type: ignore[dict-item]
        Process(tmp_path, http_environment(slack, port, database)) as bot,
    ):
        bot.until("Folkmoot is running")
        yield bot, port


def test_it_brings_an_empty_database_up_to_date_and_ends_when_told(serving: tuple[Process, int], database: str) -> None:
    assert asked_for(database) == []

    status, seconds = serving[0].stop()

    assert (status, seconds < IN_TIME) == (0, True)
    assert "Traceback" not in serving[0].log


def test_it_ends_in_time_while_a_call_hangs_and_keeps_what_it_owes(serving: tuple[Process, int], database: str) -> None:
    bot, port = serving
    assert command(port, "/session start Docs day")[0] == 200
    wait_until(lambda: duty(database, "card:1") == "sending")

    status, seconds = bot.stop()

    assert (status, seconds < IN_TIME) == (0, True), bot.log
    assert asked_for(database) == ["Docs day"]
    assert duty(database, "card:1") == "sending", "whether Slack took it is looked for at the next start"


def test_it_ends_in_time_while_slack_is_out_of_reach(tmp_path: Path) -> None:
    with Process(tmp_path, http_environment(NOWHERE, free_port())) as bot:
        bot.until("out of reach")
        status, seconds = bot.stop()

    assert (status, seconds < IN_TIME) == (0, True)


def test_it_ends_in_time_while_the_database_is_locked(serving: tuple[Process, int], database: str) -> None:
    bot, port = serving
    command(port, "/session start Docs day")
    with locked(database):
        answered = command(port, "/note while it was locked", "4.5.6")
        _, seconds = bot.stop()

    assert answered[0] == 200
    assert "something went wrong" in answered[1]
    assert seconds < IN_TIME, bot.log


def test_an_event_that_cannot_be_stored_is_not_acknowledged(serving: tuple[Process, int], database: str) -> None:
    bot, port = serving
    command(port, "/session start Docs day")
    said = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": "#info kept", "ts": now_ts()}
    event = {"type": "event_callback", "team_id": "T0MOOT", "event_id": "Ev1", "event": said}
    body = json.dumps(event).encode()
    with locked(database):
        assert post(port, body, signed(body))[0] == 500

    assert post(port, body, signed(body))[0] == 200
    assert post(port, body, signed(body))[0] == 200
    with opened(database) as connection:
        assert connection.execute(text("SELECT text FROM entries")).scalars().all() == ["kept"]
    assert "#info kept" not in bot.log
