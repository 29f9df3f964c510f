"""The ledger: what people did, what of it the bot has acknowledged to Slack, and who holds what as Slack sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from minutes.tally import Mark
from rehearsal.workspace import Change


class Sort(StrEnum):
    ENTRY = "entry"
    TOPIC = "topic"
    PROPOSAL = "proposal"


@dataclass
class Line:
    """Something with words of its own. `taken` says that Slack was told so; otherwise it may be there or not."""

    words: str
    sort: Sort
    who: str
    channel: str
    taken: bool = False
    ts: str | None = None
    """Of the message that it stands in, where it was no command."""
    sure: bool = True
    """Where no session may have been open, a tagged line that was heard need not be kept."""
    undone: bool | None = False
    """None where it was asked for and nobody knows whether it was heard."""


@dataclass(frozen=True)
class Reaction:
    user: str
    channel: str
    message: str
    name: str
    at: str
    present: bool


class Ledger:
    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.reactions: list[Reaction] = []
        self._number = 0

    def new(self, sort: Sort, who: str, channel: str) -> Line:
        """A line with words that no other has, nor begins with."""
        self._number += 1
        line = Line(f"{sort} number {self._number} of {who}", sort, who, channel)
        self.lines[line.words] = line
        return line

    def observe(self, change: Change) -> None:
        """Every reaction, as Slack has it."""
        if change.kind in ("reaction_added", "reaction_removed") and change.message and change.channel:
            present = change.kind == "reaction_added"
            where = change.channel.id, change.message.ts
            self.reactions.append(Reaction(change.actor, *where, change.reaction, change.at, present))

    def never_heard(self, lost: Iterable[str | None]) -> None:
        """All other messages were acknowledged: Slack tries until they are, or gives up."""
        gone = set(lost)
        for line in self.lines.values():
            if line.ts is not None:
                line.taken = line.sure and line.ts not in gone

    def marks_on(self, channel: str, message: str, people: dict[str, int]) -> list[Mark]:
        """What was done to a message, by our own numbers of people; those who have none were never met."""
        return [
            Mark(people[each.user], each.name, each.at, each.present)
            for each in self.reactions
            if (each.channel, each.message) == (channel, message) and each.user in people
        ]
