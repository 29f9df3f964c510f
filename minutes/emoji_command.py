"""What `/session emoji …` asks for: to show which emoji record what, or to set them."""

from collections.abc import Sequence
from dataclasses import dataclass

from minutes.emoji import MOST_NAMES, Meaning, read_name
from minutes.text import shorten

EXAMPLE = "`/session emoji note=:paperclip: parked=off`"
_WORDS = {str(meaning): meaning for meaning in Meaning} | {
    "notes": Meaning.NOTE,
    "actions": Meaning.ACTION,
    "decisions": Meaning.DECISION,
    "questions": Meaning.QUESTION,
    "park": Meaning.PARKED,
    "parking": Meaning.PARKED,
    "offrecord": Meaning.OFF_RECORD,
    "off_record": Meaning.OFF_RECORD,
}
_LONGEST_WORD = 40


@dataclass(frozen=True, slots=True)
class ShowEmoji:
    pass


@dataclass(frozen=True, slots=True)
class SetEmoji:
    """The names for each meaning that is to be set; empty to switch it off, None for the usual ones."""

    wanted: tuple[tuple[Meaning, tuple[str, ...] | None], ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A sentence on what was wrong; `{word}` in it stands for what was typed."""

    why: str
    word: str = ""


EmojiCommand = ShowEmoji | SetEmoji


def read_emoji(rest: str) -> EmojiCommand | NotUnderstood:
    """The command, or what was wrong with it."""
    wanted: dict[Meaning, tuple[str, ...] | None] = {}
    for word in rest.split():
        name, separator, value = word.partition("=")
        meaning = _WORDS.get(name.lower())
        if meaning is None or not separator or not value:
            words = ", ".join(Meaning)
            return NotUnderstood(f"Write what to set, such as {EXAMPLE}. You can set {words}.")
        if value.lower() in ("off", "none"):
            wanted[meaning] = ()
        elif value.lower() in ("usual", "default"):
            wanted[meaning] = None
        else:
            found = _names(value.split(","))
            if isinstance(found, NotUnderstood):
                return found
            wanted[meaning] = found
    return SetEmoji(tuple(wanted.items())) if wanted else ShowEmoji()


def _names(typed: Sequence[str]) -> tuple[str, ...] | NotUnderstood:
    found = [read_name(each) for each in typed]
    unknown = next((each for each, name in zip(typed, found, strict=True) if name is None), None)
    if unknown is not None:
        sentence = f"I do not know “{{word}}”. Write the emoji by its name between colons, such as {EXAMPLE}."
        return NotUnderstood(sentence, shorten(unknown, _LONGEST_WORD))
    if len(found) > MOST_NAMES:
        return NotUnderstood(f"{MOST_NAMES} emoji for one thing are the most.")
    return tuple(dict.fromkeys(name for name in found if name))
