"""What a failed call means, and how fast calls may follow each other."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.courier.pace import KINDS, Pace
from bot.courier.verdict import Kind, judge
from bot.services import duties
from storage.outbox import Duty, DutyState

START = datetime(2026, 4, 21, 13, 0, tzinfo=UTC)


def refused(error: str | None, status: int = 200, **headers: str) -> SlackApiError:
    data: Any = {} if error is None else {"ok": False, "error": error}
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers=headers,
        status_code=status,
    )
    return SlackApiError("refused", response)


class Page:
    """aiohttp's answer, which the SDK hands on where the body is no JSON."""

    def __init__(self, status: int) -> None:
        self.status = status


def test_an_answer_that_the_sdk_cannot_read_is_unclear() -> None:
    response = refused(None).response
    response.data = "<an answer in plain text>"
    with pytest.raises(AttributeError) as failure:
        response.validate()

    verdict = judge(failure.value)
    assert verdict is not None
    assert verdict.kind is Kind.UNCLEAR


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (refused("already_reacted"), Kind.ALREADY),
        (refused("ratelimited", 429), Kind.LATER),
        (refused("rate_limited"), Kind.LATER),
        (refused("token_revoked"), Kind.LATER),
        (refused("internal_error"), Kind.UNCLEAR),
        (refused("fatal_error", 500), Kind.UNCLEAR),
        (refused(None, 503), Kind.UNCLEAR),
        (refused(None, 200), Kind.UNCLEAR),
        (SlackApiError("a page", Page(502)), Kind.UNCLEAR),
        (SlackApiError("a page", Page(200)), Kind.UNCLEAR),
        (refused("not_in_channel"), Kind.SHUT_OUT),
        (refused("missing_scope"), Kind.UNAVAILABLE),
        (refused("unknown_method"), Kind.UNAVAILABLE),
        (refused(None, 404), Kind.UNAVAILABLE),
        (refused("msg_too_long"), Kind.REFUSED),
        (refused("a word of next year's"), Kind.REFUSED),
        (ConnectionRefusedError(), Kind.LATER),
        (TimeoutError(), Kind.UNCLEAR),
        (aiohttp.ServerDisconnectedError(), Kind.UNCLEAR),
        (ConnectionResetError(), Kind.UNCLEAR),
        (SlackRequestError("the upload failed"), Kind.UNCLEAR),
        (KeyError("a mistake of ours"), None),
        (json.JSONDecodeError("", "", 0), None),
    ],
    ids=lambda given: f"{given!r:.60}",
)
def test_whether_it_happened_and_whether_to_try_again(failure: Exception, kind: Kind | None) -> None:
    verdict = judge(failure)

    assert (verdict and verdict.kind) == kind


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("0", 0), ("soon", 1), (None, 1)])
def test_slack_says_how_long_to_wait(header: str | None, seconds: int) -> None:
    verdict = judge(refused("ratelimited", 429, **({} if header is None else {"Retry-After": header})))

    assert verdict is not None
    assert verdict.wait == timedelta(seconds=seconds)


def duty(kind: str, channel: str = "C0MOOT", workspace: int = 1) -> Duty:
    return Duty(
        id=1,
        workspace=workspace,
        key="key",
        kind=kind,
        lane="lane",
        channel=channel,
        payload={},
        state=DutyState.WAITING,
        version=1,
        attempts=0,
        owed_at=START,
        not_before=START,
        leased_until=None,
        sent_at=None,
        slack_ts=None,
    )


# slack.md §1.2: calls a minute and workspace.
MOST_A_MINUTE = {
    duties.POST: 300,
    duties.REDRAW: 50,
    duties.REACT: 50,
    duties.PIN: 20,
    duties.HINT: 100,
    duties.FILE: 100,
    duties.PERSON: 100,
    duties.CHANNEL: 50,
}


@given(
    kind=st.sampled_from(sorted(MOST_A_MINUTE)),
    pauses=st.lists(st.sampled_from([0, 0, 0, 0.1, 1, 5, 40]), min_size=50, max_size=400),
    channels=st.integers(1, 40),
)
def test_no_minute_has_more_calls_than_slack_allows(kind: str, pauses: list[float], channels: int) -> None:
    """Whenever people ask: each call is made as soon as the pace allows."""
    pace, now, made = Pace({}), START, list[tuple[datetime, str]]()
    for number, pause in enumerate(pauses):
        now += timedelta(seconds=pause)
        wanted = duty(kind, f"C{number % channels}")
        now = max(now, pace.free_at(wanted, now))
        pace.spend(wanted, now)
        made.append((now, wanted.channel))

    for at, channel in made:
        within = [other for other, _ in made if at <= other < at + timedelta(minutes=1)]
        assert len(within) <= MOST_A_MINUTE[kind]
        if kind == duties.POST:
            here = [other for other, where in made if where == channel and at <= other < at + timedelta(seconds=4)]
            assert len(here) <= 4


@given(spent=st.lists(st.sampled_from(sorted(KINDS)), max_size=60), wait=st.sampled_from([0, 0.5, 3, 30]))
def test_a_kind_is_held_as_long_as_no_duty_of_it_can_be_tried(spent: list[str], wait: float) -> None:
    """Where it is looked at, each duty still waits for its own channel."""
    pace, now = Pace({}), START + timedelta(seconds=wait)
    for number, kind in enumerate(spent):
        pace.spend(duty(kind, f"C{number}"), START)

    for kind in KINDS:
        assert pace.held(now).get((1, kind), now) == pace.free_at(duty(kind, "C0FRESH"), now)


def test_who_is_told_to_wait_holds_up_nobody_else() -> None:
    pace = Pace({})
    pace.shut(duty(duties.POST), START + timedelta(minutes=10))

    assert pace.free_at(duty(duties.POST), START) == START + timedelta(minutes=10)
    assert pace.free_at(duty(duties.POST, "C0OTHER"), START) == START
    assert pace.free_at(duty(duties.POST, workspace=2), START) == START
    assert pace.free_at(duty(duties.REDRAW), START) == START
