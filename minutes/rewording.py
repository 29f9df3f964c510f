"""Which lines of an edited message are which of those that are kept of it: by their words, and then by their place."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from minutes.entry import EntryKind

_ALIKE = 0.5
_MOST_COMPARED = 10_000
"""So many pairs of lines are compared word by word; nobody edits more of a message at once, but a program may."""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """`gone` says that an edit has taken it out: it comes back by its words alone, not by its place."""

    kind: EntryKind
    text: str
    line: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class SaidLine:
    kind: EntryKind
    text: str
    line: int


def match(kept: Sequence[KeptLine], said: Sequence[SaidLine]) -> dict[int, int]:
    """For each line that is said now, by its index, the index of the kept one that it is; new ones are missing."""
    found: dict[int, int] = {}
    for same in (_the_same, _of_another_kind):
        _pair(found, kept, said, same)
    _pair_alike(found, kept, said)
    for same in (_in_its_place, _of_its_kind):
        _pair(found, kept, said, same)
    return found


Same = Callable[[KeptLine, SaidLine], bool]


def _the_same(kept: KeptLine, said: SaidLine) -> bool:
    return (kept.kind, kept.text) == (said.kind, said.text)


def _of_another_kind(kept: KeptLine, said: SaidLine) -> bool:
    return kept.text == said.text


def _in_its_place(kept: KeptLine, said: SaidLine) -> bool:
    return not kept.gone and (kept.kind, kept.line) == (said.kind, said.line)


def _of_its_kind(kept: KeptLine, said: SaidLine) -> bool:
    return not kept.gone and kept.kind == said.kind


def _pair(found: dict[int, int], kept: Sequence[KeptLine], said: Sequence[SaidLine], same: Same) -> None:
    """Each in turn with the first that is left."""
    taken = set(found.values())
    for now in list(_left(said, found)):
        before = next((one for one in _left(kept, taken) if same(kept[one], said[now])), None)
        if before is not None:
            found[now] = before
            taken.add(before)


def _pair_alike(found: dict[int, int], kept: Sequence[KeptLine], said: Sequence[SaidLine]) -> None:
    """Those that share most of their words, the most alike first."""
    taken = set(found.values())
    here, there = list(_left(said, found)), list(_left(kept, taken))
    if len(here) * len(there) > _MOST_COMPARED:
        return
    now_said, was_said = [_words(each.text) for each in said], [_words(each.text) for each in kept]
    pairs = [(-_likeness(now_said[now], was_said[before]), now, before) for now in here for before in there]
    for unlikeness, now, before in sorted(pairs):
        if unlikeness <= -_ALIKE and now not in found and before not in taken:
            found[now] = before
            taken.add(before)


def _left(lines: Sequence[object], taken: Container[int]) -> Iterator[int]:
    return (each for each in range(len(lines)) if each not in taken)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one), len(other), 1)
