"""Authorizing: Bolt's app, which answers for a workspace by what is known of it, and asks Slack nothing for that."""

import logging

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import Clients
from bot.deliveries import DeliveryApp
from bot.render import replies

BOLT_LOG = logging.getLogger("slack_bolt")


class Authorize(AsyncAuthorize):
    """Bolt's own ways would ask Slack each time, and drop the event where that fails."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, **_more: object
    ) -> AuthorizeResult | None:
        voice = await self._clients.of_team(team_id or "")
        if voice is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=voice.client.token,
            bot_id=voice.bot,
            bot_user_id=voice.own_user,
        )


def delivery_app(client: AsyncWebClient, clients: Clients) -> DeliveryApp:
    """`client` has no token: each request brings its own."""
    return DeliveryApp(
        client=client,
        authorize=Authorize(clients),  # type: ignore[arg-type] # Bolt knows that there may be no result
        user_facing_authorize_error_message=replies.not_installed().text,
        logger=BOLT_LOG,
        request_verification_enabled=False,  # our intake has done it
        # To Bolt, a message of ours that somebody deletes is an event of our own; listeners know us themselves.
        ignoring_self_events_enabled=False,
        # An acknowledged event is a stored event: the listener runs before the answer.
        process_before_response=True,
        raise_error_for_unhandled_request=True,  # it would log its body
    )
