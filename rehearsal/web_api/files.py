"""Files: ask for a URL, put the bytes there, complete the upload and share it."""

from typing import Any

from rehearsal.messages import SharedFile
from rehearsal.people import Channel
from rehearsal.shapes import file_json
from rehearsal.web_api.chat import content_of
from rehearsal.web_api.method import Call, SlackError, invalid_arguments, method
from rehearsal.wire import Json

_MOST_SNIPPET = 1_000_000
_MOST_CHANNELS = 100


@method(
    "files.getUploadURLExternal",
    required="filename length",
    optional="alt_txt snippet_type",
    scope="files:write",
    per_minute=100,
)
def get_upload_url(call: Call) -> Json:
    workspace = call.stage.workspace
    length = call.text("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError("invalid_arguments")
    if call.text("snippet_type") and int(length) > _MOST_SNIPPET:
        raise SlackError("snippet_too_large")
    name = call.text("filename")
    file_id = workspace.ids.new("F")
    workspace.files[file_id] = SharedFile(file_id, name, name, int(length), workspace.bot.id, workspace.clock.now_s)
    return {"upload_url": f"{workspace.url}/upload/{file_id}", "file_id": file_id}


@method(
    "files.completeUploadExternal",
    required="files",
    optional="channel_id channels initial_comment blocks thread_ts",
    scope="files:write",
    per_minute=100,
    json=True,
)
def complete_upload(call: Call) -> Json:
    workspace = call.stage.workspace
    channels = _channels(call)
    files = _uploaded(call)
    comment = call.text("initial_comment")
    blocks = content_of(call).blocks if call.structure("blocks") else []
    for channel in channels:
        thread = call.text("thread_ts") or None
        if thread and thread not in channel.messages:
            raise SlackError("thread_not_found")
        workspace.post(channel, workspace.bot.id, comment, files=list(files), blocks=blocks, thread_ts=thread)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


@method("files.info", required="file", optional="count cursor limit page", scope="files:read", per_minute=100)
def files_info(call: Call) -> Json:
    workspace = call.stage.workspace
    file = workspace.files.get(call.text("file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    shape = file_json(workspace, file)
    shares: Json = {}
    for channel_id, ts in file.shares:
        kind = "public" if workspace.channels[channel_id].kind == "channel" else "private"
        shares.setdefault(kind, {}).setdefault(channel_id, []).append({"ts": ts})
    return {"file": shape | {"shares": shares}, "comments": [], "response_metadata": {"next_cursor": ""}}


def _uploaded(call: Call) -> list[SharedFile]:
    entries: Any = call.structure("files")
    if not isinstance(entries, list) or not entries:
        raise invalid_arguments("must be an array of files [json-pointer:/files]")
    files = []
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) - {"id", "title", "highlight_type"}:
            raise invalid_arguments("each file has an id and may have a title [json-pointer:/files]")
        file = call.stage.workspace.files.get(str(entry.get("id")))
        if file is None or not file.content or file.complete:
            raise SlackError("file_not_found")
        file.title = str(entry.get("title") or file.name)
        files.append(file)
    for file in files:
        file.complete = True
    return files


def _channels(call: Call) -> list[Channel]:
    names = [call.text("channel_id"), *call.text("channels").split(",")]
    names = [name for name in names if name]
    if len(names) > _MOST_CHANNELS:
        raise SlackError("too_many_channels")
    channels = []
    for name in names:
        channel = call.stage.workspace.channels.get(name)
        if channel is None:
            raise SlackError("channel_not_found")
        if call.stage.workspace.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        channels.append(channel)
    return channels
