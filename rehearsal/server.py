"""The stage: one server on loopback that is Slack to the bot, and a page and a clock to everybody else."""

import asyncio
import contextlib
import secrets
from pathlib import Path
from typing import Any, Literal, Self

from aiohttp import web

from rehearsal import doors
from rehearsal.acts import ActFailed, Acts
from rehearsal.backstage import Backstage
from rehearsal.clock import PlayClock
from rehearsal.delivery.carrier import SLACK_RETRY_DELAYS, Carrier
from rehearsal.delivery.signed_http import SignedHttp
from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.events import EventFeed
from rehearsal.file_doors import FileDoors
from rehearsal.interactions.dialogs import Dialogs
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import Manifest, load_manifest
from rehearsal.page_api import PageApi
from rehearsal.people import Channel, Person
from rehearsal.play import Play
from rehearsal.scenery import set_scene
from rehearsal.settling import NotSettled, Settling
from rehearsal.shapes import message_json
from rehearsal.stream import Stream
from rehearsal.web_api.door import WebApi
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import Json, id_part
from rehearsal.workspace import Workspace

__all__ = ["ActFailed", "NotSettled", "Stage"]

Delivery = Literal["socket", "http"]
_MOST_BODY = 100 * 1024 * 1024


class Stage:
    """A running stage. Make one with `Stage.start`; close it with `close`."""

    def __init__(
        self,
        workspace: Workspace,
        manifest: Manifest,
        carrier: Carrier,
        *,
        home: Channel,
        signing_secret: str,
        unavailable_methods: frozenset[str],
        enforce_rate_limits: bool,
        page: bool,
    ) -> None:
        self.backstage = Backstage(
            workspace,
            manifest,
            carrier,
            Triggers(workspace.ids),
            ResponseUrls(workspace),
            Dialogs(workspace),
            bot_token=f"xoxb-rehearsal-{secrets.token_hex(12)}",
            app_token=f"xapp-rehearsal-{secrets.token_hex(12)}",
        )
        self.stream = Stream(workspace)
        self.progress: Json = {"title": "", "state": "idle", "line": 0, "lines": 0, "note": "", "error": ""}
        self._home = home
        self._page = page
        self._signing_secret = signing_secret
        self._settling = Settling(workspace.clock, carrier.underway)
        self._acts = Acts(self.backstage, lambda: self._home)
        limits = RateLimits(workspace.clock) if enforce_rate_limits else None
        self.web_api = WebApi(self.backstage, self._settling, unavailable=unavailable_methods, limits=limits)
        workspace.observers += [EventFeed(workspace, manifest, carrier).observe, self.stream.observe]
        workspace.clock.observers.append(self._tell_clock)
        self.backstage.dialogs.observers.append(lambda person: self.stream.tell({"type": "view", "as": person}))
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)

    @classmethod
    async def start(
        cls,
        play: Play | None = None,
        *,
        port: int = 0,
        manifest: Path | None = None,
        delivery: Delivery = "socket",
        request_url: str | None = None,
        rate: float = 0,
        unavailable_methods: frozenset[str] = frozenset(),
        enforce_rate_limits: bool = False,
        page: bool = True,
        retry_delays: tuple[float, ...] = SLACK_RETRY_DELAYS,
    ) -> Self:
        """Set the scene of the play, or of a small test workspace, and open the doors.

        `rate` is play seconds per real second, 0 for a clock that is stepped; `retry_delays` are the real
        seconds before each further try of an event.
        """
        app_manifest = load_manifest(manifest)
        workspace, home = set_scene(play, app_manifest, rate)
        secret = secrets.token_hex(16)
        if delivery == "socket":
            carrier: Carrier = SocketMode(retry_delays, workspace.team.app_id)
        elif request_url:
            carrier = SignedHttp(retry_delays, request_url, secret)
        else:
            raise ValueError("HTTP delivery needs the bot's request_url")
        stage = cls(
            workspace,
            app_manifest,
            carrier,
            home=home,
            signing_secret=secret,
            unavailable_methods=unavailable_methods,
            enforce_rate_limits=enforce_rate_limits,
            page=page,
        )
        await stage._open(port)
        return stage

    async def _open(self, port: int) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.backstage.workspace.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[doors.only_this_machine], client_max_size=_MOST_BODY)
        files = FileDoors(self.backstage, self._settling)
        app.router.add_route("*", "/api/{method}", self.web_api.answer)
        app.router.add_get("/clock", self._settling.connect)
        if isinstance(self.backstage.carrier, SocketMode):
            app.router.add_get("/link/", self.backstage.carrier.connect)
        app.router.add_post("/response/{name}", files.respond)
        app.router.add_post("/upload/{file}", files.upload)
        app.router.add_get("/files/{file}/{name}", files.download)
        PageApi(self).add_to(app)
        if self._page:
            app.router.add_get("/", doors.index)
            app.router.add_get("/static/{name}", doors.static)
        return app

    @property
    def url(self) -> str:
        return self.backstage.workspace.url

    @property
    def clock(self) -> PlayClock:
        return self.backstage.workspace.clock

    @property
    def bot(self) -> Person:
        return self.backstage.workspace.bot

    @property
    def now_us(self) -> int:
        return self.clock.now_us

    @property
    def next_due_us(self) -> int | None:
        """When the bot has something to do next, as it last said."""
        return self._settling.next_due_us

    def bot_environment(self) -> dict[str, str]:
        """The environment in which the bot finds this Slack and this clock."""
        environment = {
            "SLACK_BOT_TOKEN": self.backstage.bot_token,
            "SLACK_API_URL": f"{self.url}/api/",
            "FOLKMOOT_CLOCK_URL": f"{self.url.replace('http', 'ws', 1)}/clock",
        }
        if isinstance(self.backstage.carrier, SocketMode):
            return environment | {"SLACK_APP_TOKEN": self.backstage.app_token}
        return environment | {"SLACK_SIGNING_SECRET": self._signing_secret}

    async def wait_for_bot(self, timeout: float = 20, *, clock: bool = True) -> None:  # noqa: ASYNC109
        """Until the bot takes deliveries and has connected its clock, unless it runs on its own.

        Raises `NotSettled` after `timeout` seconds and says what is missing.
        """
        missing = "takes no deliveries"
        try:
            async with asyncio.timeout(timeout):
                await self.backstage.carrier.until_bot_is_there()
                missing = "has not connected its clock"
                if clock:
                    await self._settling.connected.wait()
        except TimeoutError:
            raise NotSettled(f"After {timeout:g} s the bot {missing}.") from None

    async def act(self, act: Json) -> Json:
        """Do what a person does; raises `ActFailed` with a sentence."""
        return await self._acts.perform(act)

    async def settle(self) -> None:
        """Until the bot has done everything that is due now; raises `NotSettled`."""
        await self._settling.settle()

    async def advance_to(self, us: int) -> None:
        """Let play time pass until a moment, with everything due on the way; raises `NotSettled`."""
        await self._settling.advance_to(us)

    async def set_rate(self, rate: float) -> None:
        await self._settling.set_rate(rate)

    async def disconnect_bot(self, reason: str = "refresh_requested") -> None:
        """Close the bot's Socket Mode connections, as Slack does every few hours."""
        if isinstance(self.backstage.carrier, SocketMode):
            await self.backstage.carrier.disconnect(reason)

    def add_person(self, handle: str, name: str, *, tz: str = "UTC", is_bot: bool = False) -> Person:
        """Add somebody to the workspace and to the home channel."""
        person = self.backstage.workspace.add_person(handle, name, tz, is_bot=is_bot)
        self._home.members.append(person.id)
        return person

    def add_channel(self, name: str, *, private: bool = False, with_bot: bool = True) -> Channel:
        """Add a channel that everybody in the home channel is in."""
        workspace = self.backstage.workspace
        members = [member for member in self._home.members if with_bot or member != workspace.bot.id]
        return workspace.add_channel(f"C0{id_part(name)}", name, "group" if private else "channel", members)

    def messages(self, channel: str | None = None, person: str | None = None) -> list[Json]:
        """The messages of a channel in order, with the ephemeral ones of one person."""
        workspace = self.backstage.workspace
        place = self._channel(channel)
        seer = workspace.person_called(person) if person else None
        seen = workspace.visible_to(seer, place) if seer else place.messages.values()
        return [message_json(workspace, message) for message in seen]

    def channel_export(self, channel: str | None = None) -> list[Json]:
        """All messages of a channel, the replies of each thread after its parent."""
        place = self._channel(channel)
        ordered = []
        for message in place.messages.values():
            if not message.is_reply:
                ordered += [message, *place.replies(message.ts)]
        return [message_json(self.backstage.workspace, message) for message in ordered]

    def _channel(self, name: str | None) -> Channel:
        channel = self.backstage.workspace.channel_called(name) if name else self._home
        if channel is None:
            raise ValueError(f"There is no channel {name}.")
        return channel

    def report_progress(self, **progress: Any) -> None:
        """Tell the page how far the play is."""
        self.progress = self.progress | progress
        self.stream.tell({"type": "play", **self.progress})

    def _tell_clock(self) -> None:
        clock = self.backstage.workspace.clock
        self.stream.tell({"type": "clock", "now_us": clock.now_us, "rate": clock.rate})

    async def close(self) -> None:
        self.stream.close()
        await self._settling.close()
        with contextlib.suppress(ConnectionError):
            await self.backstage.carrier.close()
        await self._runner.cleanup()
