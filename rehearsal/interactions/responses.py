"""Response URLs: five answers within thirty minutes of play time, to the person who acted or to the channel."""

import secrets
from dataclasses import dataclass

from rehearsal.content import ContentRefused, checked_content
from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.wire import MINUTE, Json
from rehearsal.workspace import Workspace

_MOST_USES = 5
_LIFE_US = 30 * MINUTE
_FIELDS = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts"}
_FIELDS |= {"unfurl_links", "unfurl_media", "mrkdwn"}


@dataclass
class _Return:
    channel: Channel
    person: str
    source: Message | None
    made_us: int
    uses: int = 0


class ResponseRefused(Exception):
    """The code of the error, for an HTTP answer that is not 200."""


class ResponseUrls:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._returns: dict[str, _Return] = {}

    def new(self, channel: Channel, person: str, source: Message | None = None) -> str:
        """A URL for one command or click; `source` is the message that was clicked on."""
        name = secrets.token_urlsafe(16)
        self._returns[name] = _Return(channel, person, source, self._workspace.clock.now_us)
        return f"{self._workspace.url}/response/{name}"

    def knows(self, name: str) -> bool:
        return name in self._returns

    def forget(self) -> None:
        """None of those that were given is good any more."""
        self._returns.clear()

    def use(self, name: str, body: Json) -> None:
        back = self._returns.get(name)
        if back is None:
            raise ResponseRefused("no_such_response_url")
        if self._workspace.clock.now_us - back.made_us > _LIFE_US:
            raise ResponseRefused("expired_url")
        if back.uses >= _MOST_USES:
            raise ResponseRefused("used_url")
        back.uses += 1
        self.answer(back.channel, back.person, body, back.source)

    def answer(self, channel: Channel, person: str, body: Json, source: Message | None = None) -> Message | None:
        """Do what an answer says: to an acknowledgement or to a response URL. The message that it made."""
        unknown = set(body) - _FIELDS
        if unknown:
            raise ResponseRefused(f"invalid_payload: unknown {', '.join(sorted(unknown))}")
        if body.get("delete_original") or body.get("replace_original"):
            return self._change(source, body)
        try:
            content = checked_content(body.get("text"), body.get("blocks"))
        except ContentRefused as refused:
            raise ResponseRefused(_sentence(refused)) from None
        bot = self._workspace.bot.id
        kind = body.get("response_type", "ephemeral")
        thread = self._thread(channel, body, kind)
        fields: Json = {"blocks": content.blocks, "thread_ts": thread}
        if kind == "in_channel":
            return self._workspace.post(channel, bot, content.text, **fields)
        if kind != "ephemeral":
            raise ResponseRefused("invalid_payload: response_type is ephemeral or in_channel")
        if source and source.is_reply:
            fields["thread_ts"] = source.thread_ts
        return self._workspace.whisper(channel, person, bot, content.text, **fields)

    def _change(self, source: Message | None, body: Json) -> Message | None:
        channel = self._workspace.channels[source.channel_id] if source else None
        if source is None or channel is None:
            raise ResponseRefused("no_original_message")
        if source.ts not in channel.messages and source.ts not in channel.ephemerals:
            raise ResponseRefused("message_not_found")
        if body.get("response_type") == "in_channel" and source.seen_by:
            raise ResponseRefused("an ephemeral message can not become one for everybody")
        if body.get("delete_original"):
            self._workspace.remove(source, self._workspace.bot.id)
            return None
        try:
            content = checked_content(body.get("text"), body.get("blocks"), update=True)
        except ContentRefused as refused:
            raise ResponseRefused(_sentence(refused)) from None
        self._workspace.revise(source, self._workspace.bot.id, text=content.text, blocks=content.blocks)
        return source

    def _thread(self, channel: Channel, body: Json, kind: str) -> str | None:
        thread = body.get("thread_ts")
        if thread is None:
            return None
        if kind != "in_channel" or body.get("replace_original") is not False:
            raise ResponseRefused("thread_ts needs response_type in_channel and replace_original false")
        if thread not in channel.messages:
            raise ResponseRefused("thread_not_found")
        return str(thread)


def _sentence(refused: ContentRefused) -> str:
    return ": ".join([refused.code, *refused.problems])
