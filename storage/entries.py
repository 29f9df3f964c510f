"""Entries, kept as revisions of which the newest stands, and links to trackers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from minutes.entry import Entry, EntryKind
from minutes.ids import ChannelId, PersonId
from minutes.links import TrackerLink
from storage.db import Db, add_once, table
from storage.people import written_out
from storage.schema import EntryRow, LinkRow

ENTRIES, LINKS = table(EntryRow), table(LinkRow)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry's words stand: a message's `ts` (or `/` and a command's trigger id) and the line, from 0."""

    message: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry's newest revision. `topic` in it is the topic's id; a standing one is part of the record."""

    id: int
    workspace: int
    session: int
    channel: ChannelId
    source: Source
    entry: Entry
    standing: bool
    revised_by: PersonId


@dataclass(frozen=True, slots=True)
class KeptLink:
    link: TrackerLink
    topic: int | None
    person: PersonId


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
) -> KeptEntry | None:
    """The first revision of a new entry; None where that line of that message is kept already."""
    highest = select(func.coalesce(func.max(ENTRIES.c.number), 0)).where(
        ENTRIES.c.workspace_id == workspace, ENTRIES.c.session_id == session
    )
    number = int(db.execute(highest).scalar_one()) + 1
    new = add_once(
        db,
        ENTRIES,
        workspace_id=workspace,
        channel_id=channel,
        message=source.message,
        line=source.line,
        revision=1,
        session_id=session,
        topic_id=topic,
        number=number,
        kind=kind,
        text=text,
        owners=list(owners),
        due=due,
        author_id=author,
        said_at=at,
        standing=True,
        revised_by=author,
        revised_at=at,
    )
    return numbered(db, workspace, session, number) if new else None


def revise(db: Db, kept: KeptEntry, *, by: PersonId, at: datetime, **changes: Any) -> None:
    """Add a revision with the changed columns; what was there before stays."""
    newest = db.execute(select(ENTRIES).where(ENTRIES.c.id == kept.id)).one()._asdict()
    del newest["id"]
    newest |= {"revision": newest["revision"] + 1, "revised_by": by, "revised_at": at} | changes
    db.execute(ENTRIES.insert().values(**newest))


def numbered(db: Db, workspace: int, session: int, number: int) -> KeptEntry | None:
    """The newest revision of a session's entry by its number."""
    row = db.execute(
        _newest_first()
        .where(
            ENTRIES.c.workspace_id == workspace,
            ENTRIES.c.session_id == session,
            ENTRIES.c.number == number,
        )
        .limit(1)
    ).one_or_none()
    return None if row is None else _kept(row)


def of_session(db: Db, workspace: int, session: int) -> list[KeptEntry]:
    """Every entry's newest revision in the order of their numbers, taken back or not."""
    rows = db.execute(
        select(ENTRIES)
        .where(ENTRIES.c.workspace_id == workspace, ENTRIES.c.session_id == session)
        .order_by(ENTRIES.c.number, ENTRIES.c.revision)
    )
    return list({row.number: _kept(row) for row in rows}.values())


def by_author_since(db: Db, workspace: int, author: PersonId, since: datetime) -> list[KeptEntry]:
    """The newest revisions of what somebody has said lately."""
    rows = db.execute(
        select(ENTRIES)
        .where(
            ENTRIES.c.workspace_id == workspace,
            ENTRIES.c.author_id == author,
            ENTRIES.c.said_at >= since,
        )
        .order_by(ENTRIES.c.id)
    )
    return list({(row.session_id, row.number): _kept(row) for row in rows}.values())


def share(
    db: Db,
    workspace: int,
    session: int,
    link: TrackerLink,
    *,
    topic: int | None,
    by: PersonId,
    at: datetime,
) -> bool:
    """Keep a link once a session; True where it was new. A later mention gives a title to one that had none."""
    new = add_once(
        db,
        LINKS,
        workspace_id=workspace,
        session_id=session,
        topic_id=topic,
        key=link.key,
        url=link.url,
        reference=link.reference,
        title=link.title,
        person_id=by,
        shared_at=at,
    )
    if not new and link.title:
        db.execute(
            LINKS.update()
            .where(
                LINKS.c.workspace_id == workspace,
                LINKS.c.session_id == session,
                LINKS.c.key == link.key,
                LINKS.c.title == "",
            )
            .values(title=link.title)
        )
    return new


def links(db: Db, workspace: int, session: int) -> list[KeptLink]:
    """In the order in which they were shared."""
    rows = db.execute(
        select(LINKS)
        .where(LINKS.c.workspace_id == workspace, LINKS.c.session_id == session)
        .order_by(LINKS.c.shared_at, LINKS.c.id)
    )
    return [
        KeptLink(
            TrackerLink(
                url=row.url,
                key=row.key,
                reference=row.reference,
                title=written_out(db, workspace, row.title),
            ),
            row.topic_id,
            row.person_id,
        )
        for row in rows
    ]


def _newest_first() -> Select[Any]:
    return select(ENTRIES).order_by(ENTRIES.c.revision.desc())


def _kept(row: Row[Any]) -> KeptEntry:
    entry = Entry(
        number=row.number,
        kind=EntryKind(row.kind),
        topic=row.topic_id,
        text=row.text,
        author=row.author_id,
        said_at=row.said_at,
        owners=tuple(row.owners),
        due=row.due,
    )
    return KeptEntry(
        id=row.id,
        workspace=row.workspace_id,
        session=row.session_id,
        channel=row.channel_id,
        source=Source(row.message, row.line),
        entry=entry,
        standing=row.standing,
        revised_by=row.revised_by,
    )
