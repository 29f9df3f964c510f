"""Whether Slack's deliveries can reach us: over Socket Mode, or at a public address."""

import asyncio
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, good, to_do, warning
from bot.courier.verdict import judge
from bot.intake import REFUSALS, UNSIGNED
from bot.manifest import EVENTS_PATH
from bot.render.pages import INSTALL
from bot.settings import Settings

HELLO_WITHIN = 10
_APP_TOKEN = "generate one under Basic Information, App-Level Tokens"  # noqa: S105 # words about a token
UNTRIED = warning("Public address", "it was not tried: give it with --url, as Slack has it.")
_SWITCH = "switch Socket Mode on, on the app's page"


async def socket(
    session: aiohttp.ClientSession, client: AsyncWebClient, settings: Settings, *, alone: bool
) -> list[Finding]:
    """Whether Slack would open a connection, and whether one is up: that of the bot that runs, or else one of ours."""
    try:
        answer = await client.apps_connections_open(app_token=settings.slack_app_token or "")
    except Exception as failure:
        told = judge(failure)
        if told is None:
            raise
        return [to_do("Socket Mode", _closed(told.error, refused=isinstance(failure, SlackApiError)))]
    if settings.health_port is not None and (running := await _link_of_the_bot(session, settings)):
        return [running]
    if not alone:
        # Slack hands each delivery to any one of its connections: what came to ours would be lost to the bot.
        return [good("Socket Mode", "Slack opens connections. None was tried, so as to take nothing from a bot's.")]
    return [await _hello(session, str(answer["url"]))]


def _closed(error: str, *, refused: bool) -> str:
    if error in REFUSALS:
        return f"SLACK_APP_TOKEN is not accepted by Slack ({error}): {_APP_TOKEN}."
    if error == "missing_scope":
        return f"SLACK_APP_TOKEN may not open connections: {_APP_TOKEN}, with the scope connections:write."
    return f"Slack opens no connection ({error}): {_SWITCH if refused else 'try again in a minute'}."


async def _link_of_the_bot(session: aiohttp.ClientSession, settings: Settings) -> Finding | None:
    """What the bot that runs here says of its connection; None where none answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 # compared, not listened on
    page = await _json(session, f"http://{host}:{settings.health_port}/readyz")
    slack = page.get("slack") if page else None
    if not isinstance(slack, dict):
        return None
    if slack.get("reaches_us"):
        return good("Socket Mode", "the bot that runs here is connected.")
    return to_do("Socket Mode", f"the bot that runs here is not connected: its log says why. {page.get('why', '')}")


async def _hello(session: aiohttp.ClientSession, url: str) -> Finding:
    """Until Slack greets us; then it is closed, before anything else can come."""
    try:
        async with asyncio.timeout(HELLO_WITHIN), session.ws_connect(url) as link:
            greeting = dict(await link.receive_json())
    except (aiohttp.ClientError, TimeoutError, TypeError, ValueError) as failure:
        way = "see that this machine may open WebSockets to Slack, and that no proxy is in the way"
        return to_do("Socket Mode", f"no connection comes about ({type(failure).__name__}): {way}.")
    if greeting.get("type") == "hello":
        return good("Socket Mode", "a connection comes about.")
    return to_do("Socket Mode", f"Slack closes the connection ({greeting.get('reason')}): {_SWITCH}.")


async def public(session: aiohttp.ClientSession, address: str | None) -> list[Finding]:
    """Whether Folkmoot answers where Slack calls."""
    if address is None:
        return [UNTRIED]
    try:
        # Unsigned, so it is refused before it is read.
        async with session.post(address + EVENTS_PATH, json={}, allow_redirects=False) as answer:
            status, told = answer.status, await _read(answer)
    except aiohttp.ClientConnectorCertificateError:
        return [to_do("Public address", f"the certificate of {address} is not good, and Slack would not call there.")]
    except (aiohttp.ClientError, TimeoutError) as failure:
        return [_nobody(address, failure)]
    if status != 401 or told.get("error") != UNSIGNED:
        return [_somebody_else(address + EVENTS_PATH, status)]
    health = await _json(session, f"{address}/healthz")
    if health and health.get("healthy") is False:
        return [to_do("Public address", f"the bot at {address} is not well: {health.get('why')}.")]
    well = ", and is well" if health and health.get("healthy") else ""
    return [good("Public address", f"Folkmoot answers at {address}{EVENTS_PATH}{well}.")]


def _nobody(address: str, failure: Exception) -> Finding:
    how = "start the bot, and see that the name and the proxy lead to it"
    return to_do("Public address", f"nothing answers at {address} ({type(failure).__name__}): {how}.")


def _somebody_else(at: str, status: int) -> Finding:
    how = "see that the bot runs, and that the proxy hands this path on to it"
    return to_do("Public address", f"at {at} somebody else answers (status {status}): {how}.")


async def install_page(session: aiohttp.ClientSession, address: str | None) -> list[Finding]:
    """Whether people reach the page from which they install the app: what it would begin is not gone on with."""
    if address is None:
        return [UNTRIED]
    try:
        async with session.head(address + INSTALL, allow_redirects=False) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError) as failure:
        return [_nobody(address, failure)]
    if status != 405:  # it is there, and for browsers alone
        return [_somebody_else(address + INSTALL, status)]
    return [good("Public address", f"people can install the app at {address}{INSTALL}.")]


async def _json(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """What a page of a bot's says; empty where it cannot be read. It need not be public."""
    try:
        async with session.get(url, allow_redirects=False) as answer:
            return await _read(answer)
    except (aiohttp.ClientError, TimeoutError):
        return {}


async def _read(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = await answer.json(content_type=None)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
