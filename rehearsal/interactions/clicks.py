"""Buttons, and the other elements that act at once, in messages and in dialogs."""

from dataclasses import dataclass
from typing import Any

from rehearsal.backstage import Backstage
from rehearsal.blocks.uniqueness import elements_of
from rehearsal.interactions.dialogs import Dialog, initial_values
from rehearsal.interactions.fields import NotFillable, filled_state, has_state
from rehearsal.interactions.payloads import interaction
from rehearsal.messages import Message
from rehearsal.people import Person
from rehearsal.shapes import delivered_json
from rehearsal.wire import Json


class NotClickable(Exception):
    """There is no such thing to click; the message says what there is."""


@dataclass(frozen=True)
class Target:
    block_id: str
    element: Json


def target_in(blocks: list[Json], name: str, *, block_id: str | None = None, confirm: bool = False) -> Target:
    """The element with this visible label or `action_id`; one that asks for confirmation needs it.

    Several blocks may have the same elements: `block_id` then says which is meant.
    """
    found = [
        Target(block["block_id"], element)
        for block in blocks
        for element in elements_of(block)
        if block["type"] != "input" or block.get("dispatch_action")
    ]
    matching = [target for target in found if name in _names(target.element) and block_id in (None, target.block_id)]
    if not matching:
        offered = ", ".join(_names(target.element)[0] for target in found) or "nothing to click"
        raise NotClickable(f"has no button {name!r}; it has: {offered}")
    if len(matching) > 1:
        raise NotClickable(f"has {len(matching)} buttons {name!r}; say which by action_id and block_id")
    if "confirm" in matching[0].element and not confirm:
        raise NotClickable(f"asks to confirm {name!r} first; say confirm: true")
    return matching[0]


def _names(element: Json) -> list[str]:
    label = element.get("text") or element.get("placeholder") or {}
    return [name for name in (label.get("text"), element["action_id"]) if name]


async def click_in_message(
    stage: Backstage, person: Person, message: Message, target: Target, choice: Any = None
) -> None:
    """Click in a message, which may be an ephemeral one. Raises `NotAnswered`."""
    channel = stage.workspace.channels[message.channel_id]
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.seen_by is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    name = "directmessage" if channel.kind == "im" else channel.name
    payload = interaction(stage, "block_actions", person) | {
        "container": container,
        "trigger_id": stage.new_trigger(person),
        "channel": {"id": channel.id, "name": name},
        "state": {"values": initial_values(message.blocks)},
        "response_url": stage.responses.new(channel, person.id, message),
        "actions": [_action(stage, target, choice)],
    }
    if message.seen_by is None:
        # Slack does not send an ephemeral message back with a click on it.
        payload["message"] = delivered_json(stage.workspace, message)
    await stage.dispatch.ask("interactive", payload)


async def click_in_dialog(stage: Backstage, person: Person, dialog: Dialog, target: Target, choice: Any = None) -> None:
    """Click in an open dialog. Raises `NotAnswered`."""
    action = _action(stage, target, choice)
    if has_state(target.element):
        state = filled_state(stage.workspace, target.element, choice)
        dialog.values.setdefault(target.block_id, {})[target.element["action_id"]] = state
    payload = interaction(stage, "block_actions", person) | {
        "container": {"type": "view", "view_id": dialog.id},
        "trigger_id": stage.new_trigger(person),
        "view": dialog.view,
        "actions": [action],
    }
    await stage.dispatch.ask("interactive", payload)


def _action(stage: Backstage, target: Target, choice: Any) -> Json:
    element = target.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": target.block_id,
        "action_ts": stage.workspace.stamps.new(),
    }
    if element["type"] == "button":
        kept = ("text", "value", "style", "confirm")
        return action | {name: element[name] for name in kept if name in element}
    if choice is None:
        raise NotClickable(f"needs a choice for {element['action_id']!r}; say choose: …")
    try:
        if element["type"] == "overflow":
            chosen = filled_state(stage.workspace, element | {"type": "static_select"}, choice)
        else:
            chosen = filled_state(stage.workspace, element, choice)
    except NotFillable as problem:
        raise NotClickable(f"cannot take {choice!r}: {problem}") from None
    return action | {name: value for name, value in chosen.items() if name != "type"}
