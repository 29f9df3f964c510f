"""Tests of `minutes.duration`."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.duration import LONGEST, parse_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3h", 180),
        ("90m", 90),
        ("1h30", 90),
        ("1h 30m", 90),
        ("1H30Min", 90),
        ("2 hours", 120),
        ("1 hour and 30 minutes", 90),
        ("45 min", 45),
        ("1.5h", 90),
        ("1,5h", 90),
        ("1:30", 90),
        ("0:05", 5),
        ("half an hour", 30),
        ("an hour", 60),
        ("7d", 7 * 24 * 60),
        ("1 day, 2 hours", 26 * 60),
        (" 10m\n", 10),
    ],
)
def test_a_duration_is_read_as_people_type_it(text, minutes):
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "30",
        "2027",
        "0m",
        "0:00",
        "-3h",
        "8d",
        "169h",
        "1:75",
        "h",
        "3x",
        "3h ago",
        "٣h",
        "👍",
        "9" * 100000,
        "ten minutes",
        "<!channel>",
        "1h 30m or so",
        "and",
    ],
)
def test_anything_else_is_no_duration(text):
    assert parse_duration(text) is None


@given(st.text(alphabet="0123456789hmd:., andour", max_size=30))
def test_a_duration_is_positive_and_at_most_a_week(text):
    found = parse_duration(text)

    assert found is None or timedelta(0) < found <= LONGEST


@given(st.integers(0, 167), st.integers(0, 59))
def test_hours_and_minutes_add_up_in_every_spelling(hours, minutes):
    total = timedelta(hours=hours, minutes=minutes) or None

    for spelt in ("{}h{:02}", "{}h {}m", "{}:{:02}", "{} hours {} min"):
        assert parse_duration(spelt.format(hours, minutes)) == total
