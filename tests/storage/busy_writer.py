"""A process that writes as fast as it can and says what was acknowledged, until it is killed."""

import asyncio
import itertools
import os
import sys
from datetime import UTC, datetime

from storage import inbox, people
from storage.db import Db
from storage.engine import writing_engine
from storage.writer import Writer

AT_ONCE = 40


def keep(db: Db, number: int) -> None:
    inbox.first_time(db, people.workspace(db, "T0MOOT"), f"Ev{number}", datetime.now(UTC))


async def work(address: str) -> None:
    writer = Writer(writing_engine(address))
    numbers = itertools.count()

    async def write_on() -> None:
        while True:
            number = next(numbers)
            await writer.run(keep, number)
            os.write(1, f"{number}\n".encode())

    await asyncio.gather(*(write_on() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
