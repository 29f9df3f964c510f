"""An entry: one line of the record, as it was said, with who said it and when."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from minutes.ids import PersonId


class EntryKind(StrEnum):
    NOTE = "note"
    ACTION = "action"
    DECISION = "decision"
    IDEA = "idea"
    HELP = "help"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest revision of an entry that still stands. `text` is as typed, with mention markers."""

    number: int
    kind: EntryKind
    topic: int | None
    text: str
    author: PersonId
    said_at: datetime
    owners: tuple[PersonId, ...] = field(default=())
    due: date | None = None
