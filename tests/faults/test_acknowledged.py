"""What was acknowledged is on disk: kill -9 at full load, over signed HTTP and over Socket Mode, loses none of it."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import time
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import text

from rehearsal.server import ActFailed, Stage
from tests.conversations.room import MANIFEST, shown
from tests.databases import opened
from tests.ports import free_port
from tests.process.nursery import Nursery
from tests.process.running import PATIENCE, command, http_environment, signed, tiny_slack

KILLS = 4
CONNECTIONS = 24
AT_ONCE = 20
"""So many people speak and command over Socket Mode, each as soon as their last command was answered."""
LEAST = 1_000
"""So many are acknowledged in the end, however slow the machine is."""
MOST_IN_A_LIFE = 400
"""A process is killed when at most so many are acknowledged, or after some seconds."""
LONGEST_LIFE = 5.0


@asynccontextmanager
async def killed_again_and_again(
    nursery: Nursery, environment: dict[str, str], folder: Path, acknowledged: set[str], least: int
) -> AsyncIterator["asyncio.Task[None]"]:
    """A process that lives on in another whenever it is killed, while the work of the task that is given goes on."""
    bot = nursery.start("run", environment=environment, folder=folder)
    await bot.until("Folkmoot is running")

    async def kill() -> None:
        nonlocal bot
        life = 0
        while life < KILLS or len(acknowledged) < least:
            life += 1
            enough = len(acknowledged) + random.randint(1, MOST_IN_A_LIFE)  # noqa: S311 # any moment will do
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_LIFE):
                    while len(acknowledged) < enough:  # noqa: ASYNC110 # a set tells nobody that it grows
                        await asyncio.sleep(0.001)
            bot.kill()
            bot = nursery.start("run", environment=environment, folder=folder, said=f"{life}.log")
            await bot.until("Folkmoot is running")

    killing = asyncio.create_task(kill())
    yield killing
    await killing
    bot.kill()


def kept(database: str) -> list[str]:
    with opened(database) as connection:
        return list(connection.execute(text("SELECT text FROM entries")).scalars())


def each_is_kept_once(acknowledged: set[str], database: str) -> None:
    found = Counter(kept(database))
    assert acknowledged - found.keys() == set()
    assert [words for words, times in found.items() if times > 1] == []


def event(number: int) -> tuple[bytes, str]:
    """Somebody says a tagged line."""
    ts = f"{int(time())}.{number:06}"
    said = {"type": "message", "channel": "C0MOOT", "user": "U0ANA", "text": f"#info said {number}", "ts": ts}
    body = {"type": "event_callback", "team_id": "T0MOOT", "event_id": f"Ev{number}", "event": said}
    return json.dumps(body).encode(), "application/json"


def note(number: int) -> tuple[bytes, str]:
    fields = {
        "command": "/note",
        "text": f"noted {number}",
        "team_id": "T0MOOT",
        "channel_id": "C0MOOT",
        "channel_name": "moot",
        "user_id": "U0BEN",
        "user_name": "ben",
        "trigger_id": f"{number}.trigger",
        "response_url": "http://127.0.0.1:9/response",
    }
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


@pytest.mark.timeout(180)
def test_every_request_that_was_answered_is_stored(nursery: Nursery, database: str, tmp_path: Path) -> None:
    with tiny_slack({"chat.postMessage": None, "users.info": None}) as slack:  # type: ignore[dict-item]
        acknowledged = asyncio.run(_storm(nursery, http_environment(slack, free_port(), database), tmp_path))

    assert len(acknowledged) >= LEAST
    each_is_kept_once(acknowledged, database)


async def _storm(nursery: Nursery, environment: dict[str, str], folder: Path) -> set[str]:
    """Signed requests over many connections at once, as fast as they are answered; what was."""
    acknowledged: set[str] = set()
    numbers = iter(range(1_000_000))
    port = int(environment["PORT"])
    timeout = aiohttp.ClientTimeout(total=3)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with (
        killed_again_and_again(nursery, environment, folder, acknowledged, LEAST) as killing,
        aiohttp.ClientSession(timeout=timeout, connector=connector) as session,
    ):
        await asyncio.to_thread(command, port, "/session start Docs day for 3h")

        async def send() -> None:
            while not killing.done():
                number = next(numbers)
                (body, kind), words = (event(number), "said") if number % 2 else (note(number), "noted")
                if await _answered(session, port, body, kind):
                    acknowledged.add(f"{words} {number}")

        await asyncio.gather(*(send() for _ in range(CONNECTIONS)))
    return acknowledged


async def _answered(session: aiohttp.ClientSession, port: int, body: bytes, kind: str) -> bool:
    headers = {"Content-Type": kind, **signed(body)}
    try:
        async with session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer:
            return answer.status == 200 and "Sorry" not in await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        await asyncio.sleep(0.01)
        return False


@pytest.mark.timeout(180)
def test_every_envelope_that_was_acknowledged_is_stored(nursery: Nursery, database: str, tmp_path: Path) -> None:
    acknowledged = asyncio.run(_crowd(nursery, database, tmp_path))

    assert len(acknowledged) >= LEAST
    each_is_kept_once(acknowledged, database)


async def _crowd(nursery: Nursery, database: str, folder: Path) -> set[str]:
    """Envelopes over a WebSocket, many at once, as fast as they are acknowledged; what was."""
    stage = await Stage.start(manifest=MANIFEST, retry_delays=(0.2, 1.0, 3.0))
    environment = stage.bot_environment() | {"DATABASE_URL": database}
    acknowledged: set[str] = set()
    said: dict[str, str] = {}
    numbers = iter(range(1_000_000))
    async with killed_again_and_again(nursery, environment, folder, acknowledged, LEAST // 2) as killing:
        await _noted(stage, "/session start Docs day for 3h", "is open")

        async def act() -> None:
            while not killing.done():
                number = next(numbers)
                told = await stage.act({"as": "ana", "do": "say", "text": f"#info said {number}"})
                said[told["ts"]] = f"said {number}"
                if await _noted(stage, f"/note noted {number}", f"noted {number}"):
                    acknowledged.add(f"noted {number}")
                else:
                    await asyncio.sleep(0.05)  # a connection that has just died is not known for dead before
                    await stage.wait_for_bot(PATIENCE, clocks=0)

        await asyncio.gather(*(act() for _ in range(AT_ONCE)))
        await stage.backstage.carrier.underway.none_left()
    lost = {body["event"].get("ts") for body in stage.backstage.carrier.lost}
    await stage.close()
    return acknowledged | {words for ts, words in said.items() if ts not in lost}


async def _noted(stage: Stage, typed: str, words: str) -> bool:
    try:
        answer = (await stage.act({"as": "ben", "do": "command", "text": typed})).get("answer")
    except ActFailed:
        return False
    return bool(answer) and words in shown(answer)
