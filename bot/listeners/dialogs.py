"""Dialogs: filled in and sent."""

from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.desk import Desk
from bot.listeners.filled import carry_out, people, session, value
from bot.services import proposals, sessions, topics
from minutes.propose_command import ProposeCommand, RollWish
from minutes.rules import Rules, parse_quorum, parse_rule
from minutes.text import is_blank, one_line
from minutes.topic_command import title_problem


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view("sign_in")
    async def sign_in(ack: AsyncAck, body: dict[str, Any]) -> None:
        organisation, country = value(body, "organisation"), value(body, "country")
        wish = (sessions.sign_in, organisation, country or None, session(body))
        await carry_out(desk, ack, body, "organisation", *wish)

    @app.view("add_topic")
    async def add_topic(ack: AsyncAck, body: dict[str, Any]) -> None:
        title = one_line(value(body, "title"))
        if problem := "Write what the topic is." if is_blank(title) else title_problem(title):
            await ack(response_action="errors", errors={"title": problem})
            return
        await carry_out(desk, ack, body, "title", topics.queue, title, session(body))

    @app.view("propose")
    async def propose(ack: AsyncAck, body: dict[str, Any]) -> None:
        wish = _proposal(body)
        if isinstance(wish, dict):
            await ack(response_action="errors", errors=wish)
            return
        await carry_out(desk, ack, body, "text", proposals.propose, wish)


def _proposal(body: dict[str, Any]) -> ProposeCommand | dict[str, str]:
    """What was filled in, or what is wrong with it by field."""
    text, quorum = value(body, "text").strip(), value(body, "quorum").strip()
    rule, minutes = parse_rule(value(body, "rule")), value(body, "minutes")
    named, recused = people(body, "people"), people(body, "recused")
    if is_blank(text):
        return {"text": "Write what to vote on."}
    if quorum and parse_quorum(quorum) is None:
        return {"quorum": "Write a number of people, such as 5, or a share of the roll, such as 50%."}
    # Whatever the dialog showed was there to be changed: what it says now holds, not the channel's way.
    rules = Rules(rule or Rules().rule, parse_quorum(quorum))
    match value(body, "roll"):
        case "session" | "channel" as kind:
            roll = RollWish(kind=kind, added=named, recused=recused)
        case "people" if named:
            roll = RollWish(kind="people", people=named, recused=recused)
        case "people":
            return {"people": "Choose the people who decide."}
        case _ if named or recused:
            return {"roll": "You have chosen people below. Say here who decides, or take them away again."}
        case _ if rules.needs_roll:
            return {"roll": "That rule or quorum counts people on a roll. Say here who decides."}
        case _:
            roll = RollWish(kind="none")
    duration = timedelta(minutes=int(minutes)) if minutes else None
    return ProposeCommand(text, duration, rules.rule, rules.quorum or "none", roll)
