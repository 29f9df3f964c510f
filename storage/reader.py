"""The reader: looks at what is stored, beside the writer and never in its way."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Engine

T = TypeVar("T")


class Reader:
    """Runs questions on threads, each in one transaction, so that an answer is of one moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def ask(self, question: Callable[..., T], *args: Any) -> T:
        return await asyncio.to_thread(self.ask_now, question, *args)

    def ask_now(self, question: Callable[..., T], *args: Any) -> T:
        """The same, for programs without an event loop."""
        with self._engine.connect() as connection:
            return question(connection, *args)

    def close(self) -> None:
        self._engine.dispose()
