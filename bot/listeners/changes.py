"""Changes of messages: edits, unfurls and deletions, which the record and the reasons below ballots follow."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.desk import Desk
from bot.listeners.incoming import decode, is_reply, said_at, team_of, unescaped
from bot.listeners.mentions import to_record
from bot.listeners.messages import asked_by, give_reason
from bot.services import following, proposals
from bot.services.following import Changed
from minutes.files import lost_files
from storage.wordings import order


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event({"type": "message", "subtype": "message_changed"})
    async def changed(body: dict[str, Any], context: AsyncBoltContext) -> None:
        event, message = body["event"], body["event"]["message"]
        if message.get("subtype") == "tombstone":  # what had replies leaves a stone where it was
            await _deleted(desk, body, message["ts"])
        elif message.get("user") and not message.get("bot_id") and event.get("channel_type") != "im":
            asked = asked_by(desk, body, event["channel"], message, late=True)
            news = replace(_read(event), to_us=to_record(message.get("text"), context.bot_user_id, desk.names))
            await desk.writer.run(following.changed, asked, news, holding=asked.channel)
            await give_reason(desk, body, event["channel"], message)

    @app.event({"type": "message", "subtype": "message_deleted"})
    async def deleted(body: dict[str, Any]) -> None:
        event, before = body["event"], body["event"].get("previous_message") or {}
        await _deleted(desk, body, event["deleted_ts"])
        if before.get("user") and not before.get("bot_id") and is_reply(before):
            asked = asked_by(desk, body, event["channel"], before)
            reply = (before["ts"], before["thread_ts"])
            await desk.writer.run(proposals.reply_deleted, asked, *reply, holding=event["channel"])


async def _deleted(desk: Desk, body: dict[str, Any], ts: str) -> None:
    channel, now = body["event"]["channel"], desk.clock.now()
    await desk.writer.run(proposals.message_deleted, team_of(body), channel, ts, now, holding=channel)
    await desk.writer.run(following.deleted, team_of(body), channel, ts, said_at(ts), now, holding=channel)


def _read(event: dict[str, Any]) -> Changed:
    """Slack tells of a change by the whole message as it is then, and as it was before."""
    message, before = event["message"], event.get("previous_message") or {}
    edited, told = (message.get("edited") or {}).get("ts"), event.get("event_ts") or event["ts"]
    # Slack may tell an edit in whole seconds, and the message was said within one.
    worded = None if edited is None else order(max(edited, message["ts"], key=said_at), told)
    return Changed(
        ts=message["ts"],
        text=decode(message.get("text") or ""),
        worded=worded,
        edited_at=said_at(edited or told),
        pages=dict(_pages(message.get("attachments") or [])),
        lost=lost_files(before.get("files") or [], message.get("files") or []),
    )


def _pages(attachments: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The pages that Slack has looked at for a message, and what they are called."""
    return [
        (url, unescaped(each["title"]))
        for each in attachments
        for url in (each.get("original_url"), each.get("from_url"))
        if isinstance(url, str) and isinstance(each.get("title"), str)
    ]
