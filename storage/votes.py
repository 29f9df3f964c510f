"""Proposals, and the marks that people leave on messages: append-only, of which a tally is the fold."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, func, select

from minutes.ids import ChannelId, PersonId, Ts
from minutes.moment import to_micros
from minutes.proposal import ClosedBy, Proposal, ProposalState, fingerprint
from minutes.tally import Mark, Tally, count
from storage.db import Db, add, add_once, table
from storage.people import bots
from storage.schema import MarkRow, ProposalRow

PROPOSALS, MARKS = table(ProposalRow), table(MarkRow)
_OPEN = (ProposalState.DRAFT, ProposalState.OPEN)


@dataclass(frozen=True, slots=True)
class KeptProposal:
    """A proposal and whose it is. `topic` in it is the topic's id."""

    workspace: int
    channel: ChannelId
    session: int
    duration: timedelta | None
    fingerprint: str
    proposal: Proposal


def propose(
    db: Db,
    workspace: int,
    channel: ChannelId,
    session: int,
    *,
    text: str,
    proposer: PersonId,
    at: datetime,
    duration: timedelta | None,
    topic: int | None,
) -> int:
    """A draft: it opens when Slack has confirmed its ballot. Gives its id."""
    highest = select(func.coalesce(func.max(PROPOSALS.c.number), 0)).where(PROPOSALS.c.workspace_id == workspace)
    return add(
        db,
        PROPOSALS,
        workspace_id=workspace,
        channel_id=channel,
        session_id=session,
        topic_id=topic,
        number=int(db.execute(highest).scalar_one()) + 1,
        text=text,
        fingerprint=fingerprint(text),
        proposer_id=proposer,
        state=ProposalState.DRAFT,
        proposed_at=at,
        duration_seconds=None if duration is None else int(duration.total_seconds()),
    )


def get(db: Db, workspace: int, proposal: int) -> KeptProposal:
    """Raises LookupError for a proposal that is not kept, or of another workspace."""
    found = find(db, workspace, proposal)
    if found is None:
        raise LookupError(f"proposal {proposal}")
    return found


def find(db: Db, workspace: int, proposal: int) -> KeptProposal | None:
    rows = db.execute(select(PROPOSALS).where(PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.id == proposal)).all()
    return next(iter(_kept(db, rows)), None)


def same_text_open(db: Db, workspace: int, channel: ChannelId, text: str) -> KeptProposal | None:
    """The open ballot on the very same text: a repeated command must not open a second one."""
    rows = db.execute(
        select(PROPOSALS).where(
            PROPOSALS.c.workspace_id == workspace,
            PROPOSALS.c.channel_id == channel,
            PROPOSALS.c.fingerprint == fingerprint(text),
            PROPOSALS.c.state.in_(_OPEN),
        )
    ).all()
    return next(iter(_kept(db, rows)), None)


def of_session(db: Db, workspace: int, session: int) -> list[KeptProposal]:
    rows = db.execute(
        select(PROPOSALS)
        .where(PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.session_id == session)
        .order_by(PROPOSALS.c.number)
    ).all()
    return _kept(db, rows)


def every(db: Db) -> list[KeptProposal]:
    return _kept(db, db.execute(select(PROPOSALS).order_by(PROPOSALS.c.id)).all())


def falling_due(db: Db, now: datetime) -> list[KeptProposal]:
    rows = db.execute(
        select(PROPOSALS)
        .where(PROPOSALS.c.state == ProposalState.OPEN, PROPOSALS.c.deadline <= now)
        .order_by(PROPOSALS.c.deadline, PROPOSALS.c.id)
    ).all()
    return _kept(db, rows)


def earliest_due(db: Db) -> datetime | None:
    deadlines = select(func.min(PROPOSALS.c.deadline)).where(PROPOSALS.c.state == ProposalState.OPEN)
    return cast(datetime | None, db.execute(deadlines).scalar_one())


def opened(db: Db, workspace: int, proposal: int, ts: Ts, deadline: datetime | None) -> bool:
    """Slack has confirmed the ballot: from draft to open; False where the vote was over before."""
    where = (PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.id == proposal)
    db.execute(PROPOSALS.update().where(*where).values(ballot_ts=ts, deadline=deadline))
    moved = PROPOSALS.update().where(*where, PROPOSALS.c.state == ProposalState.DRAFT)
    return db.execute(moved.values(state=ProposalState.OPEN)).rowcount == 1


