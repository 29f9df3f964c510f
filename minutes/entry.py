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
    QUESTION = "question"
    PARKED = "parked"


class Why(StrEnum):
    """How a revision of an entry came about."""

    SAID = "said"
    MENTIONED = "mentioned"
    """It was said behind the bot's name in a message, which it follows."""
    RECORDED = "recorded"
    """Somebody has recorded a message in its own words, which it follows; in words of theirs it is only `SAID`."""
    CHANGED = "changed"
    """Something else of it was, such as where it belongs."""
    EDITED = "edited"
    """The message was: its words are others now, or it has its tag again."""
    DATED = "dated"
    """The day was read anew, in the time zone of who said it."""
    UNDONE = "undone"
    REDONE = "redone"
    """What was undone was put back."""
    UNTAGGED = "untagged"
    """The message was edited, and the line is no longer in it."""
    DELETED = "deleted"
    """The message was."""
    DONE = "done"
    REOPENED = "reopened"
    """It was said to be done, and is not."""
    PUT_OFF = "put_off"
    """It takes until another day."""
    EMOJI = "emoji"
    """Somebody has set an emoji on the message, or taken it away."""
    OFF_RECORD = "off_record"
    """The message was taken off the record, and no word of it is left."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest revision of an entry that still stands. `text` is as typed, with mention markers.

    `said_by` is whose words they are, where that is not their author, who has recorded them.
    """

    number: int
    kind: EntryKind
    topic: int | None
    text: str
    author: PersonId
    said_at: datetime
    owners: tuple[PersonId, ...] = field(default=())
    due: date | None = None
    done: bool = False
    said_by: PersonId | None = None
