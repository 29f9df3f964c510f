"""Whether the token of each workspace that has installed the app opens, is that workspace's, and may do what we do."""

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, good, to_do, warning
from bot.cli.scopes import granted_in, missing
from bot.courier.verdict import judge
from bot.intake import REFUSALS
from bot.render.pages import INSTALL
from bot.settings import Settings
from bot.vault import CannotOpen, Vault
from storage.installations import Installation

AT_ONCE = 8
"""So many are asked at the same time: Slack allows hundreds of these calls a minute (slack.md §1.2)."""
SUBJECT = "Workspaces"
_AGAIN = f"have the app installed there again, at {INSTALL}"


async def workspaces(
    session: aiohttp.ClientSession, settings: Settings, installed: Sequence[Installation], silent: logging.Logger
) -> list[Finding]:
    """A line for each in which something is to be done, and one for all that are right."""
    if not installed:
        return [good(SUBJECT, f"the app is in none yet: it is installed from {INSTALL}.")]
    vault, few = Vault(settings.token_keys), asyncio.Semaphore(AT_ONCE)

    async def of_one(each: Installation) -> Finding | None:
        try:
            token = vault.open(each.sealed)
        except CannotOpen:
            put_back = "put the key back that it was sealed with"
            return to_do(SUBJECT, f"no key in TOKEN_KEYS opens the token of {each.team}: {put_back}, or {_AGAIN}.")
        client = AsyncWebClient(token, settings.slack_api_url, session=session, retry_handlers=[], logger=silent)
        async with few:
            return await _asked(client, each.team)

    wrong = [each for each in await asyncio.gather(*map(of_one, installed)) if each is not None]
    right = len(installed) - len(wrong)
    return [*wrong, *([good(SUBJECT, f"token and scopes of {right:,} are right.")] if right else [])]


async def _asked(client: AsyncWebClient, team: str) -> Finding | None:
    """None where all is right."""
    try:
        answer = await client.auth_test()
    except Exception as failure:
        told = judge(failure)
        if told is None:
            raise
        if isinstance(failure, SlackApiError) and told.error in REFUSALS:
            return to_do(SUBJECT, f"Slack does not accept the token of {team} ({told.error}): {_AGAIN}.")
        return warning(SUBJECT, f"Slack does not say whether the token of {team} is good ({told.error}).")
    if answer.get("team_id") != team:
        return to_do(SUBJECT, f"the token that is kept for {team} is of {answer.get('team_id')}: {_AGAIN}.")
    granted = granted_in(answer.headers)
    lacking = [] if granted is None else [scope.name for scope in missing(granted)]
    if lacking:
        return to_do(SUBJECT, f"{team} has not granted {', '.join(lacking)}: {_AGAIN}.")
    return None
