"""The Slack app's manifest, held against what the code listens to and calls."""

import re
from dataclasses import astuple
from pathlib import Path
from typing import Any

import yaml

from bot.render.usage import CommandNames
from rehearsal.manifest import load_manifest
from rehearsal.web_api import METHODS

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

# Slack's reference pages, one line each (slack.md §1, §2).
NEEDED_BY_EVENT = {
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}
CONVERSATIONS = {
    "history": {"channels:history", "groups:history", "im:history", "metadata.message:read"},
    "read": {"channels:read", "groups:read"},
}
NEEDED_BY_METHOD = {
    "apps.connections.open": set(),  # the app-level token's own scope
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": CONVERSATIONS["history"],
    "conversations.info": CONVERSATIONS["read"],
    "conversations.replies": CONVERSATIONS["history"],
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "pins.add": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "users.info": {"users:read"},
    "views.open": set(),
}
SEVERAL = {"files_upload_v2": {"files.getUploadURLExternal", "files.completeUploadExternal"}}


def methods_called() -> set[str]:
    """Every Web API method that the code calls, by Slack's name."""
    found = set(re.findall(r"client\.([a-z]+_[A-Za-z_0-9]+)\b", SOURCE)) - {"web_client", "wss_uri"}
    named = {
        "apps.connections.open" if name == "apps_connections_open" else name.replace("_", ".", 1) for name in found
    }
    return (named - {name.replace("_", ".", 1) for name in SEVERAL}).union(
        *(SEVERAL[name] for name in found & set(SEVERAL))
    )


def test_the_commands_are_those_that_the_bot_answers() -> None:
    commands = {each["command"]: each for each in MANIFEST["features"]["slash_commands"]}

    assert sorted(commands) == sorted(astuple(CommandNames()))
    for each in commands.values():
        assert each["should_escape"], "without it a mention arrives as a name that anybody may have"
        assert each["description"]


def test_the_events_are_those_that_somebody_listens_to() -> None:
    heard = set(re.findall(r"@app\.event\(\"(\w+)\"\)", SOURCE))

    assert {event.partition(".")[0] for event in EVENTS} == heard
    assert {event for event in EVENTS if event.startswith("message")} == {
        "message.channels",
        "message.groups",
        "message.im",
    }


def test_every_method_that_is_called_has_its_scope_and_no_scope_is_idle() -> None:
    assert methods_called() <= set(NEEDED_BY_METHOD), "a new method: add it here with the scopes of its page"
    needed = set().union({"commands"}, *(NEEDED_BY_METHOD[name] for name in methods_called()))
    needed |= set().union(*(NEEDED_BY_EVENT[event] for event in EVENTS))

    assert needed == SCOPES


def test_the_stand_in_slack_knows_every_method_and_asks_for_the_same_scopes() -> None:
    for name in methods_called():
        scope = METHODS[name].scope
        assert {scope} - {""} <= NEEDED_BY_METHOD[name], name


def test_buttons_and_dialogs_can_arrive_over_socket_mode() -> None:
    settings = MANIFEST["settings"]

    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert not settings["token_rotation_enabled"], "the token comes from the environment and must not expire"


def test_the_stand_in_slack_reads_the_same_manifest() -> None:
    read = load_manifest(ROOT / "manifest.yaml")

    assert (read.scopes, read.events) == (SCOPES, EVENTS)
