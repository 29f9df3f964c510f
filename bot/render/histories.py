"""What has become of an entry, for those who may know: who changed it when, and what it said."""

from bot.render.pieces import SOON, Line, at, one_below_another
from bot.render.wording import EMOJI, KIND
from minutes.entry import Why
from minutes.outcomes import EntryHistory, HistoryStep
from minutes.text import shorten

_NAME = 80
_TEXT = 300
_STEPS = 12
"""So many steps are told; of a longer history the first one and the last ones."""
_HAPPENED = {
    Why.SAID: "recorded by {}",
    Why.MENTIONED: "recorded by {}",
    Why.RECORDED: "recorded by {}",
    Why.EDITED: "edited by {}",
    Why.DATED: "the day was read again, in the time zone of {}",
    Why.CHANGED: "changed by {}",
    Why.UNDONE: "undone by {}",
    Why.REDONE: "put back by {}",
    Why.UNTAGGED: "struck out: {} has taken it out of the message",
    Why.DONE: "done, says {}",
    Why.REOPENED: "open again, says {}",
    Why.PUT_OFF: "put off by {}",
    Why.EMOJI: "followed the emoji on its message, by {}",
    Why.OFF_RECORD: "taken off the record by {}",
    Why.DELETED: "struck out: its message was deleted (recorded by {})",
}
_SAYS_SOMETHING = (Why.SAID, Why.MENTIONED, Why.RECORDED, Why.EDITED, Why.EMOJI)


def history(told: EntryHistory) -> Line:
    """A line a step, oldest first."""
    newest = told.steps[-1]
    state = "" if told.standing else ", no longer in the record"
    first = f"{EMOJI[newest.kind]} {KIND[newest.kind]} {told.number}{state}:"
    left = len(told.steps) - _STEPS
    middle: list[Line] = [(f"… {left:,} more …",)] if left > 0 else []
    shown = (told.steps[:1], told.steps[1:]) if left <= 0 else (told.steps[:1], told.steps[left + 1 :])
    return one_below_another([(first,), *map(_step, shown[0]), *middle, *map(_step, shown[1])])


def _step(step: HistoryStep) -> Line:
    happened = _HAPPENED[step.why].format(shorten(step.by, _NAME))
    words = f": {KIND[step.kind].lower()}, “{shorten(step.text, _TEXT)}”" if step.text else ""  # none off the record
    says = words if step.why in _SAYS_SOMETHING else ""
    return (at(step.at, SOON), f", {happened}{says}")
