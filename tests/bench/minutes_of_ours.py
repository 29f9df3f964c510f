"""Our minutes of a stored session, as `folkmoot recap` writes them: `DATABASE FOLDER`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot import housekeeping
from bot.render.recap import recap_json, recap_markdown
from bot.services.record import record
from minutes.record import Record
from storage.engine import reading_engine
from tests.bench.told import timed


def main(database: str, folder: Path) -> None:
    """The page and everything as JSON, from what is stored."""
    engine, found = reading_engine(database), list[Record]()

    def read() -> None:
        with engine.connect() as db:
            found.append(record(db, 1, 1, datetime.now(UTC)))

    def page() -> None:
        (folder / "recap.md").write_bytes(recap_markdown(found[0]))

    def data() -> None:
        with (folder / "recap.json").open("wb") as file:
            file.writelines(recap_json(found[0]))

    timed(read, page, data)


if __name__ == "__main__":
    housekeeping.give_back()  # as `folkmoot` does
    housekeeping.collect_seldom()
    main(sys.argv[1], Path(sys.argv[2]))
