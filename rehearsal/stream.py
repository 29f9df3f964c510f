"""Server-sent events: one for every change of what a person can see."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import web

from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.shapes import message_json
from rehearsal.wire import Json
from rehearsal.workspace import Change, Workspace

_KINDS = {
    "reaction_added": "reactions",
    "reaction_removed": "reactions",
    "pin_added": "message_changed",
    "pin_removed": "message_changed",
    "member_joined": "reset",
    "member_left": "reset",
    "archived": "reset",
    "unarchived": "reset",
    "workspace": "reset",
}
_KEEP_ALIVE_SECONDS = 15.0


class Stream:
    """Hands what happens to every page that listens."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._listeners: set[asyncio.Queue[Json | None]] = set()

    def observe(self, change: Change) -> None:
        if not self._listeners:
            return
        message, channel = change.message, change.channel
        self.tell(self._notice(_KINDS.get(change.kind, change.kind), channel, message))
        if change.kind in {"message", "message_deleted"} and channel and message and message.is_reply:
            # A reply also changes what is seen of the message it belongs to: its count of replies.
            parent = channel.messages.get(str(message.thread_ts))
            if parent:
                self.tell(self._notice("message_changed", channel, parent))

    def _notice(self, kind: str, channel: Channel | None, message: Message | None) -> Json:
        notice: Json = {"type": kind}
        if channel:
            notice["channel"] = channel.id
        if channel and channel.kind == "im":
            notice["as"] = channel.members[0]
        if message:
            notice |= {"ts": message.ts, "message": message_json(self._workspace, message)}
        if message and message.seen_by:
            notice["as"] = message.seen_by
        return notice

    def tell(self, notice: Json) -> None:
        for queue in self._listeners:
            queue.put_nowait(notice)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One page's stream, until it goes away or the stage closes."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            async for line in _lines(queue):
                await response.write(line)
        except ConnectionError:
            pass
        finally:
            self._listeners.discard(queue)
        return response

    def close(self) -> None:
        for queue in self._listeners:
            queue.put_nowait(None)


async def _lines(queue: asyncio.Queue[Json | None]) -> AsyncIterator[bytes]:
    yield b": listening\n\n"
    while True:
        try:
            notice = await asyncio.wait_for(queue.get(), _KEEP_ALIVE_SECONDS)
        except TimeoutError:
            # A comment, so that a page which has gone away is noticed.
            yield b": still here\n\n"
            continue
        if notice is None:
            return
        yield f"data: {json.dumps(notice)}\n\n".encode()
