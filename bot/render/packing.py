"""How long lists are dealt out to blocks and messages, each within what Slack takes, and nothing lost."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from bot.render.message import Block, rich
from bot.render.pieces import Line, Piece, bullets, line

# Below the 50 blocks, 9,000 characters and 15,000 bytes of slack.md §2.2, with room for a heading and a last line.
_MESSAGE = (8_200, 13_500)
_MOST_BLOCKS = 46
# Small enough that messages fill up evenly, large enough for every topic that a person would read in one go.
_BLOCK = (3_000, 5_000)


def pack(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks in order, in as few messages as they fit; each block must fit by itself."""
    return [part for group in _grouped(blocks, _MESSAGE) for part in _batches(group, _MOST_BLOCKS)]


def listing(heading: Line, continued: Line, lines: Iterable[Piece]) -> list[Block]:
    """A heading with a list below it, as one block or, where the list is long, as several."""
    groups = list(_grouped(lines, _BLOCK)) or [[]]
    headings = [heading, *[continued] * (len(groups) - 1)]
    return [rich(line(*above), *_lists(group)) for above, group in zip(headings, groups, strict=True)]


def measure(value: Block | list[Block]) -> tuple[int, int]:
    """Characters of text in blocks or pieces, and their bytes as JSON with the comma behind."""
    return _chars(value), len(json.dumps(value, ensure_ascii=False).encode()) + 2


def _lists(lines: list[Piece]) -> Iterator[Piece]:
    """A list, and lists of their own for the lines that are nested in it."""
    for is_nested, run in groupby(lines, key=lambda one: "indent" in one):
        if is_nested:
            yield from run
        else:
            yield bullets(run)


def _grouped(values: Iterable[Block], most: tuple[int, int]) -> Iterator[list[Block]]:
    """The values in order, in groups that each stay within so many characters and bytes."""
    group: list[Block] = []
    chars = size = 0
    for value in values:
        more = measure(value)
        if group and (chars + more[0] > most[0] or size + more[1] > most[1]):
            yield group
            group, chars, size = [], 0, 0
        group.append(value)
        chars, size = chars + more[0], size + more[1]
    if group:
        yield group


def _batches(group: list[Block], most: int) -> Iterator[list[Block]]:
    return (group[start : start + most] for start in range(0, len(group), most))


def _chars(value: object) -> int:
    """All that a reader might see: texts, fallbacks of dates, and addresses that stand for themselves."""
    if isinstance(value, list | tuple):
        return sum(map(_chars, value))
    if not isinstance(value, dict):
        return 0
    own = sum(len(value[key]) for key in ("text", "fallback", "url") if isinstance(value.get(key), str))
    return own + sum(map(_chars, value.values()))
