"""The desk: what every listener works with, handed to it when it is registered."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.command_names import CommandNames
from bot.render import replies
from bot.render.message import Message
from bot.services.visit import Asked, serve
from minutes.refusal import Refusal
from storage.reader import Reader
from storage.writer import Writer

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """`answer(url, message, replace)` says something over a response_url; `door(team, channel, url)` remembers one.

    `look_again` is for a change of installations.
    """

    writer: Writer
    reader: Reader
    clock: Clock
    names: CommandNames
    digest_delay: timedelta
    answer: Callable[[str, Message, bool], None]
    door: Callable[[str, str, str], None]
    look_again: Callable[[], None]
    said: set[str] = field(default_factory=set)
    """What the log has been told once and need not be told again."""

    async def serve(self, asked: Asked, use_case: Callable[..., Any], *args: Any) -> Any:
        """Carry out a use case, once a delivery; returns its outcome when that is on disk."""
        return await self.writer.run(serve, asked, use_case, *args, holding=asked.channel)


async def spoken_to(handle: Callable[[], Awaitable[T]], names: CommandNames) -> T | Message:
    """The answer for a person: what was done, a refusal, or for an error of ours an apology and a line in the log."""
    try:
        return await handle()
    except Refusal as refusal:
        return replies.refusal(refusal, names)
    except Exception:
        log.exception("a request could not be carried out")
        return replies.apology()
