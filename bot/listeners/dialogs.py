"""Dialogs: filled in and sent."""

import json
import logging
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.incoming import as_typed
from bot.services import proposals, sessions, topics
from bot.services.visit import Asked
from minutes.propose_command import ProposeCommand, RollWish
from minutes.refusal import Refusal
from minutes.rules import Rules, parse_quorum, parse_rule
from minutes.text import is_blank, one_line
from minutes.topic_command import title_problem

log = logging.getLogger(__name__)
SORRY = "Something went wrong on my side, and nothing was changed. Please try again."


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view("sign_in")
    async def sign_in(ack: AsyncAck, body: dict[str, Any]) -> None:
        organisation, country = _value(body, "organisation"), _value(body, "country")
        wish = (sessions.sign_in, organisation, country or None, _session(body))
        await _carry_out(desk, ack, body, "organisation", *wish)

    @app.view("add_topic")
    async def add_topic(ack: AsyncAck, body: dict[str, Any]) -> None:
        title = one_line(_value(body, "title"))
        if problem := "Write what the topic is." if is_blank(title) else title_problem(title):
            await ack(response_action="errors", errors={"title": problem})
            return
        await _carry_out(desk, ack, body, "title", topics.queue, title, _session(body))

    @app.view("propose")
    async def propose(ack: AsyncAck, body: dict[str, Any]) -> None:
        wish = _proposal(body)
        if isinstance(wish, dict):
            await ack(response_action="errors", errors=wish)
            return
        await _carry_out(desk, ack, body, "text", proposals.propose, wish)


def _proposal(body: dict[str, Any]) -> ProposeCommand | dict[str, str]:
    """What was filled in, or what is wrong with it by field."""
    text, quorum = _value(body, "text").strip(), _value(body, "quorum").strip()
    rule, minutes = parse_rule(_value(body, "rule")), _value(body, "minutes")
    people, recused = _people(body, "people"), _people(body, "recused")
    if is_blank(text):
        return {"text": "Write what to vote on."}
    if quorum and parse_quorum(quorum) is None:
        return {"quorum": "Write a number of people, such as 5, or a share of the roll, such as 50%."}
    # Whatever the dialog showed was there to be changed: what it says now holds, not the channel's way.
    rules = Rules(rule or Rules().rule, parse_quorum(quorum))
    match _value(body, "roll"):
        case "session" | "channel" as kind:
            roll = RollWish(kind=kind, added=people, recused=recused)
        case "people" if people:
            roll = RollWish(kind="people", people=people, recused=recused)
        case "people":
            return {"people": "Choose the people who decide."}
        case _ if people or recused:
            return {"roll": "You have chosen people below. Say here who decides, or take them away again."}
        case _ if rules.needs_roll:
            return {"roll": "That rule or quorum counts people on a roll. Say here who decides."}
        case _:
            roll = RollWish(kind="none")
    duration = timedelta(minutes=int(minutes)) if minutes else None
    return ProposeCommand(text, duration, rules.rule, rules.quorum or "none", roll)


def _people(body: dict[str, Any], field: str) -> tuple[str, ...]:
    state = body["view"]["state"]["values"].get(field, {}).get(field, {})
    return tuple(state.get("selected_users") or ())


async def _carry_out(desk: Desk, ack: AsyncAck, body: dict[str, Any], field: str, *wish: Any) -> None:
    """Close the dialog when it is done; otherwise say why at the field."""
    try:
        await desk.serve(_asked(desk, body), *wish)
    except Refusal as refusal:
        await ack(response_action="errors", errors={field: refusal.sentence})
    except Exception:
        log.exception("a dialog could not be carried out")
        await ack(response_action="errors", errors={field: SORRY})
    else:
        await ack()


def _asked(desk: Desk, body: dict[str, Any]) -> Asked:
    """A view sent twice has the same id and hash."""
    view = body["view"]
    return Asked(
        team=body["team"]["id"],
        channel=json.loads(view["private_metadata"])["channel"],
        user=body["user"]["id"],
        at=desk.clock.now(),
        key=f"view:{view['id']}:{view.get('hash', '')}",
        user_name=body["user"].get("username") or body["user"].get("name", ""),
    )


def _session(body: dict[str, Any]) -> int:
    return int(json.loads(body["view"]["private_metadata"])["session"])


def _value(body: dict[str, Any], field: str) -> str:
    """What was typed or chosen in a field, as plain text; empty where nothing was."""
    state = body["view"]["state"]["values"].get(field, {}).get(field, {})
    chosen = state.get("selected_option") or {}
    return as_typed(state.get("value") or chosen.get("value") or "")
