"""The page's own API: what there is to see, and the acts and the clock behind its buttons."""

from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from aiohttp import web

from rehearsal.acts import ActFailed
from rehearsal.people import Channel, Person
from rehearsal.settling import NotSettled
from rehearsal.wire import SECOND, Json

if TYPE_CHECKING:
    from rehearsal.server import Stage

_CLOCK_FIELDS = {"now_us", "advance_to_us", "advance_s", "rate", "skew_s"}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request of the page's that cannot be answered, with a sentence."""


def said(handler: Callable[[web.Request], Awaitable[Any]]) -> _Handler:
    """Answer with JSON; whatever fails answers 400 with its sentence."""

    async def respond(request: web.Request) -> web.StreamResponse:
        try:
            return web.json_response(await handler(request))
        except (ActFailed, NotSettled, Refused, ValueError) as problem:
            return web.json_response({"ok": False, "error": str(problem)}, status=400)

    return respond


class PageApi:
    def __init__(self, stage: "Stage") -> None:
        self._stage = stage

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/stage/state", said(self._state))
        app.router.add_get("/stage/channels/{channel}/messages", said(self._messages))
        app.router.add_get("/stage/views", said(self._view))
        app.router.add_get("/stage/home", said(self._home))
        app.router.add_get("/stage/channel.json", said(self._export))
        app.router.add_get("/stage/stream", self._stage.stream.serve)
        app.router.add_post("/stage/act", said(self._act))
        app.router.add_post("/stage/people", said(self._people))
        app.router.add_post("/stage/clock", said(self._clock))
        app.router.add_post("/stage/settle", said(self._settle))

    async def _state(self, request: web.Request) -> Json:
        return state_of(self._stage)

    async def _messages(self, request: web.Request) -> Json:
        """`@` and the bot's name stands for the person's conversation with the bot, begun or not."""
        workspace, person = self._stage.backstage.workspace, self._person(request)
        name = request.match_info["channel"]
        if name == f"@{workspace.bot.handle}":
            name = workspace.direct_id(person)
            if name not in workspace.channels:
                return {"messages": [], "channel": name}
        channel = self._channel(name)
        return {"messages": self._stage.messages(channel.id, person.id), "channel": channel.id}

    async def _view(self, request: web.Request) -> Json:
        dialog = self._stage.backstage.dialogs.top(self._person(request).id)
        return {"view": dialog and dialog.view, "errors": dialog.errors if dialog else {}}

    async def _home(self, request: web.Request) -> Json:
        home = self._stage.backstage.homes.of(self._person(request).id)
        return {"view": home and home.view}

    async def _export(self, request: web.Request) -> list[Json]:
        return self._stage.channel_export(request.query.get("channel"))

    async def _act(self, request: web.Request) -> Json:
        return await self._stage.act(await body_of(request))

    async def _people(self, request: web.Request) -> Json:
        body = await body_of(request)
        if not isinstance(body.get("handle"), str) or not body["handle"]:
            raise Refused("A person needs a handle.")
        name, tz = str(body.get("name") or body["handle"]), str(body.get("tz") or "UTC")
        person = self._stage.add_person(body["handle"], name, tz=tz, is_bot=bool(body.get("is_bot")))
        return {"ok": True, "id": person.id}

    async def _clock(self, request: web.Request) -> Json:
        body = await body_of(request)
        numbers = {name: value for name, value in body.items() if isinstance(value, int | float)}
        if not body or numbers.keys() != body.keys() or numbers.keys() - _CLOCK_FIELDS:
            raise Refused(f"Give a number for one of {', '.join(sorted(_CLOCK_FIELDS))}.")
        to = numbers.get("advance_to_us", numbers.get("now_us"))
        if "advance_s" in numbers:
            to = self._stage.now_us + numbers["advance_s"] * SECOND
        if "rate" in numbers:
            await self._stage.set_rate(float(numbers["rate"]))
        if "skew_s" in numbers:
            await self._stage.set_clock_skew(numbers["skew_s"])
        if to is not None:
            await self._stage.advance_to(int(to))
        return {"now_us": self._stage.now_us}

    async def _settle(self, request: web.Request) -> Json:
        await self._stage.settle()
        return {"now_us": self._stage.now_us, "next_due_us": self._stage.next_due_us}

    def _channel(self, name: str) -> Channel:
        channel = self._stage.backstage.workspace.channel_called(name)
        if channel is None:
            raise Refused(f"There is no channel {name}.")
        return channel

    def _person(self, request: web.Request) -> Person:
        name = request.query.get("as", "")
        person = self._stage.backstage.workspace.person_called(name)
        if person is None:
            raise Refused(f"There is nobody called {name!r}.")
        return person


def state_of(stage: "Stage") -> Json:
    """What the page shows around the messages."""
    workspace = stage.backstage.workspace
    people = [person for person in workspace.people.values() if not person.is_bot]
    return {
        "team": {"id": workspace.team.id, "name": workspace.team.name},
        "others": [site.backstage.workspace.team.name for site in stage.sites[1:]],
        "you_can_act_as": [
            {
                "id": person.id,
                "name": person.handle,
                "real_name": person.real_name,
                "tz": person.tz,
                "color": person.color,
            }
            for person in people
        ],
        "bot": {"id": stage.bot.id, "name": stage.bot.handle, "real_name": stage.bot.real_name},
        "has_home": stage.backstage.manifest.home_tab,
        "channels": [
            {"id": channel.id, "name": channel.name, "topic": channel.topic}
            for channel in workspace.channels.values()
            if channel.kind != "im"
        ],
        "commands": [
            {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
            for each in (stage.backstage.manifest.commands or {}).values()
        ],
        "shortcuts": [
            {"name": each.name, "type": each.kind, "description": each.description}
            for each in stage.backstage.manifest.shortcuts or ()
        ],
        "clock": {"now_us": stage.now_us, "rate": stage.clock.rate},
        "play": stage.progress,
    }


async def body_of(request: web.Request) -> Json:
    if request.content_type != "application/json":
        # A foreign page cannot send JSON without asking first, which the stage never allows.
        raise Refused("Send JSON.")
    if not request.can_read_body:
        return {}
    try:
        body = await request.json()
    except JSONDecodeError:
        raise Refused("That is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused("Send a JSON object.")
    return body
