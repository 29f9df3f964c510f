"""A hall: a room that several processes of the bot serve, web and worker, which meet in one PostgreSQL."""

from typing import Any

from bot.app import Bot
from bot.settings import Role, read
from tests.conversations.room import Room
from tests.ports import free_port


class Hall(Room):
    """As a room is used; `webs` and `workers` say how many there are of each. Slack calls the web processes in turn."""

    def __init__(self, database: str, *, webs: int = 1, workers: int = 2, **options: Any) -> None:
        self._roles = [Role.WEB] * webs + [Role.WORKER] * workers
        self.bots: list[Bot] = []
        super().__init__(database, delivery="http", **options)

    def bot_goes(self) -> None:
        """All of them."""
        while self.bots:
            self.one_goes(self.bots[0])

    def one_goes(self, bot: Bot) -> None:
        """One process ends in good order."""
        self.bots.remove(bot)
        self.loop.do(bot.stop())

    def one_comes(self, role: Role) -> None:
        self.loop.do(self._start_one(role))
        self._settle()

    @property
    def webs(self) -> list[Bot]:
        return [bot for bot in self.bots if bot.role is Role.WEB]

    @property
    def workers(self) -> list[Bot]:
        return [bot for bot in self.bots if bot.role is Role.WORKER]

    def _free_ports(self) -> list[int]:
        return [free_port() for _ in range(self._roles.count(Role.WEB))]

    async def _start_bot(self) -> None:
        for role in self._roles:
            await self._start_one(role)
        await self.stage.wait_for_bot()
        await self.stage.settle()

    async def _start_one(self, role: Role) -> None:
        port = self._ports[len(self.webs) % len(self._ports)]
        environment = self._environment() | {"PORT": str(port)}
        self.bots.append(Bot(read(environment, lambda _: None, role)))
        await self.bots[-1].start()
