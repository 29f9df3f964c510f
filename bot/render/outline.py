"""The order in which a record is told, the same in digest and recap, and the label of each thing in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.render import votes
from bot.render.pieces import label_and_address
from bot.render.wording import EMOJI, KIND, VOTE, moment, owners_and_date, people
from minutes.entry import EntryKind
from minutes.proposal import ProposalState
from minutes.record import Record, RecordedEntry, RecordedVote, Section

BEFORE = "Before the first topic"
_UNDER_A_TOPIC = (EntryKind.DECISION, EntryKind.ACTION, EntryKind.NOTE, EntryKind.IDEA, EntryKind.LINK)
# Of a reason against, at least this much.
_REASON = 500
_SETTLED = (ProposalState.ACCEPTED, ProposalState.REJECTED, ProposalState.WITHDRAWN, ProposalState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the record: what it is, its text as typed, what belongs to it, and who voted how.

    `url` is there where the text stands for a link. `notes` are what else there is to say of a vote, a line each: the
    reasons of those against, then its rule where that is not the plain majority, and what happened to the count.
    """

    emoji: str
    label: str
    text: str
    detail: str
    voters: str = ""
    url: str = ""
    notes: tuple[str, ...] = ()


def items(section: Section, room: int) -> list[Item]:
    """What was recorded under a topic and is settled: decisions, actions, notes, ideas, links, votes without effect.

    `room` is how many characters the names of several people may take.
    """
    accepted = [_vote(vote, room) for vote in section.votes if votes.is_decision(vote)]
    entries = [_entry(entry, room) for kind in _UNDER_A_TOPIC for entry in section.of(kind)]
    settled = [_vote(vote, room) for vote in section.votes if _is_settled(vote) and not votes.is_decision(vote)]
    return accepted + entries + settled


def questions(record: Record, room: int) -> list[Item]:
    """What is still open: help wanted, and votes without a decision; each says under which topic it came up."""
    return [item for section in record.sections for item in _questions_of(section, room)]


def sections(record: Record) -> tuple[Section, ...]:
    """The topics in order; before them what was recorded before the first, where there is any."""
    before = record.before_topics
    return (before, *record.topics) if items(before, 0) else record.topics


def heading(section: Section) -> str:
    return f"{section.number}. {section.title}" if section.number else BEFORE


def decisions(record: Record) -> int:
    """How many there are, with a vote or without."""
    voted = sum(votes.is_decision(vote) for each in record.sections for vote in each.votes)
    return voted + total(record, EntryKind.DECISION)


def total(record: Record, kind: EntryKind) -> int:
    return sum(len(each.of(kind)) for each in record.sections)


def _questions_of(section: Section, room: int) -> Iterator[Item]:
    found = [_entry(entry, room) for entry in section.of(EntryKind.HELP)]
    found += [_vote(vote, room) for vote in section.votes if not _is_settled(vote)]
    topic = f", topic {section.number}" if section.number else ""
    return (replace(item, detail=item.detail + topic) for item in found)


def _is_settled(vote: RecordedVote) -> bool:
    """Nothing is open about it: it has an answer, was taken back, or was put to the vote again."""
    return vote.state in _SETTLED or vote.superseded_by is not None


def _vote(vote: RecordedVote, room: int) -> Item:
    decided = votes.is_decision(vote)
    emoji, label = (EMOJI[EntryKind.DECISION], "Decision") if decided else (VOTE, "Vote")
    detail = f"{vote.label}: {vote.tally if decided else _not_decided(vote)}"
    if vote.state is ProposalState.CLOSING:
        return Item(emoji, label, vote.text, detail)
    return Item(emoji, label, vote.text, detail, votes.voters(vote, room), notes=tuple(_notes(vote, room)))


def _not_decided(vote: RecordedVote) -> str:
    """The tally and what it came to. No number is told while it is counted: it might not be the last."""
    if vote.state is ProposalState.CLOSING:
        return votes.came_out(vote)
    if vote.state.is_open:
        until = f"open until {moment(vote.deadline)}" if vote.deadline else votes.came_out(vote)
        return f"{until}, so far {vote.tally}"
    return f"{vote.tally}, {votes.came_out(vote)}"


def _notes(vote: RecordedVote, room: int) -> Iterator[str]:
    yield from votes.dissent(vote, max(room, _REASON))
    plain = vote.rule in ("", votes.MAJORITY)
    doubt = [votes.in_doubt(vote)] if vote.state is ProposalState.UNDETERMINED else []
    measures = ("" if plain else votes.rule(vote), votes.quorum(vote), votes.advisory(vote))
    closing = [votes.closing(vote)] if vote.state.is_over else []
    said = [f"{each}." for each in (*measures, *closing) if each]
    if how := [*doubt, *said, *votes.irregularities(vote, room)]:
        yield " ".join(how)


def _entry(entry: RecordedEntry, room: int) -> Item:
    text, url = label_and_address(entry.text) if entry.kind is EntryKind.LINK else (entry.text, "")
    return Item(EMOJI[entry.kind], KIND[entry.kind], text, _detail(entry, room), url=url)


def _detail(entry: RecordedEntry, room: int) -> str:
    match entry.kind:
        case EntryKind.ACTION:
            return owners_and_date(entry.owners, entry.due, room)
        case EntryKind.DECISION:
            return f"recorded by {people([entry.author])}, no vote"
        case _:
            return people([entry.author])
