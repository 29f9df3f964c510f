"""A short soak, so that the long one (`make soak`) works when it is wanted."""

import asyncio
from pathlib import Path

import pytest

from tests.soak.measures import Sample, Told
from tests.soak.soak import Plan, Soak

MOST_GROWTH_MB = 15
"""While caches, arenas and SQLite's pages still fill; a long soak shows whether it ends."""


@pytest.mark.timeout(400)
@pytest.mark.engine("sqlite")
def test_with_sessions_in_a_hundred_channels_nothing_is_lost_refused_or_left_to_say(
    database: str, tmp_path: Path
) -> None:
    told = asyncio.run(Soak(Plan(database, events=1_000, channels=100, people=60), tmp_path).run())

    print(told)
    assert told.complaints == []
    assert told.events == 1_000
    assert told.growth < MOST_GROWTH_MB


def test_growth_and_slowing_down_are_told_of_whichever_process_has_them() -> None:
    told = Told([Sample(500 * n, (100.0, 100.0 + n), 0.5 if n <= 5 else 1.0, 1.0, 500) for n in range(1, 11)])

    assert (told.growth, told.late_growth, told.slower) == (7.0, 4.0, 2.0)
