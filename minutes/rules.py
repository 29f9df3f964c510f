"""The rules by which a proposal passes and the quorum that a vote needs (voting.md §1.3), in whole numbers only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any, Self


class RuleName(StrEnum):
    MAJORITY = "majority"
    TWO_THIRDS = "two-thirds"
    THREE_QUARTERS = "three-quarters"
    UNANIMOUS = "unanimous"
    ABSOLUTE_MAJORITY = "absolute-majority"
    SHARE = "share"


class Base(StrEnum):
    """What a share is a share of: the votes cast for or against, or everyone on the roll."""

    CAST = "cast"
    ROLL = "roll"


_MORE_THAN_HALF = frozenset({RuleName.MAJORITY, RuleName.ABSOLUTE_MAJORITY})
_SHARES = {
    RuleName.TWO_THIRDS: Fraction(2, 3),
    RuleName.THREE_QUARTERS: Fraction(3, 4),
    RuleName.UNANIMOUS: Fraction(1),
}
_WORDS = {
    RuleName.MAJORITY: "more for than against",
    RuleName.TWO_THIRDS: "two thirds of the votes cast",
    RuleName.THREE_QUARTERS: "three quarters of the votes cast",
    RuleName.UNANIMOUS: "all votes cast",
    RuleName.ABSOLUTE_MAJORITY: "more than half of the roll",
}
_BASE_WORDS = {Base.CAST: "the votes cast", Base.ROLL: "the roll"}


@dataclass(frozen=True, slots=True)
class Rule:
    """How many in favour are enough. `percent` and `of` belong to `share`; anything else raises ValueError."""

    name: RuleName
    percent: int | None = None
    of: Base = Base.CAST

    def __post_init__(self) -> None:
        if self.name is RuleName.SHARE:
            _check_percent(self.percent)
        elif self.percent is not None or self.of is not Base.CAST:
            raise ValueError(f"{self.name} takes no percentage")

    @property
    def needs_roll(self) -> bool:
        return self.name is RuleName.ABSOLUTE_MAJORITY or self.of is Base.ROLL

    @property
    def words(self) -> str:
        """What has to be in favour, to follow "needs"."""
        return _WORDS.get(self.name) or f"{self.percent}% of {_BASE_WORDS[self.of]}"

    def passes(self, in_favour: int, against: int, conflicting: int, roll: int | None) -> bool:
        """Whether that is a decision (voting.md §1.3); nothing passes without a vote in favour (§1.5, 28).

        Told from `needs`, so that what the ballot says is needed and what decides can never differ.
        Raises ValueError for a rule that needs a roll where there is none: no wider group stands in for it.
        """
        if self.name is RuleName.UNANIMOUS and conflicting:
            return False
        return in_favour >= self.needs(in_favour, against, roll)

    def needs(self, in_favour: int, against: int, roll: int | None) -> int:
        """The least number in favour that passes while as many people vote for or against (voting.md §1.5, 29).

        Raises ValueError for a rule that needs a roll where there is none.
        """
        whole = _size(roll) if self.needs_roll else in_favour + against
        if self.name in _MORE_THAN_HALF:
            return whole // 2 + 1
        return max(1, ceil(self._share * whole))

    @property
    def _share(self) -> Fraction:
        return _SHARES.get(self.name) or Fraction(self.percent or 0, 100)


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many have to vote, abstentions counted: a number or a percentage of the roll, never both."""

    count: int | None = None
    percent: int | None = None

    def __post_init__(self) -> None:
        if (self.count is None) == (self.percent is None):
            raise ValueError("a quorum is a number or a percentage")
        if self.count is None:
            _check_percent(self.percent)
        elif self.count < 1:
            raise ValueError("a quorum is one vote at least")

    @property
    def needs_roll(self) -> bool:
        return self.percent is not None

    @property
    def words(self) -> str:
        if self.percent is not None:
            return f"{self.percent}% of the roll"
        return f"{self.count} vote{'' if self.count == 1 else 's'}"

    def needed(self, roll: int | None) -> int:
        """Votes for the quorum; raises ValueError for a percentage without a roll."""
        if self.percent is None:
            return self.count or 0
        return ceil(Fraction(self.percent, 100) * _size(roll))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a proposal is decided by, frozen when its ballot opens; the default is a live session's."""

    rule: Rule = Rule(RuleName.MAJORITY)
    quorum: Quorum | None = None

    @property
    def needs_roll(self) -> bool:
        return self.rule.needs_roll or (self.quorum is not None and self.quorum.needs_roll)

    def quorum_needs(self, roll: int | None) -> int | None:
        """Votes for the quorum, None where there is none; raises ValueError for a percentage without a roll."""
        return None if self.quorum is None else self.quorum.needed(roll)

    def to_json(self) -> dict[str, Any]:
        rule = {"name": self.rule.name.value, "percent": self.rule.percent, "of": self.rule.of.value}
        quorum = self.quorum and {"count": self.quorum.count, "percent": self.quorum.percent}
        return {"rule": rule, "quorum": quorum}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What `to_json` gave; raises KeyError, TypeError or ValueError for anything else."""
        rule, quorum = stored["rule"], stored["quorum"]
        return cls(
            rule=Rule(RuleName(rule["name"]), rule["percent"], Base(rule["of"])),
            quorum=None if quorum is None else Quorum(quorum["count"], quorum["percent"]),
        )


_PERCENT = r"(?P<percent>[1-9][0-9]?|100) ?%"
_SHARE = re.compile(rf"{_PERCENT}(?: of (?:the )?(?:(?P<roll>roll)|cast|votes(?: cast)?))?")
_QUORUM = re.compile(rf"{_PERCENT}(?: of (?:the )?roll)?|(?P<count>[1-9][0-9]{{0,5}})(?: votes?)?")
_BY_WORD = {name.value.replace("-", " "): Rule(name) for name in _WORDS} | {
    "2/3": Rule(RuleName.TWO_THIRDS),
    "3/4": Rule(RuleName.THREE_QUARTERS),
}


def parse_rule(text: str) -> Rule | None:
    """`two-thirds`, `2/3`, `60%`, `60% of roll` and their like, in any case, or None; a bare share is of the cast."""
    text = _spaced(text)
    if rule := _BY_WORD.get(text):
        return rule
    found = _SHARE.fullmatch(text)
    return found and Rule(RuleName.SHARE, int(found["percent"]), Base.ROLL if found["roll"] else Base.CAST)


def parse_quorum(text: str) -> Quorum | None:
    """`5` or `50%`, which is of the roll, or None."""
    found = _QUORUM.fullmatch(_spaced(text))
    if not found:
        return None
    return Quorum(count=int(found["count"])) if found["count"] else Quorum(percent=int(found["percent"]))


def _spaced(text: str) -> str:
    """One form for `Two-Thirds`, `two_thirds` and `two thirds`; the sign of `-5` stays."""
    return " ".join(re.sub("(?<=[a-z%])[-_]", " ", text.lower()).split())


def _check_percent(percent: int | None) -> None:
    if percent is None or not 1 <= percent <= 100:
        raise ValueError("a percentage is from 1 to 100")


def _size(roll: int | None) -> int:
    if roll is None:
        raise ValueError("this is counted against a roll, and there is none")
    return roll
