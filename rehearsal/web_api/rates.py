"""Slack's rate limits, counted on the play's clock."""

import math
from collections import deque

from rehearsal.clock import PlayClock
from rehearsal.web_api.method import Method
from rehearsal.wire import MINUTE, SECOND, Json

# One message a second in each channel, with a short burst tolerated, and several hundred a minute in all.
_BURST = 4
_MESSAGES_PER_MINUTE = 300


class RateLimits:
    """Says how long a call has to wait, in each workspace by itself; a call that is refused does not count."""

    def __init__(self, clock: PlayClock) -> None:
        self._clock = clock
        self._calls: dict[str, deque[int]] = {}

    def seconds_to_wait(self, team: str, method: Method, arguments: Json) -> int:
        """0 when the call may be made, and then it counts."""
        if method.per_minute:
            return self._take([(f"{team} {method.name}", method.per_minute, MINUTE)])
        channel = arguments.get("channel")
        return self._take(
            [
                (f"{team} {method.name} {channel}", _BURST, _BURST * SECOND),
                (f"{team} {method.name}", _MESSAGES_PER_MINUTE, MINUTE),
            ]
        )

    def _take(self, limits: list[tuple[str, int, int]]) -> int:
        now = self._clock.now_us
        wait = 0
        for name, most, within in limits:
            calls = self._calls.setdefault(name, deque())
            while calls and calls[0] <= now - within:
                calls.popleft()
            if len(calls) >= most:
                wait = max(wait, math.ceil((calls[0] + within - now) / SECOND))
        if not wait:
            for name, _, _ in limits:
                self._calls[name].append(now)
        return wait
