"""Entries, kept as revisions of which the newest stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, exists, func, literal_column, select

from minutes.entry import Entry, EntryKind, Why
from minutes.folding import folded
from minutes.ids import ChannelId, PersonId, Ts
from minutes.session import SessionState
from storage import prepared
from storage.db import Db, add_new
from storage.schema import ENTRIES, SESSIONS

LATEST_CLOSE = timedelta(days=1)
"""A session is closed as of its end: if we were away, so long after it, and something may have been said meanwhile."""

# Asked with every entry, so they are put together once.
_OF_SESSION = (ENTRIES.c.workspace_id == bindparam("workspace"), ENTRIES.c.session_id == bindparam("session"))
_ALL = select(ENTRIES).where(*_OF_SESSION).order_by(ENTRIES.c.number, ENTRIES.c.revision)
_LATER = ENTRIES.alias("later")
_IS_NEWEST = ~exists().where(
    _LATER.c.workspace_id == ENTRIES.c.workspace_id,
    _LATER.c.session_id == ENTRIES.c.session_id,
    _LATER.c.number == ENTRIES.c.number,
    _LATER.c.revision > ENTRIES.c.revision,
)
# Not grouped by kind: SQLite would read the workspace's whole past for that, where an index has its kinds in order.
_COUNTS = select(
    *(func.count().filter(ENTRIES.c.kind == literal_column(f"'{kind}'")).label(kind) for kind in EntryKind)
).where(*_OF_SESSION, ENTRIES.c.standing, _IS_NEWEST)
_HIGHEST = select(func.coalesce(func.max(ENTRIES.c.number), 0)).where(*_OF_SESSION)
_REVISIONS = select(ENTRIES).where(*_OF_SESSION, ENTRIES.c.number == bindparam("which")).order_by(ENTRIES.c.revision)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry's words stand: a message's `ts` (or `/` and a command's trigger id) and the line, from 0.

    Below 0 it is the whole message, as somebody has recorded it afterwards. A line that an edit has added has a number
    of its own, wherever it stands. `thread` begins the message's thread.
    """

    message: str
    line: int = 0
    thread: Ts | None = None


class Edit(NamedTuple):
    by: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry's newest revision. `topic` in it is the topic's id; a standing one is part of the record.

    `why` is how this revision came about, `born` how the first one did, and `edited` who changed its words last, where
    anybody has.
    """

    id: int
    workspace: int
    session: int
    channel: ChannelId
    source: Source
    entry: Entry
    standing: bool
    why: Why
    revised_by: PersonId
    revised_at: datetime
    edited: Edit | None = None
    born: Why = Why.SAID


def record(
    db: Db,
    workspace: int,
    channel: ChannelId,
    session: int,
    source: Source,
    *,
    kind: EntryKind,
    text: str,
    author: PersonId,
    at: datetime,
    topic: int | None,
    owners: Sequence[PersonId] = (),
    due: date | None = None,
    said_by: PersonId | None = None,
    why: Why = Why.SAID,
    recorded_at: datetime | None = None,
) -> KeptEntry | None:
    """The first revision of a new entry; None where that line of that message is kept already.

    `recorded_at` is when that was done, where it was not when it was said."""
    number = _next_number(db, workspace, session)
    where = {"workspace_id": workspace, "channel_id": channel, "message": source.message, "line": source.line}
    words = {"kind": kind, "text": text, "folded": folded(text), "owners": list(owners), "due": due}
    row = add_new(
        db,
        ENTRIES,
        **where,
        thread=source.thread,
        revision=1,
        session_id=session,
        topic_id=topic,
        number=number,
        author_id=author,
        said_by=said_by,
        said_at=at,
        **words,
        standing=True,
        why=why,
        revised_by=author,
        revised_at=recorded_at or at,
    )
    return None if row is None else _kept(row, why, None, why)


def _next_number(db: Db, workspace: int, session: int) -> int:
    return int(prepared.value(db, _HIGHEST, {"workspace": workspace, "session": session}) or 0) + 1


def revise(db: Db, kept: KeptEntry, *, by: PersonId, at: datetime, why: Why = Why.CHANGED, **changes: Any) -> None:
    """Add a revision with the changed columns; what was there before stays."""
    newest = db.execute(select(ENTRIES).where(ENTRIES.c.id == kept.id)).one()._asdict()
    del newest["id"]
    newest |= {"revision": newest["revision"] + 1, "revised_by": by, "revised_at": at, "why": why} | changes
    newest["folded"] = folded(newest["text"])
    db.execute(ENTRIES.insert().values(**newest))


def numbered(db: Db, workspace: int, session: int, number: int) -> KeptEntry | None:
    """The newest revision of a session's entry by its number."""
    return next(reversed(revisions(db, workspace, session, number)), None)


def revisions(db: Db, workspace: int, session: int, number: int) -> list[KeptEntry]:
    """All that an entry has been, the newest last."""
    return list(_folded(prepared.rows(db, _REVISIONS, {"workspace": workspace, "session": session, "which": number})))


