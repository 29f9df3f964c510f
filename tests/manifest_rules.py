"""Slack's rules for an app's manifest (slack.md §3.2, the published schema of version 2), and what breaks them.

Only what our manifests have is known here: a part that the rules do not name breaks them.
"""

import re
from collections.abc import Iterator
from typing import Any

Rule = Any

FLAG = bool


def text(most: int, least: int = 1, form: str = ".*") -> tuple[int, int, str]:
    return least, most, form


ADDRESS = "https://.*"
SHORTCUT = {
    "name": text(24),
    "type": text(7, form="message|global"),
    "callback_id": text(255),
    "description": text(150),
}
COMMAND = {
    "command": text(32, 2, "/[a-z0-9][a-z0-9_-]*"),
    "url?": text(3_000, form=ADDRESS),
    "description": text(2_000),
    "usage_hint?": text(1_000),
    "should_escape": FLAG,
}
RULES: Rule = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {
        "name": text(35),
        "description": text(140),
        "background_color": text(7, 4, "#([0-9a-fA-F]{3}){1,2}"),
    },
    "features": {
        "app_home": {
            "home_tab_enabled": FLAG,
            "messages_tab_enabled": FLAG,
            "messages_tab_read_only_enabled": FLAG,
        },
        "bot_user": {"display_name": text(80, form="[a-z0-9._-]+"), "always_online": FLAG},
        "shortcuts?": (SHORTCUT, 10),
        "slash_commands": (COMMAND, 50),
    },
    "oauth_config": {
        "redirect_urls?": (text(2_500, form=ADDRESS), 1_000),
        "scopes": {"bot": (text(50, form="[a-z._]+(:[a-z.]+)?"), 255)},
    },
    "settings": {
        "event_subscriptions": {
            "request_url?": text(3_500, form=ADDRESS),
            "bot_events": (text(50, form="[a-z_]+(\\.[a-z_]+)?"), 100),
        },
        "interactivity": {"is_enabled": FLAG, "request_url?": text(3_500, form=ADDRESS)},
        "org_deploy_enabled": FLAG,
        "socket_mode_enabled": FLAG,
        "token_rotation_enabled": FLAG,
    },
}


def broken(manifest: dict[str, Any]) -> list[str]:
    """What Slack would refuse, as pointers with a word on each; the rules between fields too."""
    return [*_broken(manifest, RULES, ""), *_across(manifest)]


def _broken(value: Any, rule: Rule, at: str) -> Iterator[str]:
    match rule:
        case dict():
            yield from _fields(value, rule, at)
        case (least, most, form):
            if not isinstance(value, str) or not least <= len(value) <= most or not re.fullmatch(form, value):
                yield f"{at}: {value!r} has not {least} to {most} characters of the form {form}"
        case (each, most):
            if not isinstance(value, list) or not 1 <= len(value) <= most:
                yield f"{at}: there must be 1 to {most}"
                return
            if len({repr(one) for one in value}) < len(value):
                yield f"{at}: one stands there twice"
            for number, one in enumerate(value):
                yield from _broken(one, each, f"{at}/{number}")
        case type():
            if not isinstance(value, rule):
                yield f"{at}: {value!r} is no {rule.__name__}"
        case _:
            if value != rule or isinstance(value, bool):
                yield f"{at}: must be {rule}"


def _fields(value: Any, rule: dict[str, Rule], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: must have fields"
        return
    known = {name.removesuffix("?"): name for name in rule}
    yield from (f"{at}/{name}: no such field" for name in value if name not in known)
    yield from (f"{at}/{name}: is missing" for name in rule if not name.endswith("?") and name not in value)
    for name in value.keys() & known.keys():
        yield from _broken(value[name], rule[known[name]], f"{at}/{name}")


def _across(manifest: dict[str, Any]) -> Iterator[str]:
    """Slack calls an address or keeps a socket, in everything alike."""
    settings, commands = manifest["settings"], manifest["features"]["slash_commands"]
    socket = settings["socket_mode_enabled"]
    called = [settings["event_subscriptions"], settings["interactivity"]]
    addresses = ["request_url" in each for each in called] + ["url" in each for each in commands]
    if any(addresses) if socket else not all(addresses):
        yield "/settings/socket_mode_enabled: addresses are for HTTP, where all have them"
    names = [each["command"] for each in commands]
    if len(set(names)) < len(names):
        yield "/features/slash_commands: two have one name"
    if "commands" not in manifest["oauth_config"]["scopes"]["bot"]:
        yield "/oauth_config/scopes/bot: commands and shortcuts need the scope"
