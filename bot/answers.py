"""Answers over a `response_url`: said at most once, for they cannot be found again in Slack."""

import asyncio
import logging
from collections import OrderedDict

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.command_names import CommandNames
from bot.render import replies
from bot.render.message import Message

Place = tuple[str, str]
"""A workspace and a channel: one that several workspaces share has the same id in each."""
MOST_DOORS = 1_000
TIMEOUT = 10
log = logging.getLogger(__name__)


class Answers:
    """Says things privately to whoever clicked or commanded, without anybody waiting for it."""

    def __init__(self, names: CommandNames) -> None:
        self._names = names
        self._under_way: set[asyncio.Task[None]] = set()
        self._doors: OrderedDict[Place, str] = OrderedDict()

    def door(self, team: str, channel: str, response_url: str) -> None:
        """Remember the latest way to answer in a channel that the bot may not be able to post in."""
        self._doors[team, channel] = response_url
        self._doors.move_to_end((team, channel))
        if len(self._doors) > MOST_DOORS:
            self._doors.popitem(last=False)

    @property
    def places(self) -> list[Place]:
        """Where we have a way to answer somebody."""
        return list(self._doors)

    def not_in_channel(self, team: str, channel: str) -> None:
        """Tell whoever commanded last in that channel that the bot has to be invited."""
        response_url = self._doors.pop((team, channel), None)
        if response_url is not None:
            self.answer(response_url, replies.not_in_channel(self._names), replace=False)

    def answer(self, response_url: str, message: Message, replace: bool) -> None:
        """`replace` puts the answer in the place of the private message whose button was clicked."""
        task = asyncio.create_task(self._send(response_url, message, replace))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def quiet(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def close(self, within: float) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=within)

    async def _send(self, response_url: str, message: Message, replace: bool) -> None:
        try:
            await AsyncWebhookClient(response_url, timeout=TIMEOUT, retry_handlers=[]).send(
                text=message.text,
                blocks=list(message.blocks),
                response_type="ephemeral",
                replace_original=replace,
            )
        except Exception as failure:
            log.warning("a private answer was not delivered (%s)", type(failure).__name__)
