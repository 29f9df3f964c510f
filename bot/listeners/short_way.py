"""The short way: past Bolt, for reactions alone, which are most of the traffic and most of it of no concern to us.

It calls what the listener of reactions calls, with the same right to do so; whatever is unusual is left to Bolt.
"""

import logging
from typing import Any

from bot.clients import Clients
from bot.deliveries import DeliveryApp
from bot.listeners import reactions
from bot.listeners.desk import Desk
from bot.listeners.incoming import team_of

_PRESENT = {"reaction_added": True, "reaction_removed": False}
log = logging.getLogger(__name__)


def register(app: DeliveryApp, desk: Desk, clients: Clients) -> None:
    """Have the app ask here first."""

    async def take(body: dict[str, Any]) -> int | None:
        """The status of the answer; None where it is Bolt's to answer."""
        event = body.get("event")
        present = _PRESENT.get(event.get("type", "")) if isinstance(event, dict) else None
        if present is None or body.get("type") != "event_callback":
            return None
        try:
            voice = await clients.of_team(team_of(body))
            if voice is None:
                return None
            await reactions.hear(desk, body, voice.own_user, present=present)
        except Exception as error:
            log.error("a delivery could not be carried out", exc_info=error)
            return 500  # what is not stored is not acknowledged
        return 200

    app.short_way = take
