"""What rules see of a delivery: its names, its person, its channel and its emoji."""

from typing import Any

from rehearsal.delivery.carrier import RequestKind
from rehearsal.faults.rule import Occurrence
from rehearsal.wire import Json
from rehearsal.workspace import Workspace


def team_of(body: Json) -> str:
    """The workspace of a delivery; interactions name it in another place."""
    return str(body["team_id"] if "team_id" in body else body["team"]["id"])


def occurrence_of(workspace: Workspace, kind: RequestKind | None, body: Json) -> Occurrence:
    """An event (`kind` is `None`), a command or an interaction."""
    if kind is None:
        event = body["event"]
        channel = event.get("channel") or event.get("item", {}).get("channel")
        names = _words(event["type"], event.get("subtype"))
        person = event.get("user") or event.get("message", {}).get("user")
        return _occurrence(workspace, "event", names, person, channel, event.get("reaction", ""))
    if kind == "slash_commands":
        return _occurrence(workspace, "command", (body["command"],), body["user_id"], body["channel_id"])
    ids = [action["action_id"] for action in body.get("actions", ())]
    names = _words(body["type"], body.get("view", {}).get("callback_id"), *ids)
    return _occurrence(workspace, "action", names, body["user"]["id"], body.get("channel", {}).get("id"))


def channel_names(workspace: Workspace, channel: Any) -> tuple[str, ...]:
    """The id and the name of a channel, which may be unknown."""
    known = workspace.channels.get(channel) if isinstance(channel, str) else None
    return (known.id, known.name) if known else _words(channel)


def workspace_names(workspace: Workspace) -> tuple[str, ...]:
    return workspace.team.id, workspace.team.name


def _occurrence(
    workspace: Workspace, sort: str, names: tuple[str, ...], person: Any, channel: Any, emoji: str = ""
) -> Occurrence:
    known = workspace.people.get(person) if isinstance(person, str) else None
    people = (known.id, known.handle) if known else _words(person)
    return Occurrence(sort, names, people, channel_names(workspace, channel), emoji, workspace_names(workspace))


def _words(*values: Any) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str) and value)
