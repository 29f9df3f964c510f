"""Buttons: clicked, carried out, answered privately over the click's response_url."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners.desk import Desk, spoken_to
from bot.listeners.incoming import team_of, told_name
from bot.listeners.opening import open_dialog
from bot.render import dialogs, replies
from bot.render.buttons import Button
from bot.render.message import Block, Message
from bot.services import entries, people, reminders, sessions, topics, vote_actions
from bot.services.visit import Asked
from minutes.outcomes import NothingToDo
from minutes.session_command import Start

Handle = Callable[[Desk, Asked, str], Awaitable[Any]]


def register(app: AsyncApp, desk: Desk) -> None:
    handles: dict[Button, Handle] = {
        Button.START: lambda desk, asked, _: desk.serve(asked, sessions.start, Start(None, None, None)),
        Button.EXTEND: lambda desk, asked, value: desk.serve(asked, sessions.extend, None, int(value)),
        Button.END: lambda desk, asked, value: desk.serve(asked, sessions.end, desk.digest_delay, int(value)),
        Button.DISCARD: lambda desk, asked, value: desk.serve(asked, sessions.discard, int(value)),
        Button.NEXT_TOPIC: lambda desk, asked, _: desk.serve(asked, topics.take_next, True),
        Button.CLOSE_BALLOT: lambda desk, asked, value: desk.serve(asked, vote_actions.close_by_hand, int(value)),
        Button.EXTEND_BALLOT: lambda desk, asked, value: desk.serve(asked, vote_actions.extend, int(value)),
        Button.WITHDRAW: lambda desk, asked, value: desk.serve(asked, vote_actions.withdraw, int(value)),
        Button.ACCEPT_COUNT: lambda desk, asked, value: desk.serve(asked, vote_actions.accept_count, int(value)),
        Button.REOPEN_BALLOT: lambda desk, asked, value: desk.serve(asked, vote_actions.vote_again, int(value)),
        Button.UNDO: _undo,
        Button.NO_REMINDERS: lambda desk, asked, _: desk.serve(asked, reminders.set_reminders, False),
        Button.REMINDERS: lambda desk, asked, _: desk.serve(asked, reminders.set_reminders, True),
    }
    for button, handle in handles.items():
        app.action(button.value)(_answering(desk, handle))

    @app.action(Button.SIGN_IN.value)
    async def sign_in(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def view() -> Block:
            told = await desk.reader.ask(people.told_before, team_of(body), body["user"]["id"])
            return dialogs.sign_in(*told, session=_session(body), channel=body["channel"]["id"])

        await open_dialog(desk, client, body, view)

    @app.action(Button.ADD_TOPIC.value)
    async def add_topic(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def view() -> Block:
            return dialogs.add_topic(_session(body), body["channel"]["id"])

        await open_dialog(desk, client, body, view)


def _answering(desk: Desk, handle: Handle) -> Callable[..., Awaitable[None]]:
    async def click(ack: AsyncAck, body: dict[str, Any]) -> None:
        action = body["actions"][0]
        asked = Asked(
            team=body["team"]["id"],
            channel=body["channel"]["id"],
            user=body["user"]["id"],
            at=desk.clock.now(),
            key=f"click:{body['trigger_id']}",
            user_name=body["user"].get("username", ""),
            channel_name=told_name(body["channel"].get("name", "")),
        )

        desk.door(asked.team, asked.channel, body["response_url"])

        async def carried_out() -> Message | None:
            outcome = await handle(desk, asked, action.get("value", ""))
            # A second delivery: whoever clicked has the answer of the first, which this would take the place of.
            return None if isinstance(outcome, NothingToDo) else replies.reply(outcome, desk.names)

        answer = await spoken_to(carried_out, desk.names)
        await ack()
        if answer is not None and answer.text:
            only_for_them = bool(body.get("container", {}).get("is_ephemeral"))
            desk.answer(body["response_url"], answer, only_for_them)

    return click


def _session(body: dict[str, Any]) -> int:
    return int(body["actions"][0]["value"])


async def _undo(desk: Desk, asked: Asked, value: str) -> Any:
    session, _, number = value.partition(":")
    return await desk.serve(asked, entries.undo, int(session), int(number))
