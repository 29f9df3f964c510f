"""Mentions: whoever speaks to the bot in a message is understood as with a command, also in a thread."""

import re
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.listeners.commands import handles_of
from bot.listeners.desk import Desk, spoken_to
from bot.listeners.incoming import decode, is_late, is_reply, said_at, team_of, without_groups
from bot.render import replies
from bot.render.message import Message
from bot.render.usage import CommandNames, HelpTopic
from bot.services import mentions
from bot.services.entries import LONGEST_ENTRY
from bot.services.visit import Asked
from minutes.action_command import Record, understand_action
from minutes.entry import EntryKind
from minutes.ids import Ts, UserId
from minutes.lines import read_addressed
from minutes.refusal import Refusal
from minutes.text import is_blank, mention
from minutes.text import mentions as mentions_in

_ON_ONE_LINE = ("topic", "session")
_HELP = "help"
_RECORDS: dict[HelpTopic, EntryKind] = {
    "note": EntryKind.NOTE,
    "action": EntryKind.ACTION,
    "decide": EntryKind.DECISION,
}
_WORD = re.compile(r"/?([^\s:.!?,]+)[:.!?,]*\s*")


@dataclass(frozen=True, slots=True)
class MessageDesk(Desk):
    """The desk for what one message asks for: it is acknowledged on the message `ts` in the same transaction.

    Slack tells of a mention anew whenever its message is edited. That is answered, but carries nothing out.
    """

    ts: Ts = ""
    edited: bool = False
    outcomes: list[Any] = field(default_factory=list)

    async def serve(self, asked: Asked, use_case: Any, *args: Any) -> Any:
        if self.edited:
            raise Refusal("I carry out nothing that is edited into a message. Say it again in a new one.")
        outcome = await Desk.serve(self, asked, mentions.carry_out, self.ts, use_case, *args)
        self.outcomes.append(outcome)
        return outcome


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_mention")
    async def mentioned(body: dict[str, Any], context: AsyncBoltContext) -> None:
        event = body["event"]
        if event.get("bot_id") or not event.get("user"):
            return
        edited = (event.get("edited") or {}).get("ts")
        if edited and to_record(event.get("text"), context.bot_user_id, desk.names):
            return  # the record follows the message (changes.py)
        said = _said_to_us(event.get("text"), context.bot_user_id)
        asked = _asked(desk, body)
        same = {each.name: getattr(desk, each.name) for each in fields(Desk)}
        here = MessageDesk(**same, ts=f"{event['ts']}:{edited}" if edited else event["ts"], edited=bool(edited))
        answer = await _answer(here, asked, said)
        if answer is None:
            await desk.writer.run(mentions.greet, asked, holding=asked.channel)
        elif not here.outcomes or not mentions.goes_without_saying(here.outcomes[-1]):
            words = {"text": answer.text, "blocks": list(answer.blocks)}
            await desk.writer.run(mentions.answer, asked, here.ts, words, here.outcomes, holding=asked.channel)


def mentions_us(text: str, own: UserId | None) -> bool:
    """Whether a decoded text has a mention of the bot in it: then Slack tells it as a mention, too."""
    return own is not None and mention(own) in text


def asks_for_help(raw: str | None, own: UserId | None) -> bool:
    """Of what is said to the bot alone, where it need not be mentioned."""
    return decode(raw or "").replace(mention(own or ""), "", 1).strip(" /.!?").lower() == _HELP


def _said_to_us(raw: str | None, own: UserId | None) -> str | None:
    """Slack tells nobody else of a mention of ours: where we do not know our name yet, the first one is it."""
    text = decode(raw or "", mark_groups=True)
    return read_addressed(text, own or next(iter(mentions_in(text)), ""))


def _asked(desk: Desk, body: dict[str, Any]) -> Asked:
    """A message is carried out once, whatever Slack calls its deliveries."""
    event, ts = body["event"], body["event"]["ts"]
    key, late = f"mention:{event['channel']}:{ts}", is_late(said_at(ts), desk.clock.now())
    thread = event["thread_ts"] if is_reply(event) else None
    who = (team_of(body), event["channel"], event["user"], said_at(ts), key)
    return Asked(*who, late=late, thread=thread, said=ts)


def to_record(raw: str | None, own: UserId | None, names: CommandNames) -> tuple[EntryKind, str] | None:
    """What a message says behind our name, where that is something to record."""
    said = None if own is None else read_addressed(decode(raw or "", mark_groups=True), own)
    word, rest = _first_word(said or "")
    kind, text = _RECORDS.get(help_topics(names).get(word, "all")), without_groups(rest)
    if kind is EntryKind.ACTION and not isinstance(understand_action(text), Record):
        return None
    return None if kind is None or is_blank(text) or len(text) > LONGEST_ENTRY else (kind, text)


async def _answer(desk: Desk, asked: Asked, said: str | None) -> Message | None:
    """What there is to say to that; None where it was no command."""
    word, rest = _first_word(said or "")
    topics = help_topics(desk.names)
    if word == _HELP:
        return replies.help_for(topics.get(_first_word(rest)[0], "all"), None, desk.names)
    if word not in topics:
        return None
    handle = handles_of(desk.names)[getattr(desk.names, topics[word])]
    if topics[word] in _ON_ONE_LINE:
        rest = rest.partition("\n")[0]
    text = rest if topics[word] == "propose" else without_groups(rest)
    return await spoken_to(lambda: handle(desk, asked, text), desk.names)


def help_topics(names: CommandNames) -> dict[str, HelpTopic]:
    """What each word stands for: a command's own name, and what it is called here."""
    topics: dict[str, HelpTopic] = {}
    for topic in get_args(HelpTopic):
        if topic != "all":
            topics |= {topic: topic, getattr(names, topic).removeprefix("/").lower(): topic}
    return topics


def _first_word(text: str) -> tuple[str, str]:
    """The first word as a command is called, and what follows it, lines and all."""
    found = _WORD.match(text)
    return (found[1].lower(), text[found.end() :]) if found else ("", text)
