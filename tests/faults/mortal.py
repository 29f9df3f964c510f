"""A room whose bot is a process of its own, and goes by kill -9."""

from pathlib import Path
from typing import Any

from tests.conversations.room import Room
from tests.process.nursery import Forked, Nursery


class MortalRoom(Room):
    """As a room is used; `bot_goes` kills."""

    def __init__(self, database: str, nursery: Nursery, folder: Path, **options: Any) -> None:
        self._nursery, self._folder = nursery, folder
        self._process: Forked | None = None
        super().__init__(database, **options)

    def bot_goes(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def begins(self, deed: dict[str, Any]) -> None:
        """Somebody does something, and nobody waits for the bot's answer, which may never come."""
        self.loop.begin(self.stage.act(deed))

    @property
    def is_healthy(self) -> bool:
        """Whether nothing went wrong, in any of its lives, that nobody had thought of."""
        return not any("Traceback" in log.read_text() for log in self._folder.glob("*.log"))

    async def _start_bot(self) -> None:
        environment = self.stage.bot_environment() | {"DATABASE_URL": self.database, "PORT": str(self._port)}
        self._process = self._nursery.start("run", environment=environment | self._more, folder=self._folder)
        await self._process.until("Folkmoot is running")
        await self.stage.wait_for_bot()
        await self.stage.settle()
