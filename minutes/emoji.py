"""What people record by pressing an emoji on a message: which emoji says what, and who holds which of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from minutes.entry import EntryKind
from minutes.ids import PersonId, Ts, micros
from minutes.tally import side_of

RECORDED = "memo"
"""The bot's own emoji on a message of which it has kept something."""
UNSEEN = "see_no_evil"
"""The bot's own emoji on a message that is off the record."""
MOST_NAMES = 5
LONGEST_NAME = 128
"""With its skin tone; Slack lets nobody name an emoji so long."""


class Meaning(StrEnum):
    """What an emoji on a message says, by the words that people type for it."""

    NOTE = "note"
    ACTION = "action"
    DECISION = "decision"
    QUESTION = "question"
    PARKED = "parked"
    OFF_RECORD = "off-record"


KIND_OF = {
    Meaning.NOTE: EntryKind.NOTE,
    Meaning.ACTION: EntryKind.ACTION,
    Meaning.DECISION: EntryKind.DECISION,
    Meaning.QUESTION: EntryKind.QUESTION,
    Meaning.PARKED: EntryKind.PARKED,
}
USUAL = {
    Meaning.NOTE: ("pushpin",),
    Meaning.ACTION: ("dart",),
    Meaning.DECISION: ("white_check_mark", "heavy_check_mark"),
    Meaning.QUESTION: ("question", "grey_question"),
    Meaning.PARKED: ("parking",),
    Meaning.OFF_RECORD: ("mute",),
}
_USUAL_MEANING = {name: meaning for meaning, names in USUAL.items() for name in names}
_ALIASES = {"pencil": RECORDED}
_NAME = re.compile(r":?([a-z0-9_'+-]{1,100}):?")
_CHARACTERS = {
    "📌": "pushpin", "📍": "round_pushpin", "📎": "paperclip", "🔖": "bookmark", "📝": "memo", "🎯": "dart",
    "✅": "white_check_mark", "✔": "heavy_check_mark", "☑": "ballot_box_with_check", "🏁": "checkered_flag",
    "❓": "question", "❔": "grey_question", "🅿": "parking", "🔇": "mute", "🤐": "zipper_mouth_face",
    "🤫": "shushing_face", "🙈": "see_no_evil", "👍": "+1", "👎": "-1", "⚪": "white_circle", "💡": "bulb",
    "🚀": "rocket", "⭐": "star", "👀": "eyes", "📋": "clipboard", "🔨": "hammer", "🚫": "no_entry_sign",
    "⛔": "no_entry", "🚗": "car", "🛑": "octagonal_sign", "📣": "mega", "🔥": "fire",
}  # fmt: skip


def plain_name(raw: str) -> str:
    """The one name of an emoji, whatever its skin tone, and however Slack wrote it."""
    name = raw.strip(":").lower().partition("::skin-tone-")[0]
    return _ALIASES.get(name, name)


def read_name(typed: str) -> str | None:
    """The name of an emoji as somebody typed it: `:pushpin:`, or itself where we know its name."""
    bare = typed.replace("\ufe0f", "")
    if bare in _CHARACTERS:
        return _CHARACTERS[bare]
    found = _NAME.fullmatch(plain_name(bare)) if bare.startswith(":") and bare.endswith(":") else None
    return found[1] if found else None


def is_taken(name: str) -> bool:
    """Whether an emoji says something else already: a vote, or what the bot itself has done."""
    return side_of(name) is not None or name in (RECORDED, UNSEEN)


@dataclass(frozen=True, slots=True)
class EmojiSet:
    """Which emoji a workspace has set for what, as far as it differs from the usual; none at all switches one off."""

    changed: Mapping[Meaning, tuple[str, ...]]

    def names(self, meaning: Meaning) -> tuple[str, ...]:
        return self.changed.get(meaning, USUAL[meaning])

    def meaning(self, raw_name: str) -> Meaning | None:
        """What an emoji says here; None for most."""
        name = plain_name(raw_name)
        if len(raw_name) > LONGEST_NAME:
            return None
        if not self.changed:
            return _USUAL_MEANING.get(name)
        return next((meaning for meaning in Meaning if name in self.names(meaning)), None)

    def to_json(self) -> dict[str, Any]:
        return {str(meaning): list(names) for meaning, names in self.changed.items()}


def emoji_set(stored: Mapping[str, Any] | None) -> EmojiSet:
    """As it is stored."""
    return EmojiSet({Meaning(word): tuple(names) for word, names in (stored or {}).items()})


@dataclass(frozen=True, slots=True)
class Press:
    """One change of one person's emoji on one message: set (`present`), or taken back."""

    person: PersonId
    raw_name: str
    meaning: Meaning
    event_ts: Ts
    present: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody holds an emoji since then, in microseconds."""

    since: int
    person: PersonId


def holds(presses: Iterable[Press], not_people: Iterable[PersonId] = ()) -> dict[Meaning, list[Hold]]:
    """Who holds what, the earliest first, whatever the order in which the presses arrived.

    Per person and raw emoji the latest `event_ts` wins, and at equal times the emoji's being there.
    """
    latest: dict[tuple[PersonId, str], tuple[int, bool, Meaning]] = {}
    for press in presses:
        key, mine = (press.person, press.raw_name), (micros(press.event_ts), press.present, press.meaning)
        latest[key] = max(latest.get(key, mine), mine)
    nobody = frozenset(not_people)
    found: dict[Meaning, list[Hold]] = {}
    for (person, _), (since, present, meaning) in latest.items():
        if present and person not in nobody:
            found.setdefault(meaning, []).append(Hold(since, person))
    return {meaning: sorted(each, key=lambda hold: (hold.since, hold.person)) for meaning, each in found.items()}


def records(kind: EntryKind, of_lines: Iterable[EntryKind]) -> bool:
    """Whether an emoji of that kind records a message whose tagged lines are of these kinds.

    Such a message says itself what it is: the same once more adds nothing, and a ✅ on it is most often a tick.
    """
    tagged = tuple(of_lines)
    return kind not in tagged and not (tagged and kind is EntryKind.DECISION)


@dataclass(frozen=True, slots=True)
class EmojiShown:
    """Which emoji on a message record what, by name; none where that is switched off. `changed` says: just now."""

    names: tuple[tuple[Meaning, tuple[str, ...]], ...]
    changed: bool = False
