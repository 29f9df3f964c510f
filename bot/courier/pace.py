"""The pace that Slack allows (slack.md §1.2), as token buckets on the process's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.duties import CHANNEL, FILE, HINT, PERSON, PIN, POST, REACT, REDRAW
from storage.outbox import Duty


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` calls at once, then one every `gap`."""

    gap: timedelta
    burst: int


_TIER_3 = Limit(timedelta(seconds=1.2), 5)
_TIER_4 = Limit(timedelta(seconds=0.6), 20)
_LIMITS = {
    POST: Limit(timedelta(seconds=1), 3),
    REDRAW: _TIER_3,
    REACT: _TIER_3,
    PIN: Limit(timedelta(seconds=3), 3),
    HINT: _TIER_4,
    FILE: _TIER_4,
    PERSON: _TIER_4,
    CHANNEL: _TIER_3,
}


class Pace:
    """Says from when on a duty may be tried. A channel, or a workspace, that must wait holds up no other."""

    def __init__(self) -> None:
        self._full_again: dict[tuple[object, ...], datetime] = {}
        self._shut: dict[tuple[object, ...], datetime] = {}

    def free_at(self, duty: Duty, now: datetime) -> datetime:
        """The first moment at which Slack allows the call, `now` where it does already."""
        gate, limit = _gate(duty), _LIMITS[duty.kind]
        room = self._full_again.get(gate, now) - limit.gap * (limit.burst - 1)
        return max(now, room, self._shut.get(gate, now))

    def spend(self, duty: Duty, now: datetime) -> None:
        """A call is made now."""
        gate = _gate(duty)
        self._full_again[gate] = max(self._full_again.get(gate, now), now) + _LIMITS[duty.kind].gap

    def shut(self, duty: Duty, until: datetime) -> None:
        """Slack has said to come back later: that method in that workspace waits."""
        self._shut[_gate(duty)] = until


def _gate(duty: Duty) -> tuple[object, ...]:
    """Posts are counted by channel, everything else by method and workspace."""
    return (duty.workspace, duty.kind, duty.channel) if duty.kind == POST else (duty.workspace, duty.kind)
