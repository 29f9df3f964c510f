"""Signed HTTP: what is not Slack's, or cannot be read, is refused cheaply and leaves no trace."""

import gzip
import http.client
import json
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import inspect

from bot.intake import BODY_WITHIN
from tests.databases import Databases, Server, locked, opened
from tests.ports import free_port
from tests.process.running import (
    PATIENCE,
    Process,
    command,
    command_fields,
    http_environment,
    now_ts,
    post,
    signed,
    tiny_slack,
)

MARK = "a-text-that-must-not-be-logged"
MESSAGE = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": f"#startmeeting {MARK}", "ts": "1.000100"}
EVENT = json.dumps({"type": "event_callback", "team_id": "T0MOOT", "event_id": "Ev1", "event": MESSAGE}).encode()
FORM = "application/x-www-form-urlencoded"


class Served:
    """A running bot, its port and its database."""

    def __init__(self, bot: Process, port: int, database: str) -> None:
        self.bot, self.port, self.database = bot, port, database

    def record(self) -> dict[str, list[tuple[object, ...]]]:
        """All that is kept, but for what changes by itself: attempts at duties, their pace, when Slack was heard."""
        names = self.tables_with_rows() - {"outbox", "workspaces", "gates"}
        with opened(self.database) as database:

            def rows(what: str, table: str) -> list[tuple[object, ...]]:
                found = database.exec_driver_sql(f"SELECT {what} FROM {table}")  # noqa: S608 # both are ours
                return sorted((tuple(row) for row in found), key=repr)

            return {name: rows("*", name) for name in names} | {"owed": rows("key, version", "outbox")}

    def sends(self, head: str, body: bytes = b"") -> tuple[str, float]:
        """The first line of the answer to raw HTTP, and after how many seconds the bot has closed the connection."""
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(f"POST /slack/events HTTP/1.1\r\nHost: bot\r\n{head}\r\n\r\n".encode() + body)
            answered = line.recv(4096).decode()
            first = time.monotonic() - begun
        return answered.partition("\r\n")[0], first

    def tables_with_rows(self) -> set[str]:
        with opened(self.database) as database:
            names = inspect(database).get_table_names()
            return {name for name in names if database.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()}  # noqa: S608


