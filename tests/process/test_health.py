"""/healthz, /readyz and /metrics tell the truth, and soon, also while the database does not answer."""

import asyncio
import http.client
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine, text

from bot.clock import SystemClock
from bot.health import Health
from bot.listening import listen
from bot.metrics import Metrics
from storage.engine import normalise, reading_engine, writing_engine
from storage.reader import Reader
from storage.writer import Writer
from tests.databases import Databases, opened
from tests.ports import free_port
from tests.process.running import PATIENCE, Process, command, http_environment, tiny_slack, wait_until

SOON = 4.0
"""Seconds that a page may take at most: it gives the database two."""


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    return answer.status, told


def asked(port: int, path: str) -> tuple[int, dict[str, Any]]:
    status, told = get(port, path)
    return status, json.loads(told)


def measured(port: int) -> dict[tuple[str, ...], float]:
    """What /metrics tells, by name and labels, read as Prometheus reads it."""
    families = text_string_to_metric_families(get(port, "/metrics")[1])
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


@contextmanager
def running(folder: Path, database: str = "", **more: str) -> Iterator[tuple[Process, int]]:
    port = free_port()
    answers: Any = {"chat.postMessage": {"ok": False, "error": "channel_not_found"}}
    with tiny_slack(answers) as slack, Process(folder, http_environment(slack, port, database) | more) as bot:
        bot.until("Folkmoot is running")
        yield bot, port


@pytest.fixture
def port(tmp_path: Path, database: str) -> Iterator[int]:
    with running(tmp_path, database) as (_, port):
        yield port


def test_a_bot_that_is_well_says_so(port: int) -> None:
    wait_until(lambda: asked(port, "/healthz") == (200, {"healthy": True, "writer": {"waiting": 0, "busy_s": 0.0}}))
    command(port, "/session start Docs day")
    wait_until(lambda: asked(port, "/readyz")[1]["outbox"]["blocked"] > 0)

    status, told = asked(port, "/readyz")
    assert (status, told["ready"], told["database"]) == (200, True, "current")
    assert told["slack"]["reaches_us"]
    assert 0 <= told["slack"]["last_delivery_s"] < PATIENCE
    assert "why" not in told


def test_prometheus_reads_what_was_delivered_and_what_came_of_what_is_owed(port: int) -> None:
    command(port, "/session start Docs day")
    command(port, "/nothing of ours", "4.5.6")
    wait_until(lambda: ("folkmoot_duties_total", "post", "blocked") in measured(port))

    found = measured(port)
    assert found["folkmoot_deliveries_total", "/session", "200"] == 1
    assert found["folkmoot_deliveries_total", "unknown", "200"] == 1
    assert found["folkmoot_slack_call_seconds_count", "chat.postMessage"] >= 1
    assert found["folkmoot_outbox_blocked",] >= 1
    assert found["folkmoot_database_up",] == found["folkmoot_slack_connected",] == 1
    assert found["process_resident_memory_bytes",] > 1_000_000


def test_a_schema_that_is_not_ours_is_told(port: int, database: str) -> None:
    with opened(database) as other:
        other.execute(text("UPDATE alembic_version SET version_num = '0999'"))

    status, told = asked(port, "/readyz")

    assert (status, told["ready"]) == (503, False)
    assert "schema" in told["why"]
    assert measured(port)["folkmoot_database_up",] == 0
    assert asked(port, "/healthz")[0] == 200, "to start it again would not help"


@pytest.mark.engine("postgres")  # whoever reads SQLite waits for nobody
def test_pages_do_not_hang_while_the_database_does(databases: Databases, tmp_path: Path) -> None:
    address = databases.migrated()
    engine = writing_engine(address)
    with running(tmp_path, address) as (_, port), engine.connect() as other:
        other.execute(text("LOCK TABLE alembic_version, outbox IN ACCESS EXCLUSIVE MODE"))
        for _ in range(12):  # more than there are threads to wait in
            threading.Thread(target=get, args=(port, "/readyz"), daemon=True).start()
        for path, expected in (("/readyz", 503), ("/metrics", 200), ("/healthz", 200)):
            begun = time.monotonic()
            status, told = get(port, path)
            assert (status, time.monotonic() - begun < SOON) == (expected, True), told
        # The question before this one may just have been given up by the database itself.
        assert re.search(r"has not answered within 2 seconds|cannot be read", asked(port, "/readyz")[1]["why"])
        other.rollback()
        wait_until(lambda: asked(port, "/readyz")[0] == 200)
    engine.dispose()


