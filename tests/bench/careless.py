"""Folkmoot as it would be with SQLite's `synchronous=NORMAL`: says what the disk costs, and is no way to run it."""

from typing import Any

from sqlalchemy import Pool, event

from bot.__main__ import main


@event.listens_for(Pool, "checkout")
def careless(connection: Any, *_: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


if __name__ == "__main__":
    main()
