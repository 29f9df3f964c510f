"""Signed HTTP: what is not Slack's, or cannot be read, is refused cheaply and leaves no trace."""

import http.client
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.process.running import Process, command, free_port, http_environment, post, signed, tiny_slack

MARK = "a-text-that-must-not-be-logged"
MESSAGE = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": f"#startmeeting {MARK}", "ts": "1.000100"}
EVENT = json.dumps({"type": "event_callback", "team_id": "T0MOOT", "event_id": "Ev1", "event": MESSAGE}).encode()
FORM = "application/x-www-form-urlencoded"


class Served:
    """A running bot, its port and its database."""

    def __init__(self, bot: Process, port: int, folder: Path) -> None:
        self.bot, self.port, self._folder = bot, port, folder

    def tables_with_rows(self) -> set[str]:
        with sqlite3.connect(self._folder / "folkmoot.db") as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name for name in names if database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]}  # noqa: S608


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    with tiny_slack() as slack, Process(folder, http_environment(slack, port, folder)) as bot:
        bot.until("Folkmoot is running")
        yield Served(bot, port, folder)


def stale(body: bytes) -> dict[str, str]:
    return signed(body, at=time.time() - 301)


def stamped(stamp: str) -> dict[str, str]:
    return signed(EVENT) | {"X-Slack-Request-Timestamp": stamp}


def refused() -> dict[str, tuple[bytes, dict[str, str], int]]:
    """Bodies, headers and the status due; signed when they are sent, for a signature is good for five minutes."""
    return {
        "unsigned": (EVENT, {}, 401),
        "stale": (EVENT, stale(EVENT), 401),
        "from the future": (EVENT, signed(EVENT, at=time.time() + 3600), 401),
        "signed by somebody else": (EVENT, signed(EVENT, secret="another"), 401),
        "signed for another body": (EVENT, signed(EVENT + b" "), 401),
        "a signature of another kind": (EVENT, signed(EVENT) | {"X-Slack-Signature": "é"}, 401),
        "a timestamp in words": (EVENT, stamped("yesterday"), 401),
        "an empty timestamp": (EVENT, stamped(""), 401),
        "an endless timestamp": (EVENT, stamped("9" * 400), 401),
        "too large": (EVENT + b" " * 1_000_000, signed(EVENT + b" " * 1_000_000), 413),
        "no UTF-8": (EVENT + b"\xff", signed(EVENT + b"\xff"), 400),
        "no JSON": (EVENT[:-1], signed(EVENT[:-1]), 400),
    }


@pytest.mark.parametrize("name", refused())
def test_it_is_refused_and_leaves_no_trace(served: Served, name: str) -> None:
    body, headers, expected = refused()[name]

    status, text = post(served.port, body, headers)

    assert (status, MARK in text) == (expected, False)
    assert served.tables_with_rows() <= {"alembic_version", "workspaces", "people", "identities"}
    assert MARK not in served.bot.log
    assert headers.get("X-Slack-Signature", "v0=") not in served.bot.log or "X-Slack-Signature" not in headers
    assert "Traceback" not in served.bot.log


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"event_callback"', "application/json"),
        (b"payload=%7Bbroken", FORM),
        (b"payload=%5B%5D", FORM),
        (b"", "application/json"),
        (b"{}", "application/json; charset=nonsense"),
        (b"\xff\xfe", FORM),
        (b'{"type": "event_callback"}', "application/json"),
    ],
)
def test_what_is_signed_and_means_nothing_is_answered_4xx_or_ignored(
    served: Served, body: bytes, content_type: str
) -> None:
    status, _ = post(served.port, body, signed(body), content_type)

    assert 200 <= status < 500, served.bot.log
    assert served.tables_with_rows() <= {"alembic_version", "workspaces", "people", "identities"}


def test_only_posts_to_the_one_path_are_heard(served: Served) -> None:
    for method, path, expected in (("GET", "/slack/events", 405), ("POST", "/", 404), ("GET", "/slack/install", 404)):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request(method, path)
        assert connection.getresponse().status == expected
        connection.close()


def test_slacks_own_greeting_is_answered(served: Served) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}).encode()

    status, text = post(served.port, body, signed(body))

    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})


def test_a_signed_command_is_carried_out_after_all_that(served: Served) -> None:
    status, text = command(served.port, "/topic Observability")

    assert status == 200
    assert "Observability" in text
    assert {"sessions", "topics", "outbox"} <= served.tables_with_rows()
