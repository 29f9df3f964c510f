"""Votes that come over Socket Mode, all at once, as after an outage."""

import tempfile
from itertools import islice
from pathlib import Path

from tests.bench import requests, server
from tests.bench.counted import all_kept, marks
from tests.bench.generator import Load
from tests.bench.line import line
from tests.bench.row import Effort, Row, turns
from tests.bench.scene import convene, posting_slack
from tests.bench.server import Server

BURST = 5_000


def rows(effort: Effort) -> list[Row]:
    def ours() -> float:
        with (
            tempfile.TemporaryDirectory() as folder,
            line() as there,
            posting_slack(there.url) as slack,
            server.folkmoot(slack, Path(folder), line=there) as bot,
        ):
            convene(bot)
            load = _burst(bot, effort)
            bot.kill()
            all_kept(load.acknowledged, marks(bot.database))
            return load.per_second

    def theirs() -> float:
        with line() as there, posting_slack(there.url) as slack, server.bare(slack=slack, line=there) as bolt:
            return _burst(bolt, effort).per_second

    return [Row("socket-burst", *turns(ours, theirs, effort), "a second", 0.65)]


def _burst(there: Server, effort: Effort) -> Load:
    """Everybody has voted once before."""
    assert there.line is not None
    votes = requests.vote_envelopes(there.ballot)
    there.line.burst(list(islice(votes, requests.VOTERS)))
    load = there.line.burst(list(islice(votes, effort.share_of(BURST))))
    assert not load.failed, f"{load.failed} envelopes were not acknowledged"
    return load
