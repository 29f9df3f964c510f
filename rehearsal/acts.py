"""What people can do, in one vocabulary for the page, the player and the tests."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from rehearsal import reacting
from rehearsal.backstage import Backstage
from rehearsal.composer import MOST_TYPED, composed, escaped
from rehearsal.delivery.carrier import NotAnswered
from rehearsal.interactions import clicks, commands, shortcuts, submissions
from rehearsal.interactions.clicks import NotClickable
from rehearsal.interactions.dialogs import Dialog
from rehearsal.interactions.shortcuts import NoSuchShortcut
from rehearsal.messages import Message, SharedFile
from rehearsal.people import Channel, Person
from rehearsal.reacting import NotReacted
from rehearsal.renaming import NotRenamed, rename_channel, rename_person
from rehearsal.selectors import NoSuchMessage, select
from rehearsal.shapes import message_json
from rehearsal.wire import Json

_REFUSALS = (
    NoSuchMessage,
    NotReacted,
    NotRenamed,
    submissions.NotSubmitted,
    commands.CommandFailed,
    NoSuchShortcut,
)
_COMMAND_LIKE = re.compile(r"/\w")


class ActFailed(Exception):
    """What somebody wanted to do cannot be done; the message is a sentence that says why."""


class Acts:
    """`home` is the channel meant when none is named."""

    def __init__(self, stage: Backstage, home: Callable[[], Channel], tell: Callable[[str, Json], None]) -> None:
        """`tell` delivers an event of that name, if the app asks for it."""
        self._stage, self._tell = stage, tell
        self._workspace = stage.workspace
        self._home = home
        self._kinds: dict[str, Callable[[Person, Json], Awaitable[Json]]] = {
            "say": self._say,
            "command": self._command,
            "react": self._react,
            "react_many": self._react_many,
            "unreact": self._unreact,
            "edit": self._edit,
            "delete": self._delete,
            "click": self._click,
            "open_home": self._open_home,
            "shortcut": self._shortcut,
            "submit": self._submit,
            "close": self._close,
            "join": self._join,
            "leave": self._leave,
            "archive": self._archive,
            "unarchive": self._unarchive,
            "upload": self._upload,
            "delete_file": self._delete_file,
            "unfurl": self._unfurl,
            "rename": self._rename,
            "rename_channel": self._rename_channel,
        }

    async def perform(self, act: Json) -> Json:
        """Do it and return what came of it; `ActFailed` says why not."""
        person = self._workspace.person_called(_who(act))
        if person is None:
            raise ActFailed(f"There is nobody called {_who(act)!r}.")
        kind = self._kinds.get(str(act.get("do")))
        if kind is None:
            raise ActFailed(f"{act.get('do')!r} is not something to do; there are: {', '.join(self._kinds)}.")
        try:
            return {"ok": True} | await kind(person, act)
        except _REFUSALS as problem:
            raise ActFailed(f"{problem}".rstrip(".") + ".") from None
        except NotAnswered as problem:
            raise ActFailed(f'The bot did not answer: "{problem}".') from None

    async def _say(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        typed = _words(act, "text")
        if _COMMAND_LIKE.match(typed):
            raise ActFailed(f"Slack would take {typed.split()[0]} for a command; use do: command.")
        parent = self._message(person, channel, act, "thread") if act.get("thread") else None
        # Whoever answers a reply writes in its thread.
        thread = parent and (parent.thread_ts or parent.ts)
        text = composed(self._workspace, typed)
        aloud: Json = {"broadcast": True, "subtype": "thread_broadcast"} if thread and act.get("broadcast") else {}
        message = self._workspace.post(channel, person.id, text, thread_ts=thread, **aloud)
        return {"ts": message.ts, "channel": channel.id}

    async def _command(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        if act.get("thread"):
            raise ActFailed("Slash commands cannot be used in threads.")
        typed = _words(act, "text")
        if not _COMMAND_LIKE.match(typed):
            raise ActFailed(f"{typed!r} is not a command.")
        answer = await commands.run_command(self._stage, person, channel, typed)
        return {"answer": message_json(self._workspace, answer) if answer else None, "channel": channel.id}

    async def _react(self, person: Person, act: Json) -> Json:
        emoji = _words(act, "emoji")
        message = self._message(person, self._channel(person, act), act, "on")
        reacting.react(self._workspace, person, message, emoji)
        return {"ts": message.ts}

    async def _react_many(self, person: Person, act: Json) -> Json:
        message = self._message(person, self._channel(person, act), act, "on")
        seconds = float(act.get("seconds") or 0)
        return {"count": await reacting.react_many(self._workspace, message, act.get("votes"), seconds)}

    async def _unreact(self, person: Person, act: Json) -> Json:
        emoji = _words(act, "emoji")
        message = self._message(person, self._channel(person, act), act, "on")
        reacting.unreact(self._workspace, person, message, emoji, all_tones=bool(act.get("all_tones")))
        return {"ts": message.ts}

    async def _edit(self, person: Person, act: Json) -> Json:
        message = self._own(person, act)
        text = composed(self._workspace, _words(act, "text"))
        self._workspace.revise(message, person.id, text=text)
        return {"ts": message.ts}

    async def _delete(self, person: Person, act: Json) -> Json:
        admin = act.get("admin") or person.is_admin
        message = self._message(person, self._channel(person, act), act, "on") if admin else self._own(person, act)
        self._workspace.remove(message, person.id)
        return {"ts": message.ts}

    async def _click(self, person: Person, act: Json) -> Json:
        name, choice = _words(act, "button"), act.get("choose")
        which: Json = {"block_id": act.get("block_id"), "confirm": bool(act.get("confirm"))}
        try:
            if act.get("on") is None:
                dialog = self._home_of(person) if act.get("home") else self._dialog(person)
                target = clicks.target_in(dialog.view["blocks"], name, **which)
                await clicks.click_in_dialog(self._stage, person, dialog, target, choice)
                return {"view": dialog.id}
            channel = self._channel(person, act)
            message = select(self._workspace, person, channel, act["on"], clickable=True)
            target = clicks.target_in(message.blocks, name, **which)
            await clicks.click_in_message(self._stage, person, message, target, choice)
        except NotClickable as problem:
            view = "Home" if act.get("home") else "The dialog"
            where = f"The message {act['on']!r}" if act.get("on") is not None else view
            raise ActFailed(f"{where} {problem}.") from None
        return {"ts": message.ts}

    async def _open_home(self, person: Person, act: Json) -> Json:
        """Somebody goes to the bot, to Home or to another tab; it is told, with what it has shown them last."""
        tab = str(act.get("tab") or "home")
        if tab == "home" and not self._stage.manifest.home_tab:
            raise ActFailed("This app has no Home.")
        channel = self._workspace.direct_channel(person)
        event = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab}
        shown = self._stage.homes.of(person.id)
        more = {"view": shown.view} if shown and tab == "home" else {}
        self._tell("app_home_opened", {**event, "event_ts": self._workspace.clock.new_ts(), **more})
        return {"channel": channel.id}

    async def _shortcut(self, person: Person, act: Json) -> Json:
        name, channel = _words(act, "name"), self._channel(person, act)
        message = self._message(person, channel, act, "on") if act.get("on") is not None else None
        await shortcuts.use(self._stage, person, name, channel, message)
        return {} if message is None else {"ts": message.ts}

    async def _submit(self, person: Person, act: Json) -> Json:
        fields = act.get("fields") or {}
        if not isinstance(fields, dict):
            raise ActFailed("The fields of a dialog are given by label or block_id.")
        errors = await submissions.submit(self._stage, person, self._dialog(person), fields)
        return {"errors": errors}

    async def _close(self, person: Person, act: Json) -> Json:
        await submissions.close(self._stage, person, self._dialog(person))
        return {}

    async def _join(self, person: Person, act: Json) -> Json:
        channel = self._named_channel(person, act)
        if channel.kind in ("im", "mpim"):
            raise ActFailed("Nobody joins direct messages: others begin a new conversation.")
        if person.id in channel.members:
            raise ActFailed(f"{person.handle} is in #{channel.name} already.")
        self._workspace.join(channel, person.id)
        return {"channel": channel.id}

    async def _leave(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        self._workspace.leave(channel, person.id)
        return {"channel": channel.id}

    async def _archive(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        if channel.kind in ("im", "mpim"):
            raise ActFailed("Direct messages cannot be archived.")
        self._workspace.archive(channel, person.id)
        return {"channel": channel.id}

    async def _unarchive(self, person: Person, act: Json) -> Json:
        channel = self._named_channel(person, act)
        if not channel.archived:
            raise ActFailed(f"#{channel.name} is not archived.")
        self._workspace.archive(channel, person.id, archived=False)
        return {"channel": channel.id}

    async def _upload(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        name, content = _words(act, "filename"), _words(act, "content").encode()
        file_id, created = self._workspace.ids.new("F"), self._workspace.clock.now_s
        file = SharedFile(file_id, name, name, len(content), person.id, created, content, complete=True)
        self._workspace.files[file_id] = file
        text = composed(self._workspace, str(act.get("text", "")))
        parent = self._message(person, channel, act, "thread") if act.get("thread") else None
        thread = parent and (parent.thread_ts or parent.ts)
        message = self._workspace.post(channel, person.id, text, files=[file], thread_ts=thread)
        return {"ts": message.ts, "file": file_id}

    async def _delete_file(self, person: Person, act: Json) -> Json:
        message = self._own(person, act)
        files = [file for file in message.files if not file.deleted]
        if not files:
            raise ActFailed("That message has no file.")
        self._workspace.delete_file(files[0], person.id)
        return {"ts": message.ts}

    async def _unfurl(self, person: Person, act: Json) -> Json:
        """Slack has looked at a page that the message links to; nobody has edited the message."""
        message = self._message(person, self._channel(person, act), act, "on")
        url, title = _words(act, "url"), _words(act, "title")
        if f"<{escaped(url)}" not in message.text:
            raise ActFailed("Slack unfurls links that are in the message.")
        page = {"id": len(message.attachments) + 1, "from_url": url, "original_url": url, "title": escaped(title)}
        page |= {"title_link": url, "fallback": escaped(title), "service_name": "Web"}
        self._workspace.revise(message, message.user, attachments=[*message.attachments, page])
        return {"ts": message.ts}

    async def _rename(self, person: Person, act: Json) -> Json:
        rename_person(self._workspace, person, _words(act, "name").strip())
        return {"person": person.id}

    async def _rename_channel(self, person: Person, act: Json) -> Json:
        channel = self._channel(person, act)
        rename_channel(self._workspace, channel, person, _words(act, "name"))
        return {"channel": channel.id}

    def _named_channel(self, person: Person, act: Json) -> Channel:
        name = act.get("channel")
        if name is None:
            return self._home()
        if str(name).removeprefix("@") in (self._workspace.bot.handle, self._workspace.bot.id):
            return self._workspace.direct_channel(person)
        channel = self._workspace.channel_called(str(name))
        if channel is None:
            raise ActFailed(f"There is no channel {name}.")
        return channel

    def _channel(self, person: Person, act: Json) -> Channel:
        channel = self._named_channel(person, act)
        if person.id not in channel.members:
            raise ActFailed(f"{person.handle} is not in #{channel.name}.")
        if channel.archived:
            raise ActFailed(f"#{channel.name} is archived.")
        return channel

    def _message(self, person: Person, channel: Channel, act: Json, field: str) -> Message:
        return select(self._workspace, person, channel, act.get(field))

    def _own(self, person: Person, act: Json) -> Message:
        message = self._message(person, self._channel(person, act), act, "on")
        if message.user != person.id:
            raise ActFailed(f"That message is not {person.handle}'s own.")
        return message

    def _home_of(self, person: Person) -> Dialog:
        home = self._stage.homes.of(person.id)
        if home is None:
            raise ActFailed(f"{person.handle}'s Home is empty.")
        return home

    def _dialog(self, person: Person) -> Dialog:
        dialog = self._stage.dialogs.top(person.id)
        if dialog is None:
            raise ActFailed(f"{person.handle} has no dialog open.")
        return dialog


def _who(act: Json) -> str:
    """Who acts: of many who react, the first points at the message."""
    votes = act.get("votes")
    if "as" not in act and isinstance(votes, list | tuple) and votes and isinstance(votes[0], list | tuple):
        return str(votes[0][0]) if votes[0] else ""
    return str(act.get("as", ""))


def _words(act: Json, field: str) -> str:
    value: Any = act.get(field)
    if not isinstance(value, str) or not value.strip():
        raise ActFailed(f"To {act.get('do')} takes {field}.")
    if len(value) > MOST_TYPED:
        raise ActFailed(f"Slack's composer takes {MOST_TYPED} characters at most.")
    return value
