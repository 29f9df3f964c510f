"""A topic: what is on the floor, waits for it, or was on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from minutes.ids import PersonId

NEXT_ASKS_WITHIN = timedelta(minutes=1)
"""A second `next` so soon is more likely two people pressing at once than a topic of seconds (Zakim's guard)."""


class TopicState(StrEnum):
    QUEUED = "queued"
    ON_FLOOR = "on_floor"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of time on the floor; `ended_at` is None while it goes on."""

    began_at: datetime
    ended_at: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        return (self.ended_at or now) - self.began_at


@dataclass(frozen=True, slots=True)
class Topic:
    """`number` counts topics as they first came to the floor; None for one that never was."""

    id: int
    number: int | None
    title: str
    state: TopicState
    brought_by: PersonId
    spells: tuple[Spell, ...] = ()
    from_queue: bool = False
    """Whether it waits in the queue, or came to the floor from there as the next one, not by its title."""
