"""People, channels, messages and files in the JSON shapes that Slack gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rehearsal.wire import Json

if TYPE_CHECKING:
    from rehearsal.messages import Message, SharedFile
    from rehearsal.people import Channel, Person
    from rehearsal.workspace import Workspace


def user_json(workspace: Workspace, person: Person) -> Json:
    now = datetime.fromtimestamp(workspace.clock.now_s, UTC)
    return {
        "id": person.id,
        "team_id": "T0ABROAD" if person.is_stranger else workspace.team.id,
        "name": person.handle,
        "deleted": person.deleted,
        "color": person.color,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": now.astimezone(ZoneInfo(person.tz)).tzname() or person.tz,
        "tz_offset": person.utc_offset_s(now),
        "profile": _profile(workspace, person),
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_stranger": person.is_stranger,
        "updated": workspace.clock.now_s,
    } | person.told


def _profile(workspace: Workspace, person: Person) -> Json:
    profile = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "status_text": "",
        "status_emoji": "",
        "team": workspace.team.id,
    }
    if person.bot_id:
        profile |= {"bot_id": person.bot_id, "api_app_id": workspace.team.app_id}
    return profile


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    if channel.kind == "im":
        return _direct_json(workspace, channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind in ("group", "mpim"),
        "created": channel.created_s,
        "is_archived": channel.archived,
        "is_general": False,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": workspace.team.id,
        "updated": channel.created_s * 1000,
        "creator": channel.members[0] if channel.members else "",
        "is_member": workspace.bot.id in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def _direct_json(workspace: Workspace, channel: Channel) -> Json:
    others = [member for member in channel.members if member != workspace.bot.id]
    return {
        "id": channel.id,
        "created": channel.created_s,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
        "updated": channel.created_s * 1000,
        "user": others[0] if others else workspace.bot.id,
        "is_open": True,
    }


def message_json(workspace: Workspace, message: Message) -> Json:
    """A message as `conversations.history` returns it, with all of its metadata."""
    shape: Json = {"user": message.user, "type": "message", "ts": message.ts}
    if message.subtype:
        shape["subtype"] = message.subtype
    if message.client_msg_id and not message.subtype:
        shape["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        shape |= _bot_fields(workspace, message)
    shape |= {"text": message.text, "team": workspace.team.id}
    optional: Json = {
        "blocks": message.blocks,
        "edited": message.edited,
        "metadata": message.metadata,
        "inviter": message.inviter,
        "attachments": message.attachments,
        "files": [file_json(workspace, file) for file in message.files],
        "reactions": reactions_json(message),
    }
    shape |= {name: value for name, value in optional.items() if value}
    if message.seen_by:
        shape["is_ephemeral"] = True
    return shape | _thread_fields(workspace, message) | _pin_fields(workspace, message)


def delivered_json(workspace: Workspace, message: Message) -> Json:
    """A message as events and interactions carry it: what it says of its metadata is not to be relied on."""
    shape = message_json(workspace, message)
    shape.pop("metadata", None)
    return shape


def _bot_fields(workspace: Workspace, message: Message) -> Json:
    author = workspace.people[message.user]
    if author is not workspace.bot:
        return {"bot_id": message.bot_id}
    profile: Json = {
        "id": message.bot_id,
        "app_id": workspace.team.app_id,
        "user_id": author.id,
        "name": author.real_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": workspace.team.id,
    }
    return {"bot_id": message.bot_id, "app_id": workspace.team.app_id, "bot_profile": profile}


def reactions_json(message: Message) -> list[Json]:
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def _thread_fields(workspace: Workspace, message: Message) -> Json:
    channel = workspace.channels[message.channel_id]
    if message.is_reply:
        parent = channel.messages.get(str(message.thread_ts))
        fields: Json = {"thread_ts": message.thread_ts}
        return fields | {"parent_user_id": parent.user} if parent else fields
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users[:5],
        "is_locked": False,
    }


def _pin_fields(workspace: Workspace, message: Message) -> Json:
    channel = workspace.channels[message.channel_id]
    pin = channel.pins.get(message.ts)
    if pin is None:
        return {}
    info = {"channel": channel.id, "pinned_by": pin.by, "pinned_ts": pin.at_s}
    return {"pinned_to": [channel.id], "pinned_info": info}


_MIME_TYPES = {
    **dict.fromkeys(("txt", "md", "csv", "log"), "text/plain"),
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
}


def file_json(workspace: Workspace, file: SharedFile) -> Json:
    if file.deleted:  # its id is all that Slack still tells of it
        return {"id": file.id, "mode": "tombstone"}
    extension = file.name.rpartition(".")[2] if "." in file.name else ""
    return {
        "id": file.id,
        "created": file.created_s,
        "timestamp": file.created_s,
        "name": file.name,
        "title": file.title,
        "mimetype": _MIME_TYPES.get(extension, "application/octet-stream"),
        "filetype": extension or "binary",
        "user": file.owner,
        "user_team": workspace.team.id,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": True,
        "url_private": f"{workspace.url}/files/{file.id}/{file.name}",
        "url_private_download": f"{workspace.url}/files/{file.id}/{file.name}",
        "permalink": f"https://{workspace.team.domain}.slack.com/files/{file.owner}/{file.id}/{file.name}",
        "file_access": "visible",
    }


def permalink(workspace: Workspace, message: Message) -> str:
    digits = message.ts.replace(".", "")
    link = f"https://{workspace.team.domain}.slack.com/archives/{message.channel_id}/p{digits}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={message.channel_id}"
    return link
