"""Slack's times and ours, to the microsecond and without floats."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.ids import micros
from minutes.moment import from_micros, to_micros, to_ts


@given(st.integers(0, 4_102_444_800_000_000))
def test_a_slack_time_there_and_back_loses_nothing(us: int) -> None:
    ts = f"{us // 1_000_000}.{us % 1_000_000:06}"

    assert micros(ts) == us
    assert to_micros(from_micros(us)) == us
    assert to_ts(from_micros(us)) == ts
    assert from_micros(us).tzinfo is UTC


@pytest.mark.parametrize(
    ("ts", "us"),
    [
        ("1618999200.000100", 1_618_999_200_000_100),
        ("1618999200", 1_618_999_200_000_000),
        ("1618999200.5", 1_618_999_200_500_000),
        ("1618999200.1234567", 1_618_999_200_123_456),
    ],
)
def test_a_slack_time_in_microseconds(ts: str, us: int) -> None:
    assert micros(ts) == us


@pytest.mark.parametrize("ts", ["", "soon", "1618999200.abc", ".", "1.2.3"])
def test_what_is_no_slack_time_is_refused(ts: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        micros(ts)


def test_a_moment_is_the_same_in_every_zone() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))

    assert to_micros(datetime(2021, 4, 21, 15, 30, tzinfo=zone)) == to_micros(datetime(2021, 4, 21, 10, 0, tzinfo=UTC))
