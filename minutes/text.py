"""Text as people type it: what is kept of it, how people are named in it, and where it may be cut."""

import hashlib
import re
import unicodedata
from collections.abc import Callable

# Private-use characters, so that no text from a person can look like a mention once `clean` has seen it.
MENTION_OPEN = "\ue000"
MENTION_CLOSE = "\ue001"

_MENTION = re.compile(f"{MENTION_OPEN}([^{MENTION_OPEN}{MENTION_CLOSE}]*){MENTION_CLOSE}")
_DROPPED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{MENTION_OPEN}{MENTION_CLOSE}]")
_NEW_LINE = re.compile(r"\r\n?")
_ELLIPSIS = "…"
_JOINER = "\u200d"
# A pile of combining marks may be endless; no real letter or emoji is longer than this.
_LONGEST_CLUSTER = 32


def mention(key: str) -> str:
    """The marker that stands for the person with this key in a text."""
    return f"{MENTION_OPEN}{key}{MENTION_CLOSE}"


def mentions(text: str) -> tuple[str, ...]:
    """The keys of the people mentioned, each once, in the order of the text."""
    return tuple(dict.fromkeys(_MENTION.findall(text))) if MENTION_OPEN in text else ()


def replace_mentions(text: str, name: Callable[[str], str]) -> str:
    """The text with each marker replaced by what `name` makes of its key."""
    return _MENTION.sub(lambda found: name(found[1]), text) if MENTION_OPEN in text else text


def clean(text: str) -> str:
    """The text without what no record should hold: control characters, lone surrogates, our own delimiters.

    Bidirectional marks and emoji stay: they are part of what people write.
    """
    return _DROPPED.sub("", _NEW_LINE.sub("\n", text)).strip()


def fingerprint(text: str) -> str:
    """SHA-256 of a text in hex: two texts can be shown to be the same without keeping both."""
    return hashlib.sha256(text.encode()).hexdigest()


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(text.split())


def is_blank(text: str) -> bool:
    """Whether the text has nothing to see: it is empty, or white space and invisible characters only."""
    return all(char.isspace() or unicodedata.category(char) in ("Cf", "Cc") for char in text)


def shorten(text: str, limit: int) -> str:
    """The text in at most `limit` code points: cut at a word, with "…", and never inside a mention."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = _before_half_word(text, _before_half_mention(text, limit - 1))
    return text[: _before_half_cluster(text, end)].rstrip() + _ELLIPSIS


def _before_half_mention(text: str, end: int) -> int:
    opened = text.rfind(MENTION_OPEN, 0, end)
    inside = opened >= 0 and text.find(MENTION_CLOSE, opened, end) < 0
    return opened if inside else end


def _before_half_word(text: str, end: int) -> int:
    """The end of the last whole word, unless that costs half of the text (a script without spaces)."""
    if text[end].isspace() or text[end] == MENTION_OPEN:
        return end
    spaces = (at for at in range(end - 1, end // 2, -1) if text[at].isspace() or text[at] == MENTION_CLOSE)
    space = next(spaces, None)
    if space is None:
        return end
    return space + 1 if text[space] == MENTION_CLOSE else space


def _before_half_cluster(text: str, end: int) -> int:
    for start in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joined(text, start):
            return start
    return end if end > _LONGEST_CLUSTER else 0


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of this place are seen as one."""
    before, after = text[at - 1], text[at]
    return before == _JOINER or _extends(after) or (_is_flag(before) and _is_flag(after) and _half_flag(text, at))


def _extends(char: str) -> bool:
    tag_or_skin_tone = "\U000e0020" <= char <= "\U000e007f" or "\U0001f3fb" <= char <= "\U0001f3ff"
    return char == _JOINER or tag_or_skin_tone or unicodedata.category(char).startswith("M")


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _half_flag(text: str, at: int) -> bool:
    """Flags are pairs of letters: an odd number of them before this place means that it is within a pair."""
    start = at
    while start > 0 and _is_flag(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 1
