"""What stands in the channel itself: one message a topic, one a decision, and the replies below a topic."""

from bot.render.message import Message, context, header, message, section
from bot.render.pieces import Part, as_text, excerpt, words
from bot.render.wording import CAME_OUT, EMOJI, KIND, VOTE, owners_and_date, people
from minutes.entry import EntryKind
from minutes.record import RecordedEntry, RecordedVote
from minutes.text import shorten

_NAME = 80


def topic_message(number: int, title: str, by: str, resumed: bool) -> Message:
    """The topic's own message: its thread holds the topic's notes and actions."""
    heading = f"💬 {number}. {title}"
    began = "Back on the floor" if resumed else "On the floor"
    small = f"{began}, brought by {shorten(by, _NAME)}. Notes and actions go into this thread."
    return message(f"{heading}\n{small}", header(heading), context(small))


def entry_reply(entry: RecordedEntry) -> Message:
    """A note, action, idea, call for help or link, as a reply in its topic's thread."""
    return _line_and_source(
        [f"{EMOJI[entry.kind]} ", words(f"{KIND[entry.kind]}: ", bold=True), excerpt(entry.text)], _source(entry)
    )


def decision_message(entry: RecordedEntry) -> Message:
    """A decision that somebody recorded without a vote."""
    parts: list[Part] = [f"{EMOJI[entry.kind]} ", words("Decision: ", bold=True), excerpt(entry.text)]
    return _line_and_source(parts, f"recorded by {shorten(entry.author, _NAME)}, no vote")


def vote_decision(vote: RecordedVote) -> Message:
    """A decision that a vote has made."""
    parts: list[Part] = ["✅ ", words(f"Decision ({vote.label}): ", bold=True), excerpt(vote.text)]
    return _line_and_source(parts, f"Accepted: {vote.tally}. {_voters(vote)}".rstrip())


def vote_outcome(vote: RecordedVote) -> Message:
    """A vote that has made no decision, as what it was."""
    parts: list[Part] = [f"{VOTE} ", words(f"{vote.label}, {CAME_OUT[vote.state]}: ", bold=True), excerpt(vote.text)]
    return _line_and_source(parts, f"{vote.tally}. {_voters(vote)}".rstrip())


def undone_entry(entry: RecordedEntry, by: str) -> Message:
    """An entry that was taken back, struck out where it stands."""
    lead = f"{EMOJI[entry.kind]} {KIND[entry.kind]}: "
    text = excerpt(entry.text)
    undone = f"Undone by {shorten(by, _NAME)}"
    return message(f"{undone}. {lead}{text}", section(words(lead + text, strike=True)), context(undone))


def _line_and_source(parts: list[Part], source: str) -> Message:
    return message(f"{as_text(parts)}\n{source}", section(*parts), context(source))


def _source(entry: RecordedEntry) -> str:
    by = f"recorded by {shorten(entry.author, _NAME)}"
    if entry.kind is EntryKind.ACTION:
        return f"{owners_and_date(entry.owners, entry.due)} · {by}"
    return by


def _voters(vote: RecordedVote) -> str:
    sides = (("For", vote.in_favour), ("Against", vote.against), ("Abstaining", vote.abstaining))
    return " ".join(f"{side}: {people(names)}." for side, names in sides if names)
