"""News of names: of people, and of channels."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.incoming import said_at, team_of, unescaped
from bot.services import profiles, sessions
from minutes.text import one_line


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("user_change")
    async def person(body: dict[str, Any]) -> None:
        event = body["event"]
        await desk.writer.run(profiles.changed, team_of(body), event["user"], said_at(event["event_ts"]))

    @app.event("channel_rename")
    @app.event("group_rename")
    async def channel(body: dict[str, Any]) -> None:
        event, channel = body["event"], body["event"]["channel"]
        name = one_line(unescaped(str(channel.get("name") or "")))
        renamed = (team_of(body), channel["id"], name, said_at(event["event_ts"]))
        await desk.writer.run(sessions.channel_renamed, *renamed, holding=channel["id"])