def filed(db: Db, workspace: int, session: int, number: int) -> tuple[int | None, int | None]:
    """The topics that an entry was filed under at first, and is now."""
    of_entry = (ENTRIES.c.workspace_id == workspace, ENTRIES.c.session_id == session, ENTRIES.c.number == number)
    found = db.execute(select(ENTRIES.c.topic_id).where(*of_entry).order_by(ENTRIES.c.revision)).scalars().all()
    return found[0], found[-1]


def of_session(db: Db, workspace: int, session: int) -> list[KeptEntry]:
    """Every entry's newest revision in the order of their numbers, taken back or not."""
    return _newest(prepared.each(db, _ALL, {"workspace": workspace, "session": session}))


def counts(db: Db, workspace: int, session: int) -> dict[EntryKind, int]:
    """How many entries of each kind stand."""
    (counted,) = prepared.rows(db, _COUNTS, {"workspace": workspace, "session": session})
    return dict(zip(EntryKind, counted, strict=True))


def of_message(db: Db, workspace: int, channel: ChannelId, message: str) -> list[KeptEntry]:
    """The newest revisions of what a message has brought, in the order of its lines."""
    mine = (ENTRIES.c.workspace_id == workspace, ENTRIES.c.channel_id == channel, ENTRIES.c.message == message)
    return _newest(db.execute(select(ENTRIES).where(*mine).order_by(ENTRIES.c.line, ENTRIES.c.revision)))


def erase_words(db: Db, workspace: int, channel: ChannelId, message: str) -> None:
    """Of what was recorded of a message, keep only that something was, and of what kind."""
    mine = (ENTRIES.c.workspace_id == workspace, ENTRIES.c.channel_id == channel, ENTRIES.c.message == message)
    db.execute(ENTRIES.update().where(*mine).values(text="", folded="", owners=[], due=None))


def by_author_since(db: Db, workspace: int, author: PersonId, since: datetime) -> list[KeptEntry]:
    """The newest revisions of what somebody has said lately."""
    lately = (SESSIONS.c.state == SessionState.OPEN) | (SESSIONS.c.ended_at >= since - LATEST_CLOSE)
    mine = (SESSIONS.c.workspace_id == workspace, lately)
    going_on = select(SESSIONS.c.id).where(*mine)
    rows = db.execute(
        select(ENTRIES)
        .where(
            ENTRIES.c.workspace_id == workspace,
            ENTRIES.c.session_id.in_(going_on),
            func.coalesce(ENTRIES.c.said_by, ENTRIES.c.author_id) == author,
            ENTRIES.c.said_at >= since,
        )
        .order_by(ENTRIES.c.session_id, ENTRIES.c.number, ENTRIES.c.revision)
    )
    return _newest(rows)


def _newest(rows: Iterable[Any]) -> list[KeptEntry]:
    """Of each entry the last revision, where those of one come after each other, in their order."""
    newest: list[KeptEntry] = []
    for each in _folded(rows):
        if newest and (newest[-1].session, newest[-1].entry.number) == (each.session, each.entry.number):
            newest[-1] = each
        else:
            newest.append(each)
    return newest


def _folded(rows: Iterable[Any]) -> Iterator[KeptEntry]:
    """The revisions, where those of one entry come after each other, each with what is to be known of those before."""
    entry: tuple[int, int] | None = None
    edit, born = None, Why.SAID
    for row in rows:
        why = _why(row)
        if entry != (row.session_id, row.number):
            entry, edit, born = (row.session_id, row.number), None, why
        if why is Why.EDITED:
            edit = Edit(row.revised_by, row.revised_at)
        yield _kept(row, why, edit, born)


def of_rows(rows: Iterable[Row[Any]]) -> list[KeptEntry]:
    """Rows of the table, each the newest of its entry, as values; nothing is told of those before them."""
    return [_kept(row, why := _why(row), None, why) for row in rows]


def _kept(row: Any, why: Why, edited: Edit | None, born: Why) -> KeptEntry:
    entry = Entry(
        number=row.number,
        kind=EntryKind(row.kind),
        topic=row.topic_id,
        text=row.text,
        author=row.author_id,
        said_at=row.said_at,
        owners=tuple(row.owners),
        due=row.due,
        done=bool(row.done),
        said_by=row.said_by,
    )
    return KeptEntry(
        id=row.id,
        workspace=row.workspace_id,
        session=row.session_id,
        channel=intern(row.channel_id),  # the same in all of a record
        source=Source(row.message, row.line, row.thread),
        entry=entry,
        standing=row.standing,
        why=why,
        revised_by=row.revised_by,
        revised_at=row.revised_at,
        edited=edited,
        born=born,
    )


def _why(row: Row[Any]) -> Why:
    """What is older than the column tells it by the rest: at that time an entry could be undone or dated, no more."""
    if row.why is not None:
        return Why(row.why)
    if not row.standing:
        return Why.UNDONE
    return Why.SAID if row.revision == 1 else Why.DATED