def close(
    db: Db,
    kept: KeptProposal,
    *,
    state: ProposalState,
    at: datetime,
    by: PersonId | None,
    why: ClosedBy,
) -> bool:
    """Store the result once; False where somebody else has closed it."""
    moved = PROPOSALS.update().where(
        PROPOSALS.c.workspace_id == kept.workspace,
        PROPOSALS.c.id == kept.proposal.id,
        PROPOSALS.c.state.in_(_OPEN),
    )
    result = {side: list(people) for side, people in asdict(kept.proposal.tally).items()}
    values = {"state": state, "closed_at": at, "closed_by": by, "closed_why": why, "result": result}
    return db.execute(moved.values(**values)).rowcount == 1


def ballot_at(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> tuple[int, int, bool] | None:
    """The proposal's id, its session's and whether it is open, for a message that is a ballot."""
    row = db.execute(
        select(PROPOSALS.c.id, PROPOSALS.c.session_id, PROPOSALS.c.state).where(
            PROPOSALS.c.workspace_id == workspace,
            PROPOSALS.c.channel_id == channel,
            PROPOSALS.c.ballot_ts == ts,
        )
    ).one_or_none()
    return None if row is None else (row.id, row.session_id, row.state in _OPEN)


def ballot_under_way(db: Db, workspace: int, channel: ChannelId) -> bool:
    """Whether a ballot of the channel has been owed but not yet confirmed by Slack."""
    found = select(PROPOSALS.c.id).where(
        PROPOSALS.c.workspace_id == workspace,
        PROPOSALS.c.channel_id == channel,
        PROPOSALS.c.state == ProposalState.DRAFT,
    )
    return db.execute(found.limit(1)).first() is not None


def mark(db: Db, workspace: int, channel: ChannelId, ts: Ts, mark: Mark, *, source: str, at: datetime) -> bool:
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
        source=source,
        received_at=at,
    )


def drop_strays(db: Db, workspace: int, channel: ChannelId) -> None:
    """Forget marks on messages that turned out to be no ballots: only votes are kept."""
    ballots = select(PROPOSALS.c.ballot_ts).where(
        PROPOSALS.c.workspace_id == workspace,
        PROPOSALS.c.channel_id == channel,
        PROPOSALS.c.ballot_ts.is_not(None),
    )
    db.execute(
        MARKS.delete().where(
            MARKS.c.workspace_id == workspace,
            MARKS.c.channel_id == channel,
            MARKS.c.message_ts.not_in(ballots),
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


def _kept(db: Db, rows: Iterable[Row[Any]]) -> list[KeptProposal]:
    return [
        KeptProposal(
            workspace=row.workspace_id,
            channel=row.channel_id,
            session=row.session_id,
            duration=None if row.duration_seconds is None else timedelta(seconds=row.duration_seconds),
            fingerprint=row.fingerprint,
            proposal=_proposal(db, row),
        )
        for row in rows
    ]


def _proposal(db: Db, row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        number=row.number,
        topic=row.topic_id,
        text=row.text,
        proposer=row.proposer_id,
        state=ProposalState(row.state),
        proposed_at=row.proposed_at,
        deadline=row.deadline,
        ballot_ts=row.ballot_ts,
        tally=_live_tally(db, row) if row.result is None else _stored_tally(row.result),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_why=row.closed_why and ClosedBy(row.closed_why),
    )


def _live_tally(db: Db, row: Row[Any]) -> Tally:
    if row.ballot_ts is None:
        return Tally()
    marks = db.execute(
        select(MARKS.c.person_id, MARKS.c.raw_name, MARKS.c.event_ts, MARKS.c.present).where(
            MARKS.c.workspace_id == row.workspace_id,
            MARKS.c.channel_id == row.channel_id,
            MARKS.c.message_ts == row.ballot_ts,
        )
    )
    deadline = row.deadline and to_micros(row.deadline)
    return count((Mark(*mark) for mark in marks), not_people=bots(db, row.workspace_id), deadline_us=deadline)


def _stored_tally(result: dict[str, Any]) -> Tally:
    return Tally(**{side: tuple(people) for side, people in result.items()})
