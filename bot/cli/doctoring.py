"""`folkmoot doctor`: whether everything that Folkmoot needs is there, and what to do where it is not."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

import typer

from bot.cli.findings import Finding, Verdict, good, to_do, warning
from bot.cli.reading import fail
from bot.cli.running import database_problem, from_future, load_environment
from bot.cli.slack_checks import ask_slack
from bot.manifest import public_address
from bot.settings import Settings, SettingsWrong, database_url, is_loopback, read
from storage.engine import UnusableDatabase, file_of
from storage.examine import Schema, examine, installed
from storage.installations import Installation
from storage.lock import DatabaseLock
from storage.migrate import DatabaseFromFuture

_SCHEMA = {
    Schema.NONE: good("Database", "nothing is kept in it yet; `folkmoot run` makes what is needed."),
    Schema.OLDER: to_do("Database", "it is of an older Folkmoot: start `folkmoot run`, or `folkmoot upgrade`."),
    Schema.CURRENT: good("Database", "it can be used, and its schema is this Folkmoot's."),
}


def doctor(
    url: Annotated[
        str | None, typer.Option(help="The public https:// address, to be tried where Slack calls over HTTP.")
    ] = None,
) -> None:
    """Check settings, database, Slack and clock, and say of each what is right or what to do. Changes nothing.

    The status is 1 where something is to be done.
    """
    address = None if url is None else _address(url)
    load_environment()
    found = list(_checks(address))
    for each in found:
        typer.echo(f"{each.verdict:<8} {each.subject}: {each.sentence}")
    if any(each.verdict is Verdict.TO_DO for each in found):
        raise typer.Exit(1)


def _address(url: str) -> str:
    """A rehearsal's bot has no TLS, and is on this machine."""
    address = url.rstrip("/") if url.startswith("http://") and is_loopback(url) else public_address(url)
    if address is None:
        fail("--url takes the address at which Slack reaches the bot, such as https://moot.example.org.")
    return address


def _checks(address: str | None) -> Iterator[Finding]:
    try:
        # The database has lines of its own below.
        settings = read(os.environ, lambda _: None)
    except SettingsWrong as wrong:
        yield from (to_do("Settings", problem) for problem in wrong.problems)
        yield from _database(database_url(os.environ))
        yield warning("Slack", "it is not asked before the settings are right.")
        return
    yield good("Settings", f"nothing is missing or wrong. {_way(settings)}")
    yield from _database(settings.database_url)
    alone, installed = _alone(settings.database_url), _installed(settings)
    yield from asyncio.run(ask_slack(settings, address, alone=alone, installed=installed))


def _way(settings: Settings) -> str:
    if settings.slack_app_token:
        return "Slack is met over Socket Mode."
    return f"Slack calls over HTTP, at {settings.host}:{settings.port}."


def _alone(address: str) -> bool:
    """Whether it is sure that no bot runs on this database."""
    ours = database_problem(address) is None and file_of(address) is not None
    return ours and DatabaseLock(address).holder() is None


def _installed(settings: Settings) -> list[Installation] | None:
    """Where workspaces install the app themselves, each of them; None where the database has to be put right first."""
    if settings.slack_client_id is None or database_problem(settings.database_url):
        return None
    with suppress(DatabaseFromFuture, UnusableDatabase):
        return installed(settings.database_url)
    return None


def _database(address: str) -> Iterator[Finding]:
    if problem := database_problem(address):
        yield to_do("Database", f"DATABASE_URL {problem}.")
        return
    try:
        yield _SCHEMA[examine(address)]
    except DatabaseFromFuture as future:
        yield to_do("Database", f"DATABASE_URL {from_future(future)}")
    except UnusableDatabase as unusable:
        yield to_do("Database", f"DATABASE_URL {unusable}.")
    if holder := DatabaseLock(address).holder():
        yield good("Database", f"a Folkmoot runs on it ({holder}); a second one on the same file would be refused.")
