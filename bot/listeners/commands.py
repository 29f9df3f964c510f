"""Slash commands: understood, carried out, and answered privately."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.listeners import looking, session_wishes
from bot.listeners.desk import Desk, spoken_to
from bot.listeners.incoming import decode, is_direct, told_name, without_groups
from bot.listeners.opening import by_command
from bot.render import dialogs, finding, forms, replies
from bot.render.message import Block, Message
from bot.render.usage import CommandNames, HelpTopic
from bot.services import actions, entries, presses, proposals, recording, sessions, topics, views
from bot.services import finding as found
from bot.services.visit import Asked, Visit, no_session
from minutes import action_command as action_words
from minutes import chair_command as chair_words
from minutes import entry_command as entry_words
from minutes import session_command as session_words
from minutes import topic_command as topic_words
from minutes.action_command import understand_action
from minutes.board import Board
from minutes.emoji_command import SetEmoji, ShowEmoji
from minutes.entry import EntryKind
from minutes.propose_command import ProposeHelp, understand_proposal
from minutes.refusal import Refusal
from minutes.session_command import understand_session
from minutes.text import one_line, replace_mentions
from minutes.topic_command import title_problem, understand_topic

Handle = Callable[[Desk, Asked, str], Awaitable[Message]]
View = Callable[[Desk, dict[str, Any]], Awaitable[Block]]


def handles_of(names: CommandNames) -> dict[str, Handle]:
    """What answers to each command, by its name in this workspace."""
    return {
        names.topic: _topic,
        names.session: _session,
        names.note: _note,
        names.action: _action,
        names.decide: _decide,
        names.propose: _propose,
    }


def register(app: AsyncApp, desk: Desk) -> None:
    app.command(desk.names.propose, matchers=[_says()])(_opening(desk, "propose", _propose_dialog))
    app.command(desk.names.action, matchers=[_says()])(_opening(desk, "action", _action_dialog))
    app.command(desk.names.session, matchers=[_says("new")])(_opening(desk, "session", _session_dialog))
    for name, handle in handles_of(desk.names).items():
        app.command(name)(_answering(desk, handle))


def _says(word: str = "") -> Callable[..., Awaitable[bool]]:
    """Of a command in a channel, whether it begins with this word, or says nothing."""

    async def says(command: dict[str, Any]) -> bool:
        first = (command.get("text") or "").split(maxsplit=1)[:1]
        return [each.lower() for each in first] == ([word] if word else []) and not _is_direct(command)

    return says


def _is_direct(command: dict[str, Any]) -> bool:
    return is_direct(command["channel_id"], command.get("channel_name", ""))


def _opening(desk: Desk, topic: HelpTopic, view: View) -> Callable[..., Awaitable[None]]:
    """A command that opens a dialog; where that fails, its help says how to go without."""

    async def command(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        desk.door(command["team_id"], command["channel_id"], command["response_url"])
        answer = await by_command(desk, client, command, lambda: view(desk, command), topic)
        if answer is None:
            await ack()
        else:
            await ack(response_type="ephemeral", text=answer.text, blocks=list(answer.blocks))

    return command


async def _propose_dialog(desk: Desk, command: dict[str, Any]) -> Block:
    """Rule, quorum and roll can be chosen, and begin as the channel has them."""
    ways = await desk.reader.ask(proposals.defaults_in, command["team_id"], command["channel_id"])
    return dialogs.propose(command["channel_id"], rule=ways.rule, quorum=ways.quorum, roll=ways.roll)


async def _action_dialog(desk: Desk, command: dict[str, Any]) -> Block:
    session = await desk.reader.ask(recording.open_session, command["team_id"], command["channel_id"])
    if session is None:
        raise no_session()
    return forms.add_action(session, command["channel_id"], command["response_url"])


async def _session_dialog(desk: Desk, command: dict[str, Any]) -> Block:
    title = one_line(decode(command["text"])).partition(" ")[2]
    return forms.start_session(command["channel_id"], replace_mentions(title, lambda _: ""), command["response_url"])


def _answering(desk: Desk, handle: Handle) -> Callable[..., Awaitable[None]]:
    async def command(ack: AsyncAck, command: dict[str, Any]) -> None:
        channel = command["channel_id"]
        if _is_direct(command):
            answer = replies.direct_message(desk.names)
        else:
            desk.door(command["team_id"], channel, command["response_url"])
            asked = _asked(command, desk.clock)
            text = decode(command.get("text") or "", mark_groups=handle is _propose)
            answer = await spoken_to(lambda: handle(desk, asked, text), desk.names)
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
        response_url=command.get("response_url", ""),
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
        case topic_words.Move(place, to):
            wish = (topics.move, place, to)
    return replies.reply(await desk.serve(asked, *wish), desk.names)


async def _session(desk: Desk, asked: Asked, text: str) -> Message:
    match understand_session(text):
        case session_words.SessionHelp(problem, word):
            return replies.help_for("session" if problem else "all", problem, desk.names, word=word)
        case session_words.UnknownSession(word):
            return replies.help_for("session", "I do not know “{word}”.", desk.names, word=word)
        case session_words.Start() as wish:
            outcome = await desk.serve(asked, sessions.start, wish)
        case session_words.End():
            outcome = await desk.serve(asked, sessions.end, desk.digest_delay)
        case session_words.Extend(by):
            outcome = await desk.serve(asked, sessions.extend, by)
        case session_words.Reopen():
            outcome = await desk.serve(asked, sessions.reopen)
        case session_words.Search(words):
            return await looking.look_up(desk, asked, "search", words)
        case session_words.ListSessions():
            return finding.past_sessions(await desk.reader.ask(found.listing, asked.team, asked.channel), desk.names)
        case session_words.Undo(number):
            outcome = await desk.serve(asked, entries.undo_by_command, number)
        case session_words.History(number):
            outcome = await desk.serve(asked, entries.history, number)
        case session_words.Defaults(rule, quorum, roll, everywhere):
            outcome = await desk.serve(asked, proposals.set_defaults, rule, quorum, roll, everywhere)
        case session_words.ShowDefaults(everywhere):
            outcome = await desk.serve(asked, proposals.defaults, everywhere)
        case ShowEmoji():
            outcome = await desk.serve(asked, presses.show)
        case SetEmoji() as wish:
            outcome = await desk.serve(asked, presses.set_emoji, wish)
        case chair_words.ShowChairs() | chair_words.ChangeChairs() | chair_words.SetFloor() as wish:
            outcome = await desk.serve(asked, *session_wishes.use_case(wish))
        case entry_words.ListEntries() | entry_words.Redo() | entry_words.MoveEntry() as wish:
            outcome = await desk.serve(asked, *session_wishes.use_case(wish))
        case session_words.Status():
            outcome = await desk.serve(asked, _status)
            if isinstance(outcome, Board):
                return replies.status(outcome)
    return replies.reply(outcome, desk.names)


async def _note(desk: Desk, asked: Asked, text: str) -> Message:
    return await _entry(desk, asked, EntryKind.NOTE, text)


async def _action(desk: Desk, asked: Asked, text: str) -> Message:
    match understand_action(text):
        case action_words.ActionHelp(problem):
            return replies.help_for("action", problem, desk.names)
        case action_words.ListActions():
            return await looking.look_up(desk, asked, "actions", "")
        case action_words.Record(said):
            return await _entry(desk, asked, EntryKind.ACTION, said)
        case action_words.Done(action):
            wish: tuple[Any, ...] = (actions.finish, action)
        case action_words.Reopen(action):
            wish = (actions.reopen, action)
        case action_words.Later(action, until):
            wish = (actions.postpone, action, until)
    return replies.reply(await desk.serve(asked, *wish), desk.names)


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
