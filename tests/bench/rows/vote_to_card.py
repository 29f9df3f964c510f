"""From a vote to the card that shows it, beside the pace at which Slack lets a message be changed.

Each voter votes once, and the card's words tell how many have: so a vote is on the screen with the first card that
tells of as many.
"""

import re
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench import requests, server
from tests.bench.counted import all_kept, marks
from tests.bench.generator import paced
from tests.bench.row import Effort, Row
from tests.bench.scene import convene, posting_slack
from tests.process.running import wait_until

SLACKS_PACE_S = 60 / 50
"""Tier 3, by which a message can be changed fifty times a minute."""
_FOR = re.compile(r"([0-9,]+) for, ")


def rows(effort: Effort) -> list[Row]:
    return [
        _row("vote-to-card", 5, effort.share_of(100), 1.5, effort),
        _row("vote-to-card-crowd", 50, effort.share_of(500), 3.0, effort),
    ]


def _row(name: str, a_second: float, votes: int, within_s: float, effort: Effort) -> Row:
    found = statistics.median(_p95(a_second, votes) for _ in range(effort.rounds))
    return Row(name, found, SLACKS_PACE_S, "s", within_s / SLACKS_PACE_S, at_least=False)


def _p95(a_second: float, votes: int) -> float:
    cards: list[tuple[float, int]] = []

    def changed(asked: Mapping[str, Any]) -> dict[str, Any]:
        if told := _FOR.search(asked["text"]):
            cards.append((time.perf_counter(), int(told[1].replace(",", ""))))
        return {"ok": True}

    with (
        tempfile.TemporaryDirectory() as name,
        posting_slack(more={"chat.update": changed}) as slack,
        server.folkmoot(slack, Path(name)) as there,
    ):
        convene(there)
        cast = [requests.vote_of(f"U1V{number:04}", there.ballot) for number in range(votes)]
        begun = time.perf_counter()
        load = paced(there.port, iter(cast), a_second, votes / a_second)
        assert not load.failed, f"{load.failed} votes were not acknowledged"
        wait_until(lambda: bool(cards) and cards[-1][1] == votes)
        there.kill()
        all_kept(load.acknowledged, marks(there.database))
    waited = [_shown_at(cards, number + 1) - (begun + number / a_second) for number in range(votes)]
    return sorted(waited)[int(0.95 * (votes - 1))]


def _shown_at(cards: list[tuple[float, int]], number: int) -> float:
    return next(at for at, told in cards if told >= number)
