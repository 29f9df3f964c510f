"""Talk: what most of a workspace's day is made of, and concerns no bot. It is signed and sent as Slack sends it.

The stand-in Slack need not know these messages and reactions: nobody asks for them again.
"""

import json
import random
from collections import Counter, deque
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import aiohttp

from rehearsal.server import Stage
from tests.process.running import signed

IDLE = ("heart", "eyes", "joy", "+1", "tada")
OF_MESSAGES = 0.5


class Talk:
    """`one` sends an event. `kept` are channel and ts of the messages that were acknowledged, `spoken` who
    said how many."""

    def __init__(
        self,
        stage: Stage,
        client: aiohttp.ClientSession,
        urls: Sequence[str],
        channels: Sequence[str],
        people: Sequence[str],
        chance: random.Random,
    ) -> None:
        self._stage, self._client, self._urls, self._chance = stage, client, deque(urls), chance
        self._secret, self._team = stage.backstage.signing_secret, stage.backstage.workspace.team
        workspace = stage.backstage.workspace
        self._channels = [found.id for name in channels if (found := workspace.channel_called(name))]
        self._people = [found.id for handle in people if (found := workspace.person_called(handle))]
        self._number = 0
        self.kept: set[str] = set()
        self.spoken: Counter[tuple[str, str]] = Counter()
        self.waited: list[float] = []
        self.refused: Counter[int] = Counter()

    async def one(self) -> None:
        who, where = self._chance.choice(self._people), self._chance.choice(self._channels)
        if self._chance.random() < OF_MESSAGES:
            await self._says(who, where)
        else:
            await self._reacts(who, where)

    async def _says(self, who: str, where: str) -> None:
        ts = self._stage.clock.new_ts()
        said = {"type": "message", "channel": where, "user": who, "ts": ts, "event_ts": ts, "channel_type": "channel"}
        _, taken = await self._send(said | {"text": f"what people say at {ts}"})
        if taken:
            self.kept.add(f"{where}:{ts}")
            self.spoken[where, who] += 1

    async def _reacts(self, who: str, where: str) -> None:
        at, on = self._stage.clock.new_ts(), self._stage.clock.new_ts()
        item = {"type": "message", "channel": where, "ts": on}
        emoji = self._chance.choice(IDLE)
        await self._send({"type": "reaction_added", "user": who, "reaction": emoji, "item": item, "event_ts": at})

    async def _send(self, event: dict[str, Any]) -> tuple[str, bool]:
        """The event's id, and whether it was acknowledged."""
        self._number += 1
        name = f"EvTALK{self._number}"
        told = {"type": "event_callback", "team_id": self._team.id, "api_app_id": self._team.app_id, "event_id": name}
        body = json.dumps(told | {"event": event}).encode()
        headers = signed(body, secret=self._secret) | {"Content-Type": "application/json"}
        self._urls.rotate(-1)
        begun = perf_counter()
        async with self._client.post(self._urls[0], data=body, headers=headers) as answer:
            await answer.read()
        self.waited.append((perf_counter() - begun) * 1000)
        if answer.status != 200:
            self.refused[answer.status] += 1
        return name, answer.status == 200
