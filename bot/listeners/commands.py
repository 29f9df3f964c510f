"""Slash commands: understood, carried out, and answered privately."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.listeners.desk import Desk, spoken_to
from bot.listeners.incoming import decode, told_name, without_groups
from bot.render import dialogs, replies
from bot.render.message import Message
from bot.services import entries, proposals, sessions, topics, views
from bot.services.visit import Asked, Visit
from minutes import session_command as session_words
from minutes import topic_command as topic_words
from minutes.board import Board
from minutes.entry import EntryKind
from minutes.propose_command import ProposeHelp, understand_proposal
from minutes.refusal import Refusal
from minutes.session_command import understand_session
from minutes.topic_command import title_problem, understand_topic

log = logging.getLogger(__name__)
Handle = Callable[[Desk, Asked, str], Awaitable[Message]]


def register(app: AsyncApp, desk: Desk) -> None:
    handles: dict[str, Handle] = {
        desk.names.topic: _topic,
        desk.names.session: _session,
        desk.names.note: _note,
        desk.names.action: _action,
        desk.names.decide: _decide,
        desk.names.propose: _propose,
    }
    app.command(desk.names.propose, matchers=[_says_nothing])(_opening_dialog(desk))
    for name, handle in handles.items():
        app.command(name)(_answering(desk, handle))


async def _says_nothing(command: dict[str, Any]) -> bool:
    return not (command.get("text") or "").strip() and not command["channel_id"].startswith("D")


def _opening_dialog(desk: Desk) -> Callable[..., Awaitable[None]]:
    """`/propose` alone opens the dialog in which rule, quorum and roll can be chosen."""

    async def command(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        channel = command["channel_id"]
        try:
            ways = await desk.reader.ask(proposals.defaults_in, command["team_id"], channel)
            view = dialogs.propose(channel, rule=ways.rule, quorum=ways.quorum, roll=ways.roll)
            await client.views_open(trigger_id=command["trigger_id"], view=view)
        except Exception:
            log.warning("a dialog could not be opened", exc_info=True)
            answer = replies.help_for("propose", None, desk.names)
            await ack(response_type="ephemeral", text=answer.text, blocks=list(answer.blocks))
        else:
            await ack()

    return command


def _answering(desk: Desk, handle: Handle) -> Callable[..., Awaitable[None]]:
    async def command(ack: AsyncAck, command: dict[str, Any]) -> None:
        channel = command["channel_id"]
        if channel.startswith("D"):
            answer = replies.direct_message(desk.names)
        else:
            desk.door(channel, command["response_url"])
            asked = _asked(command, desk.clock)
            text = decode(command.get("text") or "", mark_groups=handle is _propose)
            answer = await spoken_to(lambda: handle(desk, asked, text))
        await ack(response_type="ephemeral", text=answer.text, blocks=list(answer.blocks))

    return command


def _asked(command: dict[str, Any], clock: Clock) -> Asked:
    return Asked(
        team=command["team_id"],
        channel=command["channel_id"],
        user=command["user_id"],
        at=clock.now(),
        key=command["trigger_id"],
        user_name=command.get("user_name", ""),
        channel_name=told_name(command.get("channel_name", "")),
    )


async def _topic(desk: Desk, asked: Asked, text: str) -> Message:
    match understand_topic(text):
        case topic_words.TopicHelp(problem):
            return replies.help_for("topic", problem, desk.names)
        case topic_words.PutOnFloor(title):
            wish: tuple[Any, ...] = (_titled(topics.put_on_floor), title)
        case topic_words.Queue(title):
            wish = (_titled(topics.queue), title)
        case topic_words.Rename(title):
            wish = (_titled(topics.rename), title)
        case topic_words.TakeNext():
            wish = (topics.take_next,)
        case topic_words.ListTopics():
            wish = (topics.listing,)
        case topic_words.Finish():
            wish = (topics.finish,)
        case topic_words.Drop(number):
            wish = (topics.drop, number)
    return replies.reply(await desk.serve(asked, *wish), desk.names)


async def _session(desk: Desk, asked: Asked, text: str) -> Message:
    match understand_session(text):
        case session_words.SessionHelp(problem):
            return replies.help_for("session" if problem else "all", problem, desk.names)
        case session_words.UnknownSession(word):
            return replies.help_for("session", f"I do not know “{word}”.", desk.names)
        case session_words.Start() as wish:
            outcome = await desk.serve(asked, sessions.start, wish)
        case session_words.End():
            outcome = await desk.serve(asked, sessions.end, desk.digest_delay)
        case session_words.Extend(by):
            outcome = await desk.serve(asked, sessions.extend, by)
        case session_words.Reopen():
            outcome = await desk.serve(asked, sessions.reopen)
        case session_words.Undo(number):
            outcome = await desk.serve(asked, entries.undo_by_command, number)
        case session_words.Defaults(rule, quorum, roll, everywhere):
            outcome = await desk.serve(asked, proposals.set_defaults, rule, quorum, roll, everywhere)
        case session_words.ShowDefaults(everywhere):
            outcome = await desk.serve(asked, proposals.defaults, everywhere)
        case session_words.Status():
            outcome = await desk.serve(asked, _status)
            if isinstance(outcome, Board):
                return replies.status(outcome)
    return replies.reply(outcome, desk.names)


async def _note(desk: Desk, asked: Asked, text: str) -> Message:
    return await _entry(desk, asked, EntryKind.NOTE, text)


async def _action(desk: Desk, asked: Asked, text: str) -> Message:
    return await _entry(desk, asked, EntryKind.ACTION, text)


async def _decide(desk: Desk, asked: Asked, text: str) -> Message:
    return await _entry(desk, asked, EntryKind.DECISION, text)


async def _entry(desk: Desk, asked: Asked, kind: EntryKind, text: str) -> Message:
    return replies.reply(await desk.serve(asked, entries.record_command, kind, text), desk.names)


async def _propose(desk: Desk, asked: Asked, text: str) -> Message:
    understood = understand_proposal(text)
    if isinstance(understood, ProposeHelp):
        return replies.help_for("propose", understood.problem, desk.names)
    wish = replace(understood, text=without_groups(understood.text))
    return replies.reply(await desk.serve(asked, proposals.propose, wish), desk.names)


def _status(visit: Visit) -> Board:
    return views.board(visit.db, visit.workspace, visit.session().id)


def _titled(use_case: Callable[[Visit, str], Any]) -> Callable[[Visit, str], Any]:
    """Who is mentioned in a title stands there by name, and it must not be too long with that."""

    def owned(visit: Visit, title: str) -> Any:
        own = visit.own(title)
        if problem := title_problem(visit.shown(own)):
            raise Refusal(problem)
        return use_case(visit, own)

    return owned
