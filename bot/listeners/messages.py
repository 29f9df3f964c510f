"""Messages: who speaks, tagged lines, links; and people who write to the bot alone."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.incoming import decode, said_at
from bot.services import heard, people, proposals
from bot.services.visit import Asked

SPOKEN = (None, "thread_broadcast", "file_share", "me_message")
"""The subtypes that are somebody speaking; all others are news of Slack's, edits and deletions among them."""


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event({"type": "message", "subtype": "message_changed"})
    async def changed(body: dict[str, Any]) -> None:
        event, message = body["event"], body["event"]["message"]
        if message.get("subtype") == "tombstone":  # what had replies leaves a stone where it was
            what = (body["team_id"], event["channel"], message["ts"], desk.clock.now())
            await desk.writer.run(proposals.message_deleted, *what)
        elif message.get("user") and not message.get("bot_id"):
            await _reply(desk, body, event["channel"], message)

    @app.event({"type": "message", "subtype": "message_deleted"})
    async def deleted(body: dict[str, Any]) -> None:
        event = body["event"]
        what = (body["team_id"], event["channel"], event["deleted_ts"], desk.clock.now())
        await desk.writer.run(proposals.message_deleted, *what)

    @app.event("message")
    async def message(body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("subtype") not in SPOKEN or event.get("bot_id") or not event.get("user"):
            return
        asked = _asked(body, event["channel"], event)
        if event.get("channel_type") == "im":
            await desk.serve(asked, people.where_to_go, event["ts"])
            return
        text = decode(event.get("text") or "")
        await desk.writer.run(heard.message, asked, event["ts"], text, desk.digest_delay)
        await _reply(desk, body, event["channel"], event)


async def _reply(desk: Desk, body: dict[str, Any], channel: str, message: dict[str, Any]) -> None:
    """A reply below a ballot is a reason; every other message is none."""
    thread = message.get("thread_ts")
    if thread is not None and thread != message["ts"]:
        text = decode(message.get("text") or "")
        asked = _asked(body, channel, message)
        await desk.writer.run(proposals.give_reason, asked, message["ts"], thread, text)


def _asked(body: dict[str, Any], channel: str, message: dict[str, Any]) -> Asked:
    return Asked(body["team_id"], channel, message["user"], said_at(message["ts"]), body["event_id"])
