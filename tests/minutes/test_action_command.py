"""Tests of `minutes.action_command`."""

from datetime import UTC, date, datetime

import pytest

from minutes.action_command import (
    ActionHelp,
    Done,
    Later,
    ListActions,
    Named,
    Record,
    Reopen,
    put_off,
    understand_action,
)

TUESDAY = datetime(2026, 4, 14, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("list", ListActions()),
        (" LIST ", ListActions()),
        ("done 7", Done(Named(None, 7))),
        ("Done #7", Done(Named(None, 7))),
        ("done 12.7", Done(Named(12, 7))),
        ("reopen 12.7", Reopen(Named(12, 7))),
        ("later 7", Later(Named(None, 7), "")),
        ("later 12.7 by Friday", Later(Named(12, 7), "by Friday")),
        ("later 7 until 21 May", Later(Named(None, 7), "until 21 May")),
        ("help", ActionHelp(None)),
    ],
)
def test_what_concerns_an_action_names_it_by_number(typed: str, meant: object) -> None:
    assert understand_action(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "list the members",
        "done is better than perfect",
        "later we meet again",
        "done with 7 things",
        "7 chairs for the hall",
        "reopen the kitchen",
        "@ana: done 7",
        "done ٧",
        "done 1234567890",
    ],
)
def test_everything_else_is_an_action_to_record_as_typed(typed: str) -> None:
    assert understand_action(f" {typed}\nand more") == Record(f" {typed}\nand more")


@pytest.mark.parametrize("typed", ["done", "reopen", "later", "done 7 now", "later 7 Friday", "reopen 7 by Friday"])
def test_what_is_half_said_is_explained(typed: str) -> None:
    understood = understand_action(typed)
    assert isinstance(understood, ActionHelp)
    assert understood.problem


@pytest.mark.parametrize(
    ("due", "until", "zone", "day"),
    [
        (date(2026, 4, 20), "", "UTC", date(2026, 4, 27)),
        (date(2026, 4, 1), "", "UTC", date(2026, 4, 21)),
        (None, "", "UTC", date(2026, 4, 21)),
        (None, "", "Asia/Tokyo", date(2026, 4, 22)),
        (date(2026, 4, 20), "by Friday", "UTC", date(2026, 4, 17)),
        (None, "by tomorrow", "Asia/Tokyo", date(2026, 4, 16)),
        (date(2026, 4, 20), "by the end of the week", "UTC", None),
        (None, "by the way", "UTC", None),
    ],
)
def test_later_is_a_week_or_until_a_day_in_the_speakers_time_zone(
    due: date | None, until: str, zone: str, day: date | None
) -> None:
    assert put_off(due, until, now=TUESDAY, zone=zone) == day
