"""`folkmoot run`: the bot in one process; `web` and `worker`: its halves, for several."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from dotenv import load_dotenv

from bot import logs
from bot.app import run as run_bot
from bot.intake import TokenRefused
from bot.listening import CannotListen
from bot.settings import Role, Settings, SettingsWrong, database_url, read
from bot.vault import CannotOpen
from storage import migrate
from storage.engine import UnusableDatabase, file_of, writing_engine
from storage.lock import DatabaseLock
from storage.migrate import DatabaseFromFuture

WRONG_SETTINGS = 2
MOST_SECONDS_TO_STOP = 4.5
log = logging.getLogger(__name__)


def run() -> None:
    """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else signed HTTP at HOST:PORT/slack/events."""
    _run(Role.ALL)


def web() -> None:
    """Only take Slack's requests in, over signed HTTP; beside workers, on PostgreSQL."""
    _run(Role.WEB)


def worker() -> None:
    """Only do what is owed and due; beside web processes, on PostgreSQL."""
    _run(Role.WORKER)


def upgrade() -> None:
    """Bring the database's schema up to date, as a release does before the new processes start."""
    load_environment()
    address = database_url(os.environ)
    if problem := database_problem(address):
        complain([f"DATABASE_URL {problem}."])
    lock = DatabaseLock(address)
    with _named_problems():
        lock.take()
        migrate.upgrade(writing_engine(address))
        lock.release()


def _run(role: Role) -> None:
    load_environment()
    try:
        settings = read(os.environ, partial(database_problem, role=role), role)
    except SettingsWrong as wrong:
        complain(wrong.problems)
    forget_secrets()
    logs.set_up(settings.log_level, settings.log_format)
    with _named_problems():
        asyncio.run(_until_told_to_stop(settings))


@contextmanager
def _named_problems() -> Iterator[None]:
    """What somebody can mend, in one sentence each."""
    try:
        yield
    except TokenRefused as refused:
        complain([f"{refused.variable} is not accepted by Slack ({refused.error}): copy it again from the app's page."])
    except CannotOpen as closed:
        complain([f"TOKEN_KEYS does not open the tokens of {closed}: put the key that does behind the newest one."])
    except CannotListen as problem:
        complain([f"{problem}."])
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


def database_problem(address: str, role: Role = Role.ALL) -> str | None:
    """What is wrong with a database address; an SQLite file is for one process that does everything."""
    try:
        alone = file_of(address) is not None
    except UnusableDatabase as unusable:
        return str(unusable)
    if alone and role is not Role.ALL:
        return "names an SQLite file, which is for one process alone: use `folkmoot run`, or a postgresql:// address"
    return None


def from_future(future: DatabaseFromFuture) -> str:
    return f"names a database of a newer Folkmoot (revision {future}): update Folkmoot."


def complain(problems: list[str]) -> NoReturn:
    """Name what is wrong and end the program."""
    sys.stderr.write("Folkmoot cannot start:\n" + "".join(f"  {problem}\n" for problem in problems))
    raise SystemExit(WRONG_SETTINGS) from None


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
