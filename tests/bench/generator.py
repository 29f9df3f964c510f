"""The load: connections that stay open, each with one request under way, and what became of each request."""

import asyncio
import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

CONNECTIONS = 16
Named = tuple[str, bytes]


@dataclass
class Load:
    """What was answered 200, by its name, within `seconds`; `failed` counts all other answers."""

    acknowledged: list[str] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """In seconds, from the moment at which each was meant to be sent."""

    @property
    def per_second(self) -> float:
        return len(self.acknowledged) / self.seconds

    def latency(self, share: float) -> float:
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))]


class _Line(asyncio.Protocol):
    """One connection. `ask` sends a request and gives the status of its answer."""

    def __init__(self) -> None:
        self._seen = bytearray()
        self._answer: asyncio.Future[int] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[int]":
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, end, rest = bytes(self._seen).partition(b"\r\n\r\n")
        if end and len(rest) >= _length(head) and self._answer is not None:
            self._seen.clear()
            self._answer.set_result(int(head[9:12]))

    def connection_lost(self, _: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(0)


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return 0 if at < 0 else int(lower[at + 15 :].partition(b"\r\n")[0])


async def saturate(ports: Sequence[int], requests: Iterable[Named], seconds: float) -> Load:
    """As fast as it goes, until the time or the requests are over; the servers have as many connections each."""
    load, coming = Load(), iter(requests)
    lines = [await _line(ports[number % len(ports)]) for number in range(CONNECTIONS)]
    begun = time.perf_counter()

    async def keep_asking(line: _Line) -> None:
        while time.perf_counter() - begun < seconds and (following := next(coming, None)) is not None:
            name, request = following
            _note(load, name, await line.ask(request))

    await asyncio.gather(*map(keep_asking, lines))
    load.seconds = time.perf_counter() - begun
    _hang_up(lines)
    return load


def paced(port: int, requests: Iterator[Named], rate: float, seconds: float) -> Load:
    """`rate` a second, each sent at its own moment, whatever has become of those before (open loop)."""
    with asyncio.Runner(loop_factory=_punctual) as runner:
        return runner.run(_paced(port, requests, rate, seconds))


def _punctual() -> asyncio.AbstractEventLoop:
    """`epoll` waits for whole milliseconds: each request would be late by 0.7 of them, which is no server's doing."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


async def _paced(port: int, requests: Iterator[Named], rate: float, seconds: float) -> Load:
    load = Load(seconds=seconds)
    idle = deque([await _line(port) for _ in range(CONNECTIONS)])
    begun, under_way = time.perf_counter(), set[asyncio.Task[None]]()

    async def ask(at: float, name: str, request: bytes) -> None:
        line = idle.popleft() if idle else await _line(port)
        _note(load, name, await line.ask(request))
        load.latencies.append(time.perf_counter() - at)
        idle.append(line)

    for number in range(round(rate * seconds)):
        at = begun + number / rate
        if (early := at - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        under_way.add(asyncio.create_task(ask(at, *next(requests))))
    await asyncio.gather(*under_way)
    _hang_up(idle)
    return load


def _note(load: Load, name: str, status: int) -> None:
    if status == 200:
        load.acknowledged.append(name)
    else:
        load.failed += 1


async def _line(port: int) -> _Line:
    _, line = await asyncio.get_running_loop().create_connection(_Line, "127.0.0.1", port)
    return line


def _hang_up(lines: Iterable[_Line]) -> None:
    for line in lines:
        line.transport.close()
