"""Conversations: who is in them and what was said."""

from rehearsal.people import Channel, Person
from rehearsal.shapes import channel_json
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.web_api.paging import paged
from rehearsal.web_api.returned import returned_message
from rehearsal.wire import Json, us_of

_SCOPE_PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_KIND_OF_TYPE = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _need(call: Call, channel: Channel, right: str) -> None:
    call.need(f"{_SCOPE_PREFIX[channel.kind]}:{right}")


@method("conversations.info", required="channel", optional="include_locale include_num_members")
def conversations_info(call: Call) -> Json:
    channel = call.channel()
    _need(call, channel, "read")
    shape = channel_json(call.stage.workspace, channel)
    if call.flag("include_num_members"):
        shape["num_members"] = len(channel.members)
    return {"channel": shape}


@method("conversations.members", required="channel", optional="cursor limit", per_minute=100)
def conversations_members(call: Call) -> Json:
    channel = call.channel()
    _need(call, channel, "read")
    members, metadata = paged(call, channel.members)
    return {"members": members, "response_metadata": metadata}


@method("conversations.list", optional="cursor exclude_archived limit team_id types", per_minute=20)
def conversations_list(call: Call) -> Json:
    workspace = call.stage.workspace
    kinds = _kinds(call)
    listed = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or workspace.bot.id in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    channels, metadata = paged(call, listed)
    shapes = [channel_json(workspace, channel) for channel in channels]
    return {"channels": shapes, "response_metadata": metadata}


@method("users.conversations", optional="cursor exclude_archived limit team_id types user")
def users_conversations(call: Call) -> Json:
    """Where somebody is, or the bot itself; of what is private, only where the bot is as well."""
    workspace = call.stage.workspace
    kinds = _kinds(call)
    person = call.person() if call.text("user") else workspace.bot
    listed = [
        channel
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and person.id in channel.members
        and (channel.kind == "channel" or workspace.bot.id in channel.members)
        and not (channel.archived and call.flag("exclude_archived"))
    ]
    channels, metadata = paged(call, listed)
    hidden = ("is_member", "num_members")  # Slack leaves these out here
    shapes = [channel_json(workspace, channel) for channel in channels]
    told = [{name: value for name, value in shape.items() if name not in hidden} for shape in shapes]
    return {"channels": told, "response_metadata": metadata}


def _kinds(call: Call) -> list[str]:
    """The kinds of channels that are asked for, each with its scope."""
    types = call.text("types", "public_channel").split(",")
    kinds = [_KIND_OF_TYPE.get(name.strip()) for name in types]
    if None in kinds:
        raise SlackError("invalid_types")
    found = [kind for kind in kinds if kind]
    for kind in found:
        call.need(f"{_SCOPE_PREFIX[kind]}:read")
    return found


@method("conversations.join", required="channel", scope="channels:join", json=True)
def conversations_join(call: Call) -> Json:
    workspace, channel = call.stage.workspace, call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    already = workspace.bot.id in channel.members
    if not already:
        workspace.join(channel, workspace.bot.id)
    answer: Json = {"channel": channel_json(workspace, channel)}
    return answer | {"warning": "already_in_channel"} if already else answer


@method("conversations.open", optional="users return_im", scope="im:write", json=True)
def conversations_open(call: Call) -> Json:
    """The conversation with one person; opened twice it is the same one."""
    workspace, person = call.stage.workspace, _somebody(call)
    before = workspace.direct_id(person) in workspace.channels
    channel = workspace.direct_channel(person)
    shape = channel_json(workspace, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if before else {})


def _somebody(call: Call) -> Person:
    users = call.arguments.get("users")
    names = [str(name).strip() for name in users] if isinstance(users, list) else call.text("users").split(",")
    if not any(names):
        raise SlackError("users_list_not_supplied")
    if len(names) > 1:
        call.need("mpim:write")
        raise SlackError("method_not_supported_for_channel_type")
    person = call.stage.workspace.people.get(names[0])
    if person is None or person is call.stage.workspace.bot:
        raise SlackError("user_not_found")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted or person.told.get("deleted"):
        raise SlackError("user_disabled")
    return person


_HISTORY = "cursor include_all_metadata inclusive latest limit oldest"


@method("conversations.history", required="channel", optional=_HISTORY)
def conversations_history(call: Call) -> Json:
    channel = call.own_channel()
    _need(call, channel, "history")
    within = _Period(call)
    said = [
        message
        for message in reversed(channel.messages.values())
        if within.holds(message.ts) and (not message.is_reply or message.broadcast)
    ]
    page, metadata = paged(call, said)
    answer = {
        "messages": [returned_message(call, message) for message in page],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    return answer | {"response_metadata": metadata} if answer["has_more"] else answer


@method("conversations.replies", required="channel ts", optional=_HISTORY)
def conversations_replies(call: Call) -> Json:
    channel = call.own_channel()
    _need(call, channel, "history")
    parent = channel.messages.get(call.text("ts"))
    # Who comes and goes is told in messages that nobody can answer.
    if parent is None or (parent.subtype or "").endswith(("_join", "_leave")):
        raise SlackError("thread_not_found")
    within = _Period(call)
    replies = [reply for reply in channel.replies(parent.ts) if within.holds(reply.ts)]
    page, metadata = paged(call, [parent, *replies])
    # Every page begins with the parent, as Slack's do.
    thread = page if parent in page else [parent, *page]
    answer = {
        "messages": [returned_message(call, message) for message in thread],
        "has_more": bool(metadata["next_cursor"]),
    }
    return answer | {"response_metadata": metadata} if answer["has_more"] else answer


class _Period:
    """`oldest` to `latest`, both exclusive unless `inclusive` is given."""

    def __init__(self, call: Call) -> None:
        self._oldest = call.moment("oldest")
        self._latest = call.moment("latest")
        self._inclusive = call.flag("inclusive")

    def holds(self, ts: str) -> bool:
        at = us_of(ts)
        if self._inclusive and at in (self._oldest, self._latest):
            return True
        return (self._oldest is None or at > self._oldest) and (self._latest is None or at < self._latest)
