"""Ways in which the Web API fails: ordered in advance for the next calls of a method, or by rules."""

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from rehearsal.clock import PlayClock
from rehearsal.faults.desk import FaultDesk, Standing
from rehearsal.faults.rule import CUTTING, FAILING, Occurrence, Rule
from rehearsal.wire import SECOND, Json

FaultKind = Literal["error", "status", "hang_up_before", "hang_up_after", "taken_late"]
_RETRY_AFTER = 30


@dataclass(frozen=True)
class Fault:
    """`hang_up_after` does what was asked and then drops the connection: the ambiguous failure.

    `error` is the code of an `ok: false`; `status` an HTTP status, with `retry_after` seconds if any. After
    `taken_late` it is done although the connection has dropped, so many play `seconds` later.
    """

    kind: FaultKind
    error: str = "internal_error"
    status: int = 503
    retry_after: int | None = None
    seconds: float = 0


@dataclass
class Trouble:
    """What goes wrong with one call; it is held `before` it is taken, and `after`."""

    fault: Fault | None = None
    before: list[Standing] = field(default_factory=list)
    after: list[Standing] = field(default_factory=list)
    slow: list[Rule] = field(default_factory=list)
    cuts: list[Rule] = field(default_factory=list)


class Answers:
    """Faults that were ordered come before those of the rules."""

    def __init__(self, clock: PlayClock, desk: FaultDesk) -> None:
        self._clock = clock
        self._desk = desk
        self._next: dict[str, deque[Fault]] = {}

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        self._next.setdefault(method, deque()).extend([fault] * times)

    def trouble(self, method: str, channels: tuple[str, ...] = (), workspaces: tuple[str, ...] = ()) -> Trouble:
        """What the next call of a method meets; the others are what its channel and its workspace are called."""
        waiting = self._next.get(method)
        trouble = Trouble(waiting.popleft() if waiting else None)
        what = Occurrence("method", (method,), channels=channels, workspaces=workspaces)
        for each in self._desk.about(what):
            if each.rule.fault in CUTTING and method != "reactions.get":
                continue
            if each.rule.fault in FAILING and trouble.fault:
                each.lets_pass()
            elif each.strikes():
                self._strike(trouble, each)
        return trouble

    def _strike(self, trouble: Trouble, standing: Standing) -> None:
        rule = standing.rule
        if rule.fault == "slow":
            trouble.slow.append(rule)
        elif rule.fault == "hold_before":
            trouble.before.append(standing)
        elif rule.fault == "hold_after":
            trouble.after.append(standing)
        elif rule.fault in CUTTING:
            trouble.cuts.append(rule)
        else:
            trouble.fault = self._failure(standing)

    def _failure(self, standing: Standing) -> Fault:
        match standing.rule.fault:
            case "ratelimited":
                return Fault("status", status=429, retry_after=self._retry_after(standing))
            case "status":
                return Fault("status", status=standing.rule.status)
            case "hang_up_before":
                return Fault("hang_up_before")
            case "hang_up_after":
                return Fault("hang_up_after")
            case "taken_late":
                return Fault("taken_late", seconds=standing.rule.seconds or 0)
        return Fault("error", error=standing.rule.error)

    def _retry_after(self, standing: Standing) -> int:
        if standing.rule.retry_after is not None:
            return standing.rule.retry_after
        if standing.until_us is None:
            return _RETRY_AFTER
        return math.ceil((standing.until_us - self._clock.now_us) / SECOND)


def cut(answer: Json, rules: list[Rule], *, full: bool) -> None:
    """Take from an answer of `reactions.get` what the rules take."""
    message = answer.get("message", {})
    for rule in rules:
        if rule.fault == "miss_reactions":
            left = [each for each in message.get("reactions", ()) if not rule.means_emoji(each["name"])]
            message["reactions"] = left
        elif rule.even_full or not full:
            for reaction in message.get("reactions", ()):
                if rule.means_emoji(reaction["name"]):
                    reaction["users"] = reaction["users"][: rule.users]
    if "reactions" in message and not message["reactions"]:
        del message["reactions"]
