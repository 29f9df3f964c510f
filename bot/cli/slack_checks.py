"""What Slack says to the doctor: the token, its scopes, the clock, and whether deliveries can reach us."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, good, to_do, warning
from bot.cli.link_checks import install_page, public, socket
from bot.cli.scopes import granted_in, header, missing
from bot.cli.workspace_checks import workspaces
from bot.clock import TOLERANCE, SystemClock
from bot.courier.verdict import judge
from bot.intake import REFUSALS, SIGNED_WITHIN
from bot.manifest import SCOPES
from bot.settings import Settings
from storage.installations import Installation

TIMEOUT = 10
HALF_A_SECOND = timedelta(seconds=0.5)
_SILENT = logging.getLogger("folkmoot.doctor.silent")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False  # the SDK would tell twice what we say in a sentence


class _OutOfReach(Exception):
    """Slack does not answer at all, so there is nothing else to ask."""


async def ask_slack(
    settings: Settings, address: str | None, *, alone: bool, installed: Sequence[Installation] | None = None
) -> list[Finding]:
    """All that Slack can be asked without changing anything.

    `alone`: no bot runs whose deliveries we could take. `installed`: where workspaces install the app themselves, each
    of them; None where that cannot be read.
    """
    limit = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=limit) as session:
        client = AsyncWebClient(
            settings.slack_bot_token, settings.slack_api_url, session=session, retry_handlers=[], logger=_SILENT
        )
        try:
            found = await _who_we_are(client, settings)
        except _OutOfReach as failure:
            return [_nowhere(settings, str(failure))]
        if installed is not None:
            found += await workspaces(session, settings, installed, _SILENT)
        if settings.slack_app_token is None:
            return found + await public(session, address)
        found += await socket(session, client, settings, alone=alone)
        if settings.slack_client_id is not None:
            return found + await install_page(session, address)
        return found + ([warning("Public address", "Slack does not call it over Socket Mode.")] if address else [])


async def _who_we_are(client: AsyncWebClient, settings: Settings) -> list[Finding]:
    clock, many = SystemClock(), settings.slack_client_id is not None
    asked = clock.now()
    try:
        answer: Any = await (client.api_test() if many else client.auth_test())
    except Exception as failure:
        told = judge(failure)
        if told is None:
            raise
        if not isinstance(failure, SlackApiError):
            raise _OutOfReach(told.error) from failure
        return [_refused(told.error), *_clock(failure.response.headers, asked, clock.now(), settings)]
    if many:
        each = good("Token", "workspaces install the app themselves, and each has a token of its own.")
        return [each, *_clock(answer.headers, asked, clock.now(), settings)]
    who = f"the token is @{answer.get('user')}'s in the workspace {answer.get('team')} ({answer.get('team_id')})."
    clock_found = _clock(answer.headers, asked, clock.now(), settings)
    return [good("Token", who), *_scopes(answer.headers), *clock_found]


def _refused(error: str) -> Finding:
    if error in REFUSALS:
        where = "copy the Bot User OAuth Token again from the app's page, under OAuth & Permissions"
        return to_do("Token", f"SLACK_BOT_TOKEN is not accepted by Slack ({error}): {where}.")
    return to_do("Token", f"Slack does not say whose it is ({error}): try again in a minute.")


def _nowhere(settings: Settings, error: str) -> Finding:
    way = "see that this machine reaches it, and that no proxy is in the way"
    return to_do("Slack", f"it does not answer at {urlsplit(settings.slack_api_url).hostname} ({error}): {way}.")


def _scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    granted = granted_in(headers)
    if granted is None:
        yield warning("Scopes", "this Slack does not say which are granted.")
        return
    for scope in missing(granted):
        how = "add it under OAuth & Permissions, then install the app again"
        yield to_do("Scopes", f"{scope.name} is missing ({scope.why}): {how}.")
    if more := sorted(granted - {scope.name for scope in SCOPES}):
        yield warning("Scopes", f"nothing here uses {', '.join(more)}: you may take that away from the app.")
    if not missing(granted):
        yield good("Scopes", f"all {len(SCOPES)} that are needed are granted.")


def _clock(headers: Mapping[str, str], asked: datetime, answered: datetime, settings: Settings) -> Iterator[Finding]:
    """Slack's Date is of a whole second; the call took its time."""
    if settings.folkmoot_clock_url is not None:
        yield good("Clock", "a rehearsal sets it.")
        return
    try:
        theirs = parsedate_to_datetime(header(headers, "date") or "").astimezone(UTC)
    except ValueError:
        yield warning("Clock", "Slack does not tell what time it is, so it was not compared.")
        return
    ahead = asked + (answered - asked) / 2 - theirs - HALF_A_SECOND
    if abs(ahead) <= TOLERANCE + (answered - asked) / 2:
        yield good("Clock", "it agrees with Slack's.")
        return
    off = f"{round(abs(ahead.total_seconds()))} seconds {'ahead of' if ahead > timedelta() else 'behind'} Slack's"
    if settings.slack_app_token is None and abs(ahead) >= timedelta(seconds=SIGNED_WITHIN):
        yield to_do("Clock", f"it is {off}, so no request of Slack's would be taken: set this machine's time right.")
        return
    yield warning("Clock", f"it is {off}. Folkmoot goes by Slack's; set this machine's time right all the same.")
