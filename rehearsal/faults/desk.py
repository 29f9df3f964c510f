"""The rules in force: given, counted, lifted."""

import asyncio
import logging
import random
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rehearsal.clock import PlayClock
from rehearsal.faults.rule import HOLDING, Occurrence, PlanError, Rule, rule_of
from rehearsal.wire import SECOND, Json

_OFFSET = re.compile(r"\+(\d+):([0-5]\d)(?::([0-5]\d))?")
_SEEDS = 1_000_000
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Standing:
    """A rule in force: how many it was about (`matched`), how many it struck (`fired`), what it keeps back.

    That is deliveries in `kept`, and `calls` in progress.
    """

    number: int
    rule: Rule
    chance: random.Random
    after_us: int | None
    until_us: int | None
    matched: int = 0
    fired: int = 0
    lifted: bool = False
    kept: list[Any] = field(default_factory=list)
    calls: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def means(self, what: Occurrence, now_us: int) -> bool:
        if self.lifted or (self.after_us is not None and now_us < self.after_us):
            return False
        return (self.until_us is None or now_us < self.until_us) and self.rule.means(what)

    def strikes(self) -> bool:
        """Whether it strikes this one of those that it is about."""
        self.matched += 1
        # Drawn even when it does not matter: each draw then belongs to one occurrence.
        lucky = self.rule.probability < 1 and self.chance.random() >= self.rule.probability
        spent = self.rule.times is not None and self.fired >= self.rule.times
        if lucky or spent or (self.rule.nth and self.matched not in self.rule.nth):
            return False
        self.fired += 1
        return True

    def lets_pass(self) -> None:
        """It is about this one too, but another rule has had it already."""
        self.matched += 1

    async def keep_waiting(self) -> None:
        """Hold a call until the rule is lifted, or for as long as its connection lasts."""
        self.calls += 1
        try:
            await self._released.wait()
        finally:
            self.calls -= 1

    def lift(self) -> None:
        self.lifted = True
        self._released.set()

    @property
    def report(self) -> Json:
        rule = self.rule.given | ({"nth": list(self.rule.nth)} if self.rule.nth else {})
        counts = {"matched": self.matched, "fired": self.fired, "kept": len(self.kept) + self.calls}
        return {"number": self.number, "rule": rule, **counts, "lifted": self.lifted}


class FaultDesk:
    """`seed` is where all chance comes from; `on_add` and `on_lift` are told of rules that come and go."""

    def __init__(self, clock: PlayClock, seed: int | None = None) -> None:
        self._clock = clock
        self._drawn = seed is None
        self.seed = secrets.randbelow(_SEEDS) if seed is None else seed
        self.rules: list[Standing] = []
        self.on_add: list[Callable[[Standing], None]] = []
        self.on_lift: list[Callable[[Standing], None]] = []

    def add(self, fault: Rule | str | Json, **fields: Any) -> Standing:
        """Put a rule in force: a `Rule`, a mapping, or a fault's name and fields. Raises `PlanError`."""
        rule = self._rule(fault, fields)
        number = len(self.rules) + 1
        if rule.is_random and self._drawn:
            log.warning("Faults by chance: their seed is %s.", self.seed)
            self._drawn = False
        after, until = self.moment(rule.after), self.moment(rule.until)
        chance = random.Random(f"{self.seed} {number}")  # noqa: S311 - it must be repeatable
        standing = Standing(number, rule, chance, after, until)
        self.rules.append(standing)
        for listener in self.on_add:
            listener(standing)
        return standing

    def _rule(self, fault: Rule | str | Json, fields: Json) -> Rule:
        if isinstance(fault, Rule):
            return fault
        return rule_of(fields | (fault if isinstance(fault, dict) else {"fault": fault}))

    def moment(self, given: str | int | None) -> int | None:
        """A time in microseconds: of an offset from now, or of a moment."""
        if given is None or isinstance(given, int):
            return given
        offset = _OFFSET.fullmatch(given)
        if offset:
            hours, minutes, seconds = (int(part or 0) for part in offset.groups())
            return self._clock.now_us + ((hours * 60 + minutes) * 60 + seconds) * SECOND
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            raise PlanError(f"{given!r} is no time; write +0:05:30 or 2021-04-21T10:00:00Z.") from None
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * SECOND)

    def about(self, what: Occurrence) -> Iterator[Standing]:
        """The rules that are about something, in their order."""
        return (each for each in self.rules if each.means(what, self._clock.now_us))

    async def release(self, which: Standing | int | None = None) -> None:
        """Let go on what a rule holds and lift it; without one, all rules that hold something."""
        for each in self.rules:
            holds = each.rule.fault == "hold" or each.rule.fault in HOLDING
            if each is which or each.number == which or (which is None and holds):
                self._lift(each)

    async def clear(self) -> None:
        """Lift every rule; what was kept back is delivered."""
        for each in self.rules:
            self._lift(each)

    def _lift(self, standing: Standing) -> None:
        standing.lift()
        for listener in self.on_lift:
            listener(standing)

    def report(self) -> Json:
        """The seed, and what fired how often."""
        return {"seed": self.seed, "rules": [each.report for each in self.rules]}
