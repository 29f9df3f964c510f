"""What a person may do wrong: a sentence for that person, which says what to do instead."""

from enum import StrEnum


class Offer(StrEnum):
    """A button that helps the refused person onwards."""

    START_SESSION = "start_session"
    NEXT_ANYWAY = "next_anyway"
    CLOSE_BALLOT = "close_ballot"


class Refusal(Exception):
    """Raised by a rule or a use case; answered privately. Nothing of the refused request is stored."""

    def __init__(self, sentence: str, offer: Offer | None = None, value: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.offer = offer
        self.value = value
