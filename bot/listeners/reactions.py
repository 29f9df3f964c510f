"""Reactions: marks on ballots, and emoji by which people record what a message says."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.desk import Desk
from bot.listeners.incoming import team_of
from bot.services import marked, presses
from bot.services.visit import Asked
from minutes.ids import UserId
from minutes.tally import side_of


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("reaction_added")
    async def added(body: dict[str, Any], context: AsyncBoltContext) -> None:
        await hear(desk, body, context.bot_user_id, present=True)

    @app.event("reaction_removed")
    async def removed(body: dict[str, Any], context: AsyncBoltContext) -> None:
        await hear(desk, body, context.bot_user_id, present=False)


async def hear(desk: Desk, body: dict[str, Any], us: UserId | None, *, present: bool) -> None:
    """`us` is who we are in that workspace, as far as it is known."""
    event = body["event"]
    item = event["item"]
    if item.get("type") != "message" or event["user"] == us:
        return
    asked = Asked(team_of(body), item["channel"], event["user"], desk.clock.now(), body["event_id"])
    name, when = event["reaction"], event["event_ts"]
    if side_of(name) is not None:
        told = (asked, item["ts"], name, when, present)
        if not await desk.writer.run(marked.mark_among_others, *told, sharing=asked.channel):
            await desk.writer.run(marked.mark, *told, holding=asked.channel)
    elif (author := event.get("item_user")) not in (None, us):  # our own messages say what they say
        await desk.writer.run(presses.press, asked, item["ts"], author, name, when, present, holding=asked.channel)
