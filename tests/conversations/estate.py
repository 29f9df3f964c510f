"""An estate: rooms in several workspaces, all served by one bot that comes into each by OAuth."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from typer.testing import CliRunner

from bot.cli.commands import app
from bot.vault import new_key
from rehearsal.server import Stage
from tests.conversations.hall import Hall
from tests.conversations.room import Message, Room


class Browser:
    """Somebody who installs the app: what they saw last, with its status, and where they were sent."""

    def __init__(self, estate: "Estate") -> None:
        self._estate, self._base = estate, f"http://127.0.0.1:{estate._port}"
        self.cookie, self.sent_to, self.page, self.status = "", "", "", 0

    def opens(self, address: str) -> None:
        """An address of the bot's own server, or one to which somebody was sent."""
        self._estate.loop.do(self._get(address if address.startswith("http") else self._base + address))

    def consents(self, *, by: str = "ana", allow: bool = True) -> str:
        """Say yes or no on Slack's page; where Slack sends them back to."""
        return self._estate.loop.do(self._estate.site.install(self.sent_to, by=by, allow=allow))

    async def _get(self, address: str) -> None:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        # aiohttp's own jar would not send a Secure cookie over plain HTTP, as there is on this machine.
        async with (
            ClientSession(cookie_jar=DummyCookieJar()) as session,
            session.get(address, headers=headers, allow_redirects=False) as answer,
        ):
            self.status, self.page = answer.status, await answer.text()
            self.sent_to = answer.headers.get("Location", "")
            self.headers = answer.headers
            self.cookie = answer.headers.get("Set-Cookie", self.cookie).partition(";")[0]


class Estate(Room):
    """The first workspace's room; `has_workspace` makes others. The app is in none until somebody `installs` it."""

    keys: str

    @property
    def team(self) -> str:
        return str(self.site.backstage.workspace.team.id)

    @property
    def now_s(self) -> int:
        return self.stage.now_us // 1_000_000

    def browser(self) -> Browser:
        return Browser(self)

    def installs(self, *, by: str = "ana") -> Browser:
        """Somebody of this workspace installs the app, to the end."""
        browser = self.browser()
        browser.opens("/slack/install")
        browser.opens(browser.consents(by=by))
        self._settle()
        return browser

    def is_uninstalled(self, **how: Any) -> None:
        """Somebody takes the app out of this workspace."""
        self.loop.do(self.site.access.uninstall(**how))
        self._settle()

    def token_is_refused(self, error: str) -> None:
        """Slack no longer takes this workspace's token, and tells nobody."""
        backstage = self.site.backstage
        backstage.refused[backstage.bot_token] = error

    def grants_less(self, *scopes: str) -> None:
        """This workspace has installed an app that asked for less."""
        here = self.site.backstage
        here.manifest = replace(here.manifest, scopes=(here.manifest.scopes or frozenset()) - set(scopes))

    def doctor(self, **settings: str) -> list[str]:
        """What the doctor says of the workspaces, beside the bot that runs."""
        done = CliRunner().invoke(app, ["doctor"], env=self._environment() | settings)
        tokens = [site.backstage.bot_token for site in self.stage.sites]
        assert not [token for token in tokens if token and token in done.output]
        return [line for line in done.stdout.splitlines() if " Workspaces: " in line]

    def told(self, event: Message, **outer: Any) -> None:
        """Slack delivers an event of this workspace."""
        team = self.site.backstage.workspace.team
        self._heard += 1
        body = {"type": "event_callback", "team_id": team.id, "api_app_id": team.app_id, "event": event}
        body |= {"event_id": f"EvTOLD{team.id}{self._heard}", "event_time": self.now_s}

        async def delivered() -> None:
            self.site.backstage.carrier.event(body | outer)

        self.loop.do(delivered())
        self._settle()

    def clicks_forged(self, element: Message, *, by: str) -> None:
        """A click here on a button that is shown somewhere else, which no client would send."""
        person = self.site.backstage.workspace.person_called(by)
        assert person
        action = {"type": "button", "action_id": element["action_id"], "block_id": "b", "value": element["value"]}
        payload = {
            "type": "block_actions",
            "team": {"id": self.team, "domain": "forged"},
            "user": {"id": person.id, "username": by, "team_id": self.team},
            "channel": {"id": self.home.id, "name": "forged"},
            "trigger_id": f"forged.{self.now_s}",
            "response_url": f"{self.stage.url}/nowhere",
            "container": {"type": "message"},
            "actions": [action],
        }
        self.loop.do(self.site.backstage.carrier.ask("interactive", payload))
        self._settle()

    def record_of(self, session: int) -> list[str]:
        """The texts of the entries that stand in a session, whosever it is."""
        found = json.loads(self.folkmoot("recap", "--session", str(session), "--format", "json"))
        return [each["text"] for each in _entries(found)]

    def calls_here(self) -> list[str]:
        """The methods that were called with a token of this workspace."""
        return [call.method for call in self.stage.web_api.calls if call.team == self.team]

    async def _open_stage(self) -> Stage:
        self.keys = new_key()
        back = f"http://127.0.0.1:{self._port}/slack/oauth_redirect"
        self._stage_options |= {"redirect_urls": [back], "installed": False}
        return await super()._open_stage()

    def _environment(self) -> dict[str, str]:
        environment = super()._environment()
        del environment["SLACK_BOT_TOKEN"]
        return environment | self.stage.bot_environment(oauth=True) | {"TOKEN_KEYS": self.keys}


class GrandEstate(Estate, Hall):
    """The same with web and worker processes of their own. Slack sends people back to the first web process."""

    @property
    def another_port(self) -> int:
        """Where the last web process is."""
        return self._ports[-1]


def _entries(found: Any) -> Iterator[Message]:
    """Whatever has a number and a kind in a record, wherever it stands."""
    if isinstance(found, dict) and {"number", "kind", "text"} <= found.keys():
        yield found
    for each in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _entries(each)
