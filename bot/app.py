"""The only place where things are put together."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.answers import Answers
from bot.clock import Clock, PlayClock, SlackClock, SystemClock
from bot.clock_control import ClockControl
from bot.courier import Courier
from bot.courier.verdict import Kind, judge
from bot.intake import LONGEST_DELAY, REFUSALS, HttpIntake, Intake, SocketIntake, TokenRefused
from bot.listeners.desk import Desk
from bot.render.usage import CommandNames
from bot.scheduler import Scheduler
from bot.services import comparing, people
from bot.settings import Settings
from minutes.action import warm
from storage import engine, migrate, outages
from storage import people as stored_people
from storage.db import Db
from storage.reader import Reader
from storage.writer import Writer

CALL_TIMEOUT = 10
WHOLE_SECOND = timedelta(seconds=1)
OWN_NAME = "Folkmoot"
BOLT_LOG = logging.getLogger("slack_bolt")
log = logging.getLogger(__name__)


class Bot:
    """One process of Folkmoot. `start`, then `stop`; `settle` is for rehearsals."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._base_clock: Clock = PlayClock() if settings.folkmoot_clock_url else SystemClock()
        self._clock = SlackClock(self._base_clock)
        self._answers = Answers(CommandNames())
        self._own_user: str | None = None
        self._intake: Intake | None = None
        self._knows_time = False
        self._ending = AsyncExitStack()

    async def start(self) -> None:
        """Bring the schema up to date, find out who we are, and take Slack's deliveries in.

        Raises storage's errors for a database that cannot be used, and TokenRefused. What has begun by then is
        ended by `stop`, in the opposite order: intake first, then what is under way, then the writer.
        """
        settings, end = self._settings, self._ending.push_async_callback
        writing = engine.writing_engine(settings.database_url)
        await asyncio.to_thread(migrate.upgrade, writing)
        self._reader = Reader(engine.reading_engine(settings.database_url))
        self._ending.callback(self._reader.close)
        self._writer = Writer(writing, on_commit=self._stored)
        end(self._writer.close)
        self._client = await self._connect()
        self._courier = Courier(self._client, self._reader, self._writer, self._clock)
        self._courier.on_shut_out = self._answers.not_in_channel
        self._courier.on_posted = self._posted_as
        self._scheduler = Scheduler(
            self._reader,
            self._writer,
            self._clock,
            digest_delay=settings.digest_delay,
            retention=settings.retention_days,
            hears=lambda: self._intake is not None and self._intake.hears,
        )
        end(self._answers.close, within=1)
        await self._follow_clock()
        await self._who_are_we()
        self._knows_time = True
        await asyncio.to_thread(warm)
        end(self._courier.close, within=1.5)
        self._ending.callback(asyncio.create_task(self._courier.run(), name="courier").cancel)
        self._scheduler.start()
        end(self._scheduler.stop)
        self._intake = self._make_intake()
        end(self._fell_silent)
        end(self._intake.stop)
        await self._intake.start()
        log.info("Folkmoot is running")

    async def stop(self) -> None:
        await self._ending.aclose()

    async def settle(self) -> datetime | None:
        """Do all that is due by the clock, and say when the next thing will be; None where nothing waits.

        Before Slack has told its time nothing is due: our own clock may be hours off.
        """
        while self._knows_time:
            await self._scheduler.beat()
            await self._courier.quiet()
            await self._answers.quiet()
            due = [at for at in (self._scheduler.next_due, self._courier.next_due) if at is not None]
            if self._writer.idle and all(at > self._clock.now() for at in due):
                return min(due, default=None)
        return None

    async def _hearing(self) -> None:
        """Slack reaches us, for the first time or again: what was missed meanwhile is found by comparing."""
        await self._writer.run(comparing.reconnected, self._clock.now())

    async def _fell_silent(self) -> None:
        await self._writer.run(outages.heard, self._clock.now())

    def _stored(self) -> None:
        """Something is on disk: it may owe something, or change when the next thing falls due."""
        self._courier.kick()
        self._scheduler.look()

    async def _connect(self) -> AsyncWebClient:
        """Keeps its connections, and never tries again by itself: it would post twice what Slack took."""
        # The SDK's own timeout is for sessions of its own: on ours a call could hang for minutes.
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT))
        self._ending.push_async_callback(session.close)
        return self._client_for(self._settings.slack_bot_token, session)

    def _client_for(self, token: str | None, session: aiohttp.ClientSession | None) -> AsyncWebClient:
        api = self._settings.slack_api_url
        return AsyncWebClient(token, api, timeout=CALL_TIMEOUT, retry_handlers=[], session=session)

    async def _follow_clock(self) -> None:
        url = self._settings.folkmoot_clock_url
        if url is not None and isinstance(self._base_clock, PlayClock):
            control = ClockControl(url, self._base_clock, self._clock, self.settle)
            self._ending.push_async_callback(control.stop)
            await control.start()

    async def _who_are_we(self) -> None:
        """Slack's word on our own user. A Slack that is out of reach is asked again; one that cannot tell is not."""
        delay = 1
        while True:
            asked = self._clock.now()
            try:
                answer = await self._client.auth_test()
            except SlackApiError as failure:
                self._hear_time(failure.response, asked)
                verdict = judge(failure)
                if verdict is not None and verdict.error in REFUSALS:
                    raise TokenRefused("SLACK_BOT_TOKEN", verdict.error) from None
                if verdict is not None and verdict.kind is Kind.UNAVAILABLE:
                    log.warning("this Slack does not tell who we are (%s): our first post will", verdict.error)
                    return
                log.warning("Slack does not answer yet (%s)", verdict and verdict.error)
            except Exception as failure:
                log.warning("Slack is out of reach (%s)", type(failure).__name__)
            else:
                self._hear_time(answer, asked)
                self._own_user = str(answer["user_id"])
                await self._writer.run(_keep_who_we_are, answer, self._clock.now())
                return
            await asyncio.sleep(delay)
            delay = min(LONGEST_DELAY, delay * 2)

    def _hear_time(self, answer: Any, asked: datetime) -> None:
        """An answer's Date is Slack's clock: deadlines run on that from the first moment (voting.md §1.5, 43)."""
        told = next((str(value) for name, value in answer.headers.items() if str(name).lower() == "date"), "")
        with suppress(ValueError):
            theirs = parsedate_to_datetime(told).astimezone(UTC)
            if self._clock.heard(theirs, asked=asked, answered=self._clock.now(), within=WHOLE_SECOND):
                log.warning("our clock is not Slack's: it was put right by %s", self._clock.offset)

    async def _posted_as(self, workspace: int, user: str) -> None:
        """Slack names the author of what we post: where it told nothing else, that is how we know ourselves."""
        if self._own_user is None:
            self._own_user = user
            await self._writer.run(people.own_user, workspace, user, OWN_NAME, self._clock.now())

    def _make_intake(self) -> Intake:
        settings = self._settings

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """From what we know: Bolt would otherwise ask Slack, and drop the event where that fails."""
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_token=settings.slack_bot_token,
                bot_user_id=self._own_user,
            )

        app = AsyncApp(
            client=self._client_for(None, self._client.session),  # each request brings its token
            authorize=authorize,
            logger=BOLT_LOG,
            request_verification_enabled=False,  # our intake has done it
            # To Bolt, a message of ours that somebody deletes is an event of our own; listeners know us themselves.
            ignoring_self_events_enabled=False,
            # An acknowledged event is a stored event: the listener runs before the answer.
            process_before_response=True,
        )
        desk = Desk(
            writer=self._writer,
            reader=self._reader,
            clock=self._clock,
            names=CommandNames(),
            digest_delay=settings.digest_delay,
            answer=self._answers.answer,
            door=self._answers.door,
            own_user=lambda: self._own_user,
        )
        listeners.register(app, desk)
        if settings.slack_app_token is not None:
            return SocketIntake(app, settings.slack_app_token, self._hearing)
        return HttpIntake(app, settings.slack_signing_secret or "", settings.host, settings.port, self._hearing)


def _keep_who_we_are(db: Db, answer: Mapping[str, Any], now: datetime) -> None:
    workspace = stored_people.workspace(db, answer["team_id"])
    people.own_user(db, workspace, answer["user_id"], str(answer.get("user") or OWN_NAME), now)
    stored_people.name_workspace(db, answer["team_id"], str(answer.get("team") or ""))


async def run(settings: Settings) -> None:
    """Run until cancelled, and end in good order then."""
    bot = Bot(settings)
    try:
        await bot.start()
        await asyncio.Event().wait()
    finally:
        await bot.stop()
