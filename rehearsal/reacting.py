"""Reacting to messages, one person at a time or hundreds one after the other."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from rehearsal.crowd import one_after_another
from rehearsal.emoji import kept_name
from rehearsal.messages import Message
from rehearsal.people import Person
from rehearsal.web_api.reactions import MOST_EMOJI
from rehearsal.workspace import Workspace


class NotReacted(Exception):
    """Why a reaction cannot be set or taken back, as a sentence."""


def react(workspace: Workspace, person: Person, message: Message, typed: str) -> None:
    emoji = _known(typed)
    if person.id in message.reactions.get(emoji, ()):
        raise NotReacted(f"{person.handle} has already reacted with :{emoji}:")
    if emoji not in message.reactions and len(message.reactions) >= MOST_EMOJI:
        raise NotReacted(f"A message takes {MOST_EMOJI} different emoji at most")
    workspace.react(message, person.id, emoji)


def unreact(workspace: Workspace, person: Person, message: Message, typed: str, *, all_tones: bool) -> None:
    """Take a reaction back: this raw name, or every tone of it, as a click on Slack's one group of them does."""
    emoji = _known(typed)
    names = [name for name in message.reactions if name == emoji or (all_tones and name.startswith(f"{emoji}::"))]
    held = [name for name in names if person.id in message.reactions[name]]
    if not held:
        raise NotReacted(f"{person.handle} has not reacted with :{emoji}:")
    for name in held:
        workspace.unreact(message, person.id, name)


async def react_many(workspace: Workspace, message: Message, votes: Any, seconds: float) -> int:
    """React as many people: pairs of who and emoji, spread over some play seconds; how many they were."""
    deeds = [partial(react, workspace, _person(workspace, who), message, str(emoji)) for who, emoji in _pairs(votes)]
    await one_after_another(workspace.clock, seconds, deeds)
    return len(deeds)


def _pairs(votes: Any) -> Sequence[tuple[str, str]]:
    if not isinstance(votes, list | tuple) or not votes or not all(_is_pair(each) for each in votes):
        raise NotReacted("To react_many takes votes, pairs of who and emoji")
    return votes


def _is_pair(vote: Any) -> bool:
    return isinstance(vote, list | tuple) and len(vote) == 2


def _person(workspace: Workspace, who: str) -> Person:
    person = workspace.person_called(str(who))
    if person is None:
        raise NotReacted(f"There is nobody called {who!r}")
    return person


def _known(typed: str) -> str:
    emoji = kept_name(typed.strip(":"))
    if emoji is None:
        raise NotReacted(f"There is no emoji :{typed.strip(':')}:")
    return emoji
