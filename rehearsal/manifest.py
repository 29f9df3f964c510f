"""What the app's manifest lets it do: its scopes, its events, its slash commands and its shortcuts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DEFAULT_BOT_NAME = "folkmoot"


@dataclass(frozen=True)
class SlashCommand:
    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """`kind` is `message` or `global`."""

    callback_id: str
    name: str
    kind: str
    description: str = ""


@dataclass(frozen=True)
class Manifest:
    """`None` for scopes, events, commands or shortcuts: there is no manifest, so everything is allowed."""

    bot_name: str = DEFAULT_BOT_NAME
    app_name: str = "Folkmoot"
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None
    commands: dict[str, SlashCommand] | None = field(default=None, hash=False)
    shortcuts: tuple[Shortcut, ...] | None = None
    interactive: bool = True
    home_tab: bool = True
    user_scopes: frozenset[str] = frozenset()
    redirect_urls: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()

    def grants(self, scope: str) -> bool:
        return scope not in self.withheld and (self.scopes is None or scope in self.scopes)

    @property
    def provided(self) -> list[str]:
        """The scopes that the token has, as Slack lists them."""
        return sorted((self.scopes or frozenset()) - self.withheld)

    def hears(self, event: str) -> bool:
        return self.events is None or event in self.events

    def shortcuts_of(self, kind: str) -> list[Shortcut]:
        return [each for each in self.shortcuts or () if each.kind == kind]

    def command(self, name: str) -> SlashCommand | None:
        """The command as declared; without a manifest any name is one."""
        if self.commands is None:
            return SlashCommand(name, should_escape=True)
        return self.commands.get(name)


def load_manifest(path: Path | None) -> Manifest:
    """The manifest in a file, or one that allows everything when there is no such file."""
    if path is None or not path.exists():
        return Manifest()
    document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    features = _section(document, "features")
    settings = _section(document, "settings")
    oauth = _section(document, "oauth_config")
    scopes = _section(oauth, "scopes")
    return Manifest(
        bot_name=_section(features, "bot_user").get("display_name", DEFAULT_BOT_NAME),
        app_name=_section(document, "display_information").get("name", "Folkmoot"),
        scopes=frozenset(scopes.get("bot") or ()),
        events=frozenset(_section(settings, "event_subscriptions").get("bot_events") or ()),
        commands={entry["command"]: _command(entry) for entry in features.get("slash_commands") or ()},
        home_tab=bool(_section(features, "app_home").get("home_tab_enabled")),
        shortcuts=tuple(_shortcut(entry) for entry in features.get("shortcuts") or ()),
        interactive=bool(_section(settings, "interactivity").get("is_enabled")),
        user_scopes=frozenset(scopes.get("user") or ()),
        redirect_urls=tuple(oauth.get("redirect_urls") or ()),
    )


def _section(document: dict[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}


def _command(entry: dict[str, Any]) -> SlashCommand:
    return SlashCommand(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
    )


def _shortcut(entry: dict[str, Any]) -> Shortcut:
    return Shortcut(entry["callback_id"], entry["name"], entry["type"], entry.get("description", ""))
