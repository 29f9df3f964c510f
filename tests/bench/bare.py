"""Bare Bolt, to be measured beside: it verifies, dispatches to one listener, acknowledges, and keeps nothing.

`python -m tests.bench.bare PORT` waits for its listener before it answers; with `--defaults` it does as Bolt does.
`--laden` has it load what a bot of this kind loads, too. Where it is given a SLACK_APP_TOKEN, it takes Socket Mode.
"""

import asyncio
import logging
import os
import sys
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


async def known(**_: Any) -> AuthorizeResult:
    """As with a token that was asked about once: no call for each event."""
    return AuthorizeResult(enterprise_id=None, team_id="T0MOOT", bot_token="xoxb-1", bot_user_id="U0BOT")


def app(*, defaults: bool) -> AsyncApp:
    client = AsyncWebClient(base_url=os.environ.get("SLACK_API_URL", AsyncWebClient.BASE_URL))
    secret = os.environ.get("SLACK_SIGNING_SECRET")
    bolt = AsyncApp(client=client, signing_secret=secret, authorize=known, process_before_response=not defaults)

    @bolt.event("reaction_added")
    async def added() -> None:
        pass

    @bolt.command("/topic")
    @bolt.command("/note")
    async def typed(ack: AsyncAck) -> None:
        await ack("done")

    return bolt


def over_http(bolt: AsyncApp, port: int) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", answer)
    web.run_app(server, host="127.0.0.1", port=port, print=None, access_log=None)


async def over_socket(bolt: AsyncApp) -> None:
    await AsyncSocketModeHandler(bolt).start_async()


def main(port: int, *, defaults: bool) -> None:
    logging.disable(logging.INFO)
    bolt = app(defaults=defaults)
    if "SLACK_APP_TOKEN" in os.environ:
        asyncio.run(over_socket(bolt))
    else:
        over_http(bolt, port)


if __name__ == "__main__":
    if "--laden" in sys.argv:
        import apscheduler.schedulers.asyncio  # noqa: F401
        import sqlalchemy  # noqa: F401
    main(int(sys.argv[1]), defaults="--defaults" in sys.argv)
