"""Pointing at a message: by its timestamp, by its words, or as the last one."""

from collections.abc import Callable
from typing import Any

from rehearsal.blocks.finish import words_of
from rehearsal.blocks.uniqueness import elements_of
from rehearsal.composer import as_read
from rehearsal.messages import Message
from rehearsal.people import Channel, Person
from rehearsal.workspace import Workspace


class NoSuchMessage(Exception):
    """Nothing that the person sees is meant by the selector."""


def select(
    workspace: Workspace, person: Person, channel: Channel, selector: Any, *, clickable: bool = False
) -> Message:
    """The message meant: an exact ts, "last" (the bot's newest), words in it, or {thread, text}.

    Words choose the newest message that has them. Ephemeral messages count, and those without buttons do
    not, when something to click on is meant.
    """
    seen = [
        message
        for message in workspace.visible_to(person, channel)
        if (any(map(elements_of, message.blocks)) if clickable else message.seen_by is None)
    ]
    for message in reversed(seen):
        if message.ts == selector:
            return message
    meant = _meaning(workspace, person, channel, selector)
    found = next((message for message in reversed(seen) if meant(message)), None)
    if found is None:
        raise NoSuchMessage(f"{person.handle} sees no message {_described(selector)} in #{channel.name}")
    return found


def _meaning(workspace: Workspace, person: Person, channel: Channel, selector: Any) -> Callable[[Message], bool]:
    if selector == "last":
        return lambda message: message.user == workspace.bot.id
    if isinstance(selector, str) and selector:
        return lambda message: selector in words_in(workspace, message)
    if not isinstance(selector, dict) or not selector or set(selector) - {"text", "thread"}:
        raise NoSuchMessage(f"{selector!r} is no way to point at a message")
    text = selector.get("text", "")
    if "thread" not in selector:
        return lambda message: text in words_in(workspace, message)
    parent = select(workspace, person, channel, selector["thread"])
    return lambda message: message.is_reply and message.thread_ts == parent.ts and text in words_in(workspace, message)


def words_in(workspace: Workspace, message: Message) -> str:
    """Everything written in a message: as it was sent, and as people read it."""
    raw = "\n".join([message.text, *words_of(message.blocks)])
    return f"{raw}\n{as_read(workspace, raw)}"


def _described(selector: Any) -> str:
    if selector == "last":
        return "of the bot's"
    if isinstance(selector, dict) and "thread" in selector:
        return f"with {selector.get('text', '')!r} in the thread of {selector['thread']!r}"
    text = selector.get("text") if isinstance(selector, dict) else selector
    return f"with {text!r}"
