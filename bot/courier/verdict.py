"""What a failed call means: whether it happened, and whether trying again can help (slack.md §4.4, 2)."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from traceback import walk_tb

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError

from bot.clients import NotInstalled


class Kind(StrEnum):
    """`unclear` calls may have happened; all others certainly have not, but for `already`, which had before."""

    ALREADY = "already"
    LATER = "later"
    UNCLEAR = "unclear"
    SHUT_OUT = "shut_out"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: Kind
    error: str
    wait: timedelta | None = None
    """How long Slack has told us to wait."""


ARCHIVED = "is_archived"
NO_TOKEN = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "org_login_required",
}
_KINDS = {
    Kind.ALREADY: {"already_reacted", "already_pinned", "no_reaction", "not_pinned"},
    Kind.UNCLEAR: {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"},
    Kind.SHUT_OUT: {"not_in_channel", "channel_not_found", ARCHIVED},
    Kind.LATER: NO_TOKEN,
    Kind.UNAVAILABLE: {
        "unknown_method",
        "missing_scope",
        "not_allowed_token_type",
        "method_not_supported_for_channel_type",
        "method_deprecated",
        "method_not_allowed",
        "access_denied",
        "no_permission",
        "restricted_action",
        "not_implemented",
        "paid_teams_only",
        "not_enabled",
    },
}
_BY_ERROR = {error: kind for kind, errors in _KINDS.items() for error in errors}
_NEVER_REACHED = (aiohttp.ClientConnectorError, ConnectionRefusedError)
_LOST_ON_THE_WAY = (aiohttp.ClientError, asyncio.TimeoutError, TimeoutError, OSError)


def judge(failure: Exception) -> Verdict | None:
    """What a failure of a call to Slack means; None where it is no such failure, but an error of ours."""
    if isinstance(failure, SlackApiError):
        return _of_answer(failure)
    if isinstance(failure, NotInstalled):
        return Verdict(Kind.LATER, str(failure))
    if isinstance(failure, _NEVER_REACHED):
        return Verdict(Kind.LATER, type(failure).__name__)
    if isinstance(failure, (*_LOST_ON_THE_WAY, SlackRequestError, SlackClientError)):
        return Verdict(Kind.UNCLEAR, type(failure).__name__)
    # On an answer in plain text the SDK trips over its own feet.
    return Verdict(Kind.UNCLEAR, type(failure).__name__) if _raised_in_sdk(failure) else None


def _raised_in_sdk(failure: Exception) -> bool:
    frames = [frame for frame, _ in walk_tb(failure.__traceback__)]
    return bool(frames) and str(frames[-1].f_globals.get("__name__")).startswith("slack_sdk.")


def _of_answer(failure: SlackApiError) -> Verdict:
    response = failure.response
    # Where the body is no JSON, the SDK hands on aiohttp's answer instead of its own.
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 200)
    error = _error(response)
    if status == 429 or error in ("ratelimited", "rate_limited"):
        return Verdict(Kind.LATER, "ratelimited", _retry_after(response))
    if status >= 500 or (status < 400 and not error):
        # A page of a proxy's says nothing of whether Slack has seen the call.
        return Verdict(Kind.UNCLEAR, error or f"status {status}")
    if status in (404, 405, 501) and error not in _BY_ERROR:
        return Verdict(Kind.UNAVAILABLE, f"status {status}")
    return Verdict(_BY_ERROR.get(error, Kind.REFUSED), error)


def _error(response: object) -> str:
    try:
        return str(response.get("error", "") or "")  # type: ignore[attr-defined]
    except (AttributeError, ValueError, TypeError):
        return ""


def _retry_after(response: object) -> timedelta:
    headers = {str(name).lower(): value for name, value in (getattr(response, "headers", None) or {}).items()}
    given = str(headers.get("retry-after", "1"))
    return timedelta(seconds=int(given) if given.isdigit() else 1)
