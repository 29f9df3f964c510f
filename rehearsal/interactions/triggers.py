"""Triggers: for a few real seconds, and once, a bot may open a dialog for the person who acted."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.wire import Ids


class TriggerRefused(Exception):
    """Slack's error code for a trigger that is unknown, used or too old."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class _Trigger:
    team: str
    person: str
    made_at: float
    used: bool = False


class Triggers:
    """Those of all workspaces. `clock` is real time, as people do not wait any longer for a slow bot in a play."""

    def __init__(self, ids: Ids, lasts_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ids, self._lasts_s = ids, lasts_s
        self._clock = clock
        self._triggers: dict[str, _Trigger] = {}

    def new(self, team: str, person: str) -> str:
        trigger_id = f"{self._ids.new('')}.trigger"
        self._triggers[trigger_id] = _Trigger(team, person, self._clock())
        return trigger_id

    def use(self, team: str, trigger_id: str) -> str:
        """The person whose trigger it is; in other workspaces it is not known."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team != team:
            raise TriggerRefused("invalid_trigger_id")
        if trigger.used:
            raise TriggerRefused("exchanged_trigger_id")
        if self._clock() - trigger.made_at > self._lasts_s:
            raise TriggerRefused("expired_trigger_id")
        trigger.used = True
        return trigger.person

    def expire(self, trigger_id: str) -> None:
        """What it came with is on its way for too long already."""
        trigger = self._triggers.get(trigger_id)
        if trigger:
            trigger.made_at -= self._lasts_s
