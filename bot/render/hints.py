"""What the bot says in private to somebody whose emoji on a message did not do what it does for others."""

from collections.abc import Sequence

from bot.command_names import CommandNames
from bot.render.message import Message, said
from bot.render.pieces import with_code
from bot.render.wording import people


def chairs_decide(chairs: Sequence[str], names: CommandNames) -> Message:
    """To somebody who has pressed the emoji of decisions and does not chair."""
    sentence = (
        "If your emoji was meant to record a decision: that is for whoever chairs this session: {chairs}. "
        "You can type `/decide` with the text. If it was not, all is well; I say this only once in a session."
    )
    return said(*with_code(sentence, names, {"chairs": people(chairs)}))


def said_before(names: CommandNames) -> Message:
    """To somebody who wants recorded what was said before the session."""
    return said(
        *with_code(
            "An emoji records only what was said during this session, and that message is older. "
            "To have it in the record, type it again, or put it behind `/note`.",
            names,
        )
    )


def not_readable(names: CommandNames) -> Message:
    """To somebody whose message Slack does not let the bot read."""
    return said(
        *with_code(
            "Slack does not let me read that message, so your emoji has not recorded it. "
            "Type it behind `/note`, and ask whoever looks after me to check my permissions.",
            names,
        )
    )


def no_words(names: CommandNames) -> Message:
    """To somebody who wants recorded what has no words."""
    return said(
        *with_code("That message has no words, so there is nothing to record. Say what it shows with `/note`.", names)
    )


def not_off_record(author: str, chairs: Sequence[str]) -> Message:
    """To somebody who wants to take off the record what is not theirs."""
    others = "" if list(chairs) == [author] else f", who wrote it, or whoever chairs, {people(chairs)},"
    return said(f"Only {people([author])}{others} can take that message off the record.")
