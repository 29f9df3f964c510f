"""Commands that read what is stored: sessions, recaps, proposals."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.running import database_problem, from_future, load_environment
from bot.render.recap import recap_json, recap_markdown
from bot.render.templating import UnusableTemplate
from bot.services.record import record
from bot.settings import database_url
from minutes.record import Record
from minutes.session import SessionState
from storage import people, votes
from storage import sessions as stored_sessions
from storage.db import Db
from storage.engine import UnusableDatabase, file_of, reading_engine
from storage.migrate import DatabaseFromFuture, check
from storage.reader import Reader

T = TypeVar("T")


class Format(StrEnum):
    MARKDOWN = "markdown"
    JSON = "json"


def sessions() -> None:
    """List the sessions that are stored, the newest last."""
    found, workspaces = ask(lambda db: (stored_sessions.all_kept(db), several(db)))
    headings = ("session", "title", "channel", "began (UTC)", "ended (UTC)", "state")
    table = Table(*headings, *(["workspace"] if workspaces else []))
    for kept in found:
        session = kept.session
        ended = "" if session.ended_at is None else f"{session.ended_at:%Y-%m-%d %H:%M}"
        began = f"{session.started_at:%Y-%m-%d %H:%M}"
        cells = (str(session.id), Text(session.title), session.channel, began, ended, str(session.state))
        table.add_row(*cells, *([Text(workspaces[kept.workspace])] if workspaces else []))
    Console().print(table if found else "No session is stored yet.")


def recap(
    session: Annotated[int | None, typer.Option(help="The session's number; the latest where it is left out.")] = None,
    format: Annotated[Format, typer.Option(help="markdown or json.")] = Format.MARKDOWN,
    template: Annotated[str | None, typer.Option(help="A built-in template's name, or a Jinja2 file.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
) -> None:
    """Write the recap of a stored session, open ones too."""
    found = ask(lambda db: _record(db, session))
    if found is None:
        missing = "No session is stored yet." if session is None else f"There is no session {session}."
        fail(f"{missing} `folkmoot sessions` lists them.")
    try:
        pieces = recap_json(found) if format is Format.JSON else [recap_markdown(found, template)]
    except UnusableTemplate as wrong:
        fail(str(wrong))
    if out is None:
        for piece in pieces:
            typer.echo(piece, nl=False)
        return
    try:
        with out.open("wb") as file:
            file.writelines(pieces)
    except OSError as problem:
        fail(f"{out} cannot be written: {problem.strerror}.")


def proposals(json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """List proposals with their outcomes and tallies."""
    found, workspaces = ask(lambda db: (votes.every(db), several(db)))
    rows: list[dict[str, Any]] = [
        ({"workspace": workspaces[kept.workspace]} if workspaces else {})
        | {
            "id": kept.proposal.label,
            "outcome": str(kept.proposal.state),
            "for": len(kept.proposal.tally.in_favour),
            "against": len(kept.proposal.tally.against),
            "abstaining": len(kept.proposal.tally.abstaining),
            "ballot_ts": kept.proposal.ballot_ts,
        }
        for kept in found
    ]
    if json_:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    columns = [*(["workspace"] if workspaces else []), "id", "outcome", "for", "against", "abstaining"]
    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text(str(row[column])) for column in columns))
    Console().print(table if rows else "No proposal is stored yet.")


def several(db: Db) -> dict[int, str]:
    """The names of the workspaces, where there is more than one to tell apart."""
    known = people.workspaces(db)
    return known if len(known) > 1 else {}


def ask(question: Callable[..., T]) -> T:
    """Put a question to the database that the settings name."""
    load_environment()
    return ask_database(database_url(os.environ), question)


def ask_database(address: str, question: Callable[..., T]) -> T:
    """Put a question to a database; complains and exits where there is none."""
    if problem := database_problem(address):
        fail(f"DATABASE_URL {problem}.")
    path = file_of(address)
    if path is not None and not path.exists():
        fail(f"There is no database at {path}. Run this where `folkmoot run` runs, or set DATABASE_URL.")
    engine = reading_engine(address)
    reader = Reader(engine)
    try:
        check(engine)
        return reader.ask_now(question)
    except DatabaseFromFuture as future:
        fail(f"DATABASE_URL {from_future(future)}")
    except UnusableDatabase as unusable:
        fail(f"DATABASE_URL {unusable}.")
    finally:
        reader.close()


def all_records(address: str) -> list[Record]:
    """Every session of a database that was not discarded, in order."""

    def question(db: Db) -> list[Record]:
        kept = stored_sessions.all_kept(db)
        numbers = [each.session.id for each in kept if each.session.state is not SessionState.DISCARDED]
        return [found for number in numbers if (found := _record(db, number)) is not None]

    return ask_database(address, question)


def fail(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(1)


def _record(db: Db, session: int | None) -> Record | None:
    found = stored_sessions.all_kept(db)
    wanted = [kept for kept in found if session is None or kept.session.id == session]
    if not wanted:
        return None
    return record(db, wanted[-1].workspace, wanted[-1].session.id, datetime.now(UTC))
