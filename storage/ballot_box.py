"""The ballot box: the marks that people leave on messages, append-only, and the reasons that they give below them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, bindparam, cast, func, literal, or_, select, true, union_all

from minutes.ids import ChannelId, PersonId, Ts
from minutes.tally import Mark, MarkSource
from storage import prepared
from storage.db import Db, add_once
from storage.vote_schema import MARKS, PROPOSALS, REASONS

# Asked again and again while people vote, so they are put together once.
_PARTS = (MARKS.c.person_id, MARKS.c.raw_name, MARKS.c.event_ts, MARKS.c.present, MARKS.c.source)
_ON = (
    MARKS.c.workspace_id == bindparam("workspace"),
    MARKS.c.channel_id == bindparam("channel"),
    MARKS.c.message_ts == bindparam("ts"),
)
_MARKS_ON = select(*_PARTS).where(*_ON)
_IN_TIME = MARKS.c.event_ts <= bindparam("closed")
_HELD = (
    select(
        MARKS.c.person_id,
        MARKS.c.raw_name,
        func.min(MARKS.c.event_ts).label("first"),
        func.min(cast(MARKS.c.present, Integer)).label("never_gone"),  # PostgreSQL knows no least truth
    )
    .where(*_ON, _IN_TIME)
    .group_by(MARKS.c.person_id, MARKS.c.raw_name)
    .cte("held")
)
_OF_HELD = (MARKS.c.person_id == _HELD.c.person_id) & (MARKS.c.raw_name == _HELD.c.raw_name)
_CHANGES_ON = union_all(
    select(_HELD.c.person_id, _HELD.c.raw_name, _HELD.c.first, true(), literal(MarkSource.EVENT, String)).where(
        _HELD.c.never_gone == 1
    ),
    select(*_PARTS).join_from(_HELD, MARKS, _OF_HELD).where(*_ON, _IN_TIME, _HELD.c.never_gone == 0),
    select(*_PARTS).where(*_ON, ~_IN_TIME),
)
_TOLD_AFTER = (
    select(
        MARKS.c.person_id,
        func.max(MARKS.c.id),
        func.min(MARKS.c.received_at),
        func.max(cast(MARKS.c.present, Integer)),
    )
    .where(*_ON, MARKS.c.id > bindparam("last"), MARKS.c.source == MarkSource.EVENT)
    .group_by(MARKS.c.person_id)
)
_SOURCES = {str(source): source for source in MarkSource}

THE_LAST = "9999999999.999999"
"""No wording comes after a message's deletion, however late it arrives."""


def mark(db: Db, workspace: int, channel: ChannelId, ts: Ts, mark: Mark, *, at: datetime) -> bool:
    """Keep a mark; False for one that is kept already."""
    return add_once(
        db,
        MARKS,
        workspace_id=workspace,
        channel_id=channel,
        message_ts=ts,
        person_id=mark.person,
        raw_name=mark.raw_name,
        event_ts=mark.event_ts,
        present=mark.present,
        source=mark.source,
        received_at=at,
    )


def marks_on(db: Db, workspace: int, channel: ChannelId, ts: Ts | None, *, up_to: int | None = None) -> list[Mark]:
    """Every mark on a message, or those that were there `up_to` one; in no order."""
    if ts is None:
        return []
    found = _MARKS_ON if up_to is None else _MARKS_ON.where(MARKS.c.id <= up_to)
    return _marks(db.execute(found, {"workspace": workspace, "channel": channel, "ts": ts}))


def changes_on(db: Db, workspace: int, channel: ChannelId, ts: Ts | None, closed: Ts | None) -> list[Mark]:
    """The same, of what was never taken away up to `closed` only the first: a count at that moment comes out the same.

    An emoji can be set ten thousand times by two hundred people, and the card follows while they do.
    """
    if ts is None:
        return []
    at = {"workspace": workspace, "channel": channel, "ts": ts, "closed": closed or THE_LAST}
    return _marks(prepared.rows(db, _CHANGES_ON, at))


def _marks(rows: Iterable[Sequence[Any]]) -> list[Mark]:
    return [Mark(row[0], row[1], row[2], row[3], _SOURCES[row[4]]) for row in rows]


@dataclass(frozen=True, slots=True)
class Came:
    """What of somebody's marks came in: when the first of them did, and whether any of them set an emoji."""

    first: datetime
    present: bool


def came_after(
    db: Db, workspace: int, channel: ChannelId, ts: Ts | None, last: int
) -> tuple[int, dict[PersonId, Came]]:
    """Of whom Slack has told marks on a message that are newer than the `last` one, and which is the newest now."""
    rows = prepared.rows(db, _TOLD_AFTER, {"workspace": workspace, "channel": channel, "ts": ts, "last": last})
    people = {person: Came(first, bool(present)) for person, _, first, present in rows}
    return max((newest for _, newest, _, _ in rows), default=last), people


def drop_strays(db: Db, workspace: int, channel: ChannelId) -> None:
    """Forget marks on messages that turned out to be no ballots: only votes are kept."""
    ballots = select(PROPOSALS.c.ballot_ts).where(
        PROPOSALS.c.workspace_id == workspace,
        PROPOSALS.c.channel_id == channel,
        PROPOSALS.c.ballot_ts.is_not(None),
    )
    db.execute(
        MARKS.delete().where(
            MARKS.c.workspace_id == workspace, MARKS.c.channel_id == channel, MARKS.c.message_ts.not_in(ballots)
        )
    )


def voters_on(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> list[tuple[PersonId, datetime]]:
    """Who left any mark on a message, and when the first of each came in."""
    rows = db.execute(
        select(MARKS.c.person_id, func.min(MARKS.c.received_at).label("first"))
        .where(MARKS.c.workspace_id == workspace, MARKS.c.channel_id == channel, MARKS.c.message_ts == ts)
        .group_by(MARKS.c.person_id)
    )
    return [(row.person_id, row.first) for row in rows]


def give_reason(
    db: Db, workspace: int, channel: ChannelId, ts: Ts, *, proposal: int, person: PersonId, text: str, worded: Ts
) -> None:
    """Keep a reply below a ballot, or its newest wording; `worded` is Slack's time of this one."""
    key = {"workspace_id": workspace, "channel_id": channel, "message_ts": ts}
    if not add_once(db, REASONS, **key, proposal_id=proposal, person_id=person, text=text, worded_ts=worded):
        older = [
            *(REASONS.c[name] == value for name, value in key.items()),
            or_(REASONS.c.worded_ts.is_(None), REASONS.c.worded_ts <= worded),
        ]
        db.execute(REASONS.update().where(*older).values(text=text, worded_ts=worded))


def take_reason_back(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> int | None:
    """The message was deleted. Gives its proposal; None where it was no reason."""
    mine = (REASONS.c.workspace_id == workspace, REASONS.c.channel_id == channel, REASONS.c.message_ts == ts)
    gone = {"text": "", "worded_ts": THE_LAST}
    taken = db.execute(REASONS.update().where(*mine).values(**gone).returning(REASONS.c.proposal_id))
    return taken.scalar_one_or_none()


def reasons(db: Db, workspace: int, proposal: int) -> list[tuple[PersonId, str, Ts]]:
    """Who gave which reason below a ballot, and in which message; in the order of time."""
    rows = db.execute(
        select(REASONS.c.person_id, REASONS.c.text, REASONS.c.message_ts)
        .where(REASONS.c.workspace_id == workspace, REASONS.c.proposal_id == proposal, REASONS.c.text != "")
        .order_by(REASONS.c.message_ts)
    )
    return [(row.person_id, row.text, row.message_ts) for row in rows]
