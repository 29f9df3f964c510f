"""`folkmoot run`: the bot in one process."""

import asyncio
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import typer
from dotenv import load_dotenv

from bot.app import run as run_bot
from bot.intake import CannotListen, TokenRefused
from bot.settings import Settings, SettingsWrong, read
from storage.engine import UnusableDatabase, normalise
from storage.migrate import DatabaseFromFuture

WRONG_SETTINGS = 2
MOST_SECONDS_TO_STOP = 4.5
log = logging.getLogger(__name__)


def run() -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else signed HTTP at HOST:PORT/slack/events."""
    load_environment()
    try:
        settings = read(os.environ, database_problem)
    except SettingsWrong as wrong:
        complain(wrong.problems)
    forget_secrets()
    log_to_stderr(settings.log_level)
    try:
        asyncio.run(_until_told_to_stop(settings))
    except TokenRefused as refused:
        complain([f"{refused.variable} is not accepted by Slack ({refused.error}): copy it again from the app's page."])
    except CannotListen as problem:
        complain([f"HOST and PORT: {problem}."])
    except DatabaseFromFuture as future:
        complain([f"DATABASE_URL {from_future(future)}"])
    except UnusableDatabase as unusable:
        complain([f"DATABASE_URL {unusable}."])


def load_environment() -> None:
    """`.env` of the working directory adds to the environment, and never overrides it."""
    load_dotenv(Path.cwd() / ".env")


def forget_secrets() -> None:
    """Bolt reads variables of its own accord, and some of them would switch it to other ways of authorizing."""
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]


def database_problem(address: str) -> str | None:
    try:
        normalise(address)
    except UnusableDatabase as unusable:
        return str(unusable)
    return None


def from_future(future: DatabaseFromFuture) -> str:
    return f"names a database of a newer Folkmoot (revision {future}): update Folkmoot."


def complain(problems: list[str]) -> NoReturn:
    """Name what is wrong and end the program."""
    sys.stderr.write("Folkmoot cannot start:\n" + "".join(f"  {problem}\n" for problem in problems))
    raise typer.Exit(WRONG_SETTINGS) from None


def log_to_stderr(level: str) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Bolt logs the whole body of a request whose signature is wrong at INFO; the SDK logs messages at DEBUG.
    for chatty in ("slack_bolt", "slack_sdk", "apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))


async def _until_told_to_stop(settings: Settings) -> None:
    running = asyncio.ensure_future(run_bot(settings))

    def stop() -> None:
        _end_in_time()
        running.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await running


def _end_in_time() -> None:
    """A thread that hangs in the database must not keep us: what is not committed by then never was."""
    last_resort = threading.Timer(MOST_SECONDS_TO_STOP, os._exit, [1])
    last_resort.daemon = True
    last_resort.start()
