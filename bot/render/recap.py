"""The recap of a session: a page from a template, which people can replace by their own, or JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from jinja2 import TemplateError

from bot.render import outline
from bot.render.templating import UnusableTemplate, iso, load
from bot.render.wording import span
from minutes.entry import EntryKind
from minutes.record import Participant, Record
from minutes.session import SessionState
from minutes.text import one_line

_DEFAULT = "recap"
_BETWEEN = b"\n\n---\n\n"
_NO_LIMIT = 1_000_000
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_DATETIME
_NO_TOPICS = b'\n  "topics": []'
# What a template of somebody's own can raise; none of it is an error of ours.
_TEMPLATE_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def recap_markdown(record: Record, template: str | Path | None = None) -> bytes:
    """The page of one session. `template` is the name of a built-in one or a file; raises UnusableTemplate."""
    return recap_book([record], template)


def recap_book(records: Iterable[Record], template: str | Path | None = None) -> bytes:
    """One part a session; the built-in page has its front matter before the first only. Raises UnusableTemplate.

    In UTF-8, as it is to be kept: as text, a long page with one emoji in it would take four times the memory.
    """
    page, book = load(template or _DEFAULT), BytesIO()
    try:
        for part, record in enumerate(records, 1):
            book.write(_BETWEEN if part > 1 else b"")
            _append(book, page.generate(_context(record, part)))
    except _TEMPLATE_FAULTS as error:
        raise UnusableTemplate(f"The template {template or _DEFAULT} cannot be used: {error}") from error
    book.write(b"\n")
    return book.getvalue()


def recap_json(record: Record) -> Iterator[bytes]:
    """Everything as JSON in UTF-8, one topic after the other: times in UTC, lengths in seconds.

    Of where people come from, only a count and the names of organisations.
    """
    data = _shallow(record) | {"countries": len(record.countries), "topics": ()}
    data["participants"] = [_shallow(each, "organisation", "country") for each in record.participants]
    before, topics, after = orjson.dumps(data, _json_value, _JSON).partition(_NO_TOPICS)
    yield before + topics[:-1]
    for number, section in enumerate(record.topics):
        # No line break can stand within a text of JSON's: each begins a line, which belongs further in.
        yield (b",\n  " if number else b"\n  ") + orjson.dumps([section], _json_value, _JSON)[2:-2].replace(
            b"\n", b"\n  "
        )
    yield (b"\n  ]" if record.topics else b"]") + after + b"\n"


def _append(book: BytesIO, page: Iterable[str]) -> None:
    """Without the white space at its ends."""
    begin = end = book.tell()
    for piece in page:
        written = piece.encode()
        book.write(written if end > begin else written.lstrip())
        if words := written.rstrip():
            end = book.tell() - len(written) + len(words)
    book.truncate(end)
    book.seek(end)


def _shallow(whole: Record | Participant, *without: str) -> dict[str, Any]:
    return {each.name: getattr(whole, each.name) for each in fields(whole) if each.name not in without}


def _context(record: Record, part: int) -> dict[str, Any]:
    """What a template has to work with; the comment in `templates/recap.md.j2` explains it."""
    sections = [(outline.heading(each), each, outline.items(each, _NO_LIMIT)) for each in outline.sections(record)]
    return {
        "record": record,
        "part": part,
        "title": _title(record),
        "date": record.ended_at or record.started_at,
        "sections": sections,
        "sourced": any(item.source for _, _, items in sections for item in items),
        "questions": outline.questions(record, _NO_LIMIT),
        "parked": outline.parked(record, _NO_LIMIT),
        "decisions": outline.decisions(record),
        "actions": outline.total(record, EntryKind.ACTION),
        "open": record.state is SessionState.OPEN,
        "away": [span(began, ended) for began, ended in record.outages],
    }


def _title(record: Record) -> str:
    title = one_line(record.title)
    return title if title.casefold().endswith("recap") else f"{title} Recap"


def _json_value(value: object) -> str | int:
    match value:
        case datetime():
            return iso(value)
        case date():
            return value.isoformat()
        case timedelta():
            return round(value.total_seconds())
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
