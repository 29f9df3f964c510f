"""Installing by OAuth: the pages that send somebody to Slack and take them back, by Bolt's own flow over our tables."""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients import Clients
from bot.clock import Clock
from bot.manifest import REDIRECT_PATH, SCOPES
from bot.render import pages
from bot.render.usage import CommandNames
from bot.services import installing
from bot.services.installing import Consent
from bot.vault import Vault
from storage import installations
from storage.writer import StorageFailed, Writer

HEADERS = {
    "Content-Type": "text/html",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",  # the address has the code
    "Cache-Control": "no-store",
}
ASTRAY = frozenset({"invalid_browser", "invalid_state", "missing_code"})
"""Bolt's words for somebody who does not come from our own page."""
log = logging.getLogger(__name__)
FLOW_LOG = logging.getLogger("slack_bolt.oauth")


class WholeOrganisation(BoltError):
    """Somebody consented for an organisation, for which we have no way to speak yet."""


class InstallationStore(AsyncInstallationStore):
    """What Bolt's flow needs of a store: what was consented to is kept. To read it is the clients' business."""

    def __init__(self, writer: Writer, clock: Clock, vault: Vault, clients: Clients) -> None:
        self._writer, self._clock, self._vault, self._clients = writer, clock, vault, clients

    async def async_save(self, installation: Installation) -> None:
        """Raises BoltError, which the flow answers with a page."""
        if installation.is_enterprise_install or not installation.team_id:
            raise WholeOrganisation("an organisation, not a workspace")
        holding = f"installation:{installation.team_id}"
        consent = self._consent(installation, installation.team_id)
        try:
            await self._writer.run(installing.installed, consent, self._clock.now(), holding=holding)
        except StorageFailed as failure:
            raise BoltError(f"not stored: {failure}") from failure
        self._clients.look_again()
        log.info("installed in a workspace", extra={"team": consent.team, "user": consent.by})

    def _consent(self, told: Installation, team: str) -> Consent:
        if not told.bot_token or not told.bot_user_id:
            raise BoltError("there is no bot in it")
        return Consent(
            team=team,
            team_name=told.team_name or "",
            app=told.app_id or "",
            bot=told.bot_id or "",
            bot_user=told.bot_user_id,
            sealed=self._vault.seal(told.bot_token),
            scopes=",".join(told.bot_scopes or ()),
            by=told.user_id or None,
        )


class StateStore(AsyncOAuthStateStore):
    """Each state is good once, for ten minutes, in every process."""

    def __init__(self, writer: Writer, clock: Clock) -> None:
        self._writer, self._clock = writer, clock

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        state = secrets.token_urlsafe(32)
        await self._writer.run(installations.issue, state, self._clock.now())
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._writer.run(installations.consume, state, self._clock.now())


class Flow(AsyncOAuthFlow):
    """Bolt's flow, which would pass on whatever stands in an address, and end in an error page where Slack is away."""

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        return self.settings.authorize_url_generator.generate(state=state)

    async def run_installation(self, code: str) -> Installation | None:
        try:
            return await super().run_installation(code)
        except Exception as failure:
            log.warning("Slack could not be asked about a consent (%s)", type(failure).__name__)
            return None


class Installing:
    """`routes` are the pages, for a server that people reach."""

    def __init__(
        self,
        client: AsyncWebClient,
        client_id: str,
        client_secret: str,
        store: InstallationStore,
        states: StateStore,
        names: CommandNames,
    ) -> None:
        """`client` has no token, and says by its address where Slack is."""
        self._names, self._utils = names, OAuthStateUtils()
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=sorted(scope.name for scope in SCOPES),
            user_scopes=(),
            install_path=pages.INSTALL,
            install_page_rendering_enabled=False,
            redirect_uri_path=REDIRECT_PATH,
            callback_options=AsyncCallbackOptions(self._installed, self._failed),
            authorization_url=urljoin(client.base_url, "../oauth/v2/authorize"),
            installation_store=store,
            state_store=states,
        )
        self._flow = Flow(client=client, logger=FLOW_LOG, settings=settings)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(pages.INSTALL, self._answering(self._flow.handle_installation), allow_head=False),
            web.get(REDIRECT_PATH, self._answering(self._flow.handle_callback), allow_head=False),
        ]

    def _answering(
        self, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                response = await handle(await to_bolt_request(request))
            except StorageFailed:
                response = self._page(500, pages.failed())
            return await to_aiohttp_response(response)

        return answer

    async def _installed(self, told: AsyncSuccessArgs) -> BoltResponse:
        team = told.installation
        return self._page(200, pages.installed(team.team_name or "", team.team_id or "", self._names))

    async def _failed(self, told: AsyncFailureArgs) -> BoltResponse:
        log.warning("nothing was installed (%s)", _word(told.reason), extra={"why": told.error and str(told.error)})
        if told.reason == "access_denied":
            page = pages.cancelled()
        elif isinstance(told.error, WholeOrganisation):
            page = pages.whole_organisation()
        else:
            page = pages.came_astray() if told.reason in ASTRAY else pages.failed()
        return self._page(told.suggested_status_code, page)

    def _page(self, status: int, page: str) -> BoltResponse:
        cookie = self._utils.build_set_cookie_for_deletion()
        return BoltResponse(status=status, body=page, headers={**HEADERS, "Set-Cookie": cookie})


def _word(reason: str) -> str:
    """A word of Slack's or Bolt's. It comes in an address, which anybody can write."""
    return reason if re.fullmatch(r"\w{1,64}", reason) else "unknown"


def _without_code(record: logging.LogRecord) -> bool:
    """Bolt tells the code by which a token could be had, where it had none for it."""
    record.msg, record.args = re.sub(r"with code: \S+", "", record.getMessage()), ()
    return True


FLOW_LOG.addFilter(_without_code)
