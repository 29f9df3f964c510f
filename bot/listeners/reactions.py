"""Reactions: marks on ballots."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.services import proposals
from bot.services.visit import Asked


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("reaction_added")
    async def added(body: dict[str, Any]) -> None:
        await _mark(desk, body, present=True)

    @app.event("reaction_removed")
    async def removed(body: dict[str, Any]) -> None:
        await _mark(desk, body, present=False)


async def _mark(desk: Desk, body: dict[str, Any], *, present: bool) -> None:
    event = body["event"]
    item = event["item"]
    if item.get("type") != "message" or event["user"] == desk.own_user():
        return
    asked = Asked(body["team_id"], item["channel"], event["user"], desk.clock.now(), body["event_id"])
    await desk.writer.run(proposals.mark, asked, item["ts"], event["reaction"], event["event_ts"], present)
