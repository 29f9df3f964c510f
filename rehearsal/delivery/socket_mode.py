"""Socket Mode: envelopes over WebSockets that the bot opens."""

import asyncio
import contextlib
import itertools
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from rehearsal.agenda import Agenda
from rehearsal.delivery.carrier import Carrier, Failure, NotAnswered, Outage, RequestKind
from rehearsal.wire import Json

MOST_CONNECTIONS = 10
_CONNECTION_SECONDS = 18_060


class _ConnectionLost(Exception):
    """The connection closed before the envelope was acknowledged."""


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    patience_s: float
    awaited: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    frozen: bool = False

    async def send(self, envelope: Json) -> Any:
        """Send an envelope; the payload of its acknowledgement. Raises `TimeoutError` after `patience_s`."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.awaited[envelope["envelope_id"]] = answer
        try:
            async with asyncio.timeout(self.patience_s):
                await self.socket.send_json(envelope)
                return await answer
        except ConnectionError as problem:
            raise _ConnectionLost from problem
        finally:
            del self.awaited[envelope["envelope_id"]]

    def _acknowledged(self, frame: Any) -> bool:
        """Whether it is an acknowledgement at all."""
        if not isinstance(frame, dict) or "envelope_id" not in frame:
            return False
        answer = self.awaited.get(str(frame["envelope_id"]))
        if answer and not answer.done():
            answer.set_result(frame.get("payload"))
        return True

    async def listen(self) -> None:
        """Take acknowledgements and answer pings until the connection ends. A frozen one ends when its bot is gone."""
        async for frame in self.socket:
            if self.frozen:
                continue
            if frame.type is WSMsgType.PING:
                await self.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT and not self._acknowledged(frame.json()):
                await self.socket.close(message=b"not an acknowledgement")
                return
        if self.frozen:
            await asyncio.Event().wait()

    def lost(self) -> None:
        for answer in self.awaited.values():
            if not answer.done():
                answer.set_exception(_ConnectionLost())


class SocketMode(Carrier):
    """Each envelope goes to one arbitrary connection, as Slack's do."""

    timed_out = "timeout"

    def __init__(self, retry_delays: tuple[float, ...], agenda: Agenda, patience_s: float, app_id: str) -> None:
        super().__init__(retry_delays, agenda, patience_s)
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._turn = itertools.count()
        self._connected = asyncio.Event()

    def new_ticket(self) -> str:
        """What makes a connection URL temporary: it is good for one try."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """A bot's connection, from its opening to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="This connection URL is unknown or was used already")
        self._tickets.remove(ticket)
        if self._outage and self._outage.shut:
            raise web.HTTPServiceUnavailable(text="Slack cannot be reached")
        # Nothing is answered on its own: a frozen connection answers neither pings nor a goodbye.
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = _Connection(socket, self._patience_s)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._connected.set()
            self._end_outage()
            await connection.listen()
        finally:
            if connection in self._connections:
                self._connections.remove(connection)
            connection.lost()
            if not self._connections:
                self._connected.clear()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "applink-rehearsal",
                "build_number": 1,
                "approximate_connection_time": _CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self._app_id},
        }

    async def _try_event(self, body: Json, attempt: int, reason: str) -> Failure | None:
        try:
            await self._send("events_api", body, retry_attempt=attempt, retry_reason=reason)
        except TimeoutError:
            return Failure(self.timed_out)
        except _ConnectionLost:
            return Failure("connection_failed")
        return None

    async def _ask(self, kind: RequestKind, payload: Json) -> Json | None:
        try:
            answer = await self._send(kind, payload)
        except TimeoutError:
            raise NotAnswered("operation_timeout") from None
        except _ConnectionLost:
            raise NotAnswered("dispatch_failed") from None
        if isinstance(answer, str):
            return {"text": answer} if answer else None
        if answer is not None and not isinstance(answer, dict):
            raise NotAnswered("dispatch_unknown_error")
        return answer or None

    async def _send(self, kind: str, payload: Json, **more: Any) -> Any:
        if not self._connections:
            raise _ConnectionLost
        connection = self._connections[next(self._turn) % len(self._connections)]
        envelope = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        return await connection.send(envelope | more)

    def cut_off(self, *, seconds: float = 0, lossy: bool = False, freeze: bool = False) -> None:
        super().cut_off(seconds=seconds, lossy=lossy, freeze=freeze)
        if not freeze:
            self._begin("a disconnection", self.disconnect(None))
        for connection in self._let_go() if freeze else ():
            connection.frozen = True

    def _let_go(self) -> list[_Connection]:
        """From now on there is no connection; those that there were."""
        leaving, self._connections = self._connections, []
        self._connected.clear()
        for connection in leaving:
            connection.lost()
        return leaving

    def _open_again(self, outage: Outage) -> None:
        super()._open_again(outage)
        if outage is self._outage:
            # It connects in real time: play time had better not run away from it.
            outage.awaited = self.underway.begin("the bot's new connection")

    async def disconnect(self, reason: str | None = "refresh_requested") -> None:
        """Close every connection; the bot is told that it must go, unless there is no reason."""
        for connection in self._let_go():
            if reason:
                with contextlib.suppress(ConnectionError):
                    await connection.socket.send_json({"type": "disconnect", "reason": reason})
            await connection.socket.close()

    async def until_bot_is_there(self) -> None:
        await self._connected.wait()

    async def close(self) -> None:
        await super().close()
        for connection in list(self._connections):
            await connection.socket.close()
