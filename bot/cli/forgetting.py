"""`folkmoot forget`: a person, or a workspace, is erased from everything that is stored."""

import os
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.reading import ask, fail, several
from bot.cli.running import load_environment
from bot.render.forgetting import forgotten_person, forgotten_workspace
from bot.services.forgetting import forget_person, forget_workspace, held
from bot.settings import database_url
from minutes.refusal import Refusal
from storage import by_hand, people
from storage.db import Db
from storage.engine import UnusableDatabase
from storage.lock import DatabaseLock


def forget(
    user: Annotated[str | None, typer.Option(help="A person, by Slack's id, such as U0ABC123.")] = None,
    team: Annotated[str | None, typer.Option(help="A workspace, by Slack's id, such as T0ABC123.")] = None,
) -> None:
    """Erase a person, of whom the record goes on to count what they did, or everything of a workspace."""
    if user is None and team is None:
        fail("Say whom to forget: --user with Slack's id of a person, or --team with that of a workspace.")
    load_environment()
    address = database_url(os.environ)
    workspace, where = ask(lambda db: _place(db, team))
    if holder := DatabaseLock(address).holder():
        fail(f"The bot is running ({holder}): stop it first, then say this again. Nothing was erased.")
    try:
        with by_hand.alone(address):
            said = _erased(address, workspace, where, user)
            by_hand.scrub(address)
    except Refusal as refusal:
        fail(f"{refusal.sentence} Nothing was erased.")
    except UnusableDatabase as unusable:
        fail(f"DATABASE_URL {unusable}.")
    sys.stdout.write(said)


def _place(db: Db, team: str | None) -> tuple[int, str]:
    """The workspace that is meant, and what it is called."""
    known = people.workspaces(db)
    if team is None and several(db):
        names = ", ".join(known.values())
        fail(f"Several workspaces are stored. Say with --team which one is meant: {names}.")
    number = next(iter(known), None) if team is None else people.known_workspace(db, team)
    if number is None:
        fail("No workspace is stored yet." if team is None else f"No workspace with the id {team} is stored.")
    return number, known[number]


def _erased(address: str, workspace: int, where: str, user: str | None) -> str:
    def holding(db: Db) -> list[str]:
        return held(db, workspace)

    if user is None:
        return forgotten_workspace(where, by_hand.change(address, forget_workspace, workspace, holding=holding))
    wish = (workspace, user, datetime.now(UTC))
    return forgotten_person(user, where, by_hand.change(address, forget_person, *wish, holding=holding))
