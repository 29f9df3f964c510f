"""The clients: by which right we speak in a workspace. Whoever calls Slack asks here, and gets no other's token."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.services import installing
from bot.vault import CannotOpen, Vault
from minutes.ids import UserId
from storage import installations
from storage.installations import Installation
from storage.reader import Reader
from storage.writer import StorageFailed, Writer

KNOWN_FOR = 10.0
"""Seconds for which what was read of an installation is believed; another process may have changed it meanwhile."""
VOID = frozenset({"account_inactive", "token_revoked", "invalid_auth"})
"""Slack's words for a token that will never do again, where it was good before."""
log = logging.getLogger(__name__)


class NotInstalled(Exception):
    """There is no token with which to speak in a workspace; says why in a word for the log."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How we speak in a workspace: `bot` and `own_user` are our own ids there, as far as they are known."""

    client: AsyncWebClient
    own_user: UserId | None
    bot: str | None = None
    installation: int | None = None


class Clients(Protocol):
    async def of_team(self, team: str) -> Voice | None:
        """For what Slack delivers; None where the app is not installed."""

    async def of_workspace(self, workspace: int) -> Voice:
        """For what is owed, by our own number; raises NotInstalled."""

    async def refused(self, voice: Voice, failure: SlackApiError) -> None:
        """Slack has refused a call of this voice."""

    def look_again(self) -> None:
        """An installation has changed."""


class OneClient:
    """One workspace, by a token from the environment: whoever runs us sees to it that it is good."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self.own_user: UserId | None = None

    async def of_team(self, _team: str) -> Voice | None:
        return Voice(self._client, self.own_user)

    async def of_workspace(self, _workspace: int) -> Voice:
        return Voice(self._client, self.own_user)

    async def refused(self, voice: Voice, failure: SlackApiError) -> None:
        pass

    def look_again(self) -> None:
        pass


class ManyClients:
    """Many workspaces, each by the token that is stored for it. `make` makes a client of a token."""

    def __init__(
        self, reader: Reader, writer: Writer, clock: Clock, vault: Vault, make: Callable[[str], AsyncWebClient]
    ) -> None:
        self._reader, self._writer, self._clock, self._vault, self._make = reader, writer, clock, vault, make
        self._known: dict[str | int, tuple[float, Installation, Voice]] = {}

    async def check(self) -> None:
        """Raises CannotOpen, with the workspaces whose tokens none of the keys opens."""
        closed = [each.team for each in await self._reader.ask(installations.standing) if not self._opens(each)]
        if closed:
            raise CannotOpen(", ".join(closed))

    async def of_team(self, team: str) -> Voice | None:
        return self._fresh(team) or self._note(team, await self._reader.ask(installations.of_team, team))

    async def of_workspace(self, workspace: int) -> Voice:
        found = self._fresh(workspace)
        found = found or self._note(workspace, await self._reader.ask(installations.of_workspace, workspace))
        if found is None:
            raise NotInstalled("not_installed")
        return found

    async def refused(self, voice: Voice, failure: SlackApiError) -> None:
        """What is due in that workspace stops. Where that cannot be stored, the next refusal will tell it again."""
        error = str(failure.response.get("error"))
        if error not in VOID or voice.installation is None:
            return
        self.look_again()
        with suppress(StorageFailed):
            if await self._writer.run(installing.refused, voice.installation, self._clock.now()):
                told = {"installation": voice.installation, "why": error}
                log.warning("a workspace's token is void: nothing is owed there any more", extra=told)

    def look_again(self) -> None:
        self._known.clear()

    def _fresh(self, which: str | int) -> Voice | None:
        read_at, _, voice = self._known.get(which, (-KNOWN_FOR, None, None))
        return voice if monotonic() - read_at < KNOWN_FOR else None

    def _note(self, which: str | int, found: Installation | None) -> Voice | None:
        """Note what was read. Of what is no longer there not even the token stays."""
        _, before, voice = self._known.pop(which, (0, None, None))
        if found is None:
            return None
        if voice is None or found != before:
            voice = self._voice(found)
        self._known[which] = (monotonic(), found, voice)
        return voice

    def _voice(self, found: Installation) -> Voice:
        try:
            client = self._make(self._vault.open(found.sealed))
        except CannotOpen:
            log.error("TOKEN_KEYS does not open the token of a workspace", extra={"team": found.team})
            raise NotInstalled("no_key") from None
        return Voice(client, found.bot_user, found.bot, found.id)

    def _opens(self, found: Installation) -> bool:
        with suppress(CannotOpen):
            return bool(self._vault.open(found.sealed))
        return False
