"""What we ask of Slack, and who learns the answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.courier.verdict import NO_TOKEN, Kind, Verdict
from bot.services import comparing, emoji_entries, memberships, people, profiles, rolls
from bot.services.comparing import Held
from bot.typed import decode
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
        await self._writer.run(
            comparing.compare, duty.workspace, proposal, held, asked_at, self._clock.now(), holding=duty.channel
        )

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
        await self._writer.run(rolls.settle, duty.workspace, proposal, users, self._clock.now(), holding=duty.channel)

    async def who_is(self, duty: Duty) -> None:
        """Name, time zone and kind of one person."""
        person = await self._reader.ask(known_people.by_id, duty.workspace, duty.payload["person"])
        if person is not None:
            asked_at = self._clock.now()
            answer = await self._client.users_info(user=person.user)
            await self._writer.run(profiles.told, duty.workspace, person.id, answer["user"], asked_at)

    async def where_they_are(self, duty: Duty) -> None:
        """The channels that somebody is in; of private ones those that the bot is in, too."""
        person = await self._reader.ask(known_people.by_id, duty.workspace, duty.payload["person"])
        if person is None:
            return
        asked_at = self._clock.now()
        where = {"user": person.user, "types": "public_channel,private_channel"}
        channels = [each["id"] async for each in self._pages(self._client.users_conversations, "channels", **where)]
        who = (duty.workspace, person.id)
        await self._writer.run(memberships.told, *who, channels, asked_at, holding=memberships.held(*who))

    async def what_was_said(self, duty: Duty) -> None:
        """The words of one message, in a thread or not: Slack takes any message of a thread for its name."""
        ts = str(duty.payload["ts"])
        answer = await self._client.conversations_replies(
            channel=duty.channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=15
        )
        found: dict[str, Any] = next((each for each in answer["messages"] if each["ts"] == ts), {})
        thread = None if found.get("thread_ts") == ts else found.get("thread_ts")
        told = (duty.workspace, duty.channel, ts, _words(found), thread)
        await self._writer.run(emoji_entries.told, *told, self._clock.now(), holding=duty.channel)

    async def _get_to_know(self, workspace: int, users: list[UserId]) -> None:
        asked_at = self._clock.now()
        since = asked_at - rolls.KNOWN_FOR
        unknown = await self._reader.ask(known_people.unknown_users, workspace, users, since)
        if len(unknown) <= FEW:
            told = [user for each in unknown if (user := await self._user(each)) is not None]
        else:
            wanted = set(unknown)
            told = [user async for user in self._pages(self._client.users_list, "members") if user["id"] in wanted]
        for user in told:
            await self._writer.run(profiles.learn, workspace, user, asked_at)

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


def nowhere_known(db: Db, duty: Duty, now: datetime) -> None:
    """Slack has refused to tell where somebody is, or has not told for too long."""
    memberships.not_told(db, duty.workspace, int(duty.payload["person"]), now)


def not_readable(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    """Slack has refused to tell what a message says; one that is gone is nobody's loss."""
    if verdict.error not in ("thread_not_found", "message_not_found"):
        emoji_entries.not_told(db, duty.workspace, duty.channel, str(duty.payload["ts"]), now)


def _words(message: dict[str, Any]) -> str | None:
    """What a person has said; None for what a bot says, and for the stone where a message was."""
    if message.get("bot_id") or not message.get("user") or message.get("subtype") == "tombstone":
        return None
    return decode(message.get("text") or "")
