"""What Slack's composer makes of the text that a person types."""

import re

from rehearsal.people import Channel, Person
from rehearsal.workspace import Workspace

MOST_TYPED = 12_000
_URL = r"https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]}]"
_PIECES = re.compile(
    r"(?P<code>```.*?```|`[^`\n]+`)"
    rf"|\[(?P<label>[^\]\n]+)\]\((?P<target>{_URL}/?)\)"
    rf"|(?P<url>{_URL})"
    r"|(?<![\w@#])@(?P<name>[\w.\-]+)"
    r"|(?<![\w@#&])#(?P<channel>[\w\-]+)",
    re.DOTALL,
)
_BROADCASTS = {"here", "channel", "everyone"}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def composed(workspace: Workspace, text: str, *, broadcasts: bool = True) -> str:
    """Typed text as a message carries it. Slack trims it; in code it resolves no names and no links."""
    typed = text.strip()
    pieces, end = [], 0
    for match in _PIECES.finditer(typed):
        pieces.append(escaped(typed[end : match.start()]))
        pieces.append(_piece(workspace, match, broadcasts=broadcasts))
        end = match.end()
    return "".join([*pieces, escaped(typed[end:])])


def _piece(workspace: Workspace, match: re.Match[str], *, broadcasts: bool) -> str:
    if match["target"]:
        return f"<{escaped(match['target'])}|{escaped(match['label'])}>"
    if match["url"]:
        return f"<{escaped(match['url'])}>"
    if match["name"]:
        return _mention(workspace, match["name"], broadcasts=broadcasts)
    if match["channel"]:
        return _channel(workspace.channel_called(match["channel"]), match[0])
    return escaped(match[0])


def _mention(workspace: Workspace, name: str, *, broadcasts: bool) -> str:
    if broadcasts and name in _BROADCASTS:
        return f"<!{name}>"
    # A full stop or a dash after a name ends the sentence, not the name.
    bare = name.rstrip(".-")
    for candidate in (name, bare):
        person = _called(workspace, candidate)
        if person:
            return f"<@{person.id}>{name[len(candidate) :]}"
        group = next((group for group in workspace.groups.values() if group.handle == candidate), None)
        if group:
            return f"<!subteam^{group.id}|@{group.handle}>{name[len(candidate) :]}"
    if broadcasts and bare in _BROADCASTS:
        return f"<!{bare}>{name[len(bare) :]}"
    return f"@{name}"


def _called(workspace: Workspace, handle: str) -> Person | None:
    return next((person for person in workspace.people.values() if person.handle == handle), None)


def _channel(channel: Channel | None, typed: str) -> str:
    if channel is None:
        return escaped(typed)
    return f"<#{channel.id}|{channel.name if channel.kind == 'channel' else ''}>"


_CONTROL = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def as_read(workspace: Workspace, text: str) -> str:
    """A message's text as people see it: names for ids, labels for links, no entities."""
    return unescaped(_CONTROL.sub(lambda match: _seen(workspace, match[1], match[2]), text))


def _seen(workspace: Workspace, target: str, label: str | None) -> str:
    if target.startswith("@"):
        person = workspace.people.get(target[1:])
        return f"@{person.handle}" if person else target
    if target.startswith("#"):
        channel = workspace.channels.get(target[1:])
        return f"#{channel.name}" if channel else target
    if target.startswith("!date"):
        return label or ""
    if target.startswith("!subteam"):
        return label or target
    return f"@{target[1:]}" if target.startswith("!") else label or target
