"""The carriers: each workspace's duties are carried over the client of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from slack_sdk.errors import SlackApiError

from bot.clients import Clients
from bot.clock import SlackClock
from bot.command_names import CommandNames
from bot.courier.carried import Carried
from bot.courier.carrier import Carrier
from storage.outbox import Duty
from storage.reader import Reader
from storage.writer import Writer


class Carriers:
    """As a carrier is used; raises NotInstalled as well."""

    def __init__(
        self, clients: Clients, reader: Reader, writer: Writer, clock: SlackClock, names: CommandNames
    ) -> None:
        self._clients, self._reader, self._writer, self._clock, self._names = clients, reader, writer, clock, names

    async def carry(self, duty: Duty) -> Carried:
        async with self._of(duty) as carrier:
            return await carrier.carry(duty)

    async def find(self, duty: Duty, since: datetime) -> Carried | None:
        async with self._of(duty) as carrier:
            return await carrier.find(duty, since)

    @asynccontextmanager
    async def _of(self, duty: Duty) -> AsyncIterator[Carrier]:
        voice = await self._clients.of_workspace(duty.workspace)
        try:
            yield Carrier(voice.client, self._reader, self._writer, self._clock, self._names)
        except SlackApiError as failure:
            await self._clients.refused(voice, failure)
            raise
