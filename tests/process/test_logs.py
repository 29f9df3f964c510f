"""The log: one line for each thing that Slack delivers and each that is owed, and never a secret or what was said."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import Databases, Server, locked
from tests.ports import free_port
from tests.process.running import (
    SECRET,
    Process,
    command_fields,
    form,
    http_environment,
    now_ts,
    post,
    signed,
    tiny_slack,
    wait_until,
)

TEXT = "a-text-that-nobody-logs"
TRIGGER = "1700.1800.a-trigger-that-nobody-logs"
ANSWER_AT = "http://127.0.0.1:9/actions/an-address-that-nobody-logs"
VERIFICATION = "a-verification-token-that-nobody-logs"
SECRETS = (SECRET, "xoxb-of-a-test", TRIGGER, ANSWER_AT, VERIFICATION, "v0=")
PERSON = {"id": "U0ANA", "username": f"name-{TEXT}", "name": f"name-{TEXT}", "team_id": "T0MOOT"}
COMMON = {"team": {"id": "T0MOOT"}, "user": PERSON, "token": VERIFICATION, "trigger_id": TRIGGER}
PLACE = {"channel": {"id": "C0MOOT", "name": f"name-{TEXT}"}, "response_url": ANSWER_AT}

OLD_BUTTON = {"name": "n", "type": "button", "value": TEXT}


def clicked(action: str, value: str = TEXT) -> dict[str, Any]:
    button = {"type": "button", "action_id": action, "block_id": "b", "value": value, "text": {"text": TEXT}}
    return {"type": "block_actions", **COMMON, **PLACE, "actions": [button], "message": {"text": TEXT, "ts": "1.1"}}


def dialog(kind: str, callback: str) -> dict[str, Any]:
    fields = {"title": {"title": {"type": "plain_text_input", "value": TEXT}}}
    about = json.dumps({"session": 1, "channel": "C0MOOT"})
    view = {"id": "V1", "hash": "1.x", "callback_id": callback, "private_metadata": about, "state": {"values": fields}}
    return {"type": kind, **COMMON, "view": {"type": "modal", **view}}


NOBODY_ANSWERS = {
    "click:no_such_button": (clicked("no_such_button"), 200),
    "dialog:no_such_dialog": (dialog("view_submission", "no_such_dialog"), 404),
    "view_closed": (dialog("view_closed", "add_topic"), 200),
    "block_suggestion": ({"type": "block_suggestion", **COMMON, "action_id": "a", "block_id": "b", "value": TEXT}, 200),
    "shortcut": ({"type": "shortcut", **COMMON, "callback_id": "c"}, 200),
    "message_action": (
        {"type": "message_action", **COMMON, **PLACE, "callback_id": "c", "message": {"text": TEXT}},
        200,
    ),
    "interactive_message": (
        {"type": "interactive_message", **COMMON, **PLACE, "callback_id": "c", "actions": [OLD_BUTTON]},
        200,
    ),
    "dialog_submission": (
        {"type": "dialog_submission", **COMMON, **PLACE, "callback_id": "c", "submission": {"a": TEXT}, "state": TEXT},
        404,
    ),
    "dialog_cancellation": ({"type": "dialog_cancellation", **COMMON, **PLACE, "callback_id": "c", "state": TEXT}, 200),
    "dialog_suggestion": ({"type": "dialog_suggestion", **COMMON, "callback_id": "c", "name": "n", "value": TEXT}, 200),
    "workflow_step_edit": ({"type": "workflow_step_edit", **COMMON, "callback_id": "c", "workflow_step": {}}, 200),
    "no_kind_of_slacks": ({"type": "no_kind_of_slacks", **COMMON, "text": TEXT}, 200),
}
"""Payloads that no listener is for, by the name that the log gives them, and the status due."""


class Logging:
    """A running bot whose log is read."""

    def __init__(self, bot: Process, port: int, database: str) -> None:
        self.bot, self.port, self.database = bot, port, database
        self._events = self._begun = 0

    def types(self, typed: str) -> tuple[int, str]:
        self._events += 1
        fields = command_fields(typed, f"{TRIGGER}.{self._events}")
        return form(self.port, fields | {"response_url": ANSWER_AT, "token": VERIFICATION, "user_name": f"name-{TEXT}"})

    def acts(self, payload: dict[str, Any]) -> tuple[int, str]:
        return form(self.port, {"payload": json.dumps(payload)})

    def happens(self, event: dict[str, Any], **headers: str) -> tuple[int, str]:
        self._events += 1
        told = {"team_id": "T0MOOT", "event_id": f"Ev{self._events}", "token": VERIFICATION, "event": event}
        body = json.dumps({"type": "event_callback", **told}).encode()
        return post(self.port, body, signed(body) | headers)

    def begin(self) -> None:
        """From here on its lines are those of one test: which ones have run before is left to chance."""
        self._begun = len(self.bot.log)

    def lines(self, *words: str) -> list[str]:
        return [line for line in self.bot.log[self._begun :].splitlines() if all(word in line for word in words)]


@pytest.fixture(scope="module", params=["INFO text", "DEBUG json"])
def logging_bot(
    request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Logging]:
    level, form_of_lines = request.param.split()
    folder, port = tmp_path_factory.mktemp("logging"), free_port()
    refused = {"chat.postMessage": {"ok": False, "error": "channel_not_found"}}
    with Databases(server) as databases, tiny_slack(refused) as slack:  # type: ignore[arg-type]
        database = databases.empty()
        environment = http_environment(slack, port, database) | {"LOG_LEVEL": level, "LOG_FORMAT": form_of_lines}
        with Process(folder, environment) as bot:
            bot.until("Folkmoot is running")
            yield Logging(bot, port, database)


@pytest.fixture(autouse=True)
def nothing_is_given_away(logging_bot: Logging) -> Iterator[None]:
    """After each of these tests: neither a secret nor what somebody said is in the log."""
    logging_bot.begin()
    yield
    log = logging_bot.bot.log
    assert [secret for secret in SECRETS if secret in log] == []
    assert TEXT not in log


def test_commands_are_told_by_name_and_ids(logging_bot: Logging) -> None:
    assert logging_bot.types(f"/session start {TEXT}")[0] == 200
    assert logging_bot.types(f"/note {TEXT}")[0] == 200
    assert logging_bot.types("/propose")[0] == 200, "where no dialog opens, it is said how to type it"

    (line,) = logging_bot.lines("delivery", "/session")
    for word in ("T0MOOT", "C0MOOT", "U0ANA", "200", "bot.deliveries", "INFO"):
        assert word in line
    assert len(logging_bot.lines("delivery", "/note")) == 1


def test_an_unknown_command_is_answered_with_what_there_is(logging_bot: Logging) -> None:
    status, text = logging_bot.types(f"/nothing {TEXT}")

    assert status == 200
    assert "I do not know that command" in text
    (line,) = logging_bot.lines("nothing here answers", "/nothing")
    assert "WARNING" in line


def test_events_are_told_by_their_name_and_the_number_of_the_try(logging_bot: Logging) -> None:
    said = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": f"#info {TEXT}", "ts": now_ts()}
    assert logging_bot.happens(said, **{"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"})[0] == 200
    assert logging_bot.happens({"type": "team_rename", "name": TEXT})[0] == 200
    assert (
        logging_bot.happens({"type": "function_executed", "function": {"callback_id": "f"}, "inputs": TEXT})[0] == 200
    )
    item = {"type": "message", "channel": "C0MOOT", "ts": "1.000200"}
    assert (
        logging_bot.happens(
            {"type": "reaction_added", "user": "U0ANA", "reaction": "+1", "item": item, "event_ts": "1.000300"}
        )[0]
        == 200
    )

    (line,) = [line for line in logging_bot.lines("delivery") if re.search(r"kind\W+message\b", line)]
    assert re.search(r"retry\W+2\b", line), line
    assert re.search(r"delivery\W+Ev\d", line), line
    assert len(logging_bot.lines("delivery", "reaction_added")) == 1


def test_clicks_and_dialogs_are_told_by_their_ids(logging_bot: Logging) -> None:
    assert logging_bot.acts(clicked("end_session", "1"))[0] == 200
    assert logging_bot.acts(dialog("view_submission", "add_topic"))[0] == 200

    assert len(logging_bot.lines("delivery", "click:end_session")) == 1
    assert len(logging_bot.lines("delivery", "dialog:add_topic")) == 1


@pytest.mark.parametrize("name", NOBODY_ANSWERS)
def test_what_nobody_here_answers_is_one_line_without_its_body(logging_bot: Logging, name: str) -> None:
    payload, expected = NOBODY_ANSWERS[name]
    assert logging_bot.acts(payload)[0] == expected

    (line,) = [line for line in logging_bot.lines(name) if re.search(rf"kind\W+{name}\b", line)]
    assert "nothing here answers" in line
    assert "WARNING" in line
    assert logging_bot.lines("Unhandled") == [], "as Bolt would say it"


def test_what_is_refused_is_told_with_the_reason_alone(logging_bot: Logging) -> None:
    body = json.dumps({"type": "event_callback", "token": VERIFICATION, "event": {"text": TEXT}}).encode()
    assert post(logging_bot.port, body, {})[0] == 401
    assert post(logging_bot.port, body, signed(body, secret="another"))[0] == 401
    assert post(logging_bot.port, body[:-1], signed(body[:-1]))[0] == 400
    assert post(logging_bot.port, body, signed(body) | {"X-Long": TEXT * 1000})[0] == 400
    assert len(logging_bot.lines("request refused", "signature")) == 2
    assert len(logging_bot.lines("request refused", "HTTP")) == 1


def test_an_error_of_ours_is_told_with_its_traceback(logging_bot: Logging) -> None:
    broken = {"type": "reaction_added", "user": "U0ANA", "text": TEXT}
    assert logging_bot.happens(broken)[0] == 500
    logging_bot.types(f"/session start {TEXT}")  # or is one open already
    said = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": f"#info {TEXT}", "ts": now_ts()}
    with locked(logging_bot.database):
        assert logging_bot.happens(said)[0] == 500
        assert "something went wrong" in logging_bot.types(f"/note {TEXT}")[1]

    assert logging_bot.lines("a delivery could not be carried out")
    assert "KeyError" in logging_bot.bot.log
    assert any(cause in logging_bot.bot.log for cause in ("database is locked", "lock timeout"))


def test_each_attempt_at_a_duty_is_told_with_what_came_of_it(logging_bot: Logging) -> None:
    logging_bot.types(f"/topic {TEXT}")
    wait_until(lambda: logging_bot.lines("duty blocked") != [])
    wait_until(lambda: any("duty dead" in told and "person:" in told for told in logging_bot.bot.log.splitlines()))

    (line, *_) = logging_bot.lines("duty blocked")
    for word in ("card:1", "post", "C0MOOT", "channel_not_found"):
        assert word in line


def test_every_line_is_whole(logging_bot: Logging) -> None:
    """As JSON, each is an object; as text, it begins with its time, or goes on with a traceback."""
    logging_bot.types("/session status")
    lines = logging_bot.bot.log.splitlines()
    if lines[0].startswith("{"):
        for line in lines:
            assert {"time", "level", "logger", "message"} <= json.loads(line).keys()
        (told, *_) = [json.loads(line) for line in logging_bot.lines('"delivery"', "/session")]
        assert (told["kind"], told["status"], told["channel"]) == ("/session", 200, "C0MOOT")
        assert told["ms"] > 0
    else:
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR) [\w.]+ ", lines[0])
        assert logging_bot.lines("delivery", "kind=/session", "channel=C0MOOT", "status=200", "ms=")
