"""The order in which a record is told, the same in digest and recap, and the label of each thing in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.render.pieces import label_and_address
from bot.render.wording import CAME_OUT, EMOJI, KIND, VOTE, owners_and_date, people
from minutes.entry import EntryKind
from minutes.proposal import ProposalState
from minutes.record import Record, RecordedEntry, RecordedVote, Section

BEFORE = "Before the first topic"
_UNDER_A_TOPIC = (EntryKind.DECISION, EntryKind.ACTION, EntryKind.NOTE, EntryKind.IDEA, EntryKind.LINK)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the record: what it is, its text as typed, what belongs to it, and who voted how.

    `url` is there where the text stands for a link.
    """

    emoji: str
    label: str
    text: str
    detail: str
    voters: str = ""
    url: str = ""


def items(section: Section, room: int) -> list[Item]:
    """What was recorded under a topic and is settled: decisions, actions, notes, ideas, links, votes not accepted.

    `room` is how many characters the names of several people may take.
    """
    accepted = [_vote(vote, room) for vote in section.accepted]
    entries = [_entry(entry, room) for kind in _UNDER_A_TOPIC for entry in section.of(kind)]
    rejected = [_vote(vote, room) for vote in section.votes if vote.state is ProposalState.REJECTED]
    return accepted + entries + rejected


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
    return sum(len(each.accepted) + len(each.of(EntryKind.DECISION)) for each in record.sections)


def total(record: Record, kind: EntryKind) -> int:
    return sum(len(each.of(kind)) for each in record.sections)


def _questions_of(section: Section, room: int) -> Iterator[Item]:
    settled = (ProposalState.ACCEPTED, ProposalState.REJECTED)
    found = [_entry(entry, room) for entry in section.of(EntryKind.HELP)]
    found += [_vote(vote, room) for vote in section.votes if vote.state not in settled]
    topic = f", topic {section.number}" if section.number else ""
    return (replace(item, detail=item.detail + topic) for item in found)


def _vote(vote: RecordedVote, room: int) -> Item:
    accepted = vote.state is ProposalState.ACCEPTED
    detail = f"{vote.label}: {vote.tally}" + ("" if accepted else f", {CAME_OUT[vote.state]}")
    emoji, label = (EMOJI[EntryKind.DECISION], "Decision") if accepted else (VOTE, "Vote")
    return Item(emoji, label, vote.text, detail, voters=_voters(vote, room))


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


def _voters(vote: RecordedVote, room: int) -> str:
    sides = (
        ("For", vote.in_favour),
        ("Against", vote.against),
        ("Abstaining", vote.abstaining),
        ("For and against at once", vote.conflicting),
    )
    return " ".join(f"{side}: {people(names, room)}." for side, names in sides if names)
