"""The digest of a session: one message in the channel, continued in its thread where it is longer."""

from bot.render.message import Block, Message, context, divider, header, message, section
from bot.render.outline import Item, decisions, heading, items, parked, questions, sections, total
from bot.render.packing import listing, pack
from bot.render.pieces import (
    CLOCK,
    DAY_AND_CLOCK,
    SOON,
    Line,
    Part,
    Piece,
    as_text,
    at,
    line,
    link,
    linked,
    nested,
    one_below_another,
    slices,
    text_of,
    words,
)
from bot.render.wording import EMOJI, KIND, NAMES, chairs, counted, people, short_duration
from minutes.entry import EntryKind
from minutes.record import Record, RecordedFile, RecordedLink, Section
from minutes.text import shorten

_TITLE = 200
_HEADING = 250
_ITEM = 2_000
# Organisations and note takers stand in a line of their own.
_LINE = 1_200
# So many files are listed; an afternoon of screenshots is not what anybody wants to read.
_FILES = 20
# So many times of absence are told one by one.
_OUTAGES = 3
_COUNTED = (EntryKind.ACTION, EntryKind.NOTE)


def digest(record: Record) -> tuple[Message, ...]:
    """The first message goes to the channel, the others into its thread, in order."""
    parts = pack(whole(record))
    return tuple(_part(record, number, len(parts), blocks) for number, blocks in enumerate(parts, 1))


def _part(record: Record, number: int, of: int, blocks: list[Block]) -> Message:
    above: list[Block] = []
    below: list[Block] = []
    if number > 1:
        above = [section(words(f"{shorten(record.title, _TITLE)}, part {number} of {of}", bold=True))]
    if number < of:
        below = [context("Continued in the thread." if number == 1 else "Continued in the next message.")]
    drawn = [*above, *blocks, *below]
    return message(text_of(drawn), *drawn)


def whole(record: Record) -> list[Block]:
    """All of it, one block below the other."""
    topics = [block for each in sections(record) for block in _topic(each)]
    return [
        header(f"🗒 {shorten(record.title, _TITLE)}"),
        section(*one_below_another(_facts(record))),
        *([divider(), *topics] if topics else []),
        *_rest(record),
        divider(),
        section(_thanks(record)),
    ]


def _facts(record: Record) -> list[Line]:
    place: list[Line] = [("📍 ", linked(shorten(record.place, _TITLE)))] if record.place else []
    who = [(line,) for line in (_chairs(record), _people(record)) if line]
    return [*place, _times(record), *who, (_counts(record),), *_away(record)]


def _times(record: Record) -> Line:
    length = f" ({short_duration(record.lasted)})"
    began = at(record.started_at, DAY_AND_CLOCK)
    if record.ended_at is None:
        return ("🕐 Since ", began, f"{length}, still open")
    another_day = record.ended_at.date() != record.started_at.date()
    return ("🕐 ", began, " to ", at(record.ended_at, DAY_AND_CLOCK if another_day else CLOCK), length)


def _away(record: Record) -> list[Line]:
    """What a reader should know who misses something."""
    if not record.outages:
        return []
    shown, left = record.outages[:_OUTAGES], len(record.outages) - _OUTAGES
    spans = [part for began, ended in shown for part in (", from ", at(began, SOON), " to ", at(ended, SOON))]
    more = f", and {counted(left, 'more time')}" if left > 0 else ""
    return [("⚠️ I was away", *spans, f"{more}: what was said then may be missing.")]


def _chairs(record: Record) -> str:
    return f"🪑 {chairs(record.chairs, _LINE)}" if record.chairs else ""


def _people(record: Record) -> str:
    if not record.participants:
        return ""
    countries = counted(len(record.countries), "country", "countries") if record.countries else ""
    organisations = counted(len(record.organisations), "organisation") if record.organisations else ""
    origin = " and ".join(filter(None, (countries, organisations)))
    names = f": {people(record.organisations, _LINE)}" if record.organisations else ""
    who = counted(len(record.participants), "person", "people") + " took part"
    return f"👥 {who}, from {origin}{names}" if origin else f"👥 {who}"


