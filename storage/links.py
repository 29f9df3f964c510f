"""Links to trackers: every mention is kept, and a session shows each link once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from minutes.ids import PersonId
from minutes.links import TrackerLink
from storage.db import Db, add_once
from storage.people import written_out
from storage.schema import LINKS


@dataclass(frozen=True, slots=True)
class KeptLink:
    link: TrackerLink
    topic: int | None
    person: PersonId


def share(
    db: Db,
    workspace: int,
    session: int,
    link: TrackerLink,
    *,
    message: str,
    topic: int | None,
    by: PersonId,
    at: datetime,
) -> bool:
    """Keep that a message mentions a link, or by what other title; True where that was news."""
    new = add_once(
        db,
        LINKS,
        workspace_id=workspace,
        session_id=session,
        topic_id=topic,
        message=message,
        key=link.key,
        url=link.url,
        reference=link.reference,
        title=link.title,
        person_id=by,
        shared_at=at,
    )
    other = (*_of_message(workspace, session, message), LINKS.c.key == link.key, LINKS.c.title != link.title)
    return new or db.execute(LINKS.update().where(*other).values(title=link.title)).rowcount > 0


def forget(db: Db, workspace: int, session: int, message: str, *, but: Collection[str] = ()) -> bool:
    """A message no longer mentions its links, `but` those with these keys; True where it had others."""
    others = LINKS.delete().where(*_of_message(workspace, session, message), LINKS.c.key.not_in(but))
    return db.execute(others).rowcount > 0


def unfurl(db: Db, workspace: int, session: int, message: str, link: TrackerLink) -> bool:
    """Keep what a page calls itself; True where the message mentions it and that was news."""
    mine = (*_of_message(workspace, session, message), LINKS.c.key == link.key)
    news = LINKS.c.unfurled.is_distinct_from(link.title)
    return db.execute(LINKS.update().where(*mine, news).values(unfurled=link.title)).rowcount > 0


def of_session(db: Db, workspace: int, session: int) -> list[KeptLink]:
    """Each once, in the order in which they were first shared, under the first title that anybody gives it.

    Where nobody does, it is what the page calls itself.
    """
    rows = db.execute(
        select(LINKS)
        .where(LINKS.c.workspace_id == workspace, LINKS.c.session_id == session)
        .order_by(LINKS.c.key, LINKS.c.shared_at, LINKS.c.id)
    )
    mentions = [list(each) for _, each in groupby(rows, key=lambda row: row.key)]
    mentions.sort(key=lambda each: (each[0].shared_at, each[0].id))
    return [_kept(db, workspace, each) for each in mentions]


def _kept(db: Db, workspace: int, mentions: list[Row[Any]]) -> KeptLink:
    first = mentions[0]
    given = next((row.title for row in mentions if row.title), "")
    title = written_out(db, workspace, given) or next((row.unfurled for row in mentions if row.unfurled), "")
    link = TrackerLink(url=first.url, key=first.key, reference=first.reference, title=title)
    return KeptLink(link, first.topic_id, first.person_id)


def _of_message(workspace: int, session: int, message: str) -> tuple[ColumnElement[bool], ...]:
    return LINKS.c.workspace_id == workspace, LINKS.c.session_id == session, LINKS.c.message == message
