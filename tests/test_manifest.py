"""The Slack app's manifest, held against Slack's rules for it, and against what the code listens to and calls."""

import ast
import json
import re
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from bot import manifest as room
from bot.cli.commands import app
from bot.command_names import CommandNames, named
from bot.intake import PATH
from bot.settings import VARIABLES
from rehearsal import events as told
from rehearsal.manifest import load_manifest
from rehearsal.web_api import METHODS
from tests.manifest_rules import broken

ROOT = Path(__file__).parents[1]
WRITTEN = (ROOT / "manifest.yaml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(WRITTEN)
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENTS = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
ADDRESS = "https://moot.example.org"

# Slack's reference pages, one line each (slack.md §1, §2).
NEEDED_BY_EVENT: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
CONVERSATIONS = {
    "history": {"channels:history", "groups:history", "im:history", "metadata.message:read"},
    "read": {"channels:read", "groups:read"},
}
NEEDED_BY_METHOD = {
    "api.test": set(),
    "apps.connections.open": set(),  # the app-level token's own scope
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": CONVERSATIONS["history"],
    "conversations.info": CONVERSATIONS["read"],
    "conversations.members": CONVERSATIONS["read"],
    "conversations.open": {"im:write"},
    "conversations.replies": CONVERSATIONS["history"],
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "pins.add": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "reactions.get": {"reactions:read"},
    "reactions.remove": {"reactions:write"},
    "usergroups.users.list": {"usergroups:read"},
    "users.conversations": CONVERSATIONS["read"],
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
UPLOADING = {"files.getUploadURLExternal", "files.completeUploadExternal"}


def methods_called() -> set[str]:
    """Every Web API method that the code calls, by Slack's name: whatever it calls the client by which it does."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "bot").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    found = {name for name in used if re.match("[a-z]+_", name) and hasattr(AsyncWebClient, name)} - {"api_call"}
    assert "api_call" not in used, "a method that is called by its name in words is not found here"
    plain = {name.replace("_", ".") for name in found - {"files_upload_v2"}}
    return plain | (UPLOADING if "files_upload_v2" in found else set())


Say = Callable[..., Any]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """`folkmoot manifest` with these options, where these variables are set; what it writes, read."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def said(*options: str, **variables: str) -> Any:
        done = CliRunner().invoke(app, ["manifest", *options], env=variables)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if "--json" in options else yaml.safe_load(done.stdout)

    return said


def commands(manifest: dict[str, Any]) -> list[str]:
    return [each["command"] for each in manifest["features"]["slash_commands"]]


def test_the_manifest_in_the_repository_is_what_folkmoot_writes(say: Say) -> None:
    assert CliRunner().invoke(app, ["manifest"]).stdout == WRITTEN
    assert say("--json") == MANIFEST
    assert say("--socket") == MANIFEST


@pytest.mark.parametrize(
    "options", [(), ("--socket",), ("--url", ADDRESS), ("--url", ADDRESS, "--socket"), ("--commands-prefix", "p" * 24)]
)
def test_slack_takes_every_manifest_by_its_published_rules(say: Say, options: tuple[str, ...]) -> None:
    assert broken(say(*options)) == []


@given(prefix=st.from_regex(r"\A[a-z0-9][a-z0-9_-]{0,23}\Z"), path=st.from_regex(r"\A(/[a-z]{1,9}){0,3}/?\Z"))
def test_slack_takes_it_whatever_the_commands_and_the_address_are(prefix: str, path: str) -> None:
    url = room.public_address(ADDRESS + path)

    assert broken(room.manifest(named(prefix), url=url, socket=False)) == []


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("display_information", "name"), "F" * 36),
        (("features", "slash_commands"), []),
        (("features", "slash_commands", 0, "command"), "/" + "a" * 32),
        (("features", "slash_commands", 0, "command"), "topic"),
        (("features", "slash_commands", 1, "command"), "/topic"),
        (("features", "slash_commands", 0, "url"), ADDRESS),
        (("features", "shortcuts"), []),
        (("features", "unfurl_domains"), []),
        (("oauth_config", "scopes", "bot"), ["chat:write"]),
        (("oauth_config", "redirect_urls"), []),
        (("settings", "socket_mode_enabled"), False),
        (("settings", "event_subscriptions", "bot_events"), ["reaction_added", "reaction_added"]),
        (("settings", "interactivity", "request_url"), ADDRESS),
    ],
)
def test_the_rules_find_what_slack_would_refuse(at: tuple[str | int, ...], value: Any) -> None:
    manifest = yaml.safe_load(WRITTEN)
    place = manifest
    for each in at[:-1]:
        place = place[each]
    place[at[-1]] = value

    assert broken(manifest)


def test_over_http_slack_calls_one_address_for_everything(say: Say) -> None:
    manifest = say("--url", ADDRESS)

    addresses = [each["url"] for each in manifest["features"]["slash_commands"]]
    addresses += [manifest["settings"][each]["request_url"] for each in ("event_subscriptions", "interactivity")]
    assert set(addresses) == {ADDRESS + PATH}
    assert manifest["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]
    assert not manifest["settings"]["socket_mode_enabled"]


def test_socket_mode_is_kept_beside_an_address_for_installing(say: Say) -> None:
    manifest = say("--url", ADDRESS, "--socket")

    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (f"{ADDRESS}/", ADDRESS),
        (ADDRESS + PATH, ADDRESS),
        (f" {ADDRESS}:8443/moot/ ", f"{ADDRESS}:8443/moot"),
        ("http://moot.example.org", None),
        ("moot.example.org", None),
        ("https://", None),
        (f"{ADDRESS}?a=b", None),
        (f"{ADDRESS}:port", None),
        ("https://ana:secret@moot.example.org", None),
        (f"{ADDRESS}/ a", None),
        (ADDRESS + "/a" * 1250, None),
    ],
)
def test_an_address_is_one_that_slack_can_call(given: str, address: str | None) -> None:
    assert room.public_address(given) == address


