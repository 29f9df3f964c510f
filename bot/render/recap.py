"""The recap of a session: a page from a template, which people can replace by their own, or JSON."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, timedelta
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
_BETWEEN = "\n\n---\n\n"
_NO_LIMIT = 1_000_000
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
# What a template of somebody's own can raise; none of it is an error of ours.
_TEMPLATE_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def recap_markdown(record: Record, template: str | Path | None = None) -> str:
    """The page of one session. `template` is the name of a built-in one or a file; raises UnusableTemplate."""
    return recap_book([record], template)


def recap_book(records: Iterable[Record], template: str | Path | None = None) -> str:
    """One part a session; the built-in page has its front matter before the first only. Raises UnusableTemplate."""
    page = load(template or _DEFAULT)
    try:
        parts = [page.render(_context(record, part)).strip() for part, record in enumerate(records, 1)]
    except _TEMPLATE_FAULTS as error:
        raise UnusableTemplate(f"The template {template or _DEFAULT} cannot be used: {error}") from error
    return _BETWEEN.join(parts) + "\n"


def recap_json(record: Record) -> bytes:
    """Everything as JSON in UTF-8: times in UTC, lengths in seconds.

    Of where people come from, only a count and the names of organisations.
    """
    data = _shallow(record) | {"countries": len(record.countries)}
    data["participants"] = [_shallow(each, "organisation", "country") for each in record.participants]
    return orjson.dumps(data, _json_value, _JSON)


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
