"""The pace that Slack allows (slack.md §1.2), as token buckets on the process's clock: rules only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.duties import (
    CHANNEL,
    COMPARE,
    COUNT,
    FILE,
    HINT,
    MESSAGE,
    PERSON,
    PIN,
    POST,
    REACT,
    REDRAW,
    REMINDER,
    ROLL,
    UNREACT,
)
from bot.services.home_duties import ANSWER, PLACES, PUBLISH
from storage.gates import Gate
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

_CARDS = Limit(timedelta(seconds=1.3), 3)
"""The third tier with less at once, so that a card follows votes as soon as fifty a minute allow."""

_IN_TURN = Limit(timedelta(seconds=3), 2)
"""Of what Slack tells of ballots, twenty a minute for those that are only compared; the rest is kept for closings."""

_POSTS = Limit(timedelta(seconds=0.25), 40)
"""All channels together: several hundred a minute."""

_LIMITS = {
    POST: _POSTS,
    REDRAW: _CARDS,
    REACT: _TIER_3,
    UNREACT: _TIER_2,
    PIN: _TIER_2,
    HINT: _TIER_4,
    FILE: _TIER_4,
    PERSON: _TIER_4,
    CHANNEL: _TIER_3,
    COMPARE: _IN_TURN,
    COUNT: _TIER_3,
    ROLL: _TIER_4,
    REMINDER: _TIER_3,
    PLACES: _TIER_3,
    PUBLISH: _TIER_4,
    ANSWER: _TIER_4,
    MESSAGE: _TIER_3,
}


KINDS = tuple(_LIMITS)


class Pace:
    """Says from when on a duty may be tried. A channel, or a workspace, that must wait holds up no other.

    What is used up stands in the gates that it is given; `gates` are those as they are then.
    """

    def __init__(self, gates: Mapping[tuple[int, str], Gate]) -> None:
        self.gates = dict(gates)

    def free_at(self, duty: Duty, now: datetime) -> datetime:
        """The first moment at which Slack allows the call, `now` where it does already."""
        rooms = [self._room_at(duty.workspace, name, limit, now) for name, limit in _limits(duty)]
        return max(now, *rooms, self._gate(duty.workspace, _narrowest(duty)).shut_until or now)

    def held(self, now: datetime) -> dict[tuple[int, str], datetime]:
        """The kinds of duties, by workspace, of which none can be tried now, and until when."""
        until = {
            (workspace, kind): self._any_free_at(workspace, kind, now)
            for workspace in {workspace for workspace, _ in self.gates}
            for kind in _LIMITS
        }
        return {which: at for which, at in until.items() if at > now}

    def _any_free_at(self, workspace: int, kind: str, now: datetime) -> datetime:
        """For all of a kind; a channel of its own may have to wait longer."""
        shared = [kind, COUNT] if kind == COMPARE else [kind]
        rooms = [self._room_at(workspace, name, _LIMITS[name], now) for name in shared]
        return max(now, *rooms, self._gate(workspace, shared[-1]).shut_until or now)

    def spend(self, duty: Duty, now: datetime) -> None:
        """A call is made now."""
        for name, limit in _limits(duty):
            full_at = max(self._full_at(duty.workspace, name, limit, now), now) + limit.gap
            self.gates[duty.workspace, name] = replace(self._gate(duty.workspace, name), full_at=full_at)

    def shut(self, duty: Duty, until: datetime) -> None:
        """Slack has said to come back later: that method in that workspace, or that channel, waits."""
        name = _narrowest(duty)
        self.gates[duty.workspace, name] = replace(self._gate(duty.workspace, name), shut_until=until)

    def _gate(self, workspace: int, name: str) -> Gate:
        return self.gates.get((workspace, name), Gate())

    def _room_at(self, workspace: int, name: str, limit: Limit, now: datetime) -> datetime:
        """When a bucket has room for one more call."""
        return self._full_at(workspace, name, limit, now) - limit.gap * (limit.burst - 1)

    def _full_at(self, workspace: int, name: str, limit: Limit, now: datetime) -> datetime:
        """When a bucket is full again. One that would take longer than from empty was spent by a clock gone back."""
        full = self._gate(workspace, name).full_at or now
        return full if full <= now + limit.gap * limit.burst else now


def names(duty: Duty) -> list[str]:
    """The gates that a call passes."""
    return list(dict.fromkeys([*(name for name, _ in _limits(duty)), _narrowest(duty)]))


def _limits(duty: Duty) -> list[tuple[str, Limit]]:
    """By method and workspace; posts by channel as well, and comparisons share theirs with counts."""
    limits = [(duty.kind, _LIMITS[duty.kind])]
    if duty.kind == POST:
        limits.append((_narrowest(duty), _IN_CHANNEL))
    elif duty.kind == COMPARE:
        limits.append((_narrowest(duty), _LIMITS[COUNT]))
    return limits


def _narrowest(duty: Duty) -> str:
    """What has to wait when Slack says so."""
    if duty.kind == POST:
        return f"{POST}:{duty.channel}"
    return COUNT if duty.kind == COMPARE else duty.kind
