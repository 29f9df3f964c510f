"""Dialogs that record something or start a session: filled in and sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners import filled
from bot.listeners.desk import Desk
from bot.render import dialogs, replies
from bot.services import proposals, recording, sessions
from bot.services.visit import no_session
from minutes.duration import parse_duration
from minutes.entry import EntryKind
from minutes.session_command import Start
from minutes.text import fingerprint, mention, one_line


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view("record_as")
    async def record_as(ack: AsyncAck, body: dict[str, Any]) -> None:
        about, text = filled.about(body), filled.value(body, "text")
        as_said = fingerprint(text) == about.get("words")
        # Whoever was mentioned in the message is so in the minutes, where their names still stand.
        for name, user in sorted(about.get("names", {}).items(), key=lambda each: -len(each[0])):
            text = text.replace(name, mention(user))
        wish = replace(_wish(body, EntryKind(filled.value(body, "kind")), text), as_said=as_said)
        said = recording.Said(about["ts"], about.get("said_by"), about.get("edited"))
        what = (recording.record_message, filled.session(body), said, wish)
        await filled.carry_out(desk, ack, body, "text", *what)

    @app.view("add_action")
    async def add_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        wish = _wish(body, EntryKind.ACTION, filled.value(body, "text"))
        await filled.carry_out(desk, ack, body, "text", recording.add_action, filled.session(body), wish)

    @app.view("start_session")
    async def start_session(ack: AsyncAck, body: dict[str, Any]) -> None:
        wish = _session(body)
        if wish is None:
            await ack(response_action="errors", errors={"length": "Write how long, seven days at most: 45m, 2h, 1h30."})
            return
        at = "title" if "channel" in filled.about(body) else "channel"
        await filled.carry_out(desk, ack, body, at, sessions.start, wish)

    @app.view("propose_where")
    async def propose_where(ack: AsyncAck, body: dict[str, Any]) -> None:
        asked = filled.asked_with(desk, body)
        if await desk.reader.ask(recording.open_session, asked.team, asked.channel) is None:
            await ack(response_action="errors", errors={"channel": replies.beside_field(no_session(), desk.names)})
            return
        ways = await desk.reader.ask(proposals.defaults_in, asked.team, asked.channel)
        view = dialogs.propose(asked.channel, rule=ways.rule, quorum=ways.quorum, roll=ways.roll)
        await ack(response_action="update", view=view)


def _wish(body: dict[str, Any], kind: EntryKind, text: str) -> recording.Wish:
    return recording.Wish(kind, text, filled.people(body, "owners"), filled.day(body, "due"))


def _session(body: dict[str, Any]) -> Start | None:
    """What was filled in; None where nobody can say how long that is."""
    duration, minutes = parse_duration(filled.value(body, "length")), filled.value(body, "digest_delay")
    if duration is None:
        return None
    return Start(
        title=one_line(filled.value(body, "title")) or None,
        duration=duration,
        place=one_line(filled.value(body, "place")) or None,
        digest_delay=timedelta(minutes=int(minutes)) if minutes else None,
        digest_channel=filled.conversation(body, "digest_channel"),
        chaired=filled.value(body, "floor") == "chaired",
        chairs=filled.people(body, "chairs"),
    )
