"""Messages: who speaks, tagged lines, links; and people who write to the bot alone."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.desk import Desk
from bot.listeners.incoming import decode, is_late, is_reply, said_at, team_of
from bot.listeners.mentions import asks_for_help, mentions_us
from bot.services import heard, people, proposals
from bot.services.visit import Asked
from minutes.files import read_files

SPOKEN = (None, "thread_broadcast", "file_share", "me_message")
"""The subtypes that are somebody speaking; all others are news of Slack's, edits and deletions among them."""


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("message")
    async def message(body: dict[str, Any], context: AsyncBoltContext) -> None:
        event = body["event"]
        if event.get("subtype") not in SPOKEN or event.get("bot_id") or not event.get("user"):
            return
        # The same message may be told twice, in a thread and in the channel: it is heard once.
        key = f"{event['channel']}:{event['ts']}"
        asked = replace(asked_by(desk, body, event["channel"], event), key=key)
        if event.get("channel_type") == "im":
            for_help = asks_for_help(event.get("text"), context.bot_user_id)
            await desk.serve(asked, people.help_directly if for_help else people.where_to_go, event["ts"])
            return
        text = decode(event.get("text") or "")
        if mentions_us(text, context.bot_user_id):
            asked = replace(asked, said=event["ts"])
        said = (event["ts"], text, desk.digest_delay, read_files(event.get("files") or []))
        await desk.writer.run(heard.message, asked, *said, holding=asked.channel)
        await give_reason(desk, body, event["channel"], event)


async def give_reason(desk: Desk, body: dict[str, Any], channel: str, message: dict[str, Any]) -> None:
    """A reply below a ballot is a reason; every other message is none."""
    if is_reply(message):
        text = decode(message.get("text") or "")
        asked = asked_by(desk, body, channel, message)
        # Slack tells an edit in whole seconds, and of two within one the event that is newer has the newer words.
        event = body["event"]
        worded = (event.get("event_ts") or event["ts"]) if message.get("edited") else message["ts"]
        reason = (message["ts"], message["thread_ts"], text, worded)
        await desk.writer.run(proposals.give_reason, asked, *reason, holding=channel)


def asked_by(desk: Desk, body: dict[str, Any], channel: str, message: dict[str, Any], *, late: bool = False) -> Asked:
    """Who said a message, and when; what comes long after is late, and so is news of one that was said before."""
    at = said_at(message["ts"])
    return Asked(
        team_of(body),
        channel,
        message["user"],
        at,
        body["event_id"],
        late=late or is_late(at, desk.clock.now()),
        thread=message["thread_ts"] if is_reply(message) else None,
    )
