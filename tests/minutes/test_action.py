"""Tests of `minutes.action`."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.action import ActionFields, read_action, warm
from minutes.text import mention

FRIDAY_EVENING = datetime(2021, 4, 16, 22, 30, tzinfo=UTC)
ANA, BEN = mention("ana"), mention("ben")


@pytest.fixture(autouse=True, scope="module")
def _warm():
    """The parser takes longer to load than hypothesis allows an example."""
    warm()


def read(text, tz="UTC"):
    return read_action(text, now=FRIDAY_EVENING, tz=tz)


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        (f"{ANA} write docs", ("ana",)),
        (f"{ANA}: write docs", ("ana",)),
        (f"{ANA} to write docs with {BEN}", ("ana",)),
        (f"{ANA} and {BEN}, write docs", ("ana", "ben")),
        (f"{ANA}, {BEN} to write docs", ("ana", "ben")),
        (f"{ANA} & {BEN} + {ANA} write docs", ("ana", "ben")),
        (f"{ANA}, and {BEN}: write docs", ("ana", "ben")),
        (f"- [{ANA}] write docs", ("ana",)),
        (f"AR: {ANA} to write docs", ("ana",)),
        (f"Docs: {ANA} and {BEN} to write them", ("ana", "ben")),
        (f"Docs: see {ANA}", ()),
        (f"Docs: {ANA} knows", ()),
        (f"ask {ANA} to write docs", ()),
        (f"{ANA} or {BEN} write docs", ()),
        (f"{ANA}'s patch needs a review", ()),
        ("write docs", ()),
        ("", ()),
        ("👍", ()),
    ],
)
def test_the_owners_are_those_who_are_named_first(text, owners):
    assert read(text).owners == owners


@pytest.mark.parametrize(
    ("clause", "due"),
    [
        ("by Friday", date(2021, 4, 23)),
        ("by Sat", date(2021, 4, 17)),
        ("by today", date(2021, 4, 16)),
        ("by EOD", date(2021, 4, 16)),
        ("by tomorrow!", date(2021, 4, 17)),
        ("(by Monday 17:00 UTC).", date(2021, 4, 19)),
        ("due Friday before noon", date(2021, 4, 23)),
        ("due: on Tuesday", date(2021, 4, 20)),
        ("due in two weeks", date(2021, 4, 30)),
        ("by 3 June", date(2021, 6, 3)),
        ("by June 3rd", date(2021, 6, 3)),
        ("until the 3rd of June", date(2021, 6, 3)),
        ("before Thu 3 June 2021", date(2021, 6, 3)),
        ("by 16 April", date(2021, 4, 16)),
        ("by 1 February", date(2022, 2, 1)),
        ("by 2021-05-01", date(2021, 5, 1)),
        ("BY 2020-05-01", date(2020, 5, 1)),
        ("by May 1, 2020", date(2020, 5, 1)),
    ],
)
def test_a_clear_day_at_the_end_is_when_it_is_due(clause, due):
    assert read(f"write docs {clause}").due == due


@pytest.mark.parametrize(
    "clause",
    [
        "by the next release",
        "by mail",
        f"by {ANA}",
        "by 5",
        "by May",
        "by 03/04",
        "by 03.04.2021",
        "by next Friday",
        "by next week",
        "by EOW",
        "by end of week",
        "by 31 June",
        "by 2021-02-30",
        "by 2021-13-01",
        "by 29 February",
        "by Mon 3 June 2021",
        "by Friday or by mail",
        "by Friday for review",
        "stand-by Friday",
        "by the 3rd",
        "on Friday",
        "by",
        "due",
        "by now",
        "by 1.5",
        "by {{ 7*7 }}",
        "by <script>",
        "by in 999999999 weeks",
    ],
)
def test_what_is_not_clear_is_left_alone(clause):
    assert read(f"write docs {clause}").due is None


def test_the_day_is_the_speakers():
    assert read("write docs by tomorrow", tz="Asia/Tokyo").due == date(2021, 4, 18)
    assert read("write docs by tomorrow", tz="America/New_York").due == date(2021, 4, 17)


@pytest.mark.parametrize("tz", ["", "Nowhere/Land", "../etc/passwd", "America", "\0", "x" * 100_000])
def test_an_unknown_time_zone_is_utc(tz):
    assert read("write docs by tomorrow", tz=tz).due == date(2021, 4, 17)


def test_owner_and_day_are_read_together():
    assert read(f"{ANA} and {BEN}, write docs by Friday") == ActionFields(("ana", "ben"), date(2021, 4, 23))


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%a %d %b %Y"])
)
def test_a_full_date_is_kept_as_it_is(day, spelling):
    assert read(f"write docs by {day.strftime(spelling)}").due == day


@given(st.text())
def test_any_text_can_be_an_action(text):
    assert read(text).owners == ()


@pytest.mark.parametrize("piece", ["by ", " ", "a", "and ", ANA, f"{ANA}, ", "\ue000", "- ", "by Friday "])
def test_endless_text_is_read_at_once(piece):
    assert len(read(piece * (100_000 // len(piece))).owners) <= 1
