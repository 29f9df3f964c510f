"""Processes of the bot that need not import it first: one process has, and each is forked off it.

That takes two seconds off every start, so a test can kill hundreds. From its own first statement on, such a process
does what `folkmoot` does; that the whole of it starts is tested in `tests/process/test_run.py`.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn, Self

from bot.settings import VARIABLES

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class Forked:
    """One process; `log` is what it has said, in a file where others may have spoken before it."""

    def __init__(self, pid: int, said: Path, begun: int) -> None:
        self.pid, self._said, self._from = pid, said, begun
        self._handle = os.pidfd_open(pid)

    @property
    def log(self) -> str:
        return self._said.read_bytes()[self._from :].decode(errors="replace") if self._said.exists() else ""

    @property
    def alive(self) -> bool:
        return self._handle >= 0 and not select.select([self._handle], [], [], 0)[0]

    async def until(self, said: str) -> None:
        """Wait until it has said something, or is dead."""
        async with asyncio.timeout(PATIENCE):
            while said not in self.log and self.alive:  # noqa: ASYNC110 # a file tells nobody that it grows
                await asyncio.sleep(0.02)

    def kill(self) -> None:
        """kill -9; returns when it is dead."""
        if self.alive:
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            select.select([self._handle], [], [], PATIENCE)
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class Nursery:
    """`start` forks; whatever still lives at the end is killed."""

    def __init__(self) -> None:
        ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        self._parent = subprocess.Popen(
            [sys.executable, "-m", __spec__.name],
            env=ours,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, *arguments: str, environment: dict[str, str], folder: Path, said: str = "bot.log") -> Forked:
        """`folkmoot` with these arguments, in a folder; what it says is added to the file `said` there."""
        wish = {"arguments": arguments, "environment": environment, "folder": str(folder), "said": said}
        log = folder / said
        begun = log.stat().st_size if log.exists() else 0
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps(wish).encode() + b"\n")
        self._parent.stdin.flush()
        return Forked(int(self._parent.stdout.readline()), log, begun)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._parent.stdin
        self._parent.stdin.close()
        self._parent.wait(PATIENCE)


def _wait_for_wishes() -> None:
    """What the parent does: it imports everything, and forks whenever it is told to."""
    import bot.cli.commands  # noqa: F401 # here, so that whoever only uses a nursery need not wait for it
    from minutes.action import warm

    warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave at once
    children = []
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _live(json.loads(line))
        children.append(os.pidfd_open(pid))
        print(pid, flush=True)
    for child in children:
        if not select.select([child], [], [], 0)[0]:
            signal.pidfd_send_signal(child, signal.SIGKILL)


def _live(wish: dict[str, Any]) -> NoReturn:
    """What the child does: it takes its environment, its folder and its log, and is `folkmoot` from then on."""
    from bot.cli.commands import app

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    log = os.open(wish["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for said in (1, 2):
        os.dup2(log, said)
    try:
        app(wish["arguments"])
    except SystemExit as end:
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    finally:
        os._exit(1)


if __name__ == "__main__":
    _wait_for_wishes()
