"""Proposals, and the marks that people leave on messages: append-only, of which every count is a fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from minutes.folding import folded
from minutes.ids import ChannelId, PersonId, Ts
from minutes.moment import to_ts
from minutes.proposal import ClosedBy, Proposal, ProposalState
from minutes.result import Result, from_canonical
from minutes.rules import Rules
from minutes.text import fingerprint
from storage import ballot_box, counting, prepared
from storage.counting import CountedWith
from storage.db import Db, add
from storage.people import bots, unverified
from storage.vote_schema import MARKS, PROPOSALS

MAJORITY = Rules()
_OPEN = (ProposalState.DRAFT, ProposalState.OPEN)
GOING_ON = (*_OPEN, ProposalState.CLOSING)

# Asked with every mark, so they are put together once.
_IN_WORKSPACE = PROPOSALS.c.workspace_id == bindparam("workspace")
_BY_ID = select(PROPOSALS).where(_IN_WORKSPACE, PROPOSALS.c.id == bindparam("id"))
_STATES = (
    select(PROPOSALS.c.id, PROPOSALS.c.state)
    .where(_IN_WORKSPACE, PROPOSALS.c.session_id == bindparam("session"))
    .order_by(PROPOSALS.c.number)
)
_BALLOT_AT = select(PROPOSALS.c.id, PROPOSALS.c.session_id, PROPOSALS.c.state).where(
    _IN_WORKSPACE, PROPOSALS.c.channel_id == bindparam("channel"), PROPOSALS.c.ballot_ts == bindparam("ts")
)


@dataclass(frozen=True, slots=True)
class KeptProposal:
    """A proposal with what its count rests on. `topic` in it is the topic's id.

    `result_text` is the stored result, byte for byte. `missing_since` is when Slack first did not find the ballot.
    """

    workspace: int
    channel: ChannelId
    session: int
    duration: timedelta | None
    fingerprint: str
    rules: Rules
    roll: frozenset[PersonId] | None
    roll_wish: Mapping[str, Any] | None
    opened_at: datetime | None
    snapshot_at: datetime | None
    snapshot_whole: bool
    missing_since: datetime | None
    events_only: bool
    access_lost_at: datetime | None
    closing_since: datetime | None
    delay_said: bool
    resolved_by: PersonId | None
    supersedes: int | None
    followed_up_to: int
    counted_with: CountedWith | None
    result: Result
    result_text: str | None
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
    rules: Rules = MAJORITY,
    roll: Iterable[PersonId] | None = None,
    roll_wish: Mapping[str, Any] | None = None,
    supersedes: int | None = None,
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
        folded=folded(text),
        fingerprint=fingerprint(text),
        proposer_id=proposer,
        state=ProposalState.DRAFT,
        proposed_at=at,
        rules=rules.to_json(),
        roll=None if roll is None else sorted(roll),
        roll_wish=roll_wish,
        duration_seconds=None if duration is None else int(duration.total_seconds()),
        supersedes_id=supersedes,
    )


def get(db: Db, workspace: int, proposal: int) -> KeptProposal:
    """Raises LookupError for a proposal that is not kept, or of another workspace."""
    row = prepared.one(db, _BY_ID, {"workspace": workspace, "id": proposal})
    if row is None:
        raise LookupError(f"proposal {proposal}")
    return _one(db, row)


def numbered(db: Db, number: int) -> list[KeptProposal]:
    """The proposals of that number, one for each workspace that has it."""
    return _kept(db, db.execute(select(PROPOSALS).where(PROPOSALS.c.number == number)).all())


def find(db: Db, workspace: int, proposal: int) -> KeptProposal | None:
    return next(iter(_kept(db, db.execute(_BY_ID, {"workspace": workspace, "id": proposal}).all())), None)


def same_text_open(db: Db, workspace: int, channel: ChannelId, text: str) -> KeptProposal | None:
    """The open ballot on the very same text: a repeated command must not open a second one."""
    rows = db.execute(
        select(PROPOSALS).where(
            PROPOSALS.c.workspace_id == workspace,
            PROPOSALS.c.channel_id == channel,
            PROPOSALS.c.fingerprint == fingerprint(text),
            PROPOSALS.c.state.in_(GOING_ON),
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


def states(db: Db, workspace: int, session: int) -> dict[int, ProposalState]:
    """How the proposals of a session stand, by their ids and in their order; nothing is counted for that."""
    rows = prepared.rows(db, _STATES, {"workspace": workspace, "session": session})
    return {row.id: ProposalState(row.state) for row in rows}


def over_since(db: Db, workspace: int, since: datetime) -> list[KeptProposal]:
    """The proposals with a result that were closed, or began to be counted, since then."""
    mine = (PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.result.is_not(None))
    lately = or_(PROPOSALS.c.closed_at >= since, PROPOSALS.c.closing_since >= since)
    return _kept(db, db.execute(select(PROPOSALS).where(*mine, lately)).all())


def every(db: Db) -> list[KeptProposal]:
    return _kept(db, db.execute(select(PROPOSALS).order_by(PROPOSALS.c.id)).all())


def superseding(db: Db, workspace: int, proposal: int) -> str | None:
    """The label of the proposal that was put in the place of this one."""
    found = select(PROPOSALS.c.number).where(
        PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.supersedes_id == proposal
    )
    number = db.execute(found.order_by(PROPOSALS.c.number.desc()).limit(1)).scalar_one_or_none()
    return None if number is None else f"V{number}"


def change(db: Db, kept: KeptProposal, *states: ProposalState, **values: Any) -> bool:
    """Change a proposal while it is in one of these states (compare-and-set); False where it is not."""
    mine = PROPOSALS.update().where(
        PROPOSALS.c.workspace_id == kept.workspace, PROPOSALS.c.id == kept.proposal.id, PROPOSALS.c.state.in_(states)
    )
    return db.execute(mine.values(**values)).rowcount == 1


def ballot_at(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> tuple[int, int, ProposalState] | None:
    """The proposal's id, its session's and its state, for a message that is a ballot."""
    row = prepared.one(db, _BALLOT_AT, {"workspace": workspace, "channel": channel, "ts": ts})
    return None if row is None else (row.id, row.session_id, ProposalState(row.state))


def ballot_under_way(db: Db, workspace: int, channel: ChannelId) -> bool:
    """Whether a ballot of the channel has been owed but not yet confirmed by Slack."""
    found = select(PROPOSALS.c.id).where(
        PROPOSALS.c.workspace_id == workspace,
        PROPOSALS.c.channel_id == channel,
        PROPOSALS.c.ballot_ts.is_(None),
        PROPOSALS.c.state.in_(GOING_ON),
    )
    return db.execute(found.limit(1)).first() is not None


def as_known_now(db: Db, kept: KeptProposal, with_: CountedWith) -> CountedWith:
    """Frozen: the marks that are there now and what is known of the voters, so that later ones change nothing."""
    mine = (MARKS.c.workspace_id == kept.workspace, MARKS.c.channel_id == kept.channel)
    newest = select(func.max(MARKS.c.id)).where(*mine, MARKS.c.message_ts == kept.proposal.ballot_ts)
    last_mark = db.execute(newest).scalar_one_or_none() or 0
    return replace(with_, unverified=unverified(db, kept.workspace), last_mark=last_mark)


def count(db: Db, kept: KeptProposal, with_: CountedWith) -> Result:
    """The result from the stored marks, as of the proposal's closing; of an open one, as of now."""
    marks = ballot_box.marks_on(db, kept.workspace, kept.channel, kept.proposal.ballot_ts, up_to=with_.last_mark)
    result = counting.count(marks, kept.rules, kept.roll, kept.proposal.closed_at, with_)
    return result if with_.state is None else replace(result, state=with_.state)


