"""Chairs: who chairs a session, and who may do what in it, on an open floor and on a chaired one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from minutes.ids import PersonId
from minutes.refusal import Refusal

MOST_CHAIRS = 20


class Who(Enum):
    """Whose something is to do. What has an owner, such as an entry or a vote, is always the chairs' as well."""

    ANYBODY = "anybody"
    OWNER = "owner"
    CHAIRS = "chairs"


@dataclass(frozen=True, slots=True)
class Rule:
    """`words` end the sentence “Only … can …”; `owner` says why somebody else than a chair may do it, too."""

    words: str
    open: Who
    chaired: Who
    owner: str = ""


class Act(Enum):
    """What people do in a session, and whose it is while the floor is open, and while it is chaired."""

    TAKE_FLOOR = Rule("put a topic on the floor", Who.ANYBODY, Who.CHAIRS)
    TAKE_NEXT = Rule("go on to the next topic", Who.ANYBODY, Who.CHAIRS)
    FINISH_TOPIC = Rule("end the topic", Who.ANYBODY, Who.CHAIRS)
    RENAME_TOPIC = Rule("rename the topic", Who.ANYBODY, Who.CHAIRS)
    MOVE_TOPIC = Rule("move topics in the queue", Who.ANYBODY, Who.CHAIRS)
    DROP_TOPIC = Rule("take it out of the queue", Who.ANYBODY, Who.OWNER, "who brought it")
    END = Rule("end the session", Who.ANYBODY, Who.CHAIRS)
    EXTEND = Rule("give the session more time", Who.ANYBODY, Who.CHAIRS)
    REOPEN = Rule("open the session again", Who.ANYBODY, Who.CHAIRS)
    DECIDE = Rule("record a decision", Who.ANYBODY, Who.CHAIRS)
    CLOSE_VOTE = Rule("close this vote", Who.OWNER, Who.CHAIRS, "who proposed it")
    EXTEND_VOTE = Rule("extend this vote", Who.OWNER, Who.OWNER, "who proposed it")
    WITHDRAW_VOTE = Rule("withdraw this vote", Who.OWNER, Who.OWNER, "who proposed it")
    RESOLVE_VOTE = Rule("decide that", Who.CHAIRS, Who.CHAIRS)
    VOTE_AGAIN = Rule("put it to the vote again", Who.CHAIRS, Who.CHAIRS)
    UNDO = Rule("take it back", Who.OWNER, Who.OWNER, "who recorded it")
    LOOK_BACK = Rule("look at what it once said", Who.OWNER, Who.OWNER, "who recorded it")
    REDO = Rule("put it back", Who.OWNER, Who.OWNER, "who took it back")
    MOVE_ENTRY = Rule("move it", Who.OWNER, Who.OWNER, "who recorded it")
    TEND_ACTION = Rule("say how it goes with it", Who.OWNER, Who.OWNER, "who recorded it, its owners")
    NAME_CHAIRS = Rule("say who chairs", Who.CHAIRS, Who.CHAIRS)
    SET_FLOOR = Rule("say whether the floor is chaired", Who.CHAIRS, Who.CHAIRS)
    DISCARD = Rule("discard the session", Who.CHAIRS, Who.CHAIRS)


@dataclass(frozen=True, slots=True)
class Chairing:
    """Who chairs a session, in the order in which they were named, and whether its floor is chaired."""

    chairs: tuple[PersonId, ...]
    chaired: bool

    def may(self, person: PersonId, act: Act, owner: PersonId | None = None) -> bool:
        """Whether this person may do that; `owner` is whose entry, vote or topic it is about."""
        who = self._who(act)
        return who is Who.ANYBODY or person in self.chairs or (who is Who.OWNER and person == owner)

    def names_owner(self, act: Act) -> bool:
        """Whether the owner of a thing may do that to it beside the chairs."""
        return self._who(act) is Who.OWNER

    def _who(self, act: Act) -> Who:
        return act.value.chaired if self.chaired else act.value.open


def refused(act: Act, chairs: Sequence[str], owner: str | None = None) -> Refusal:
    """For somebody who may not do that: who can, by name. `owner` is None where being one would not help."""
    beside = "" if owner is None else f"{{owner}}, {act.value.owner}, or "
    who = "{chairs}, who chairs" if len(chairs) == 1 else "the chairs, {chairs}"
    return Refusal(f"Only {beside}{who}, can {act.value.words}.", chairs=both(chairs), owner=owner or "")


def either(names: Sequence[str]) -> str:
    """`Ana`, `Ana or Ben`, `Ana, Ben, or Caro`: whom to ask."""
    return _joined(names, "or")


def both(names: Sequence[str]) -> str:
    """`Ana`, `Ana and Ben`, `Ana, Ben, and Caro`."""
    return _joined(names, "and")


def _joined(names: Sequence[str], word: str) -> str:
    if len(names) < 3:
        return f" {word} ".join(names)
    return f"{', '.join(names[:-1])}, {word} {names[-1]}"


def changed(before: Sequence[PersonId], named: Sequence[PersonId], unnamed: Sequence[PersonId]) -> tuple[PersonId, ...]:
    """Who chairs when some are named and some step down."""
    return tuple(each for each in dict.fromkeys((*before, *named)) if each not in unnamed)
