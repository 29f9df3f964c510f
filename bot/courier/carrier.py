"""The carrier: one duty, one call to Slack."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import SlackClock
from bot.command_names import CommandNames
from bot.courier.asking import Asking
from bot.courier.carried import Carried, NeverPossible, NotYet
from bot.courier.drawing import Drawn, draw
from bot.courier.private import Private
from bot.courier.verdict import Kind, judge
from bot.render.recap import recap_markdown
from bot.services import digests, duties, emoji_entries, home_duties, sessions, views
from bot.services.record import record
from minutes.ids import ChannelId, Ts, UserId, micros
from minutes.moment import from_micros
from storage import people as known_people
from storage.outbox import Duty
from storage.reader import Reader
from storage.writer import Writer

log = logging.getLogger(__name__)
METADATA = "folkmoot_duty"
RECAP = "recap.md"
LOOK_BACK = timedelta(seconds=60)


class Carrier:
    """Carries duties over a client that never tries again by itself: only the courier knows what is safe to repeat."""

    def __init__(
        self, client: AsyncWebClient, reader: Reader, writer: Writer, clock: SlackClock, names: CommandNames
    ) -> None:
        self._client, self._reader, self._writer, self._clock, self._names = client, reader, writer, clock, names
        self._asking = Asking(client, reader, writer, clock)
        private = Private(client, reader, writer, clock, names)
        self._ways: dict[str, Callable[[Duty], Awaitable[Carried]]] = {
            duties.POST: self._post,
            duties.REDRAW: self._redraw,
            duties.REACT: self._react,
            duties.UNREACT: self._unreact,
            duties.PIN: self._pin,
            duties.HINT: self._hint,
            duties.FILE: self._file,
            duties.PERSON: self._person,
            duties.CHANNEL: self._channel,
            duties.COMPARE: self._compare,
            duties.COUNT: self._compare,
            duties.ROLL: self._roll,
            duties.REMINDER: self._reminder,
            home_duties.PLACES: self._places,
            home_duties.PUBLISH: private.publish,
            home_duties.ANSWER: private.answer,
            duties.MESSAGE: self._message,
        }

    async def carry(self, duty: Duty) -> Carried:
        """Make the call; raises what the client raises, NotYet or NeverPossible."""
        return await self._ways[duty.kind](duty)

    async def find(self, duty: Duty, since: datetime) -> Carried | None:
        """What an earlier attempt at a message or a file has become, if Slack took it; raises what `carry` raises."""
        async for message in self._said_since(duty, since - LOOK_BACK):
            if _has_recap(message) if duty.kind == duties.FILE else _is(message, duty.key):
                return Carried(str(message["ts"]), more=await self._goes_on(duty), found=True)
        return None

    async def _said_since(self, duty: Duty, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """Page by page: a busy channel, or a small page (slack.md §1.2), must not hide what we look for."""
        channel = duty.channel if duty.kind != duties.REMINDER else await self._conversation(await self._user(duty))
        if channel is None:
            raise NeverPossible("way to know whether it was said, and it is said at most once,")
        where: dict[str, Any] = {"channel": channel, "oldest": f"{since.timestamp():.6f}", "limit": 200}
        ask: Callable[..., Awaitable[AsyncSlackResponse]] = self._client.conversations_history
        if "thread_of" in duty.payload:
            ask, where["ts"] = self._client.conversations_replies, await self._parent(duty)
        cursor: str | None = None
        while cursor != "":
            answer = await ask(include_all_metadata=True, cursor=cursor, **where)
            for message in answer["messages"]:
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""

    async def _goes_on(self, duty: Duty) -> bool:
        drawn = await self._draw(duty) if duty.kind == duties.POST else None
        return drawn is not None and drawn.more

    async def _draw(self, duty: Duty) -> Drawn | None:
        return await self._reader.ask(draw, duty, self._clock.now(), self._names)

    async def _post(self, duty: Duty) -> Carried:
        drawn = await self._draw(duty)
        if drawn is None:
            return Carried()
        more: dict[str, Any] = {"thread_ts": await self._parent(duty)} if "thread_of" in duty.payload else {}
        asked = self._clock.now()
        answer = await self._client.chat_postMessage(
            channel=duty.channel,
            text=drawn.message.text,
            blocks=list(drawn.message.blocks),
            unfurl_links=False,
            unfurl_media=False,
            metadata=_metadata(duty),
            **more,
        )
        if self._clock.heard(from_micros(micros(answer["ts"])), asked=asked, answered=self._clock.now()):
            log.warning("our clock is not Slack's: it was put right by %s", self._clock.offset)
        own_user = (answer.get("message") or {}).get("user")
        return Carried(str(answer["ts"]), drawn.more, own_user=own_user)

    async def _redraw(self, duty: Duty) -> Carried:
        ts = await self._posted(duty, str(duty.payload["of"]))
        drawn = await self._draw(duty)
        if drawn is None and duty.payload["what"] == "digest":  # it has become shorter, and this part says nothing now
            await self._client.chat_delete(channel=duty.channel, ts=ts)
        elif drawn is not None:  # a notice that has had its time stays as it was said
            await self._client.chat_update(
                channel=duty.channel, ts=ts, text=drawn.message.text, blocks=list(drawn.message.blocks)
            )
        return Carried()

    async def _react(self, duty: Duty) -> Carried:
        await self._client.reactions_add(channel=duty.channel, timestamp=duty.payload["ts"], name=duty.payload["emoji"])
        return Carried()

    async def _unreact(self, duty: Duty) -> Carried:
        payload = duty.payload
        await self._client.reactions_remove(channel=duty.channel, timestamp=payload["ts"], name=payload["emoji"])
        return Carried()

    async def _message(self, duty: Duty) -> Carried:
        """Not before Slack has told of all concerned whether they are people, if it is going to."""
        where = (duty.workspace, duty.channel, str(duty.payload["ts"]))
        for person in await self._reader.ask(emoji_entries.strangers, *where):
            _, waits = await self._reader.ask(views.posted, duty.workspace, f"person:{person}")
            if waits:
                raise NotYet(f"person:{person}")
        await self._asking.what_was_said(duty)
        return Carried()

    async def _pin(self, duty: Duty) -> Carried:
        await self._client.pins_add(channel=duty.channel, timestamp=await self._posted(duty, str(duty.payload["of"])))
        return Carried()

    async def _hint(self, duty: Duty) -> Carried:
        drawn = await self._draw(duty)
        if drawn is None:
            raise NeverPossible("need to say it any more")
        user, thread = await self._user(duty), duty.payload.get("thread")
        await self._client.chat_postEphemeral(
            channel=duty.channel,
            user=user,
            text=drawn.message.text,
            blocks=list(drawn.message.blocks),
            **({"thread_ts": thread} if thread else {}),
        )
        return Carried()

    async def _reminder(self, duty: Duty) -> Carried:
        """In the person's own conversation with the bot."""
        drawn = await self._draw(duty)
        if drawn is None:
            raise NeverPossible("need to remind any more")
        user = await self._user(duty)
        blocks = list(drawn.message.blocks)
        answer = await self._client.chat_postMessage(
            # Slack takes a person's id for their conversation, only that it cannot be looked into under that name.
            channel=await self._conversation(user) or user,
            text=drawn.message.text,
            blocks=blocks,
            metadata=_metadata(duty),
        )
        return Carried(str(answer["ts"]))

    async def _conversation(self, user: UserId) -> ChannelId | None:
        """A person's own conversation with the bot; None where it may not be opened."""
        try:
            return str((await self._client.conversations_open(users=user))["channel"]["id"])
        except SlackApiError as failure:
            verdict = judge(failure)
            if verdict is None or verdict.kind is not Kind.UNAVAILABLE:
                raise
            return None

    async def _file(self, duty: Duty) -> Carried:
        found = await self._reader.ask(record, duty.workspace, duty.payload["session"], self._clock.now())
        await self._client.files_upload_v2(
            channel=duty.channel,
            thread_ts=await self._parent(duty),
            filename=RECAP,
            title=f"{found.title} Recap",
            content=recap_markdown(found),
        )
        return Carried()

    async def _person(self, duty: Duty) -> Carried:
        await self._asking.who_is(duty)
        return Carried()

    async def _compare(self, duty: Duty) -> Carried:
        await self._asking.who_holds_what(duty)
        return Carried()

    async def _roll(self, duty: Duty) -> Carried:
        await self._asking.who_is_on_the_roll(duty)
        return Carried()

    async def _places(self, duty: Duty) -> Carried:
        await self._asking.where_they_are(duty)
        return Carried()

    async def _channel(self, duty: Duty) -> Carried:
        answer = await self._client.conversations_info(channel=duty.channel)
        channel, now = answer["channel"], self._clock.now()
        told = (duty.workspace, duty.channel, str(channel.get("name") or ""))
        if "session" not in duty.payload:
            await self._writer.run(sessions.channel_named, *told, now, holding=duty.channel)
            return Carried()
        if not channel.get("is_private"):  # its name is nobody else's business
            await self._writer.run(sessions.channel_named, *told, now, holding=duty.channel)
        is_there = (duty.workspace, duty.payload["session"], bool(channel.get("is_member")))
        await self._writer.run(digests.channel_told, *is_there, now, holding=duty.channel)
        return Carried()

    async def _user(self, duty: Duty) -> UserId:
        person = await self._reader.ask(known_people.by_id, duty.workspace, duty.payload["person"])
        if person is None:
            raise NeverPossible("such person any more")
        return person.user

    async def _parent(self, duty: Duty) -> Ts:
        return await self._posted(duty, str(duty.payload["thread_of"]))

    async def _posted(self, duty: Duty, key: str) -> Ts:
        ts, waits = await self._reader.ask(views.posted, duty.workspace, key)
        if ts is not None:
            return ts
        raise (NotYet if waits else NeverPossible)(key)


def _metadata(duty: Duty) -> dict[str, Any]:
    """Everybody in the workspace can read it: it names the duty, and nothing else."""
    return {"event_type": METADATA, "event_payload": {"key": duty.key}}


def _is(found: dict[str, Any], key: str) -> bool:
    metadata = found.get("metadata") or {}
    return bool(metadata.get("event_type") == METADATA and (metadata.get("event_payload") or {}).get("key") == key)


def _has_recap(found: dict[str, Any]) -> bool:
    return any(file.get("name") == RECAP for file in found.get("files") or ())
