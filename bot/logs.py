"""The log: one line to standard error for each thing that happens, for people or, with LOG_FORMAT=json, for programs.

Whoever logs says what happened in a fixed sentence, and which by `extra=`: ids and numbers, never names or texts.
"""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

CHATTY = ("slack_bolt", "slack_sdk", "apscheduler", "alembic")
"""Bolt logs bodies, the SDK messages and tokens: below WARNING neither is heard, whatever LOG_LEVEL says."""
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}
_PLAIN = re.compile(r"[\w.:/+@~-]+")
_SECRETS = re.compile(r"\b(?:xox[a-z]|xapp)-[\w.-]+|(?<=\w)\?[^\s'\"]+=[^\s'\"]*")
"""Tokens, and what stands behind the `?` of an address: Slack's WebSockets have their ticket there."""


def set_up(level: str, form: str) -> None:
    """Log to standard error from `level` on, as `text` or as `json`."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutSecrets(_json_lines() if form == "json" else TextLines()))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


class TextLines(logging.Formatter):
    """`2026-04-14 13:00:00,000 INFO bot.deliveries delivery kind=/topic channel=C0MOOT status=200`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record) + "".join(_told(record))


class WithoutSecrets(logging.Formatter):
    """Another's lines, without what must not get into a log."""

    def __init__(self, lines: logging.Formatter) -> None:
        super().__init__()
        self._lines = lines

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(self._lines.format(record))


def _json_lines() -> logging.Formatter:
    """One object a line: `time`, `level`, `logger`, `message`, what `extra=` adds, and `exc_info` after an error."""
    from pythonjsonlogger.json import JsonFormatter  # here, because most logs are for people

    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    return JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=names)


def without_secrets(line: str) -> str:
    """What libraries put into their errors is not ours to choose."""
    may_have = "?" in line or "xox" in line or "xapp" in line  # or a hundred thousand lines cost a second more
    return _SECRETS.sub("…", line) if may_have else line


def _told(record: logging.LogRecord) -> Iterator[str]:
    for name, value in record.__dict__.items():
        if name not in _OWN and value is not None:
            yield f" {name}={_word(value)}"


def _word(value: Any) -> str:
    """A value as one word: whatever could be taken for the end of it, or of the line, is quoted."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
