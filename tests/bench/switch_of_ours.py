"""A durable `/topic`, the use case alone, in a workspace with very many sessions open: `DATABASE SESSIONS TIMES`."""

import json
import statistics
import sys
import time
from datetime import UTC, datetime

from bot.services import sessions, topics
from bot.services.visit import Asked, serve
from minutes.session_command import Start
from storage import engine, migrate


def main(database: str, channels: int, times: int) -> None:
    writing, now = engine.writing_engine(database), datetime.now(UTC)
    migrate.upgrade(writing)

    def asked(number: int, key: str) -> Asked:
        return Asked("T0MOOT", f"C{number:05}", "U0ANA", now, key, "ana", "moot")

    with writing.begin() as db:
        for number in range(channels):
            serve(db, asked(number, f"start {number}"), sessions.start, Start("Docs day", None, None))
    spent = list[float]()
    for number in range(times):
        begun = time.perf_counter()
        with writing.begin() as db:
            serve(db, asked(number * 7 % channels, f"topic {number}"), topics.put_on_floor, f"Topic {number}")
        spent.append(time.perf_counter() - begun)
    json.dump({"seconds": statistics.median(spent)}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
