"""News of channels: the bot is let in, or may post again; somebody comes or goes.

Everything else that Slack tells is acknowledged, or it would tell it again.
"""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.desk import Desk
from bot.listeners.incoming import team_of
from bot.services import memberships, people


def register(app: AsyncApp, desk: Desk) -> None:
    async def let_in(body: dict[str, Any], channel: str) -> None:
        await desk.writer.run(people.let_in, team_of(body), channel, desk.clock.now(), holding=channel)

    async def moved(body: dict[str, Any]) -> None:
        user = body["event"]["user"]
        await desk.writer.run(memberships.moved, team_of(body), user, desk.clock.now(), holding=f"home:{user}")

    @app.event("member_joined_channel")
    async def joined(body: dict[str, Any], context: AsyncBoltContext) -> None:
        event = body["event"]
        if event["user"] == context.bot_user_id:
            await let_in(body, event["channel"])
        else:
            await moved(body)

    @app.event("member_left_channel")
    async def left(body: dict[str, Any]) -> None:
        await moved(body)

    @app.event("channel_unarchive")
    @app.event("group_unarchive")
    async def unarchived(body: dict[str, Any]) -> None:
        await let_in(body, body["event"]["channel"])

    @app.event(re.compile(".*"))
    async def anything_else() -> None:
        pass
