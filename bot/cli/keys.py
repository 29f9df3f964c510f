"""`folkmoot new-key` and `folkmoot rekey`: the keys that seal the stored tokens of many workspaces."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.reading import ask, fail
from bot.cli.running import complain, load_environment
from bot.settings import SettingsWrong, database_url, token_keys
from bot.vault import CannotOpen, Vault
from bot.vault import new_key as made
from storage import installations
from storage.db import Db
from storage.engine import writing_engine
from storage.installations import Installation


def new_key() -> None:
    """Print a new key for TOKEN_KEYS."""
    typer.echo(made())


def rekey(
    lost: Annotated[bool, typer.Option("--lost", help="Void what no key opens: those have to install again.")] = False,
) -> None:
    """Seal every stored token with the newest of TOKEN_KEYS, also while the bot runs; then the others can go."""
    load_environment()
    try:
        vault = Vault(token_keys(os.environ))
    except SettingsWrong as wrong:
        complain(wrong.problems)
    standing = ask(installations.standing)
    tokens = {each: _opened(vault, each) for each in standing if not vault.is_newest(each.sealed)}
    closed = [each for each, token in tokens.items() if token is None]
    if closed and not lost:
        teams = ", ".join(each.team for each in closed)
        fail(f"None of TOKEN_KEYS opens the tokens of {teams}: put the key that does behind the newest one.")
    engine = writing_engine(database_url(os.environ))
    with engine.begin() as db:
        sealed = [_sealed_anew(db, vault, each, token) for each, token in tokens.items()]
    engine.dispose()
    typer.echo(f"{sum(sealed)} of {len(standing)} tokens were sealed anew. The newest key alone opens all of them now.")
    if closed:
        typer.echo(f"These have to install the app again: {', '.join(each.team for each in closed)}.")


def _opened(vault: Vault, installation: Installation) -> str | None:
    try:
        return vault.open(installation.sealed)
    except CannotOpen:
        return None


def _sealed_anew(db: Db, vault: Vault, installation: Installation, token: str | None) -> bool:
    """Whether it was; without its token an installation is void."""
    if token is None:
        installations.revoke(db, installation.id, datetime.now(UTC))
        return False
    return installations.reseal(db, installation, vault.seal(token))
