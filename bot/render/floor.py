"""What stands in the channel itself: one message a topic, one a decision, and the replies below a topic."""

from itertools import accumulate, takewhile

from bot.render import votes
from bot.render.message import Message, context, header, message, said, section, small_print
from bot.render.pieces import Line, Part, as_text, excerpt, one_after_another, words
from bot.render.wording import DONE, EMOJI, KIND, VOTE, counted, owners_and_date
from minutes.entry import EntryKind
from minutes.proposal import ProposalState
from minutes.record import RecordedEntry, RecordedVote
from minutes.text import shorten

_NAME = 80
_TITLE = 200
# For a vote's lists of names, each, and for the reasons of those against, each and all together.
_NAMES = 150
_REASON = 300
_REASONS = 1_200


def topic_message(number: int, title: str, by: str, resumed: bool) -> Message:
    """The topic's own message: its thread holds the topic's notes and actions."""
    heading = f"💬 {number}. {title}"
    began = "Back on the floor" if resumed else "On the floor"
    small = f"{began}, brought by {shorten(by, _NAME)}. Notes and actions go into this thread."
    return message(f"{heading}\n{small}", header(heading), context(small))


def entry_reply(entry: RecordedEntry, moved_to: str | None = None) -> Message:
    """A note, action, idea, call for help or link, as a reply in its topic's thread.

    `moved_to` is where it is filed by now: a message cannot be moved. Empty is before the first topic.
    """
    return _line_and_source(
        [f"{_emoji(entry)} ", words(f"{KIND[entry.kind]}: ", bold=True), excerpt(entry.text)],
        (_source(entry),),
        *_moved(moved_to),
    )


def decision_message(entry: RecordedEntry, moved_to: str | None = None) -> Message:
    """A decision that somebody recorded without a vote."""
    parts: list[Part] = [f"{EMOJI[entry.kind]} ", words("Decision: ", bold=True), excerpt(entry.text)]
    source = f"#{entry.number}, recorded by {shorten(entry.author, _NAME)}, no vote"
    return _line_and_source(parts, (source,), *_moved(moved_to))


def vote_decision(vote: RecordedVote) -> Message:
    """A decision that a vote has made; a vote that has made none comes out as `vote_outcome`."""
    if not votes.is_decision(vote):
        return vote_outcome(vote)
    parts: list[Part] = ["✅ ", words(f"Decision ({vote.label}): ", bold=True), excerpt(vote.text)]
    return _line_and_source(parts, (f"Accepted: {_count(vote)}",), *_how(vote))


def vote_outcome(vote: RecordedVote) -> Message:
    """A vote that has made no decision, as what it was."""
    parts: list[Part] = [f"{VOTE} ", words(f"{vote.label}, {votes.came_out(vote)}: ", bold=True), excerpt(vote.text)]
    doubt = [votes.in_doubt(vote)] if vote.state is ProposalState.UNDETERMINED else []
    return _line_and_source(parts, *doubt, (_count(vote),), *_how(vote))


def counting_delayed(vote: RecordedVote) -> Message:
    """Said once, when a vote is closed and Slack does not let it be counted."""
    late = f"⏳ {vote.label} is closed, but counting takes longer than usual: Slack has not told all votes yet."
    return said(f"{late} Nothing is decided yet. I keep trying, and the result follows here.")


def digest_pointer(title: str, channel: str) -> Message:
    """Said in the session's own channel when its digest has been posted in another one."""
    where = f"in #{channel}" if channel else "in another channel"
    return said(f"🗒 The digest of “{shorten(title, _TITLE)}” is {where}.")


def undone_entry(entry: RecordedEntry, by: str) -> Message:
    """An entry that was taken back, struck out where it stands; of one that is off the record no word is left."""
    if not entry.text:
        return said(f"🙈 {KIND[entry.kind]} {entry.number} was taken off the record by {shorten(by, _NAME)}.")
    lead = f"{EMOJI[entry.kind]} {KIND[entry.kind]}: "
    text = excerpt(entry.text)
    undone = f"Undone by {shorten(by, _NAME)}"
    return message(f"{undone}. {lead}{text}", section(words(lead + text, strike=True)), context(undone))


def _line_and_source(parts: list[Part], *sources: Line) -> Message:
    return message("\n".join(map(as_text, (parts, *sources))), section(*parts), *map(small_print, sources))


def _emoji(entry: RecordedEntry) -> str:
    return DONE if entry.done else EMOJI[entry.kind]


def _source(entry: RecordedEntry) -> str:
    # By its number anybody who may can take it back: `/session undo 7`.
    by = f"#{entry.number}, recorded by {shorten(entry.author, _NAME)}"
    if entry.kind is EntryKind.ACTION:
        return f"{owners_and_date(entry.owners, entry.due, done=entry.done)} · {by}"
    return by


def _moved(to: str | None) -> list[Line]:
    if to is None:
        return []
    return [(f"Moved: it is filed under topic {to}." if to else "Moved: it is filed before the first topic.",)]


def _count(vote: RecordedVote) -> str:
    return f"{vote.tally}. {votes.voters(vote, _NAMES)}".rstrip()


def _how(vote: RecordedVote) -> list[Line]:
    """By which rule, who disagreed and why, and what is to be known about the count; each in a line."""
    measures = [each for each in (votes.rule(vote), votes.quorum(vote), votes.advisory(vote)) if each]
    small = [(f"{votes.closing(vote)}.",), *votes.irregularities(vote, _NAMES)]
    return [(f"{'. '.join(measures)}.",), *_dissent(vote), one_after_another(small)]


def _dissent(vote: RecordedVote) -> list[Line]:
    """As far as there is room; all of it stands in the ballot's thread, and in the recap."""
    reasons = votes.dissent(vote, _REASON)
    sizes = accumulate(map(len, reasons))
    shown = reasons[: sum(1 for _ in takewhile(lambda size: size <= _REASONS, sizes))]
    left = len(reasons) - len(shown)
    more = [f"{counted(left, 'more reason')} below the ballot"] if left else []
    lines = "\n".join([*shown, *more])
    return [(lines,)] if lines else []
