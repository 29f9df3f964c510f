"""`folkmoot run`: the bot in one process."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import typer
from dotenv import load_dotenv

from bot.app import TokenRefused
from bot.app import run as run_bot
from bot.settings import Settings, SettingsWrong, read
from storage.engine import UnusableDatabase, normalise
from storage.migrate import DatabaseFromFuture

WRONG_SETTINGS = 2


def run() -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else signed HTTP at HOST:PORT/slack/events."""
    load_environment()
    try:
        settings = read(os.environ, database_problem)
    except SettingsWrong as wrong:
        complain(wrong.problems)
        raise typer.Exit(WRONG_SETTINGS) from None
    forget_secrets()
    log_to_stderr(settings.log_level)
    try:
        asyncio.run(_until_told_to_stop(settings))
    except TokenRefused as refused:
        complain([f"SLACK_BOT_TOKEN is not accepted by Slack ({refused}): copy it again from the app's page."])
        raise typer.Exit(WRONG_SETTINGS) from None
    except DatabaseFromFuture as future:
        complain([f"DATABASE_URL names a database of a newer Folkmoot (revision {future}): update Folkmoot."])
        raise typer.Exit(WRONG_SETTINGS) from None


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


def complain(problems: list[str]) -> None:
    sys.stderr.write("Folkmoot cannot start:\n" + "".join(f"  {problem}\n" for problem in problems))


def log_to_stderr(level: str) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Bolt logs the whole body of a request whose signature is wrong at INFO; the SDK logs messages at DEBUG.
    for chatty in ("slack_bolt", "slack_sdk", "apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))


async def _until_told_to_stop(settings: Settings) -> None:
    running = asyncio.ensure_future(run_bot(settings))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
