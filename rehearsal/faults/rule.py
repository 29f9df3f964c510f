"""One rule: which deliveries or answers it means, which of those it strikes, and what happens to them."""

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

from rehearsal.emoji import kept_name
from rehearsal.wire import Json

SORTS = ("event", "command", "action", "method")
_WHEN = {"nth", "probability", "times", "after", "until"}
_OF_EVENTS = {"event", "by", "emoji", "channel", "workspace", *_WHEN}
_OF_DELIVERIES = {"command", "action", *_OF_EVENTS}
_OF_ANSWERS = {"method", "channel", "workspace", *_WHEN}

# Each fault, with the fields that it takes.
OF_DELIVERIES = {
    "drop": _OF_DELIVERIES,
    "double": _OF_DELIVERIES | {"seconds", "retry"},
    "delay": _OF_DELIVERIES | {"seconds"},
    "hold": _OF_DELIVERIES,
    "swap": _OF_DELIVERIES | {"seconds"},
    "reorder": _OF_DELIVERIES | {"seconds", "order"},
    "disconnect": _OF_DELIVERIES | {"seconds", "meanwhile", "at"},
    "freeze": _OF_DELIVERIES | {"seconds", "meanwhile", "at"},
    "connect_double": _OF_EVENTS | {"seconds"},
    "retry": _OF_EVENTS | {"seconds"},
    "alias": _OF_EVENTS | {"to"},
}
FAILING = {
    "ratelimited": _OF_ANSWERS | {"retry_after"},
    "status": _OF_ANSWERS | {"status"},
    "error": _OF_ANSWERS | {"error"},
    "hang_up_before": _OF_ANSWERS,
    "hang_up_after": _OF_ANSWERS,
    "taken_late": _OF_ANSWERS | {"seconds"},
}
HOLDING = {"hold_before": _OF_ANSWERS, "hold_after": _OF_ANSWERS}
CUTTING = {
    "cut_users": (_OF_ANSWERS - {"method"}) | {"emoji", "users", "even_full"},
    "miss_reactions": (_OF_ANSWERS - {"method"}) | {"emoji"},
}
OF_ANSWERS = {**FAILING, **HOLDING, **CUTTING, "slow": _OF_ANSWERS | {"seconds", "real"}}
OF_CLOCKS = {"wrong_clock": {"seconds", "after", "until"}}
FAULTS = OF_DELIVERIES | OF_ANSWERS | OF_CLOCKS
_EVENTS_ONLY = {"connect_double", "retry", "alias"}


class PlanError(ValueError):
    """A rule that makes no sense; the message says why."""


@dataclass(frozen=True)
class Rule:
    """What the fields mean stands in `rehearsal.faults.plan`; without any `event`, `command` … all are meant."""

    fault: str
    event: str | None = None
    command: str | None = None
    action: str | None = None
    method: str | None = None
    by: str | None = None
    emoji: str | None = None
    channel: str | None = None
    workspace: str | None = None
    nth: tuple[int, ...] = ()
    probability: float = 1.0
    times: int | None = None
    after: str | int | None = None
    until: str | int | None = None
    at: str | int | None = None
    seconds: float | None = None
    real: bool = False
    retry: bool = False
    to: str | None = None
    order: str = "reversed"
    meanwhile: str = "retried"
    status: int = 503
    error: str = "internal_error"
    retry_after: int | None = None
    users: int = 50
    even_full: bool = False

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise PlanError(f"There is no fault {self.fault!r}; there are: {', '.join(FAULTS)}.")
        wrong = set(self.given) - FAULTS[self.fault] - {"fault"}
        if wrong:
            raise PlanError(f"{self.fault} does not take {', '.join(sorted(wrong))}.")
        problem = self._problem()
        if problem:
            raise PlanError(f"{self.fault}: {problem}.")

    def _problem(self) -> str:
        if self.fault in {"delay", "slow", "taken_late", "wrong_clock"} and self.seconds is None:
            return "say how many seconds"
        if self.seconds is not None and self.seconds < 0 and self.fault not in OF_CLOCKS:
            return "seconds are not negative"
        if not 0 < self.probability <= 1:
            return "a probability is above 0 and at most 1"
        if self.order not in {"reversed", "shuffled"}:
            return "the order is reversed or shuffled"
        if self.meanwhile not in {"retried", "lost"}:
            return "meanwhile events are retried or lost"
        if self.emoji is not None and kept_name(self.emoji) is None:
            return f"there is no emoji {self.emoji}"
        return ""

    @property
    def given(self) -> Json:
        """The fields that say something."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {each.name: values[each.name] for each in fields(self) if values[each.name] != each.default}

    @property
    def is_random(self) -> bool:
        return self.probability < 1 or self.order == "shuffled"

    def means(self, what: "Occurrence") -> bool:
        """Whether the rule is about such a thing at all."""
        if self.fault in OF_CLOCKS:
            return False
        if (self.fault in OF_ANSWERS) != (what.sort == "method"):
            return False
        if what.sort != "event" and self.fault in _EVENTS_ONLY:
            return False
        patterns = {sort: getattr(self, sort) for sort in SORTS if getattr(self, sort)}
        pattern = patterns.get(what.sort, None if patterns else "*")
        if pattern is None or not any(fnmatchcase(name, pattern) for name in what.names):
            return False
        if self.workspace is not None and self.workspace not in what.workspaces:
            return False
        if self.by is not None and self.by.removeprefix("@") not in what.people:
            return False
        if self.channel is not None and self.channel.removeprefix("#") not in what.channels:
            return False
        return self.emoji is None or self.fault in CUTTING or self.means_emoji(what.emoji)

    def means_emoji(self, name: str) -> bool:
        """Whether it is about this emoji; one without a tone means all tones."""
        meant = kept_name(self.emoji) if self.emoji else None
        return meant is None or meant in (name, name.partition("::")[0])


@dataclass(frozen=True)
class Occurrence:
    """A delivery or a call, as rules see it: `names` are what it may be called."""

    sort: str
    names: tuple[str, ...]
    people: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    emoji: str = ""
    workspaces: tuple[str, ...] = ()


_TYPES: dict[str, Any] = {
    "probability": float,
    "seconds": float,
    "times": int,
    "status": int,
    "retry_after": int,
    "users": int,
}
_FLAGS = {"real", "retry", "even_full"}


def rule_of(given: Any) -> Rule:
    """The rule that a mapping describes, its numbers perhaps written as text."""
    if not isinstance(given, dict) or not given.get("fault"):
        raise PlanError("A rule is a mapping that names a fault.")
    unknown = sorted(str(name) for name in given if name not in {each.name for each in fields(Rule)})
    if unknown:
        raise PlanError(f"A rule has no {', '.join(unknown)}.")
    return Rule(**{name: _converted(name, value) for name, value in given.items() if value is not None})


def _converted(name: str, value: Any) -> Any:
    try:
        if name == "nth":
            return tuple(int(each) for each in (value if isinstance(value, list | tuple) else [value]))
        if name in _TYPES:
            return _TYPES[name](value)
    except (TypeError, ValueError):
        raise PlanError(f"{name} is a number, not {value!r}.") from None
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise PlanError(f"{name} is true or false.")
        return value
    return value if isinstance(value, int) and name in {"after", "until", "at"} else str(value)
