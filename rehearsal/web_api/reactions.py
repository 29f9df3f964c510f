"""Reactions."""

from rehearsal.emoji import kept_name
from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.web_api.returned import returned_message
from rehearsal.wire import Json

MOST_EMOJI = 23


@method("reactions.add", required="channel name timestamp", scope="reactions:write", json=True)
def reactions_add(call: Call) -> Json:
    message, name = _message(call), _emoji(call)
    bot = call.stage.workspace.bot.id
    if bot in message.reactions.get(name, ()):
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    call.stage.workspace.react(message, bot, name)
    return {}


@method("reactions.remove", required="name channel timestamp", scope="reactions:write", per_minute=20, json=True)
def reactions_remove(call: Call) -> Json:
    message, name = _message(call), _emoji(call)
    bot = call.stage.workspace.bot.id
    if bot not in message.reactions.get(name, ()):
        raise SlackError("no_reaction")
    call.stage.workspace.unreact(message, bot, name)
    return {}


@method("reactions.get", required="channel timestamp", optional="full", scope="reactions:read")
def reactions_get(call: Call) -> Json:
    channel = call.own_channel()
    message = _living(call, channel)
    shape = returned_message(call, message, all_reactions=call.flag("full"))
    return {"type": "message", "channel": channel.id, "message": shape}


def _message(call: Call) -> Message:
    return _living(call, call.own_channel(write=True))


def _living(call: Call, channel: Channel) -> Message:
    """A message that is not only there any more for the replies to it."""
    message = call.message(channel)
    if message.subtype == "tombstone":
        raise SlackError("message_not_found")
    return message


def _emoji(call: Call) -> str:
    name = kept_name(call.text("name"))
    if name is None:
        raise SlackError("invalid_name")
    return name
