"""Acquaintance: Slack tells who we are and what time it is, before anything is taken in or said."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import OneClient
from bot.clock import SlackClock
from bot.courier.verdict import Kind, judge
from bot.intake import LONGEST_DELAY, REFUSALS, TokenRefused
from bot.services import people
from bot.services.installing import OWN_NAME
from storage import installations
from storage import people as stored_people
from storage.db import Db
from storage.writer import Writer

WHOLE_SECOND = timedelta(seconds=1)
log = logging.getLogger(__name__)


class Acquaintance:
    """`one` is who speaks in our only workspace, and learns here who that is; without, Slack is asked for its time."""

    def __init__(self, client: AsyncWebClient, one: OneClient | None, writer: Writer, clock: SlackClock) -> None:
        self._client, self._one, self._writer, self._clock = client, one, writer, clock

    async def make(self) -> None:
        """Slack's word on us. A Slack that is out of reach is asked again; one that cannot tell is not.

        Raises TokenRefused.
        """
        delay = 1
        while not await self._asked():
            await asyncio.sleep(delay)
            delay = min(LONGEST_DELAY, delay * 2)

    async def posted_as(self, workspace: int, user: str) -> None:
        """Slack names the author of what we post: where it told nothing else, that is how we know ourselves."""
        if self._one is not None and self._one.own_user is None:
            self._one.own_user = user
            await self._writer.run(people.own_user, workspace, user, OWN_NAME, self._clock.now())

    async def _asked(self) -> bool:
        """Whether there is no more to ask."""
        asked = self._clock.now()
        try:
            answer = await (self._client.api_test() if self._one is None else self._client.auth_test())
        except SlackApiError as failure:
            self._hear_time(failure.response, asked)
            return _never(failure, needs_token=self._one is not None)
        except Exception as failure:
            log.warning("Slack is out of reach (%s)", type(failure).__name__)
            return False
        self._hear_time(answer, asked)
        if self._one is not None:
            self._one.own_user = str(answer["user_id"])
            await self._writer.run(_keep, answer, self._clock.now())
        return True

    def _hear_time(self, answer: Any, asked: datetime) -> None:
        """An answer's Date is Slack's clock: deadlines run on that from the first moment (voting.md §1.5, 43)."""
        told = next((str(value) for name, value in answer.headers.items() if str(name).lower() == "date"), "")
        with suppress(ValueError):
            theirs = parsedate_to_datetime(told).astimezone(UTC)
            if self._clock.heard(theirs, asked=asked, answered=self._clock.now(), within=WHOLE_SECOND):
                log.warning("our clock is not Slack's: it was put right by %s", self._clock.offset)


def _never(failure: SlackApiError, *, needs_token: bool) -> bool:
    """Whether this Slack will not tell, however often it is asked; raises TokenRefused."""
    verdict = judge(failure)
    if verdict is not None and verdict.kind not in (Kind.LATER, Kind.UNCLEAR) and not needs_token:
        return True  # it has no such method, but it has a clock
    if verdict is not None and verdict.error in REFUSALS:
        raise TokenRefused("SLACK_BOT_TOKEN", verdict.error) from None
    if verdict is not None and verdict.kind is Kind.UNAVAILABLE:
        log.warning("this Slack does not tell who we are (%s): our first post will", verdict.error)
        return True
    log.warning("Slack does not answer yet (%s)", verdict and verdict.error)
    return False


def _keep(db: Db, answer: Mapping[str, Any], now: datetime) -> None:
    workspace = stored_people.workspace(db, answer["team_id"])
    installations.present(db, workspace)
    people.own_user(db, workspace, answer["user_id"], str(answer.get("user") or OWN_NAME), now)
    stored_people.name_workspace(db, answer["team_id"], str(answer.get("team") or ""), answer.get("url"))
