"""The stage: one server on loopback that is Slack to the bot, and a page and a clock to everybody else."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from rehearsal.access import Access
from rehearsal.acts import ActFailed, Acts
from rehearsal.backstage import Backstage
from rehearsal.building import Delivery, build
from rehearsal.clock import PlayClock
from rehearsal.crowd import add_crowd
from rehearsal.delivery.carrier import SLACK_RETRY_DELAYS
from rehearsal.delivery.signed_http import SignedHttp
from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.entrances import application
from rehearsal.events import EventFeed
from rehearsal.faults.plan import FaultPlan
from rehearsal.people import Channel, Person, UserGroup
from rehearsal.play import Play
from rehearsal.settling import NotSettled, Settling
from rehearsal.shapes import message_json
from rehearsal.stream import Stream
from rehearsal.web_api.door import WebApi
from rehearsal.web_api.rates import RateLimits
from rehearsal.wire import SECOND, Json, id_part

__all__ = ["ActFailed", "NotSettled", "Stage"]


class Stage:
    """A running stage. Make one with `Stage.start`; close it with `close`."""

    def __init__(
        self,
        backstage: Backstage,
        home: Channel,
        unavailable_methods: frozenset[str],
        *,
        enforce_rate_limits: bool,
        page: bool,
    ) -> None:
        self.backstage = backstage
        self.faults = backstage.faults
        self.stream = Stream(backstage.workspace)
        self.progress: Json = {"title": "", "state": "idle", "line": 0, "lines": 0, "note": "", "error": ""}
        self._home = home
        self._settling = Settling(self.clock, backstage.carrier.underway, backstage.agenda)
        self._acts = Acts(backstage, lambda: self._home)
        limits = RateLimits(self.clock) if enforce_rate_limits else None
        self.web_api = WebApi(backstage, self._settling, unavailable=unavailable_methods, limits=limits)
        feed = EventFeed(backstage)
        self.access = Access(backstage, feed)
        backstage.workspace.observers += [feed.observe, self.stream.observe]
        self.clock.observers.append(self._tell_clock)
        backstage.dialogs.observers.append(lambda person: self.stream.tell({"type": "view", "as": person}))
        entrances = application(self, self._settling, page=page)
        self._runner = web.AppRunner(entrances, access_log=None, shutdown_timeout=1.0)

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
        faults: FaultPlan | Path | None = None,
        clock_skew_s: float = 0,
    ) -> Self:
        """Set the scene of the play, or of a small test workspace, and open the doors.

        `rate` is play seconds per real second, 0 for a clock that is stepped; `retry_delays` are the real
        seconds before each further try of an event. `clock_skew_s`: see `set_clock_skew`. Raises `PlanError`.
        """
        backstage, home = build(
            play,
            manifest=manifest,
            delivery=delivery,
            request_url=request_url,
            rate=rate,
            retry_delays=retry_delays,
            faults=faults,
        )
        stage = cls(backstage, home, unavailable_methods, enforce_rate_limits=enforce_rate_limits, page=page)
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
        return environment | {"SLACK_SIGNING_SECRET": self.backstage.signing_secret}

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

    async def set_clock_skew(self, seconds: float) -> None:
        """Put the bot's clock so many seconds ahead of Slack's: over its control, and to signatures of requests."""
        self._skew(seconds)
        await self._settling.settle()

    def _skew(self, seconds: float) -> None:
        self._settling.skew_us = round(seconds * SECOND)
        if isinstance(self.backstage.carrier, SignedHttp):
            self.backstage.carrier.behind_s = seconds

    async def disconnect_bot(self, reason: str = "refresh_requested") -> None:
        """Close the bot's Socket Mode connections, as Slack does every few hours."""
        if isinstance(self.backstage.carrier, SocketMode):
            await self.backstage.carrier.disconnect(reason)

    def add_person(
        self,
        handle: str,
        name: str,
        *,
        tz: str = "UTC",
        is_bot: bool = False,
        is_admin: bool = False,
        is_guest: bool = False,
        is_stranger: bool = False,
        **told: Any,
    ) -> Person:
        """Add somebody to the home channel; all but strangers, who are there over Slack Connect, to the workspace.

        `told` is what `users.info` says differently of them: `deleted=True` of somebody who was deactivated …
        """
        person = self.backstage.workspace.add_person(handle, name, tz, is_bot=is_bot)
        person.is_admin, person.is_guest, person.is_stranger, person.told = is_admin, is_guest, is_stranger, told
        self._home.members.append(person.id)
        return person

    def add_group(self, handle: str, *members: str) -> UserGroup:
        """Add a user group of these people, by handle; typed as `@handle` it is a mention of all of them."""
        workspace = self.backstage.workspace
        people = [workspace.person_called(member) for member in members]
        return workspace.add_group(handle, [person.id for person in people if person])

    def crowd(self, size: int) -> list[str]:
        """Add `voter1`, `voter2` … to the home channel; their handles."""
        return add_crowd(self.backstage.workspace, self._home, size)

    async def react_as(
        self, votes: Sequence[tuple[str, str]], *, on: Any = "last", seconds: float = 0, channel: str | None = None
    ) -> None:
        """React as many people, pairs of who and emoji, spread over some play time, without a rest in between."""
        where = {"channel": channel} if channel else {}
        await self.act({"do": "react_many", "votes": list(votes), "on": on, "seconds": seconds, **where})

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
        self.backstage.agenda.close()
        await self._settling.close()
        with contextlib.suppress(ConnectionError):
            await self.backstage.carrier.close()
        await self._runner.cleanup()
