"""The pace that Slack allows (slack.md §1.2), as token buckets on the process's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.duties import (
    CHANNEL,
    COMPARE,
    COUNT,
    FILE,
    HINT,
    PERSON,
    PIN,
    POST,
    REACT,
    REDRAW,
    REMINDER,
    ROLL,
)
from storage.outbox import Duty


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` calls at once, then one every `gap`: in a minute `burst` and those that `gap` allows, no more."""

    gap: timedelta
    burst: int


_TIER_2 = Limit(timedelta(seconds=4), 4)
_TIER_3 = Limit(timedelta(seconds=1.5), 8)
_TIER_4 = Limit(timedelta(seconds=0.75), 18)
_IN_CHANNEL = Limit(timedelta(seconds=1.4), 2)
"""One message a second in each channel, a short burst tolerated: never more than four within four seconds."""

_IN_TURN = Limit(timedelta(seconds=3), 2)
"""Of what Slack tells of ballots, twenty a minute for those that are only compared; the rest is kept for closings."""

_POSTS = Limit(timedelta(seconds=0.25), 40)
"""All channels together: several hundred a minute."""

_LIMITS = {
    POST: _POSTS,
    REDRAW: _TIER_3,
    REACT: _TIER_3,
    PIN: _TIER_2,
    HINT: _TIER_4,
    FILE: _TIER_4,
    PERSON: _TIER_4,
    CHANNEL: _TIER_3,
    COMPARE: _IN_TURN,
    COUNT: _TIER_3,
    ROLL: _TIER_4,
    REMINDER: _TIER_4,
}
_Gate = tuple[object, ...]


class Pace:
    """Says from when on a duty may be tried. A channel, or a workspace, that must wait holds up no other."""

    def __init__(self) -> None:
        self._full_again: dict[_Gate, datetime] = {}
        self._shut: dict[_Gate, datetime] = {}

    def free_at(self, duty: Duty, now: datetime) -> datetime:
        """The first moment at which Slack allows the call, `now` where it does already."""
        rooms = [self._full_at(gate, limit, now) - limit.gap * (limit.burst - 1) for gate, limit in _gates(duty)]
        return max(now, *rooms, self._shut.get(_narrowest(duty), now))

    def spend(self, duty: Duty, now: datetime) -> None:
        """A call is made now."""
        for gate, limit in _gates(duty):
            self._full_again[gate] = max(self._full_at(gate, limit, now), now) + limit.gap

    def _full_at(self, gate: _Gate, limit: Limit, now: datetime) -> datetime:
        """When a bucket is full again. One that would take longer than from empty was spent by a clock gone back."""
        full = self._full_again.get(gate, now)
        return full if full <= now + limit.gap * limit.burst else now

    def shut(self, duty: Duty, until: datetime) -> None:
        """Slack has said to come back later: that method in that workspace, or that channel, waits."""
        self._shut[_narrowest(duty)] = until


def _gates(duty: Duty) -> list[tuple[_Gate, Limit]]:
    """By method and workspace; posts by channel as well, and comparisons share theirs with counts."""
    gates: list[tuple[_Gate, Limit]] = [((duty.workspace, duty.kind), _LIMITS[duty.kind])]
    if duty.kind == POST:
        gates.append((_narrowest(duty), _IN_CHANNEL))
    elif duty.kind == COMPARE:
        gates.append((_narrowest(duty), _LIMITS[COUNT]))
    return gates


def _narrowest(duty: Duty) -> _Gate:
    """What has to wait when Slack says so."""
    if duty.kind == POST:
        return (duty.workspace, POST, duty.channel)
    return (duty.workspace, COUNT if duty.kind == COMPARE else duty.kind)
