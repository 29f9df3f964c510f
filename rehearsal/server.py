"""The stage: one server on loopback that is Slack to the bot, and a page and a clock to everybody else."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from rehearsal.acts import ActFailed
from rehearsal.backstage import Backstage, Backstages
from rehearsal.building import Delivery, behind, build
from rehearsal.clock import PlayClock
from rehearsal.delivery.carrier import PATIENCE_SECONDS, SLACK_RETRY_DELAYS
from rehearsal.delivery.signed_http import SignedHttp
from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.entrances import application
from rehearsal.faults.plan import FaultPlan
from rehearsal.faults.wrong_clock import WrongClock
from rehearsal.people import Channel
from rehearsal.play import Play
from rehearsal.scenery import set_another_scene
from rehearsal.settling import NotSettled, Settling
from rehearsal.site import Site
from rehearsal.stream import Stream
from rehearsal.web_api.door import WebApi
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import SECOND, Json

__all__ = ["ActFailed", "NotSettled", "Stage"]


class Stage(Site):
    """A running stage, and the first workspace on it. Make one with `Stage.start`; close it with `close`."""

    def __init__(
        self,
        backstage: Backstage,
        home: Channel,
        unavailable_methods: frozenset[str],
        *,
        enforce_rate_limits: bool,
        page: bool,
    ) -> None:
        super().__init__(backstage, home)
        self.backstages = Backstages(backstage)
        self.sites: list[Site] = [self]
        self.faults = backstage.faults
        self.stream = Stream(backstage.workspace)
        self.progress: Json = {"title": "", "state": "idle", "line": 0, "lines": 0, "note": "", "error": ""}
        self._settling = Settling(self.clock, backstage.carrier.underway, backstage.agenda)
        WrongClock(backstage.faults, backstage.agenda, self._skew)
        limits = RateLimits(self.clock) if enforce_rate_limits else None
        self.web_api = WebApi(self.backstages, self._settling, unavailable=unavailable_methods, limits=limits)
        backstage.workspace.observers.append(self.stream.observe)
        self.clock.observers.append(self._tell_clock)
        backstage.dialogs.observers.append(lambda person: self.stream.tell({"type": "view", "as": person}))
        backstage.homes.observers.append(lambda person: self.stream.tell({"type": "home", "as": person}))
        entrances = application(self, self._settling, page=page)
        # A call ends with its connection: nobody is left to hold it for.
        self._runner = web.AppRunner(entrances, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)

    @classmethod
    async def start(
        cls,
        play: Play | None = None,
        *,
        port: int = 0,
        manifest: Path | None = None,
        delivery: Delivery = "socket",
        request_url: str | Sequence[str] | None = None,
        rate: float = 0,
        unavailable_methods: frozenset[str] = frozenset(),
        enforce_rate_limits: bool = False,
        page: bool = True,
        retry_delays: tuple[float, ...] = SLACK_RETRY_DELAYS,
        patience_s: float = PATIENCE_SECONDS,
        faults: FaultPlan | Path | None = None,
        clock_skew_s: float = 0,
        installed: bool = True,
        redirect_urls: Sequence[str] = (),
    ) -> Self:
        """Set the scene of the play, or of a small test workspace, and open the doors.

        `request_url`: where the bot is, or each of its processes that take turns, as behind a load balancer.
        `rate` is play seconds per real second, 0 for a clock that is stepped. In real seconds: `retry_delays` are those
        before each further try of an event, `patience_s` those for an answer, and those that a trigger is good for.
        `clock_skew_s`: see `set_clock_skew`. `installed`: whether the app is in the first workspace already;
        `redirect_urls` are more than its manifest has. Raises `PlanError`.
        """
        backstage, home = build(
            play,
            manifest=manifest,
            redirect_urls=redirect_urls,
            delivery=delivery,
            request_url=request_url,
            rate=rate,
            retry_delays=retry_delays,
            patience_s=patience_s,
            faults=faults,
        )
        stage = cls(backstage, home, unavailable_methods, enforce_rate_limits=enforce_rate_limits, page=page)
        if installed:
            stage.access.install()
        stage._skew(clock_skew_s)
        await stage._open(port)
        return stage

    async def _open(self, port: int) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.backstage.workspace.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    @property
    def url(self) -> str:
        return self.backstage.workspace.url

    @property
    def clock(self) -> PlayClock:
        return self.backstage.workspace.clock

    @property
    def now_us(self) -> int:
        return self.clock.now_us

    @property
    def next_due_us(self) -> int | None:
        """When the bot has something to do next, as it last said."""
        return self._settling.next_due_us

    def bot_environment(self, *, oauth: bool = False) -> dict[str, str]:
        """The environment in which the bot finds this Slack and this clock, by the first workspace's token.

        `oauth`: without a token, but with what it takes to get one for each workspace.
        """
        app = self.backstage.app
        client = {"SLACK_CLIENT_ID": app.client_id, "SLACK_CLIENT_SECRET": app.client_secret}
        environment = {
            **(client if oauth else {"SLACK_BOT_TOKEN": self.backstage.bot_token}),
            "SLACK_API_URL": f"{self.url}/api/",
            "FOLKMOOT_CLOCK_URL": f"{self.url.replace('http', 'ws', 1)}/clock",
        }
        if isinstance(self.backstage.carrier, SocketMode):
            return environment | {"SLACK_APP_TOKEN": self.backstage.app_token}
        return environment | {"SLACK_SIGNING_SECRET": self.backstage.signing_secret}

    async def wait_for_bot(self, timeout: float = 30, *, clocks: int = 1) -> None:  # noqa: ASYNC109
        """Until the bot takes deliveries, and so many processes of it have connected their clocks: 0 without one.

        Raises `NotSettled` after `timeout` seconds and says what is missing.
        """
        missing = "takes no deliveries"
        try:
            async with asyncio.timeout(timeout):
                await self.backstage.carrier.until_bot_is_there()
                missing = "has not connected its clock" if clocks == 1 else f"has not connected {clocks} clocks"
                await self._settling.until_connected(clocks)
        except TimeoutError:
            raise NotSettled(f"After {timeout:g} s the bot {missing}.") from None

    async def act(self, act: Json) -> Json:
        """Do what a person does, in the `workspace` that the act names; raises `ActFailed` with a sentence."""
        if "workspace" not in act:
            return await super().act(act)
        act = dict(act)
        site = self.site(str(act.pop("workspace")))
        return await (super().act(act) if site is self else site.act(act))

    async def settle(self) -> None:
        """Until the bot has done everything that is due now; raises `NotSettled`."""
        await self._settling.settle()

    async def advance_to(self, us: int) -> None:
        """Let play time pass until a moment, with everything due on the way; raises `NotSettled`."""
        await self._settling.advance_to(us)

    async def set_rate(self, rate: float) -> None:
        await self._settling.set_rate(rate)

    async def set_clock_skew(self, seconds: float) -> None:
        """Put the bot's clock so many seconds ahead of Slack's: over its control, and to signatures of requests."""
        self._skew(seconds)
        await self._settling.settle()

    def _skew(self, seconds: float) -> None:
        self._settling.put_ahead(round(seconds * SECOND))
        if isinstance(self.backstage.carrier, SignedHttp):
            self.backstage.carrier.behind_s = seconds

    async def disconnect_bot(self, reason: str = "refresh_requested") -> None:
        """Close the bot's Socket Mode connections, as Slack does every few hours."""
        if isinstance(self.backstage.carrier, SocketMode):
            await self.backstage.carrier.disconnect(reason)

    def add_workspace(self, name: str = "Elsewhere", *, alike: bool = False, installed: bool = False) -> Site:
        """Add a workspace of other people, which knows nothing of the first; one app serves both.

        `alike`: people, channels and the bot have the same ids there, as far as they have the same names, and so have
        the two home channels; messages may have the same timestamps. `installed`: the app is there already. The bot is
        in the home channel, as if it had been invited at once when it was installed for the first time.
        """
        workspace, first = self.backstage.workspace, self.backstages.first
        if any(name == each.workspace.team.name for each in self.backstages):
            raise ValueError(f"There is a workspace {name} already.")
        scene, home = set_another_scene(name, workspace, self.home, first.app.manifest, alike=alike)
        site = Site(behind(scene, first.app), home)
        self.backstages.add(site.backstage)
        self.sites.append(site)
        self.stream.tell({"type": "reset"})
        if installed:
            site.access.install()
        return site

    def site(self, workspace: str) -> Site:
        """A workspace by its name or id; raises `ActFailed`."""
        for site in self.sites:
            team = site.backstage.workspace.team
            if workspace in (team.id, team.name):
                return site
        raise ActFailed(f"There is no workspace {workspace!r}.")

    def report_progress(self, **progress: Any) -> None:
        """Tell the page how far the play is."""
        self.progress = self.progress | progress
        self.stream.tell({"type": "play", **self.progress})

    def _tell_clock(self) -> None:
        clock = self.backstage.workspace.clock
        self.stream.tell({"type": "clock", "now_us": clock.now_us, "rate": clock.rate})

    async def close(self) -> None:
        self.stream.close()
        self.backstage.agenda.close()
        await self._settling.close()
        with contextlib.suppress(ConnectionError):
            await self.backstage.carrier.close()
        await self._runner.cleanup()
