"""`folkmoot web`, `worker` and `upgrade`: what each needs, and that together they are one bot."""

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import file_of, reading_engine
from storage.migrate import check
from tests.databases import opened
from tests.ports import free_port
from tests.process.running import Process, command, http_environment, tiny_slack, wait_until

TAKEN = {"ok": True, "ts": "1618999200.000100", "channel": "C0MOOT", "message": {"user": "U0BOT"}}


def environment(slack: str, database: str, port: int = 3000, *without: str) -> dict[str, str]:
    found = http_environment(slack, port) | {"DATABASE_URL": database}
    return {name: value for name, value in found.items() if name not in without}


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("role", ["web", "worker"])
def test_an_sqlite_file_is_for_one_process_alone(database: str, tmp_path: Path, role: str) -> None:
    with tiny_slack() as slack, Process(tmp_path, environment(slack, database), role) as bot:
        assert bot.status() == 2
        assert "DATABASE_URL names an SQLite file" in bot.log
        assert "folkmoot run" in bot.log
        assert "Traceback" not in bot.log


@pytest.mark.engine("postgres")
def test_a_web_process_needs_the_signing_secret_whatever_else_there_is(database: str, tmp_path: Path) -> None:
    with tiny_slack() as slack:
        lacking = environment(slack, database, 3000, "SLACK_SIGNING_SECRET") | {"SLACK_APP_TOKEN": "xapp-of-a-test"}
        with Process(tmp_path, lacking, "web") as bot:
            assert bot.status() == 2
            assert "SLACK_SIGNING_SECRET is missing" in bot.log


@pytest.mark.engine("postgres")
def test_what_web_takes_in_a_worker_says_at_once_and_both_end_in_time(database: str, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "web").mkdir()
    (tmp_path / "worker").mkdir()
    with (
        tiny_slack({"chat.postMessage": TAKEN}) as slack,
        Process(tmp_path / "web", environment(slack, database, port), "web") as web,
        Process(tmp_path / "worker", environment(slack, database, 3000, "SLACK_SIGNING_SECRET"), "worker") as worker,
    ):
        web.until("Folkmoot is running")
        worker.until("Folkmoot is running")
        assert "Docs day" in command(port, "/session start Docs day")[1]
        wait_until(lambda: "key=card:1" in worker.log)

        assert "duty" not in web.log
        assert "delivery" not in worker.log
        for each in (web, worker):
            status, seconds = each.stop()
            assert (status, seconds < 5) == (0, True), each.log
            assert "Traceback" not in each.log


def test_a_release_brings_the_schema_up_to_date(database: str, tmp_path: Path) -> None:
    with Process(tmp_path, {"DATABASE_URL": database}, "upgrade") as upgrade:
        assert upgrade.status() == 0, upgrade.log
    engine = reading_engine(database)
    check(engine)
    engine.dispose()


def test_a_release_refuses_what_it_cannot_upgrade(database: str, tmp_path: Path) -> None:
    with Process(tmp_path, {"DATABASE_URL": database}, "upgrade") as upgrade:
        upgrade.status()
    with opened(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))

    with Process(tmp_path, {"DATABASE_URL": database}, "upgrade") as upgrade:
        assert upgrade.status() == 2
        assert "newer Folkmoot (revision 0999)" in upgrade.log


@pytest.mark.engine("sqlite")
def test_a_release_leaves_a_file_alone_that_a_bot_uses(database: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with tiny_slack() as slack, Process(tmp_path, environment(slack, database, free_port())) as bot:
        bot.until("Folkmoot is running")
        with Process(tmp_path / "other", {"DATABASE_URL": database}, "upgrade") as upgrade:
            assert upgrade.status() == 2
            assert str(file_of(database)) in upgrade.log
