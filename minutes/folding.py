"""Folding: texts and what somebody looks for in them, brought to one form in which they can be compared."""

import unicodedata

from minutes.text import one_line

MOST_WORDS = 10
"""Nobody remembers more words than that, and each is looked for everywhere."""
_LONGEST = 20_000


def folded(text: str) -> str:
    """The text without case, accents, compatibility forms and extra white space; mention markers stay."""
    # Normal forms take quadratic time over endless marks; no entry is that long.
    plain = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    marks = (char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return one_line("".join(marks))


def search_words(text: str) -> tuple[str, ...]:
    """The words to look for, each once; all of them have to be there."""
    return tuple(dict.fromkeys(folded(text).split()))[:MOST_WORDS]
