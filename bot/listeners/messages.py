"""Messages: who speaks, tagged lines, links; and people who write to the bot alone."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.incoming import decode, said_at
from bot.services import heard, people
from bot.services.visit import Asked

SPOKEN = (None, "thread_broadcast", "file_share", "me_message")
"""The subtypes that are somebody speaking; all others are news of Slack's, edits and deletions among them."""


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("message")
    async def message(body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("subtype") not in SPOKEN or event.get("bot_id") or not event.get("user"):
            return
        asked = Asked(body["team_id"], event["channel"], event["user"], said_at(event["ts"]), body["event_id"])
        if event.get("channel_type") == "im":
            await desk.serve(asked, people.where_to_go, event["ts"])
            return
        text = decode(event.get("text") or "")
        await desk.writer.run(heard.message, asked, event["ts"], text, desk.digest_delay)
