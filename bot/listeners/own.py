"""What somebody does for themselves alone: Home, their actions, and recaps that they read again.

A click in Home has no channel, and no way to answer but a dialog; a button of an action says where that is.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.listeners import looking
from bot.listeners.desk import Desk, spoken_to
from bot.listeners.incoming import as_typed, is_second_delivery, team_of
from bot.render import dialogs, own_dialogs, replies
from bot.render.buttons import Button
from bot.render.message import Block, Message
from bot.services import actions, home, people, profile
from bot.services.visit import Asked
from minutes.action_command import Named
from minutes.outcomes import NothingToDo
from minutes.refusal import Refusal

Open = Callable[[], Awaitable[Block]]
SORRY = "Sorry, something went wrong on my side, and nothing was changed. Please try it again."
log = logging.getLogger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_home_opened")
    async def opened(body: dict[str, Any]) -> None:
        event = body["event"]
        if event.get("tab") == "home":
            asked = Asked(team_of(body), event["channel"], event["user"], desk.clock.now(), body["event_id"])
            await desk.serve(asked, home.show)

    for button, use_case in ((Button.ACTION_DONE, actions.finish), (Button.ACTION_OPEN, actions.reopen)):
        app.action(button.value)(_changing(desk, use_case))
    app.action(Button.SHOW_ALL.value)(_looking_for(desk))
    app.action(Button.SEARCH.value)(_looking_for(desk))
    app.action(Button.PROFILE.value)(_opening(desk, _profile))
    app.action(Button.ACTION_LATER.value)(_opening(desk, _later))

    @app.action(Button.RECAP.value)
    async def recap(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        here = (body.get("channel") or {}).get("id")
        about = (int(body["actions"][0]["value"]), here, body["trigger_id"], client)
        await _or_sorry(desk, body, lambda: looking.recap(desk, _asked(desk, body), *about))

    @app.view("action_later")
    async def later(ack: AsyncAck, body: dict[str, Any]) -> None:
        channel, action = _named(json.loads(body["view"]["private_metadata"])["action"])
        day = body["view"]["state"]["values"]["day"]["day"]["selected_date"]
        asked = _sent(desk, body, channel)
        await _carry_out(desk, ack, "day", asked, actions.postpone_to, action, date.fromisoformat(day))

    @app.view("profile")
    async def about_you(ack: AsyncAck, body: dict[str, Any]) -> None:
        values = body["view"]["state"]["values"]
        organisation = as_typed(values["organisation"]["organisation"].get("value") or "")
        country = (values["country"]["country"].get("selected_option") or {}).get("value")
        asked = _sent(desk, body, f"home:{body['user']['id']}")
        await _carry_out(desk, ack, "organisation", asked, profile.tell, organisation, country)


def _changing(desk: Desk, use_case: Callable[..., Any]) -> Callable[..., Awaitable[None]]:
    """An action is done, or is not: in Home that is seen there; elsewhere it is said."""

    async def click(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        channel, action = _named(body["actions"][0]["value"])
        response_url = body.get("response_url")

        async def carried_out() -> Message | None:
            outcome = await desk.serve(_asked(desk, body, channel), use_case, action)
            seen = isinstance(outcome, NothingToDo) or not response_url
            return None if seen else replies.reply(outcome, desk.names)

        answer = await spoken_to(carried_out, desk.names)
        await ack()
        if answer is not None and response_url:
            desk.answer(response_url, answer, False)
        elif answer is not None:
            await _open(client, body, own_dialogs.message(answer))

    return click


def _looking_for(desk: Desk) -> Callable[..., Awaitable[None]]:
    async def search(ack: AsyncAck, body: dict[str, Any]) -> None:
        action = body["actions"][0]
        words = action.get("value") or "" if action["action_id"] == Button.SEARCH.value else ""
        await desk.serve(_asked(desk, body), home.search, as_typed(words))
        await ack()

    return search


def _opening(desk: Desk, view: Callable[[Desk, dict[str, Any]], Awaitable[Block]]) -> Callable[..., Awaitable[None]]:
    """A dialog; where there is nothing to ask, it says why."""

    async def click(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()

        async def opened() -> None:
            try:
                shown = await view(desk, body)
            except Refusal as refusal:
                shown = own_dialogs.notice(refusal.words, desk.names, refusal.theirs)
            await client.views_open(trigger_id=body["trigger_id"], view=shown)

        await _or_sorry(desk, body, opened)

    return click


async def _profile(desk: Desk, body: dict[str, Any]) -> Block:
    return dialogs.profile(*await desk.reader.ask(people.told_before, team_of(body), body["user"]["id"]))


async def _later(desk: Desk, body: dict[str, Any]) -> Block:
    value = body["actions"][0]["value"]
    channel, action = _named(value)
    text, day = await desk.reader.ask(actions.offered, _asked(desk, body, channel), action)
    return own_dialogs.later(value, text, day)


async def _or_sorry(desk: Desk, body: dict[str, Any], handle: Callable[[], Awaitable[None]]) -> None:
    """Whoever clicked is told where no dialog opens, as far as there is a way to tell them."""
    try:
        await handle()
    except Exception as failure:
        if is_second_delivery(failure):
            return
        log.warning("a dialog could not be opened", exc_info=True)
        if body.get("response_url"):
            desk.answer(body["response_url"], replies.apology(), False)


async def _open(client: AsyncWebClient, body: dict[str, Any], view: Block) -> None:
    try:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
    except Exception:
        log.warning("a dialog could not be opened", exc_info=True)


async def _carry_out(desk: Desk, ack: AsyncAck, field: str, asked: Asked, *wish: Any) -> None:
    """Close the dialog when it is done; otherwise say why at the field."""
    try:
        await desk.serve(asked, *wish)
    except Refusal as refusal:
        await ack(response_action="errors", errors={field: replies.beside_field(refusal, desk.names)})
    except Exception:
        log.exception("a dialog could not be carried out")
        await ack(response_action="errors", errors={field: SORRY})
    else:
        await ack()


def _named(value: str) -> tuple[str, Named]:
    """The channel of an action, and which it is."""
    channel, session, number = value.split(":")
    return channel, Named(int(session), int(number))


def _asked(desk: Desk, body: dict[str, Any], channel: str | None = None) -> Asked:
    user = body["user"]["id"]
    return Asked(
        team=team_of(body),
        channel=channel or f"home:{user}",
        user=user,
        at=desk.clock.now(),
        key=f"click:{body['trigger_id']}",
        user_name=body["user"].get("username", ""),
    )


def _sent(desk: Desk, body: dict[str, Any], channel: str) -> Asked:
    view = body["view"]
    key = f"view:{view['id']}:{view.get('hash', '')}"
    return Asked(team_of(body), channel, body["user"]["id"], desk.clock.now(), key)
