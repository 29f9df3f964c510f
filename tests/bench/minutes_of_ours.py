"""Our minutes of a stored session, as `folkmoot recap` writes them: `DATABASE FOLDER`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.garbage import collect_seldom
from bot.render.recap import recap_json, recap_markdown
from bot.services.record import record
from storage.engine import reading_engine
from tests.bench.told import timed


def write(database: str, folder: Path) -> None:
    """The page and everything as JSON, from what is stored."""
    engine = reading_engine(database)
    with engine.connect() as db:
        found = record(db, 1, 1, datetime.now(UTC))
    (folder / "recap.md").write_text(recap_markdown(found), encoding="utf-8")
    (folder / "recap.json").write_text(recap_json(found), encoding="utf-8")


if __name__ == "__main__":
    collect_seldom()  # as every command does
    timed(lambda: write(sys.argv[1], Path(sys.argv[2])))
