"""The habits of IRC meetings: lines of a message that begin with `#topic`, `#action` and the like."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from minutes.entry import EntryKind
from minutes.text import is_blank, mention


class Tag(StrEnum):
    TOPIC = "topic"
    AGREED = "agreed"
    ACTION = "action"
    INFO = "info"
    IDEA = "idea"
    HELP = "help"
    LINK = "link"
    QUESTION = "question"
    PARK = "park"
    PARKED = "parked"
    STARTMEETING = "startmeeting"
    ENDMEETING = "endmeeting"


KIND_OF = {
    Tag.AGREED: EntryKind.DECISION,
    Tag.ACTION: EntryKind.ACTION,
    Tag.INFO: EntryKind.NOTE,
    Tag.IDEA: EntryKind.IDEA,
    Tag.HELP: EntryKind.HELP,
    Tag.LINK: EntryKind.LINK,
    Tag.QUESTION: EntryKind.QUESTION,
    Tag.PARK: EntryKind.PARKED,
    Tag.PARKED: EntryKind.PARKED,
}
"""What a line becomes; the other tags move the session."""


@dataclass(frozen=True, slots=True)
class TaggedLine:
    line: int
    """Counted from 0 in the message."""
    tag: Tag
    text: str


_MAY_BE_BARE = frozenset({Tag.STARTMEETING, Tag.ENDMEETING})
_FENCE = "```"
_TAGGED = re.compile(rf"\s*#({'|'.join(Tag)})(?=[\s:]|$)\s*:?(.*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r"\s*(?:>|&gt;)")
_AFTER_A_NAME = " \t\n,:;–-"
_QUOTES_THE_REST = re.compile(r"\s*(?:>|&gt;){3}")


def read_lines(text: str) -> tuple[TaggedLine, ...]:
    """The tagged lines, but for those in code fences and quotations: what is only shown is not said."""
    return tuple(found for number, line in _spoken_lines(text) if (found := _read(number, line)))


def _read(number: int, line: str) -> TaggedLine | None:
    found = _TAGGED.fullmatch(line)
    if not found:
        return None
    tag, text = Tag(found[1].lower()), found[2].strip()
    return TaggedLine(number, tag, text) if tag in _MAY_BE_BARE or not is_blank(text) else None


def _spoken_lines(text: str) -> list[tuple[int, str]]:
    """Numbered lines outside of fences, up to a `>>>`, with which Slack quotes the rest of a message."""
    spoken: list[tuple[int, str]] = []
    fences = text.count(_FENCE) // 2 * 2  # a last one that is never closed fences nothing in
    passed = 0
    for number, line in enumerate(text.split("\n")):
        fenced = passed < fences and passed % 2 == 1
        if not fenced and _QUOTES_THE_REST.match(line):
            break
        if not fenced:
            spoken.append((number, line))
        passed += line.count(_FENCE)
    return spoken


def read_addressed(text: str, to: str) -> str | None:
    """What follows the first mention of `to` (its key), up to the next tagged line, which speaks for itself.

    None where nobody is spoken to: the mention is missing, stands in a tagged line, or is only shown.
    """
    lines, spoken, name = text.split("\n"), dict(_spoken_lines(text)), mention(to)
    first = next((number for number, line in enumerate(lines) if name in line), None)
    if first is None or first not in spoken or _read(first, lines[first]) or _QUOTED.match(lines[first]):
        return None
    after = enumerate(lines[first + 1 :], first + 1)
    following = takewhile(lambda each: each[0] not in spoken or not _read(*each), after)
    said = [lines[first].partition(name)[2], *(line for _, line in following)]
    return "\n".join(said).lstrip(_AFTER_A_NAME).rstrip()