@pytest.fixture(scope="module")
def served(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    with Databases(server) as databases, tiny_slack() as slack:
        database = databases.empty()
        with Process(folder, http_environment(slack, port, database)) as bot:
            bot.until("Folkmoot is running")
            yield Served(bot, port, database)


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
        "compressed": (gzip.compress(EVENT), signed(EVENT) | {"Content-Encoding": "gzip"}, 415),
        "compressed, and its signature fits": (
            gzip.compress(EVENT),
            signed(gzip.compress(EVENT)) | {"Content-Encoding": "gzip"},
            415,
        ),
        "headers that are too large": (EVENT, signed(EVENT) | {"X-Long": "x" * 9000}, 400),
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
        (b'{"type": "event_callback", "event": "message"}', "application/json"),
        (b'{"type": "event_callback", "event": [1]}', "application/json"),
        (b'{"type": "event_callback", "event": {"type": 5}}', "application/json"),
        (b'{"type": "event_callback", "team": 5, "authorizations": 7, "event": {}}', "application/json"),
        (b'{"type": ["event_callback"]}', "application/json"),
        (urlencode({"payload": '{"type": "block_actions"}'}).encode(), FORM),
        (urlencode({"payload": '{"type": "block_actions", "actions": []}'}).encode(), FORM),
        (urlencode({"payload": '{"type": "block_actions", "actions": "x", "user": 5}'}).encode(), FORM),
        (urlencode({"payload": '{"type": "view_submission", "view": "x"}'}).encode(), FORM),
        (urlencode({"payload": '{"type": "view_submission", "view": {"callback_id": 5}}'}).encode(), FORM),
        (b'{"event": ' * 50_000, "application/json"),
        (b"[" * 500_000, "application/json"),
        (b"command=", FORM),
        (b"command=%2Fnothing", FORM),
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


def test_refusing_costs_no_write_and_no_wait(served: Served) -> None:
    """While somebody else holds the database, everything is refused as fast as ever."""
    with locked(served.database):
        begun = time.monotonic()
        for body, headers, expected in refused().values():
            assert post(served.port, body, headers)[0] == expected
        seconds = time.monotonic() - begun

    assert seconds < 1.5, "a lock is waited for longer than that"


def test_a_body_that_is_announced_too_large_is_not_waited_for(served: Served) -> None:
    head = "\r\n".join(f"{name}: {value}" for name, value in signed(EVENT).items())
    answered, seconds = served.sends(f"{head}\r\nContent-Length: 1000001")
    assert (answered, seconds < 2) == ("HTTP/1.1 413 Request Entity Too Large", True)

    endless = b"f4240\r\n" + b" " * 1_000_000 + b"\r\n" + b"10\r\n" + b" " * 16 + b"\r\n"
    answered, seconds = served.sends(f"{head}\r\nTransfer-Encoding: chunked", endless)
    assert (answered, seconds < 2) == ("HTTP/1.1 413 Request Entity Too Large", True)


def test_a_body_that_never_comes_is_not_waited_for_long(served: Served) -> None:
    head = "\r\n".join(f"{name}: {value}" for name, value in signed(EVENT).items())

    answered, seconds = served.sends(f"{head}\r\nContent-Length: {len(EVENT)}", EVENT[:10])

    assert answered == "HTTP/1.1 408 Request Timeout"
    assert BODY_WITHIN <= seconds < BODY_WITHIN + 3


def test_what_is_not_signed_is_refused_before_its_body_comes(served: Served) -> None:
    answered, seconds = served.sends("Content-Length: 1000")
    assert (answered, seconds < 2) == ("HTTP/1.1 401 Unauthorized", True)


def test_slacks_own_greeting_is_answered(served: Served) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"}).encode()

    status, text = post(served.port, body, signed(body))

    assert (status, json.loads(text)) == (200, {"challenge": "3eZbrw1a"})


def test_a_signed_command_is_carried_out_after_all_that(served: Served) -> None:
    status, text = command(served.port, "/topic Observability")

    assert status == 200
    assert "Observability" in text
    assert {"sessions", "topics", "outbox"} <= served.tables_with_rows()


def test_a_request_that_is_played_again_within_its_time_changes_nothing(served: Served) -> None:
    """Whoever repeats it, byte for byte, may be a proxy that lost the answer: it is answered, and not carried out."""
    said = MESSAGE | {"text": "#info kept once", "ts": now_ts()}
    event = {"type": "event_callback", "team_id": "T0MOOT", "event_id": "EvAGAIN", "event": said}
    bodies = [
        (urlencode(command_fields("/topic Replays", "7.8.9")).encode(), FORM),
        (urlencode(command_fields("/note written once", "8.9.10")).encode(), FORM),
        (json.dumps(event).encode(), "application/json"),
    ]
    sent = [(body, signed(body), content_type) for body, content_type in bodies]
    for body, headers, content_type in sent:
        assert post(served.port, body, headers, content_type)[0] == 200
    before = served.record()

    again = [post(served.port, body, headers, content_type) for body, headers, content_type in sent]
    assert [status for status, _ in again] == [200, 200, 200]
    assert "That was done already." in again[0][1]
    assert served.record() == before

    late = [post(served.port, body, stale(body), content_type)[0] for body, _, content_type in sent]
    assert late == [401, 401, 401]
    assert served.record() == before


def test_a_command_that_speaks_of_a_payload_is_carried_out_like_any_other(served: Served) -> None:
    """Bolt takes every form with that word in it for a click, and would lose this one."""
    command(served.port, "/topic Limits", "20.1.1")
    status, text = command(served.port, "/note The payload is too large", "20.1.2")

    assert status == 200
    assert "payload is too large" in text
