"""What a person may do wrong: a sentence for that person, which says what to do instead."""

import re
from collections.abc import Mapping
from enum import StrEnum


class Offer(StrEnum):
    """A button that helps the refused person onwards."""

    START_SESSION = "start_session"
    NEXT_ANYWAY = "next_anyway"
    CLOSE_BALLOT = "close_ballot"


class Refusal(Exception):
    """Raised by a rule or a use case; answered privately. Nothing of the refused request is stored.

    The words are ours, and name commands in backticks as they are called by default. `{key}` in them stands for words
    of somebody's, such as a title or a name, which are handed over as `theirs`: nothing is read into those.
    """

    def __init__(self, words: str, offer: Offer | None = None, value: str = "", **theirs: str) -> None:
        super().__init__(words)
        self.words, self.theirs = words, theirs
        self.offer = offer
        self.value = value

    @property
    def sentence(self) -> str:
        """All of it, where no command has another name."""
        return filled(self.words, self.theirs)


def filled(words: str, theirs: Mapping[str, str] | None) -> str:
    """Our words with theirs in their places; braces that stand for nothing stay."""
    return _PLACE.sub(lambda found: (theirs or {}).get(found[1], found[0]), words)


_PLACE = re.compile(r"\{(\w+)\}")
