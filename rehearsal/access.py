"""What the app is allowed, and how that is taken away and given back at run time."""

from dataclasses import replace

from rehearsal.backstage import Backstage
from rehearsal.events import EventFeed


class Access:
    """The bot's token and its scopes. Its channels are taken from it by acts: `leave` as the bot, `archive`."""

    def __init__(self, stage: Backstage, feed: EventFeed) -> None:
        self._stage = stage
        self._feed = feed

    async def revoke_token(self) -> None:
        """From now on every call is `token_revoked`, no event is delivered and no command or button works."""
        bot = self._stage.workspace.bot.id
        self._feed.tell("tokens_revoked", self._event("tokens_revoked") | {"tokens": {"oauth": [], "bot": [bot]}})
        self._stage.revoked = True

    async def restore_token(self) -> None:
        """The same token is good again, as after a new installation."""
        self._stage.revoked = False

    def withhold_scopes(self, *scopes: str) -> None:
        """Methods and events that need them are refused from now on."""
        self._withhold(self._stage.manifest.withheld | set(scopes))

    def grant_scopes(self, *scopes: str) -> None:
        """Take back what was withheld; nothing beyond the manifest is granted."""
        self._withhold(self._stage.manifest.withheld - set(scopes))

    def _withhold(self, scopes: frozenset[str]) -> None:
        self._stage.manifest = replace(self._stage.manifest, withheld=scopes)

    def _event(self, kind: str) -> dict[str, object]:
        return {"type": kind, "event_ts": self._stage.workspace.clock.new_ts()}
