"""What we ask of Slack, and who learns the answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.courier.verdict import NO_TOKEN, Kind, Verdict
from bot.services import comparing, people, rolls
from bot.services.comparing import Held
from minutes.ids import UserId
from storage import people as known_people
from storage import votes
from storage.db import Db
from storage.outbox import Duty
from storage.reader import Reader
from storage.writer import Writer

FEW = 10
"""So many people are asked for one by one; beyond that, Slack's pages of everybody are fewer calls."""


class Asking:
    """Questions that only read: asking twice does no harm."""

    def __init__(self, client: AsyncWebClient, reader: Reader, writer: Writer, clock: Clock) -> None:
        self._client, self._reader, self._writer, self._clock = client, reader, writer, clock

    async def who_holds_what(self, duty: Duty) -> None:
        """The reactions on a ballot, as of the moment before the question."""
        proposal = int(duty.payload["proposal"])
        kept = await self._reader.ask(votes.get, duty.workspace, proposal)
        if kept.proposal.ballot_ts is None:
            return
        asked_at = self._clock.now()
        answer = await self._client.reactions_get(channel=duty.channel, timestamp=kept.proposal.ballot_ts, full=True)
        reactions = (answer.get("message") or {}).get("reactions") or []
        held = [Held(each["name"], int(each["count"]), tuple(each["users"])) for each in reactions]
        await self._writer.run(comparing.compare, duty.workspace, proposal, held, asked_at, self._clock.now())

    async def who_is_on_the_roll(self, duty: Duty) -> None:
        """The members of a channel or of user groups, with what has to be known of each."""
        users: list[UserId] = []
        if duty.payload["kind"] == "channel":
            users += [user async for user in self._pages(self._client.conversations_members, channel=duty.channel)]
        for group in duty.payload["groups"]:
            users += (await self._client.usergroups_users_list(usergroup=group))["users"]
        here = await self._reader.ask(known_people.users, duty.workspace, duty.payload["session"])
        await self._get_to_know(duty.workspace, [*users, *here])
        proposal = int(duty.payload["proposal"])
        await self._writer.run(rolls.settle, duty.workspace, proposal, users, self._clock.now())

    async def who_is(self, duty: Duty) -> None:
        """Name, time zone and kind of one person."""
        person = await self._reader.ask(known_people.by_id, duty.workspace, duty.payload["person"])
        if person is not None:
            answer = await self._client.users_info(user=person.user)
            await self._writer.run(_learn, duty.workspace, answer["user"], self._clock.now())

    async def _get_to_know(self, workspace: int, users: list[UserId]) -> None:
        since = self._clock.now() - rolls.KNOWN_FOR
        unknown = await self._reader.ask(known_people.unknown_users, workspace, users, since)
        if len(unknown) <= FEW:
            told = [user for each in unknown if (user := await self._user(each)) is not None]
        else:
            wanted = set(unknown)
            told = [user async for user in self._pages(self._client.users_list, "members") if user["id"] in wanted]
        for user in told:
            await self._writer.run(_learn, workspace, user, self._clock.now())

    async def _user(self, user: UserId) -> dict[str, Any] | None:
        """None for somebody who is none of this workspace: colleagues over Slack Connect can be unknown to it."""
        try:
            found: dict[str, Any] = (await self._client.users_info(user=user))["user"]
        except SlackApiError as failure:
            if failure.response.get("error") in ("user_not_found", "user_not_visible"):
                return None
            raise
        return found

    async def _pages(
        self, ask: Callable[..., Awaitable[AsyncSlackResponse]], name: str = "members", **where: Any
    ) -> AsyncIterator[Any]:
        cursor: str | None = None
        while cursor != "":
            answer = await ask(limit=200, cursor=cursor, **where)
            for each in answer[name]:
                yield each
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def not_compared(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    """Slack has refused to tell who holds what on a ballot."""
    proposal = int(duty.payload["proposal"])
    if verdict.kind is Kind.UNAVAILABLE:
        comparing.could_not(db, duty.workspace, proposal, "never", now)
    elif verdict.kind is Kind.SHUT_OUT or verdict.error in NO_TOKEN:
        comparing.could_not(db, duty.workspace, proposal, "shut_out", now)
    elif verdict.error == "message_not_found":
        comparing.could_not(db, duty.workspace, proposal, "missing", now)
    elif verdict.kind is Kind.REFUSED:
        comparing.could_not(db, duty.workspace, proposal, "refused", now)


def no_roll(db: Db, duty: Duty, now: datetime) -> None:
    """Slack has refused to tell who is on a roll."""
    rolls.failed(db, duty.workspace, int(duty.payload["proposal"]), now)


def nobody_known(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    """Slack has refused to tell who somebody is. Where it tells that of nobody, nobody is told apart."""
    if verdict.kind is Kind.REFUSED:
        people.not_told(db, duty.workspace, int(duty.payload["person"]), now)


def _learn(db: Db, workspace: int, user: dict[str, Any], now: datetime) -> None:
    profile = user.get("profile") or {}
    # A record is read by people who know each other by name rather than by handle.
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    known = known_people.by_user(db, workspace, user["id"]) or known_people.meet(db, workspace, user["id"])
    is_bot = _is_no_person(user)
    people.learn(
        db,
        workspace,
        known.id,
        name=next((name for name in names if name), user["id"]),
        zone=user.get("tz"),
        is_bot=is_bot,
        is_member=not is_bot and not any(user.get(flag) for flag in OUTSIDE),
        now=now,
    )


OUTSIDE = ("deleted", "is_restricted", "is_ultra_restricted", "is_stranger")
"""Deactivated, guests, and colleagues over Slack Connect (voting.md §2, S17)."""


def _is_no_person(user: dict[str, Any]) -> bool:
    """Bots, workflows and Slackbot (voting.md §2, S16)."""
    flags = ("is_bot", "is_workflow_bot", "is_connector_bot")
    return user.get("id") == "USLACKBOT" or any(user.get(flag) for flag in flags)
