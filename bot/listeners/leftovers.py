"""Leftovers: what no other listener answers, and what goes wrong in one that does.

Bolt would log the body of the first. Slack must not try it again either: it would be told the same.
"""

import logging
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.deliveries import UNKNOWN
from bot.listeners.desk import Desk
from bot.render import replies

log = logging.getLogger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.error
    async def left_over(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext, response: BoltResponse | None
    ) -> BoltResponse | None:
        if isinstance(error, BoltUnhandledRequestError):
            context[UNKNOWN] = True
            return _answer(body, desk)
        log.error("a delivery could not be carried out", exc_info=error)
        return response  # 500: what is not stored is not acknowledged


def _answer(body: dict[str, Any], desk: Desk) -> BoltResponse:
    if "command" in body:
        answer = replies.help_for("all", "I do not know that command.", desk.names)
        told = {"response_type": "ephemeral", "text": answer.text, "blocks": list(answer.blocks)}
        return BoltResponse(status=200, body=told)
    match body.get("type"):
        case "block_suggestion" | "dialog_suggestion":
            return BoltResponse(status=200, body={"options": []})
        case "view_submission" | "dialog_submission":
            # Whoever sent it must see that nothing came of it: to close it would say the opposite.
            return BoltResponse(status=404, body="")
        case _:
            return BoltResponse(status=200, body="")
