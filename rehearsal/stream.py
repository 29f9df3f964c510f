"""Server-sent events: one for every change of what a person can see."""

import asyncio
import json
from collections.abc import AsyncIterator

from aiohttp import web

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
        notice: Json = {"type": _KINDS.get(change.kind, change.kind)}
        if change.channel:
            notice["channel"] = change.channel.id
        if change.message and change.message.seen_by:
            notice["as"] = change.message.seen_by
        elif change.channel and change.channel.kind == "im":
            notice["as"] = change.channel.members[0]
        if change.message:
            notice["ts"] = change.message.ts
            notice["message"] = message_json(self._workspace, change.message)
        self.tell(notice)
        if change.kind in {"message", "message_deleted"}:
            self._tell_parent(change)

    def _tell_parent(self, change: Change) -> None:
        """A reply also changes what is seen of the message it belongs to: its count of replies."""
        message, channel = change.message, change.channel
        if message is None or not message.is_reply or not isinstance(channel, Channel):
            return
        parent = channel.messages.get(str(message.thread_ts))
        if parent:
            shape = message_json(self._workspace, parent)
            self.tell({"type": "message_changed", "channel": channel.id, "message": shape})

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
