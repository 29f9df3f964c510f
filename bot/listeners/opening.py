"""Opening dialogs: by shortcuts, buttons and commands, within the three seconds that a trigger lasts."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners.desk import Desk
from bot.listeners.incoming import decode, is_direct, is_reply, is_second_delivery, said_at, team_of
from bot.render import forms, replies
from bot.render.buttons import Button
from bot.render.message import Block, Message
from bot.render.usage import HelpTopic
from bot.services import recording
from bot.services.visit import no_session
from minutes.refusal import Refusal

log = logging.getLogger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.message_shortcut("record_as")
    async def record_as(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await open_dialog(desk, client, body, lambda: _record(desk, body))

    @app.global_shortcut("start_session")
    async def start_session(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await open_dialog(desk, client, body, _ready(forms.start_session(None)))

    @app.global_shortcut("put_to_vote")
    async def put_to_vote(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await open_dialog(desk, client, body, _ready(forms.propose_where()))

    @app.action(Button.START_DIALOG.value)
    async def start_with_details(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = forms.start_session(body["channel"]["id"], answer_to=body["response_url"])
        await open_dialog(desk, client, body, _ready(view))

    @app.action(Button.ADD_ACTION.value)
    async def add_action(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        session, channel = int(body["actions"][0]["value"]), body["channel"]["id"]
        await open_dialog(desk, client, body, _ready(forms.add_action(session, channel, body["response_url"])))


async def open_dialog(
    desk: Desk, client: AsyncWebClient, body: dict[str, Any], view: Callable[[], Awaitable[Block]]
) -> None:
    """Whoever asked is told where it does not open; over a global shortcut there is no way to tell anybody."""
    if "channel" in body and "response_url" in body:
        desk.door(team_of(body), body["channel"]["id"], body["response_url"])
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=await view())
        return
    except Refusal as refusal:
        answer = replies.refusal(refusal, desk.names)
    except SlackApiError as failure:
        if is_second_delivery(failure):
            return
        _complain_once(desk, str(failure.response.get("error")))
        answer = replies.apology()
    except Exception:
        log.exception("a dialog could not be opened")
        answer = replies.apology()
    if "response_url" in body:
        desk.answer(body["response_url"], answer, False)


def _complain_once(desk: Desk, error: str) -> None:
    if error not in desk.said:
        desk.said.add(error)
        log.warning("this Slack does not open dialogs (%s): what needs one is left out", error)


def _ready(view: Block) -> Callable[[], Awaitable[Block]]:
    async def at_once() -> Block:
        return view

    return at_once


async def _record(desk: Desk, body: dict[str, Any]) -> Block:
    """The message as it stands there, with what it says of owners and day filled in."""
    message, channel, team = body["message"], body["channel"]["id"], team_of(body)
    if is_direct(channel, body["channel"].get("name", "")):
        raise Refusal("I keep the minutes of channels only, so a message of this conversation cannot be recorded.")
    said_by = None if message.get("bot_id") else message.get("user")
    text, at = decode(message.get("text") or ""), said_at(message["ts"])
    found = await desk.reader.ask(recording.draft, team, channel, said_by or body["user"]["id"], text, at)
    if found is None:
        raise no_session()
    draft = forms.MessageDraft(
        session=found.session,
        channel=channel,
        ts=message["ts"],
        thread=message["thread_ts"] if is_reply(message) else None,
        said_by=said_by,
        edited=(message.get("edited") or {}).get("ts"),
        text=found.text,
        names=dict(found.names),
        owners=found.read.owners,
        due=found.read.due,
    )
    return forms.record_message(draft, body["response_url"])


async def by_command(
    desk: Desk,
    client: AsyncWebClient,
    command: dict[str, Any],
    view: Callable[[], Awaitable[Block]],
    topic: HelpTopic,
) -> Message | None:
    """What to answer to a command that opens a dialog: nothing where it has, or else how to go without one."""
    try:
        await client.views_open(trigger_id=command["trigger_id"], view=await view())
    except Refusal as refusal:
        return replies.refusal(refusal, desk.names)
    except Exception as failure:
        if is_second_delivery(failure):
            return None
        log.warning("a dialog could not be opened", exc_info=True)
        return replies.help_for(topic, None, desk.names)
    return None
