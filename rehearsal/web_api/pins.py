"""Pinned messages."""

from rehearsal.shapes import message_json, permalink
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.wire import Json

_MOST_PINS = 100


@method("pins.add", required="channel timestamp", scope="pins:write", per_minute=20, json=True)
def pins_add(call: Call) -> Json:
    channel = call.own_channel(write=True)
    message = call.message(channel)
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= _MOST_PINS:
        raise SlackError("too_many_pins")
    call.stage.workspace.pin(message, call.stage.workspace.bot.id)
    return {}


@method("pins.remove", required="channel timestamp", scope="pins:write", per_minute=20, json=True)
def pins_remove(call: Call) -> Json:
    channel = call.own_channel(write=True)
    message = call.message(channel)
    if message.ts not in channel.pins:
        raise SlackError("no_pin")
    call.stage.workspace.unpin(message, call.stage.workspace.bot.id)
    return {}


@method("pins.list", required="channel", scope="pins:read", per_minute=20)
def pins_list(call: Call) -> Json:
    workspace, channel = call.stage.workspace, call.own_channel()
    items = []
    for ts, pin in reversed(channel.pins.items()):
        message = channel.messages[ts]
        shape = message_json(workspace, message) | {"permalink": permalink(workspace, message)}
        item = {"type": "message", "channel": channel.id, "created": pin.at_s, "created_by": pin.by}
        items.append(item | {"message": shape})
    return {"items": items}
