"""What somebody has filled into a dialog, and what came back with it."""

import json
import logging
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.listeners.desk import Desk
from bot.listeners.incoming import as_typed, team_of
from bot.render import replies
from bot.services.visit import Asked
from minutes.outcomes import NothingToDo
from minutes.refusal import Refusal

log = logging.getLogger(__name__)
SORRY = "Something went wrong on my side, and nothing was changed. Please try again."


def value(body: dict[str, Any], field: str) -> str:
    """What was typed or chosen in a field, as plain text; empty where nothing was."""
    state = state_of(body, field)
    chosen = state.get("selected_option") or {}
    return as_typed(state.get("value") or chosen.get("value") or "")


def people(body: dict[str, Any], field: str) -> tuple[str, ...]:
    return tuple(state_of(body, field).get("selected_users") or ())


def conversation(body: dict[str, Any], field: str) -> str | None:
    return state_of(body, field).get("selected_conversation") or None


def day(body: dict[str, Any], field: str) -> date | None:
    chosen = state_of(body, field).get("selected_date")
    return date.fromisoformat(chosen) if chosen else None


def state_of(body: dict[str, Any], field: str) -> dict[str, Any]:
    found: dict[str, Any] = body["view"]["state"]["values"].get(field, {}).get(field, {})
    return found


def about(body: dict[str, Any]) -> dict[str, Any]:
    """What the dialog was opened with."""
    found: dict[str, Any] = json.loads(body["view"]["private_metadata"])
    return found


def session(body: dict[str, Any]) -> int:
    return int(about(body)["session"])


def asked_with(desk: Desk, body: dict[str, Any]) -> Asked:
    """In the channel that it was opened in, or that was chosen. A view sent twice has the same id and hash."""
    view = body["view"]
    return Asked(
        team=team_of(body),
        channel=about(body).get("channel") or conversation(body, "channel") or "",
        user=body["user"]["id"],
        at=desk.clock.now(),
        key=f"view:{view['id']}:{view.get('hash', '')}",
        user_name=body["user"].get("username") or body["user"].get("name", ""),
        thread=about(body).get("thread"),
    )


def way_back(body: dict[str, Any]) -> str | None:
    """Where to answer whoever has sent the dialog: where it was opened, or in the channel that was chosen in it."""
    chosen = [each["response_url"] for each in body.get("response_urls") or ()]
    return about(body).get("answer_to") or next(iter(chosen), None)


async def carry_out(desk: Desk, ack: AsyncAck, body: dict[str, Any], field: str, *wish: Any) -> None:
    """Close the dialog when it is done, and say what was done where there is a way to; otherwise why not, at the field.

    Where the bot may not post, it can say so over that way as well.
    """
    asked, back = asked_with(desk, body), way_back(body)
    if back is not None:
        desk.door(asked.team, asked.channel, back)
    try:
        outcome = await desk.serve(asked, *wish)
    except Refusal as refusal:
        await ack(response_action="errors", errors={field: replies.beside_field(refusal, desk.names)})
    except Exception:
        log.exception("a dialog could not be carried out")
        await ack(response_action="errors", errors={field: SORRY})
    else:
        await ack()
        if back is not None and not isinstance(outcome, NothingToDo):
            desk.answer(back, replies.reply(outcome, desk.names), False)
