"""News of installations: the app is taken out of a workspace. Slack tells it in two ways, in any order."""

import logging
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.incoming import team_of
from bot.services import installing

log = logging.getLogger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_uninstalled")
    async def uninstalled(body: dict[str, Any]) -> None:
        await _leave(desk, body)

    @app.event("tokens_revoked")
    async def revoked(body: dict[str, Any]) -> None:
        if (body["event"].get("tokens") or {}).get("bot"):  # people's own tokens we never had
            await _leave(desk, body)


async def _leave(desk: Desk, body: dict[str, Any]) -> None:
    team, now = team_of(body), desk.clock.now()
    told_at = body.get("event_time")
    at = datetime.fromtimestamp(told_at, UTC) if isinstance(told_at, int) else now
    if await desk.writer.run(installing.uninstalled, team, at, now, holding=f"installation:{team}"):
        log.info("uninstalled from a workspace: nothing is owed there any more", extra={"team": team})
        desk.look_again()
