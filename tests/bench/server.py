"""A server under measure: a process on a core of its own, which ends by kill -9 and is asked nothing before."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import VARIABLES
from tests.bench import requests
from tests.bench.line import Line
from tests.ports import free_port
from tests.process.running import PATIENCE, ROOT, SECRET, command, command_fields, http_environment, post, signed

CORES = sorted(os.sched_getaffinity(0))
"""Those that we may use: the server gets the first and the load the last, which is the same where there is but one."""
BETWEEN_TRIES_S = 0.002
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """`cpu` is what it has used so far, in seconds; `resident` its memory in bytes."""

    port: int
    database: str = ""
    ballot: str = requests.SOME_BALLOT
    line: Line | None = None
    core: int = CORES[0]
    process: "subprocess.Popen[bytes]" = field(init=False)

    @property
    def cpu(self) -> float:
        spent = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / _TICKS

    @property
    def resident(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def spread() -> None:
    """The load, and what it starts itself, keeps to its own core."""
    os.sched_setaffinity(0, CORES[-1:])


@contextmanager
def at_large() -> Iterator[None]:
    """What is started in this block runs where it will."""
    os.sched_setaffinity(0, CORES)
    yield
    spread()


def begin(
    *module: str, environment: dict[str, str] | None = None, core: int = CORES[0], quiet: bool = False
) -> "subprocess.Popen[bytes]":
    """A Python process on a core of its own; what it prints can be read, and what it complains of is seen."""
    ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        env=ours | {"PYTHONPATH": str(ROOT)} | (environment or {}),
        stdout=subprocess.DEVNULL if quiet else subprocess.PIPE,
        stderr=subprocess.DEVNULL if quiet else None,
    )
    os.sched_setaffinity(process.pid, [core])
    return process


@contextmanager
def bare(*options: str, slack: str = "", line: Line | None = None) -> Iterator[Server]:
    """Bolt with one listener, and nothing behind it."""
    port = free_port()
    environment = _socket_environment(slack) if line else {"SLACK_SIGNING_SECRET": SECRET}
    with _running(["tests.bench.bare", str(port), *options], environment, Server(port, line=line)) as server:
        yield server


@contextmanager
def folkmoot(
    slack: str,
    folder: Path,
    *,
    module: str = "bot",
    command: str = "run",
    database: str = "",
    line: Line | None = None,
    core: int = CORES[0],
) -> Iterator[Server]:
    """One process; its database is a file in the folder unless one is named. Without a line it is told over HTTP."""
    port, database = free_port(), database or f"sqlite:///{folder / 'folkmoot.db'}"
    way = _socket_environment(slack) if line else http_environment(slack, port)
    environment = way | {"DATABASE_URL": database, "LOG_LEVEL": "WARNING"}
    with _running([module, command], environment, Server(port, database, line=line, core=core)) as server:
        yield server


def says(server: Server, typed: str, trigger: str) -> None:
    """Somebody types a command, as a scene is set."""
    if server.line is not None:
        fields = command_fields(typed, trigger)
        assert server.line.burst([(trigger, requests.envelope(trigger, "slash_commands", fields))]).acknowledged
        return
    status, answer = command(server.port, typed, trigger)
    assert status == 200, answer


def _socket_environment(slack: str) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": "xoxb-of-a-test", "SLACK_APP_TOKEN": "xapp-of-a-test", "SLACK_API_URL": slack}


@contextmanager
def _running(module: list[str], environment: dict[str, str], server: Server) -> Iterator[Server]:
    server.process = begin(*module, environment=environment, core=server.core, quiet=True)
    try:
        if server.line is None:
            _until_it_answers(server)
        else:
            server.line.wait()
        yield server
    finally:
        server.kill()


def _until_it_answers(server: Server) -> None:
    """Return at its first acknowledgement of an event, asked for every few milliseconds."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            status, answer = post(server.port, event := requests.bystander(), signed(event))
            assert status == 200, answer
            return
        except OSError:
            assert server.process.poll() is None, "it did not start"
            assert time.monotonic() < end, "it takes no requests"
            time.sleep(BETWEEN_TRIES_S)
