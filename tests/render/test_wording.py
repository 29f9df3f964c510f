"""Tests of the words for times, numbers and names."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.render import wording
from bot.render.places import where


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no"), (1, "one"), (8, "eight"), (12, "twelve"), (13, "13"), (1200, "1,200")]
)
def test_small_numbers_are_words_and_large_ones_digits(count: int, said: str) -> None:
    assert wording.number(count) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "less than a minute"),
        (1, "a minute"),
        (10, "ten minutes"),
        (45, "45 minutes"),
        (59, "59 minutes"),
        (60, "an hour"),
        (67, "an hour"),
        (68, "an hour and a quarter"),
        (90, "an hour and a half"),
        (105, "an hour and three quarters"),
        (120, "two hours"),
        (150, "two and a half hours"),
        (165, "two and three quarter hours"),
        (176, "three hours"),
        (184, "three hours"),
        (26 * 60, "26 hours"),
    ],
)
def test_a_length_is_said_as_people_say_it_and_rounded_from_an_hour_on(minutes: int, said: str) -> None:
    assert wording.spoken_duration(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "under 1 min"), (20, "under 1 min"), (61, "1 min"), (1500, "25 min"), (3600, "1 h"), (3900, "1 h 5 min")],
)
def test_in_lists_a_length_is_short_and_exact_to_the_minute(seconds: int, said: str) -> None:
    assert wording.short_duration(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B, and C")]
)
def test_names_are_listed_with_and(names: list[str], said: str) -> None:
    assert wording.listed(names) == said


def test_many_names_are_shown_as_far_as_there_is_room_and_the_rest_is_counted() -> None:
    assert wording.people([f"Person {n}" for n in range(1000)], room=30) == "Person 0, Person 1, Person 2, and 997 more"


def test_a_day_is_told_in_utc() -> None:
    assert wording.day(date(2026, 5, 6)) == "6 May 2026"
    assert wording.day(datetime(2026, 5, 6, 23, 59, tzinfo=UTC)) == "6 May 2026"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Zoom", "on Zoom"),
        ("Zoom, second room", "on Zoom, second room"),
        ("https://us02web.zoom.us/j/123?pwd=x", "on Zoom"),
        ("[Zoom](https://us02web.zoom.us/j/123)", "on Zoom"),
        ("https://meet.google.com/abc", "on Google Meet"),
        ("https://notzoom.us/j/1", "online"),
        ("https://video.example.org/room", "online"),
        ("Room 3", "in Room 3"),
        ("at the river", "at the river"),
        ("https://[broken", "in https://[broken"),
    ],
)
def test_a_place_is_said_with_its_preposition(place: str, said: str) -> None:
    assert where(place) == said
