"""Marked ballots: what is asked, and noted, with every single mark, and therefore in as few statements as can be."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, select

from minutes.ids import ChannelId, PersonId, Ts, UserId
from minutes.tally import MarkSource
from storage import prepared
from storage.db import Db, inserting
from storage.schema import IDENTITIES, WORKSPACES
from storage.vote_schema import MARKS, PROPOSALS

# They are put together once.
_IN_TEAM = (
    WORKSPACES.c.enterprise_id == "",
    WORKSPACES.c.team_id == bindparam("team"),
    PROPOSALS.c.workspace_id == WORKSPACES.c.id,
    PROPOSALS.c.channel_id == bindparam("channel"),
    PROPOSALS.c.ballot_ts == bindparam("ts"),
)
_VOTER = (IDENTITIES.c.workspace_id == WORKSPACES.c.id) & (IDENTITIES.c.slack_user_id == bindparam("user"))
_TO_FOLLOW = PROPOSALS.update().where(
    PROPOSALS.c.workspace_id == bindparam("workspace"),
    PROPOSALS.c.id == bindparam("which"),
    PROPOSALS.c.follow_at.is_(None),
)
_BALLOT_AND_VOTER = (
    select(PROPOSALS.c.workspace_id, PROPOSALS.c.id, IDENTITIES.c.person_id, PROPOSALS.c.follow_at)
    .join_from(WORKSPACES, PROPOSALS, PROPOSALS.c.workspace_id == WORKSPACES.c.id)
    .outerjoin(IDENTITIES, _VOTER)
    .where(*_IN_TEAM)
)
_TOLD = ("raw_name", "event_ts", "present", "source", "received_at")


@cache
def _one_more(dialect: str) -> Insert:
    told = [bindparam(name, type_=MARKS.c[name].type) for name in _TOLD]
    of_ballot = (PROPOSALS.c.workspace_id, PROPOSALS.c.channel_id, PROPOSALS.c.ballot_ts, IDENTITIES.c.person_id)
    mark = select(*of_ballot, *told).where(*_IN_TEAM, _VOTER, PROPOSALS.c.follow_at.is_not(None))
    columns = ["workspace_id", "channel_id", "message_ts", "person_id", *_TOLD]
    once: Insert = inserting(MARKS, dialect).from_select(columns, mark).on_conflict_do_nothing()
    return once


@dataclass(frozen=True, slots=True)
class MarkedBallot:
    """The ballot that somebody has marked; `voter` is None for whom we have not met."""

    workspace: int
    proposal: int
    voter: PersonId | None
    follow_at: datetime | None


def find(db: Db, team: str, channel: ChannelId, ts: Ts, user: UserId) -> MarkedBallot | None:
    """All in one, because it is asked with every mark; None where the message is no ballot, as far as we know yet."""
    row = prepared.one(db, _BALLOT_AND_VOTER, {"team": team, "channel": channel, "ts": ts, "user": user})
    return None if row is None else MarkedBallot(*row)


def one_more(
    db: Db, team: str, channel: ChannelId, ts: Ts, user: UserId, name: str, event_ts: Ts, present: bool, at: datetime
) -> bool:
    """Keep a mark as most of them are, in one statement: of somebody we have met, on a ballot of which others wait.

    False where it is none of these, or is kept already; then nothing has been done.
    """
    where = {"team": team, "channel": channel, "ts": ts, "user": user}
    mark = {"raw_name": name, "event_ts": event_ts, "present": present, "source": MarkSource.EVENT, "received_at": at}
    return prepared.count(db, _one_more(db.dialect.name), where | mark) == 1


def waits(db: Db, workspace: int, proposal: int) -> bool:
    """Whether marks have come of which what follows has not been done."""
    waiting = (PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.id == proposal, PROPOSALS.c.follow_at.is_not(None))
    return db.execute(select(PROPOSALS.c.id).where(*waiting)).first() is not None


def follow(db: Db, workspace: int, proposal: int, at: datetime) -> None:
    """What follows from the newest marks is due from now on, if it was not before."""
    prepared.count(db, _TO_FOLLOW, {"workspace": workspace, "which": proposal, "follow_at": at})