def _counts(record: Record) -> str:
    """How much there is of each, which also says what the emoji in the lists stand for."""
    counts = (
        counted(len(record.topics), "topic"),
        f"{EMOJI[EntryKind.DECISION]} {counted(decisions(record), 'decision')}",
        *(f"{EMOJI[kind]} {counted(total(record, kind), KIND[kind].lower())}" for kind in _COUNTED),
    )
    return "📊 " + " · ".join(counts)


def _topic(topic: Section) -> list[Block]:
    title = shorten(heading(topic), _HEADING)
    lasted = f" · {short_duration(topic.lasted)}" if topic.number else ""
    lines = [line for item in items(topic, NAMES) for line in _lines(item)]
    return listing([words(title, bold=True), lasted], [words(f"{title}, continued", bold=True)], lines)


def _rest(record: Record) -> list[Block]:
    """What is still open, what was shared, and what nobody got to; each only where there is any."""
    asked = [line for item in questions(record, NAMES) for line in _lines(item)]
    put_off = [line for item in parked(record, NAMES) for line in _lines(item)]
    lists = (
        ("❓ Open questions", asked),
        ("🅿️ Parking lot", put_off),
        ("🔗 Issues and links", [_link(each) for each in record.links]),
        ("📎 Files", _files(record.files)),
        ("⏭ Not reached", [line(title) for title in record.not_reached]),
    )
    found = [block for name, lines in lists if lines for block in _list(name, lines)]
    return [divider(), *found] if found else []


def _list(name: str, lines: list[Piece]) -> list[Block]:
    return listing([words(name, bold=True)], [words(f"{name}, continued", bold=True)], lines)


def _lines(item: Item) -> list[Piece]:
    """An item as one line of a list, and what is to be said of it below; a very long text goes on in the next ones."""
    lead, detail = f"{item.emoji} ", _about(item)
    source: list[Part] = [" · ", link(item.source, item.ref)] if item.source else []
    texts = slices(item.text, _ITEM)
    if item.url and len(texts) == 1:
        return [line(lead, link(item.url, item.text), *detail, *source)]
    below = [nested(*part) for note in ((item.voters,), *item.further) for part in _sliced(note)]
    *before, last = texts
    starts: list[Part] = [lead, *["… "] * len(before)]
    lines = [line(start, f"{text} …") for start, text in zip(starts, before, strict=False)]
    return [*lines, line(starts[-1], last, *detail, *source), *below]


def _about(item: Item) -> list[Piece]:
    """What belongs to it, in italics; a moment has none of its own."""
    if all(isinstance(part, str) for part in item.about):
        return [words(f" — {item.detail}", italic=True)]
    parts = (" — ", *item.about)
    return [words(part, italic=True) if isinstance(part, str) else part for part in parts]


def _sliced(note: Line) -> list[Line]:
    """A long note of words alone goes on in the next lines."""
    text = as_text(note)
    return [(part,) for part in slices(text, _ITEM)] if all(isinstance(part, str) for part in note) else [note]


def _link(shared: RecordedLink) -> Piece:
    reference = "" if shared.reference == shared.title else f" — {shared.reference}"
    return line(link(shared.url, shared.title), words(reference, italic=True))


def _files(shared: tuple[RecordedFile, ...]) -> list[Piece]:
    """Images and other files by name; where there are many, the first ones."""
    left = len(shared) - _FILES
    lines = [_file(each) for each in shared[:_FILES]]
    return [*lines, line(f"… and {left:,} more, in the recap")] if left > 0 else lines


def _file(shared: RecordedFile) -> Piece:
    topic = f", topic {shared.topic}" if shared.topic else ""
    detail = f" — {shared.kind}, {people([shared.shared_by])}{topic}"
    return line(link(shared.permalink, shared.name), words(detail, italic=True))


def _thanks(record: Record) -> str:
    if not record.note_takers:
        return "🙏 Thank you for taking part."
    return f"🙏 Thank you for taking part, and for the notes: {people(record.note_takers, _LINE)}."
