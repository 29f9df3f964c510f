"""What the app is allowed in a workspace, and how that is given, taken away and given back at run time."""

import secrets
from dataclasses import replace
from typing import Literal

from rehearsal.backstage import Backstage
from rehearsal.events import EventFeed
from rehearsal.wire import Json

Leaving = Literal["tokens_revoked", "app_uninstalled"]


class Access:
    """The bot's token and its scopes. Its channels are taken from it by acts: `leave` as the bot, `archive`."""

    def __init__(self, stage: Backstage) -> None:
        self._stage = stage
        self._feed = EventFeed(stage)

    def install(self, scopes: frozenset[str] | None = None) -> str:
        """Install the app with these scopes, or all of the manifest's; its token.

        Once more while it is installed it is the same token, with these scopes too. After an end it is a new one, and
        the bot is in no channel.
        """
        stage = self._stage
        granted, held = stage.app.manifest.scopes if scopes is None else scopes, stage.manifest.scopes
        if stage.installed:
            granted = None if granted is None or held is None else granted | held
        else:
            stage.bot_token = f"xoxb-rehearsal-{secrets.token_hex(12)}"
            stage.workspace.bot.deleted = False
        stage.manifest = replace(stage.manifest, scopes=granted)
        return stage.bot_token

    async def uninstall(
        self, *, first: Leaving = "tokens_revoked", twice: bool = False, error: str = "account_inactive"
    ) -> None:
        """Somebody takes the app out of the workspace: it is told so in two events, of which either may come first.

        `twice`: Slack delivers both again. `error` is what calls with the token get from now on.
        """
        last: Leaving = "app_uninstalled" if first == "tokens_revoked" else "tokens_revoked"
        self.ended(first, last, twice=twice, error=error)

    def ended(self, *told: Leaving, twice: bool = False, error: str = "token_revoked") -> None:
        """The token is worth nothing any more, and the bot is out of its channels; the app is told by these events."""
        self._tell(*told, times=2 if twice else 1)
        stage, bot = self._stage, self._stage.workspace.bot
        if stage.bot_token:
            stage.refused[stage.bot_token] = error
        stage.responses.forget()
        bot.deleted = True
        for channel in stage.workspace.channels.values():
            if channel.kind != "im" and bot.id in channel.members:
                channel.members.remove(bot.id)

    async def revoke_token(self) -> None:
        """From now on every call is `token_revoked`, no event is delivered and no command or button works."""
        self._tell("tokens_revoked")
        self._stage.refused[self._stage.bot_token] = "token_revoked"

    async def restore_token(self) -> None:
        """The same token is good again, as after a new installation."""
        self._stage.refused.pop(self._stage.bot_token, None)

    def withhold_scopes(self, *scopes: str) -> None:
        """Methods and events that need them are refused from now on."""
        self._withhold(self._stage.manifest.withheld | set(scopes))

    def grant_scopes(self, *scopes: str) -> None:
        """Take back what was withheld; nothing beyond the manifest is granted."""
        self._withhold(self._stage.manifest.withheld - set(scopes))

    def _withhold(self, scopes: frozenset[str]) -> None:
        self._stage.manifest = replace(self._stage.manifest, withheld=scopes)

    def _tell(self, *kinds: Leaving, times: int = 1) -> None:
        """Deliver these events, one after the other, and the same ones again."""
        events = [self._feed.envelope_of(kind, self._event(kind)) for kind in kinds]
        self._stage.dispatch.events_in_turn([each for each in events if each] * times)

    def _event(self, kind: Leaving) -> Json:
        event: Json = {"type": kind, "event_ts": self._stage.workspace.stamps.new()}
        if kind == "tokens_revoked":
            event["tokens"] = {"oauth": [], "bot": [self._stage.workspace.bot.id]}
        return event