@pytest.mark.engine("postgres")  # an SQLite file does not go away
def test_a_database_that_went_away_is_told_until_it_is_back(databases: Databases, tmp_path: Path) -> None:
    address = databases.migrated()
    name = normalise(address).database
    engine = create_engine(normalise(address).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with running(tmp_path, address) as (_, port), engine.connect() as server:
        server.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        server.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        status, told = asked(port, "/readyz")
        assert (status, told["ready"]) == (503, False)
        assert "cannot be read (OperationalError)" in told["why"]
        server.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        wait_until(lambda: asked(port, "/readyz")[0] == 200)
    engine.dispose()


def test_over_socket_mode_there_are_pages_only_where_a_port_is_set_for_them(tmp_path: Path) -> None:
    """They are there from the start: also while Slack is out of reach, which they tell."""
    address = {"ok": True, "url": "ws://127.0.0.1:9/nowhere"}
    health_port, port = free_port(), free_port()
    with tiny_slack({"apps.connections.open": address}) as slack:
        environment = http_environment(slack, port) | {"SLACK_APP_TOKEN": "xapp-of-a-test"}
        with Process(tmp_path, environment | {"HEALTH_PORT": str(health_port)}) as bot:
            bot.until("Slack takes no Socket Mode connection yet")
            assert asked(health_port, "/healthz")[0] == 200
            status, told = asked(health_port, "/readyz")
            assert (status, told["ready"], told["slack"]["reaches_us"]) == (503, False, False)
            assert "Socket Mode" in told["why"]
            with pytest.raises(ConnectionRefusedError):
                get(port, "/healthz")


def test_with_a_port_of_their_own_they_are_not_beside_the_deliveries(tmp_path: Path) -> None:
    health_port = free_port()
    with running(tmp_path, HEALTH_PORT=str(health_port)) as (_, port):
        assert get(port, "/readyz")[0] == 404
        assert asked(health_port, "/readyz")[0] == 200


def test_a_writer_that_hangs_is_told_and_so_is_one_that_has_ended(databases: Databases) -> None:
    address = databases.migrated()

    async def told() -> None:
        reader, writer = Reader(reading_engine(address)), Writer(writing_engine(address))
        health = Health(Metrics(), SystemClock(), reader, writer, None, stuck_after=timedelta(seconds=0.05))
        server, port, goes_on = web.Application(), free_port(), threading.Event()
        server.router.add_routes(health.routes())
        runner = await listen(server, "127.0.0.1", port)
        hanging = asyncio.create_task(writer.run(lambda _: goes_on.wait(PATIENCE)))
        async with ClientSession(f"http://127.0.0.1:{port}") as session:
            await _until(session, 503, "the writer hangs in the database")
            goes_on.set()
            await hanging
            await _until(session, 200, "healthy")
            await writer.close()
            await _until(session, 503, "the writer has ended")
        await runner.cleanup()
        reader.close()

    asyncio.run(told())


async def _until(session: ClientSession, status: int, words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with session.get("/healthz") as answer:
                if answer.status == status and words in await answer.text():
                    return


def test_a_process_without_intake_and_one_without_writer_tell_what_they_have(databases: Databases) -> None:
    address = databases.migrated()

    async def told() -> dict[str, Any]:
        reader = Reader(reading_engine(address))
        health = Health(Metrics(), SystemClock(), reader, None, None)
        server, port = web.Application(), free_port()
        server.router.add_routes(health.routes())
        runner = await listen(server, "127.0.0.1", port)
        async with ClientSession(f"http://127.0.0.1:{port}") as session, session.get("/readyz") as answer:
            page: dict[str, Any] = await answer.json()
        await runner.cleanup()
        reader.close()
        return page

    outbox = {"waiting": 0, "blocked": 0, "oldest_due_s": 0.0}
    assert asyncio.run(told()) == {"ready": True, "database": "current", "outbox": outbox}