@pytest.mark.usefixtures("say")
def test_an_address_that_is_none_is_refused_with_an_example() -> None:
    done = CliRunner().invoke(app, ["manifest", "--url", "http://moot.example.org"])

    assert done.exit_code == 1
    assert done.stderr == "--url takes the address at which Slack reaches the bot, such as https://moot.example.org.\n"


def test_the_commands_are_called_as_the_settings_say_and_the_option_says_it_louder(say: Say) -> None:
    assert sorted(commands(say())) == sorted(astuple(CommandNames()))
    assert "/ptg-topic" in commands(say(COMMANDS_PREFIX="ptg-"))
    own = commands(say("--commands-prefix", "kata-", COMMANDS_PREFIX="ptg-", COMMAND_NOTE="/jot"))
    assert {"/kata-topic", "/jot"} <= set(own)


@pytest.mark.usefixtures("say")
def test_a_prefix_that_the_bot_does_not_have_yet_is_told_as_something_to_set() -> None:
    words = ["manifest", "--commands-prefix", "ptg-"]

    assert "Set COMMANDS_PREFIX=ptg- for the bot too" in CliRunner().invoke(app, words).stderr
    assert CliRunner().invoke(app, words, env={"COMMANDS_PREFIX": "ptg-"}).stderr == ""


@pytest.mark.usefixtures("say")
def test_names_that_slack_would_refuse_are_told_as_wrong_settings() -> None:
    done = CliRunner().invoke(app, ["manifest", "--commands-prefix", "PTG-"], env={"COMMAND_NOTE": "jot"})

    assert (done.exit_code, done.stdout) == (1, "")
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["COMMANDS_PREFIX", "COMMAND_NOTE"]


def test_folkmoot_commands_lists_what_people_type_by_the_names_in_force(say: Say) -> None:
    listed = CliRunner().invoke(app, ["commands"], env={"COMMANDS_PREFIX": "ptg-", "COLUMNS": "200"}).stdout

    assert all(f"/ptg-{each.key} " in listed for each in room.COMMANDS)
    assert not re.search(r"(?<!\w)/(topic|session)\b", listed)


def test_mentions_in_commands_arrive_as_ids() -> None:
    assert all(each["should_escape"] for each in MANIFEST["features"]["slash_commands"]), "names are anybody's"
    assert {each.key for each in room.COMMANDS} == {name[1:] for name in astuple(CommandNames())}


@pytest.mark.parametrize("each", [*room.SCOPES, *room.EVENTS], ids=lambda each: each.name)
def test_every_scope_and_event_has_its_reason_once(each: room.Scope | room.Event) -> None:
    assert each.why.strip() == each.why != ""
    assert [other.name for other in (*room.SCOPES, *room.EVENTS)].count(each.name) == 1


def test_the_shortcuts_are_those_that_the_bot_answers_and_fit_into_a_menu() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    answered = set(re.findall(r"@app\.(message|global)_shortcut\(\"(\w+)\"\)", SOURCE))

    assert {(each["type"], each["callback_id"]) for each in shortcuts} == answered
    assert all(len(each["name"]) <= 24 and 0 < len(each["description"]) <= 150 for each in shortcuts)
    assert len(shortcuts) <= 10


def test_the_events_are_those_that_somebody_listens_to() -> None:
    heard = set(re.findall(r"@app\.event\(\"(\w+)\"\)", SOURCE))

    assert {event.partition(".")[0] for event in EVENTS} == heard
    assert {event for event in EVENTS if event.startswith("message")} == {
        "message.channels",
        "message.groups",
        "message.im",
    }


def scopes_needed() -> set[str]:
    """By what the code calls and hears, and by its commands."""
    assert methods_called() <= set(NEEDED_BY_METHOD), "a new method: add it here with the scopes of its page"
    by_events = set().union(*(NEEDED_BY_EVENT[event] for event in EVENTS))
    return by_events.union({"commands"}, *(NEEDED_BY_METHOD[name] for name in methods_called()))


def test_nothing_is_called_or_heard_without_its_scope() -> None:
    assert scopes_needed() - SCOPES == set()


def test_no_scope_is_asked_for_that_nothing_uses() -> None:
    assert SCOPES - scopes_needed() == set()


def test_the_stand_in_slack_knows_every_method_and_asks_for_the_same_scopes() -> None:
    for name in methods_called():
        scope = METHODS[name].scope
        assert {scope} - {""} <= NEEDED_BY_METHOD[name], name


def test_the_stand_in_slack_tells_events_by_the_same_scopes() -> None:
    for event in EVENTS & told.SCOPES.keys():
        assert told.SCOPES[event] in NEEDED_BY_EVENT[event], event


def test_buttons_and_dialogs_can_arrive_over_socket_mode() -> None:
    settings = MANIFEST["settings"]

    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert not settings["token_rotation_enabled"], "the token comes from the environment and must not expire"


def test_the_stand_in_slack_reads_the_same_manifest() -> None:
    read = load_manifest(ROOT / "manifest.yaml")

    assert (read.scopes, read.events) == (SCOPES, EVENTS)
    assert [each.name for each in read.shortcuts or ()] == ["Record as…", "Start a session", "Propose"]
