"""Shortcuts: those on a message, in its menu, and the global ones, which people find anywhere."""

from rehearsal.backstage import Backstage
from rehearsal.interactions.payloads import interaction
from rehearsal.manifest import Shortcut
from rehearsal.messages import Message
from rehearsal.people import Channel, Person
from rehearsal.shapes import delivered_json
from rehearsal.wire import Json

_CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}


class NoSuchShortcut(Exception):
    """The app has none of that name there; the message is a sentence."""


async def use(stage: Backstage, person: Person, name: str, channel: Channel, message: Message | None) -> None:
    """Choose a shortcut by its name or `callback_id`, on a message or (None) anywhere. Raises `NotAnswered`."""
    kind = "global" if message is None else "message"
    shortcut = _found(stage, name, kind)
    # What opens next may begin with the conversation that the person has in front of them.
    stage.dialogs.looking_at(person.id, channel)
    payload = interaction(stage, "shortcut" if message is None else "message_action", person)
    payload |= {
        "callback_id": shortcut.callback_id,
        "action_ts": stage.workspace.stamps.new(),
        "trigger_id": stage.new_trigger(person),
    }
    if message is not None:
        payload |= _on(stage, person, channel, message)
    await stage.dispatch.ask("interactive", payload)


def _found(stage: Backstage, name: str, kind: str) -> Shortcut:
    usable = stage.installed and stage.manifest.grants("commands")
    offered = stage.manifest.shortcuts_of(kind) if usable else []
    found = next((each for each in offered if name in (each.name, each.callback_id)), None)
    if found is not None:
        return found
    if stage.installed and stage.manifest.shortcuts is None:
        return Shortcut(name, name, kind)
    names = ", ".join(each.name for each in offered) or "none"
    raise NoSuchShortcut(f"The app has no {kind} shortcut {name!r}; it has: {names}")


def _on(stage: Backstage, person: Person, channel: Channel, message: Message) -> Json:
    """What is told of the message; only this kind has a channel, and a way to answer there."""
    return {
        "channel": {"id": channel.id, "name": _CHANNEL_NAMES.get(channel.kind, channel.name)},
        "message_ts": message.ts,
        "message": delivered_json(stage.workspace, message),
        "response_url": stage.responses.new(channel, person.id),
    }
