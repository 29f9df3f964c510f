"""New names of people and channels: what can be one, and how Slack tells of it."""

import re

from rehearsal.people import Channel, Person
from rehearsal.shapes import user_json
from rehearsal.wire import SECOND, Json, us_of
from rehearsal.workspace import Change, Workspace

_MOST = 80
_CHANNEL_NAME = re.compile(rf"[\w-]{{1,{_MOST}}}")


class NotRenamed(Exception):
    """A name that Slack does not take, with a sentence that says why."""


def rename_person(workspace: Workspace, person: Person, name: str) -> None:
    if len(name) > _MOST:
        raise NotRenamed(f"A name has {_MOST} characters at most.")
    workspace.change_person(person, real_name=name)


def rename_channel(workspace: Workspace, channel: Channel, by: Person, name: str) -> None:
    if not _CHANNEL_NAME.fullmatch(name) or name != name.lower():
        raise NotRenamed(f"{name!r} is no name of a channel: small letters, digits, hyphens and underscores.")
    if workspace.channel_called(name):
        raise NotRenamed(f"There is a channel {name} already.")
    workspace.rename_channel(channel, by.id, name)


def changed_person(workspace: Workspace, change: Change) -> Json:
    """Slack gives the whole profile, whatever of it has changed."""
    user = user_json(workspace, workspace.people[change.actor])
    return {"type": "user_change", "user": user, "cache_ts": us_of(change.at) // SECOND, "event_ts": change.at}


def renamed_channel(change: Change, channel: Channel) -> tuple[str, Json]:
    """An event that has another name for a private channel."""
    name = f"{'group' if channel.kind == 'group' else 'channel'}_rename"
    told = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_mpim": False,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created_s,
    }
    return name, {"type": name, "channel": told, "event_ts": change.at}
