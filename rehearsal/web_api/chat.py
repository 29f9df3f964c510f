"""Posting, changing and deleting messages."""

from typing import Any

from rehearsal.content import Content, ContentRefused, checked_content, checked_metadata
from rehearsal.messages import Message
from rehearsal.people import Channel
from rehearsal.shapes import message_json, permalink
from rehearsal.web_api.method import Call, SlackError, method
from rehearsal.wire import Json

_SWITCHES = "link_names mrkdwn parse unfurl_links unfurl_media"


@method(
    "chat.postMessage",
    required="channel",
    optional=f"text blocks metadata thread_ts reply_broadcast {_SWITCHES}",
    scope="chat:write",
    per_minute=0,
    json=True,
)
def post_message(call: Call) -> Json:
    workspace, channel = call.stage.workspace, _destination(call)
    content = content_of(call)
    thread = _thread(call, channel)
    message = workspace.post(
        channel,
        workspace.bot.id,
        content.text,
        blocks=content.blocks,
        metadata=_metadata(call),
        thread_ts=thread,
        broadcast=thread is not None and call.flag("reply_broadcast"),
        subtype="thread_broadcast" if thread and call.flag("reply_broadcast") else None,
    )
    answer = {"channel": channel.id, "ts": message.ts, "message": message_json(workspace, message)}
    return answer | _warnings(content)


@method(
    "chat.update",
    required="channel ts",
    optional="text blocks metadata parse link_names reply_broadcast",
    scope="chat:write",
    json=True,
)
def update(call: Call) -> Json:
    workspace, channel = call.stage.workspace, call.own_channel(write=True)
    message = _own(call, channel, "cant_update_message")
    content = content_of(call, update=True)
    # Text alone takes the blocks away; metadata stays unless it is given.
    fields: Json = {"blocks": content.blocks}
    if content.text:
        fields["text"] = content.text
    if "metadata" in call.arguments:
        fields["metadata"] = _metadata(call)
    workspace.revise(message, workspace.bot.id, **fields)
    shape = message_json(workspace, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete", required="channel ts", scope="chat:write", json=True)
def delete(call: Call) -> Json:
    channel = call.own_channel(write=True)
    message = _own(call, channel, "cant_delete_message")
    call.stage.workspace.remove(message, call.stage.workspace.bot.id)
    return {"channel": channel.id, "ts": message.ts}


@method(
    "chat.postEphemeral",
    required="channel user",
    optional=f"text blocks thread_ts {_SWITCHES}",
    scope="chat:write",
    per_minute=100,
    json=True,
)
def post_ephemeral(call: Call) -> Json:
    workspace, channel = call.stage.workspace, _destination(call)
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    content = content_of(call)
    message = workspace.whisper(
        channel,
        call.text("user"),
        workspace.bot.id,
        content.text,
        blocks=content.blocks,
        thread_ts=_thread(call, channel),
    )
    return {"message_ts": message.ts} | _warnings(content)


@method("chat.getPermalink", required="channel message_ts", per_minute=300)
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {"channel": channel.id, "permalink": permalink(call.stage.workspace, message)}


def content_of(call: Call, *, update: bool = False) -> Content:
    try:
        return checked_content(call.arguments.get("text"), call.structure("blocks"), update=update)
    except ContentRefused as refused:
        raise refusal(refused) from None


def refusal(refused: ContentRefused) -> SlackError:
    """The error in the shape that Slack gives it: the sentences come twice."""
    if not refused.problems:
        return SlackError(refused.code)
    messages = [f"[ERROR] {problem}" for problem in refused.problems]
    fields: dict[str, Any] = {"response_metadata": {"messages": messages}}
    if refused.code == "invalid_blocks":
        fields["errors"] = refused.problems
    return SlackError(refused.code, **fields)


def _metadata(call: Call) -> Json | None:
    try:
        return checked_metadata(call.structure("metadata"))
    except ContentRefused as refused:
        raise refusal(refused) from None


def _destination(call: Call) -> Channel:
    """Where to post: a user's id means the conversation with them."""
    workspace = call.stage.workspace
    person = workspace.people.get(call.text("channel"))
    if person and person is not workspace.bot:
        return workspace.direct_channel(person)
    channel = call.channel()
    anywhere = "chat:write.public" in call.stage.manifest.provided and channel.kind == "channel"
    if workspace.bot.id not in channel.members and not anywhere:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    ts = call.text("thread_ts")
    if not ts:
        return None
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("cannot_reply_to_message")
    return ts


def _own(call: Call, channel: Channel, otherwise: str) -> Message:
    message = channel.messages.get(call.text("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != call.stage.workspace.bot.id:
        raise SlackError(otherwise)
    return message


def _warnings(content: Content) -> Json:
    if not content.warnings:
        return {}
    warning = ",".join(content.warnings)
    return {"warning": warning, "response_metadata": {"warnings": content.warnings}}
