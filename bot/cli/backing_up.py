"""`folkmoot backup FILE`: a copy that is whole, of a running bot's database."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.reading import fail
from bot.cli.running import database_problem, load_environment
from bot.settings import database_url
from storage.backup import BackupFailed, back_up


def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; one that is there is replaced.")]) -> None:
    """Copy the SQLite database while the bot runs. A copy that is there is replaced once the new one is whole."""
    load_environment()
    address = database_url(os.environ)
    if problem := database_problem(address):
        fail(f"DATABASE_URL {problem}.")
    try:
        revision = back_up(address, file)
    except BackupFailed as failed:
        fail(str(failed))
    typer.echo(f"The copy is in {file}: {file.stat().st_size / 1e6:.1f} MB, schema {revision}.")
