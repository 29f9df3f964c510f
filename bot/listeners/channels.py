"""News of channels: the bot is let in, or may post again.

Everything else that Slack tells is acknowledged, or it would tell it again.
"""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.services import people


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("member_joined_channel")
    async def joined(body: dict[str, Any]) -> None:
        event = body["event"]
        if event["user"] == desk.own_user():
            await desk.writer.run(people.let_in, body["team_id"], event["channel"], desk.clock.now())

    @app.event("channel_unarchive")
    @app.event("group_unarchive")
    async def unarchived(body: dict[str, Any]) -> None:
        await desk.writer.run(people.let_in, body["team_id"], body["event"]["channel"], desk.clock.now())

    @app.event(re.compile(".*"))
    async def anything_else() -> None:
        pass
