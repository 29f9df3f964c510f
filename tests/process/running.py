"""The bot as a process, and a Slack of few words for it to talk to."""

import asyncio
import hashlib
import hmac
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import web

from bot.settings import VARIABLES

ROOT = Path(__file__).parents[2]
SECRET = "a signing secret"
PATIENCE = 60.0
Answer = dict[str, Any]


class Process:
    """`python -m bot run`, or another command, in a folder of its own. `log` is all that it has said so far."""

    def __init__(self, folder: Path, environment: dict[str, str], command: str = "run") -> None:
        ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        self._said = folder / "bot.log"
        with self._said.open("wb") as written:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", command],
                env=ours | {"PYTHONPATH": str(ROOT)} | environment,
                cwd=folder,
                stdout=written,
                stderr=written,
            )

    @property
    def log(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")

    def until(self, said: str) -> None:
        """Wait until it has said something."""
        wait_until(lambda: said in self.log or self.process.poll() is not None)
        assert said in self.log, f"it ended with {self.process.returncode}: {self.log}"

    def status(self) -> int:
        """The exit status of a process that ends by itself."""
        return self.process.wait(PATIENCE)

    def stop(self) -> tuple[int, float]:
        """Tell it to end; its exit status, and how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE), time.monotonic() - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def tiny_slack(answers: dict[str, Answer | Callable[[Any], Any]] | None = None) -> Iterator[str]:
    """A Slack that knows who we are and whatever `answers` say, which may depend on what is asked; it hangs where an
    answer is None. Gives its address.
    """
    known = {"auth.test": {"ok": True, "team_id": "T0MOOT", "user_id": "U0BOT", "user": "folkmoot", "team": "Moot"}}
    known |= answers or {}  # type: ignore[arg-type]

    async def answer(request: web.Request) -> web.Response:
        found = known.get(request.match_info["method"], {"ok": False, "error": "unknown_method"})
        if callable(found):
            told = await (request.json() if request.content_type == "application/json" else request.post())
            found = found({**request.query, **told})
        if found is None:
            await asyncio.Event().wait()
        return web.json_response(found)

    async def open_doors() -> web.AppRunner:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(open_doors(), loop).result(PATIENCE)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)


def wait_until(happened: Callable[[], bool]) -> None:
    """Ask again and again, up to a deadline."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def http_environment(slack: str, port: int, database: str = "") -> dict[str, str]:
    """For a bot that takes its deliveries over signed HTTP; its database is a file beside it unless one is named."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-of-a-test",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack,
        "PORT": str(port),
        "DATABASE_URL": database,
    }


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """Slack's headers for a body."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def post(port: int, body: bytes, headers: dict[str, str], content_type: str = "application/json") -> tuple[int, str]:
    """The status and the text of the bot's answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("POST", "/slack/events", body, {"Content-Type": content_type, **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def command_fields(typed: str, trigger: str = "1.2.3") -> dict[str, str]:
    """A slash command as Slack sends it."""
    name, _, text = typed.partition(" ")
    return {
        "command": name,
        "text": text,
        "team_id": "T0MOOT",
        "channel_id": "C0MOOT",
        "channel_name": "moot",
        "user_id": "U0ANA",
        "user_name": "ana",
        "trigger_id": trigger,
        "response_url": "http://127.0.0.1:9/response",
    }


def now_ts() -> str:
    """The name of a message that is said now."""
    return f"{time.time():.6f}"


def command(port: int, typed: str, trigger: str = "1.2.3") -> tuple[int, str]:
    """What the bot answers to a slash command."""
    return form(port, command_fields(typed, trigger))


def form(port: int, fields: dict[str, str]) -> tuple[int, str]:
    """What the bot answers to a signed form: a command's fields, or a click's or a dialog's `payload`."""
    body = urlencode(fields).encode()
    return post(port, body, signed(body), "application/x-www-form-urlencoded")