def _kept(db: Db, rows: Iterable[Row[Any]]) -> list[KeptProposal]:
    return [_one(db, row) for row in rows]


def _one(db: Db, row: Row[Any]) -> KeptProposal:
    rules, roll = Rules.from_json(row.rules), None if row.roll is None else frozenset(row.roll)
    with_ = counting.from_json(row.counted_with)
    result = _live(db, row, rules, roll) if row.result is None else from_canonical(row.result)
    return KeptProposal(
        workspace=row.workspace_id,
        channel=row.channel_id,
        session=row.session_id,
        duration=None if row.duration_seconds is None else timedelta(seconds=row.duration_seconds),
        fingerprint=row.fingerprint,
        rules=rules,
        roll=roll,
        roll_wish=row.roll_wish,
        opened_at=row.opened_at,
        snapshot_at=row.snapshot_at,
        snapshot_whole=row.snapshot_whole,
        missing_since=row.missing_since,
        events_only=row.events_only,
        access_lost_at=row.access_lost_at,
        closing_since=row.closing_since,
        delay_said=row.delay_said,
        resolved_by=row.resolved_by,
        supersedes=row.supersedes_id,
        followed_up_to=row.followed_up_to or 0,
        counted_with=with_,
        result=result,
        result_text=row.result,
        proposal=_proposal(row, result),
    )


def _proposal(row: Row[Any], result: Result) -> Proposal:
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
        tally=result.binding,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closed_why=row.closed_why and ClosedBy(row.closed_why),
    )


def _live(db: Db, row: Row[Any], rules: Rules, roll: frozenset[PersonId] | None) -> Result:
    """Of a ballot without a stored result: as of its closing or deadline, where it has passed one, else as of now."""
    closed_at = row.closed_at or row.deadline
    at = (row.workspace_id, row.channel_id, row.ballot_ts)
    marks = ballot_box.changes_on(db, *at, closed_at and to_ts(closed_at))
    known = bots(db, row.workspace_id), unverified(db, row.workspace_id)
    with_ = CountedWith(*known, by_events_only=True, accept_untimed=True)
    if roll is None and row.roll_wish is not None:  # Slack has not told yet who is on it
        roll = frozenset()
    return counting.count(marks, rules, roll, closed_at, with_)
