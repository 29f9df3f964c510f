"""The only place where things are put together."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.acquaintance import Acquaintance
from bot.answers import Answers
from bot.authorizing import delivery_app
from bot.clients import Clients, ManyClients, OneClient
from bot.clock import Clock, PlayClock, SlackClock, SystemClock
from bot.clock_control import ClockControl
from bot.courier import Attempt, Carriers, Courier
from bot.courier.verdict import ARCHIVED
from bot.deliveries import DeliveryApp
from bot.health import Health
from bot.health import Intake as IntakeHealth
from bot.hearing import Hearing
from bot.installing import InstallationStore, Installing, StateStore
from bot.intake import HttpIntake, Intake, SocketIntake
from bot.listeners import short_way
from bot.listeners.desk import Desk
from bot.listening import listen
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.services import comparing
from bot.settings import Role, Settings
from bot.vault import Vault
from minutes.action import warm
from storage import engine, migrate, outages, outbox, people
from storage.lock import DatabaseLock
from storage.neighbours import Bell
from storage.reader import Reader
from storage.writer import StorageFailed, Writer

CALL_TIMEOUT = 10
log = logging.getLogger(__name__)


class Bot:
    """One process of Folkmoot: all of it, or what its role says. `start`, then `stop`; `settle` is for rehearsals."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._base_clock: Clock = PlayClock() if settings.folkmoot_clock_url else SystemClock()
        self._clock = SlackClock(self._base_clock)
        self._answers = Answers(settings.command_names)
        self._intake: Intake | None = None
        self._courier: Courier | None = None
        self._scheduler: Scheduler | None = None
        self._metrics = Metrics()
        self._last_delivery: Callable[[], float | None] = lambda: None
        self._knows_time = False
        self._lock = DatabaseLock(settings.database_url)
        self._telling = asyncio.Lock()
        self._ending = AsyncExitStack()

    @property
    def role(self) -> Role:
        return self._settings.role

    async def start(self) -> None:
        """Bring the schema up to date, find out who we are, take Slack's deliveries in, and do what is owed and due.

        Raises storage's errors for a database that cannot be used, TokenRefused, CannotOpen and CannotListen. What has
        begun by then is ended by `stop`, in the opposite order: intake first, then what is under way, the writer, and
        the lock.
        """
        end = self._ending.push_async_callback
        self._lock.take()
        self._ending.callback(self._lock.release)
        await self._open_database()
        client = await self._connect()
        self._clients, one = await self._authority(client)
        self._acquaintance = Acquaintance(client, one, self._writer, self._clock)
        self._hearing = Hearing(self._writer, self._clock, lambda: self._intake is not None and self._intake.hears)
        pages = await self._health_pages()
        end(self._answers.close, within=1)
        await self._follow_clock()
        await self._acquaintance.make()
        self._knows_time = True
        if self.role.works:
            await self._start_work()
        if self.role.takes_in:
            await self._start_intake(pages)
        self._runs(asyncio.to_thread(warm), "warming up")
        log.info("Folkmoot is running")

    async def stop(self) -> None:
        await self._ending.aclose()

    async def settle(self) -> datetime | None:
        """Do all that is due by the clock, and say when the next thing will be; None where nothing waits.

        Before Slack has told its time nothing is due: our own clock may be hours off.
        """
        while self._knows_time:
            next_due = await self._do_what_is_due()
            await self._answers.quiet()
            if self._writer.idle and (next_due is None or next_due > self._clock.now()):
                return next_due
            await self._writer.quiet()  # nothing before this need have let anybody else have a turn
        return None

    async def _do_what_is_due(self) -> datetime | None:
        if self._scheduler is None or self._courier is None:
            await self._hearing.note(self._clock.now())
            return None
        await self._scheduler.beat()
        await self._courier.quiet()
        return min((at for at in (self._scheduler.next_due, self._courier.next_due) if at is not None), default=None)

    async def _open_database(self) -> None:
        address = self._settings.database_url
        writing = engine.writing_engine(address)
        await asyncio.to_thread(migrate.upgrade, writing)
        self._reader = Reader(engine.reading_engine(address))
        self._ending.callback(self._reader.close)
        self._writer = Writer(writing, on_commit=self._stored)
        self._ending.push_async_callback(self._writer.close)
        loop = asyncio.get_running_loop()
        bell = Bell(engine.reading_engine(address), self._writer.us, lambda: _call(loop, self._neighbour_stored))
        self._ending.push_async_callback(asyncio.to_thread, bell.close)

    async def _start_work(self) -> None:
        """What is owed and due, from now on."""
        settings, writer, reader, clock = self._settings, self._writer, self._reader, self._clock
        if engine.file_of(settings.database_url) is not None:
            await writer.run(outbox.take_over, clock.now(), settings.settle_delay)
        if self.role.takes_in:  # before anything is told that fell due meanwhile
            await writer.run(comparing.returned, clock.now())
        attempt = Attempt(
            Carriers(self._clients, reader, writer, clock, settings.command_names), writer, clock, settings.settle_delay
        )
        attempt.on_shut_out = self._shut_out
        attempt.on_posted = self._acquaintance.posted_as
        attempt.on_tried = self._metrics.duty
        pace = {"settle": settings.settle_delay, "lease": settings.lease}
        self._courier = Courier(attempt, reader, writer, clock, **pace)
        self._scheduler = Scheduler(
            reader,
            writer,
            clock,
            digest_delay=settings.digest_delay,
            retention=settings.retention_days,
            uninstalled=settings.uninstalled_days,
            on_beat=self._hearing.note,
        )
        self._ending.push_async_callback(self._courier.close, within=1.5)
        self._runs(self._courier.run(), "courier")
        self._scheduler.start()
        self._ending.push_async_callback(self._scheduler.stop)

    async def _start_intake(self, pages: Sequence[web.RouteDef]) -> None:
        install_pages = self._install_pages()
        if install_pages and self._settings.slack_app_token:  # Slack needs no server of ours, but people do
            await self._listen([*pages, *install_pages], self._settings.port, "PORT")
        self._intake = self._make_intake([*pages, *install_pages])
        if not self.role.works:
            self._runs(self._hearing.run(), "hearing")
        self._ending.push_async_callback(self._fell_silent)
        self._ending.push_async_callback(self._intake.stop)
        await self._intake.start()

    def _runs(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Beside everything else, until the end."""
        self._ending.callback(asyncio.create_task(work, name=name).cancel)

    async def _heard(self) -> None:
        """Slack reaches us, for the first time or again: what was missed meanwhile is found by comparing."""
        await self._writer.run(comparing.reconnected, self._clock.now())

    async def _fell_silent(self) -> None:
        """Note until when we heard Slack. Where that cannot be kept, the last note stands."""
        try:
            await self._writer.run(outages.heard, self._clock.now())
        except StorageFailed as failure:
            log.warning("when we stopped could not be stored (%s)", failure)

    def _stored(self) -> None:
        """Something is on disk: it may owe something, or change when the next thing falls due."""
        if self._courier is not None:
            self._courier.kick()
        if self._scheduler is not None:
            self._scheduler.look()

    def _neighbour_stored(self) -> None:
        """Another process has changed something: it may owe something, or have been shut out of a channel."""
        self._stored()
        if not self.role.works and not self._telling.locked():
            self._tell = asyncio.create_task(self._tell_who_is_shut_out())

    async def _tell_who_is_shut_out(self) -> None:
        """Only we, who took the command, can answer it; only a worker finds out that the bot is not in the channel."""
        async with self._telling:
            for place in await self._reader.ask(outbox.blocked_in, self._answers.places, ARCHIVED):
                self._answers.not_in_channel(*place)

    async def _shut_out(self, workspace: int, channel: str) -> None:
        self._answers.not_in_channel(await self._reader.ask(people.team, workspace), channel)

    async def _connect(self) -> AsyncWebClient:
        """Keeps its connections, and never tries again by itself: it would post twice what Slack took."""
        # The SDK's own timeout is for sessions of its own: on ours a call could hang for minutes.
        timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT)
        self._session = aiohttp.ClientSession(timeout=timeout, trace_configs=[self._metrics.trace()])
        self._ending.push_async_callback(self._session.close)
        return self._client_for(self._settings.slack_bot_token or None)

    def _client_for(self, token: str | None = None) -> AsyncWebClient:
        api = self._settings.slack_api_url
        return AsyncWebClient(token, api, timeout=CALL_TIMEOUT, retry_handlers=[], session=self._session)

    async def _authority(self, client: AsyncWebClient) -> tuple[Clients, OneClient | None]:
        """By which right we speak, and where, if that is one workspace alone; raises CannotOpen."""
        if not self._settings.slack_client_id:
            one = OneClient(client)
            return one, one
        self._vault = Vault(self._settings.token_keys)
        many = ManyClients(self._reader, self._writer, self._clock, self._vault, self._client_for)
        await many.check()
        return many, None

    async def _follow_clock(self) -> None:
        url = self._settings.folkmoot_clock_url
        if url is not None and isinstance(self._base_clock, PlayClock):
            control = ClockControl(url, self._base_clock, self._clock, self.settle)
            self._ending.push_async_callback(control.stop)
            await control.start()

    async def _health_pages(self) -> Sequence[web.RouteDef]:
        """The pages of health, for the server of the deliveries; none where they have a port of their own."""
        intake = IntakeHealth(
            lambda: self._intake.trouble if self._intake else "Folkmoot is starting", lambda: self._last_delivery()
        )
        taken_in = intake if self.role.takes_in else None
        pages = Health(self._metrics, self._clock, self._reader, self._writer, taken_in).routes()
        port = self._settings.health_port
        if port is None:
            return pages
        await self._listen(pages, port, "HEALTH_PORT")
        return ()

    async def _listen(self, pages: Sequence[web.RouteDef], port: int, variable: str) -> None:
        server = web.Application()
        server.router.add_routes(pages)
        runner = await listen(server, self._settings.host, port, variable)
        self._ending.push_async_callback(runner.cleanup)

    def _install_pages(self) -> Sequence[web.RouteDef]:
        client_id, secret = self._settings.slack_client_id, self._settings.slack_client_secret
        if not client_id or not secret:
            return ()
        store = InstallationStore(self._writer, self._clock, self._vault, self._clients)
        states = StateStore(self._writer, self._clock)
        return Installing(self._client_for(), client_id, secret, store, states, self._settings.command_names).routes()

    def _make_intake(self, pages: Sequence[web.RouteDef]) -> Intake:
        settings, app = self._settings, self._delivery_app()
        desk = Desk(
            writer=self._writer,
            reader=self._reader,
            clock=self._clock,
            names=settings.command_names,
            digest_delay=settings.digest_delay,
            answer=self._answers.answer,
            door=self._answers.door,
            look_again=self._clients.look_again,
        )
        listeners.register(app, desk)
        short_way.register(app, desk, self._clients)
        if settings.slack_app_token is not None:
            return SocketIntake(app, settings.slack_app_token, self._heard)
        secret = settings.slack_signing_secret or ""
        return HttpIntake(app, secret, settings.host, settings.port, self._heard, pages)

    def _delivery_app(self) -> DeliveryApp:
        app = delivery_app(self._client_for(), self._clients)
        app.on_answered, self._last_delivery = self._metrics.delivery, lambda: app.last_at
        return app


def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    """From another thread; a loop that has ended needs no telling."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(what)


async def run(settings: Settings) -> None:
    """Run until cancelled, and end in good order then."""
    bot = Bot(settings)
    try:
        await bot.start()
        await asyncio.Event().wait()
    finally:
        await bot.stop()
