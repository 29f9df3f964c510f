"""The order in which a record is told, the same in digest and recap, and the label of each thing in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.render import votes
from bot.render.pieces import SOON, Line, as_text, at, label_and_address, one_after_another
from bot.render.wording import DONE, EMOJI, KIND, VOTE, owners_and_date, people
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

    `about` is what belongs to it, and `url` is there where the text stands for a link. `further` is what else there is
    to say of a vote, a line each: the reasons of those against, then its rule where that is not the plain majority, and
    what happened to the count. `source` is the address of the message that it comes from, and `ref` what to call that.
    """

    emoji: str
    label: str
    text: str
    about: Line
    voters: str = ""
    url: str = ""
    further: tuple[Line, ...] = ()
    ref: str = ""
    source: str = ""

    @property
    def detail(self) -> str:
        """`about` as it stands on a page, where moments are in UTC."""
        return as_text(self.about)

    @property
    def notes(self) -> tuple[str, ...]:
        """The same of `further`."""
        return tuple(map(as_text, self.further))


def items(section: Section, room: int) -> list[Item]:
    """What was recorded under a topic and is settled: decisions, actions, notes, ideas, links, votes without effect.

    `room` is how many characters the names of several people may take.
    """
    accepted = [_vote(vote, room) for vote in section.votes if votes.is_decision(vote)]
    entries = [_entry(entry, room) for kind in _UNDER_A_TOPIC for entry in section.of(kind)]
    settled = [_vote(vote, room) for vote in section.votes if _is_settled(vote) and not votes.is_decision(vote)]
    return accepted + entries + settled


def questions(record: Record, room: int) -> list[Item]:
    """What is still open: questions, help wanted, votes without a decision; each says under which topic it came up."""
    return [item for section in record.sections for item in _questions_of(section, room)]


def parked(record: Record, room: int) -> list[Item]:
    """What was put off to another time; each says under which topic it came up."""
    return [item for section in record.sections for item in _open_of(section, room, EntryKind.PARKED)]


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
    yield from _open_of(section, room, EntryKind.QUESTION, EntryKind.HELP)
    undecided = (_vote(vote, room) for vote in section.votes if not _is_settled(vote))
    yield from (replace(item, about=(*item.about, *_under(section))) for item in undecided)


def _open_of(section: Section, room: int, *kinds: EntryKind) -> Iterator[Item]:
    """Entries of a section that are told elsewhere than under its heading."""
    under = _under(section)
    return (_entry(entry, room, under) for kind in kinds for entry in section.of(kind))


def _under(section: Section) -> Line:
    return (f", topic {section.number}",) if section.number else ()


def _is_settled(vote: RecordedVote) -> bool:
    """Nothing is open about it: it has an answer, was taken back, or was put to the vote again."""
    return vote.state in _SETTLED or vote.superseded_by is not None


def _vote(vote: RecordedVote, room: int) -> Item:
    decided = votes.is_decision(vote)
    emoji, label = (EMOJI[EntryKind.DECISION], "Decision") if decided else (VOTE, "Vote")
    detail: Line = (f"{vote.label}: ", *((vote.tally,) if decided else _not_decided(vote)))
    if vote.state is ProposalState.CLOSING:
        return _from(Item(emoji, label, vote.text, detail), "ballot", vote.permalink)
    item = Item(emoji, label, vote.text, detail, votes.voters(vote, room), further=tuple(_notes(vote, room)))
    return _from(item, "ballot", vote.permalink)


def _from(item: Item, ref: str, permalink: str | None) -> Item:
    return replace(item, ref=ref, source=permalink) if permalink else item


def _not_decided(vote: RecordedVote) -> Line:
    """The tally and what it came to. No number is told while it is counted: it might not be the last."""
    if vote.state is ProposalState.CLOSING:
        return (votes.came_out(vote),)
    if vote.state.is_open:
        until: Line = ("open until ", at(vote.deadline, SOON)) if vote.deadline else (votes.came_out(vote),)
        return (*until, f", so far {vote.tally}")
    return (f"{vote.tally}, {votes.came_out(vote)}",)


def _notes(vote: RecordedVote, room: int) -> Iterator[Line]:
    yield from ((reason,) for reason in votes.dissent(vote, max(room, _REASON)))
    plain = vote.rule in ("", votes.MAJORITY)
    doubt = [votes.in_doubt(vote)] if vote.state is ProposalState.UNDETERMINED else []
    measures = ("" if plain else votes.rule(vote), votes.quorum(vote), votes.advisory(vote))
    closing = [votes.closing(vote)] if vote.state.is_over else []
    said = [(f"{each}.",) for each in (*measures, *closing) if each]
    if how := [*doubt, *said, *votes.irregularities(vote, room)]:
        yield one_after_another(how)


def _entry(entry: RecordedEntry, room: int, under: Line = ()) -> Item:
    text, url = label_and_address(entry.text) if entry.kind is EntryKind.LINK else (entry.text, "")
    about = _detail(entry, room) + (", edited" if entry.edited_at else "")
    emoji = DONE if entry.done else EMOJI[entry.kind]
    ref, source = (f"#{entry.number}", entry.permalink) if entry.permalink else ("", "")
    return Item(emoji, KIND[entry.kind], text, (about, *under), url=url, ref=ref, source=source)


def _detail(entry: RecordedEntry, room: int) -> str:
    match entry.kind:
        case EntryKind.ACTION:
            whose = owners_and_date(entry.owners, entry.due, room, done=entry.done)
            return f"{whose}; {credits_of(entry)}" if entry.said_by else whose
        case EntryKind.DECISION:
            said = f"said by {people([entry.said_by])}, " if entry.said_by else ""
            return f"{said}recorded by {people([entry.author])}, no vote"
        case _:
            return credits_of(entry) if entry.said_by else people([entry.author])


def credits_of(entry: RecordedEntry) -> str:
    """Who said it, and who saw to it that it was kept."""
    return f"{people([entry.said_by or entry.author])}, noted by {people([entry.author])}"
