"""What the commands are called: `/topic` and so on, unless a workspace needs other names for them."""

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

LONGEST = 32
"""Characters that Slack takes for a command's name, with its slash (slack.md §3.2)."""

_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")
_TYPED = re.compile(r"(/[a-z]+)(?![\w/-])")


@dataclass(frozen=True, slots=True)
class CommandNames:
    """The names in force. Our own sentences name the commands as they are called by default, and `in_force` changes
    that where a sentence is drawn."""

    topic: str = "/topic"
    session: str = "/session"
    note: str = "/note"
    action: str = "/action"
    decide: str = "/decide"
    propose: str = "/propose"

    def in_force(self, typed: str) -> str:
        """What has to be typed here instead of this: `/session undo 7` becomes `/ptg-session undo 7`."""
        found = _TYPED.match(typed)
        key = found[1][1:] if found else ""
        return getattr(self, key) + typed[len(key) + 1 :] if key in COMMANDS else typed


COMMANDS = tuple(field.name for field in fields(CommandNames))
"""The commands by their own keys, in the order in which people are told of them."""


def named(prefix: str = "", own: Mapping[str, str] | None = None) -> CommandNames:
    """Every command with a prefix, but for those that have a name of their `own`, by their keys."""
    return CommandNames(**({key: f"/{prefix}{key}" for key in COMMANDS} | dict(own or {})))


def name_problem(name: str) -> str | None:
    """Why Slack, or Folkmoot, would not take this name, as what it must be; None where it will do."""
    if not name.startswith("/") or not _WORD.fullmatch(name[1:]) or len(name) > LONGEST:
        return (
            f"must be a slash and then lower-case letters, digits, - or _, such as /agenda; {LONGEST} characters in all"
        )
    return None


def prefix_problem(prefix: str) -> str | None:
    """Why no names can be made with this prefix, as what it must be; None where they can."""
    room = LONGEST - max(len(key) for key in COMMANDS) - 1
    if prefix and (not _WORD.fullmatch(prefix) or len(prefix) > room):
        return f"must be lower-case letters, digits, - or _, such as ptg-; {room} characters at most"
    return None


def taken_twice(names: CommandNames) -> list[str]:
    """The keys of commands whose name belongs to another one, by default or by this choice: nobody could tell them
    apart in what is said of them."""
    given = astuple(names)
    return [
        key
        for key, name in zip(COMMANDS, given, strict=True)
        if given.count(name) > 1 or (name[1:] in COMMANDS and name != f"/{key}")
    ]
