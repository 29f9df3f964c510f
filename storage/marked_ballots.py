"""Marked ballots: what is asked, and noted, with every single mark, and therefore in as few statements as can be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from minutes.ids import ChannelId, PersonId, Ts, UserId
from storage.db import Db, table
from storage.schema import Identity, Workspace
from storage.vote_schema import ProposalRow

PROPOSALS, WORKSPACES, IDENTITIES = table(ProposalRow), table(Workspace), table(Identity)

# They are put together once.
_TO_FOLLOW = PROPOSALS.update().where(
    PROPOSALS.c.workspace_id == bindparam("workspace"),
    PROPOSALS.c.id == bindparam("which"),
    PROPOSALS.c.follow_at.is_(None),
)
_BALLOT_AND_VOTER = (
    select(PROPOSALS.c.workspace_id, PROPOSALS.c.id, IDENTITIES.c.person_id, PROPOSALS.c.follow_at)
    .join_from(WORKSPACES, PROPOSALS, PROPOSALS.c.workspace_id == WORKSPACES.c.id)
    .outerjoin(
        IDENTITIES,
        (IDENTITIES.c.workspace_id == WORKSPACES.c.id) & (IDENTITIES.c.slack_user_id == bindparam("user")),
    )
    .where(
        WORKSPACES.c.enterprise_id == "",
        WORKSPACES.c.team_id == bindparam("team"),
        PROPOSALS.c.channel_id == bindparam("channel"),
        PROPOSALS.c.ballot_ts == bindparam("ts"),
    )
)


@dataclass(frozen=True, slots=True)
class MarkedBallot:
    """The ballot that somebody has marked; `voter` is None for whom we have not met."""

    workspace: int
    proposal: int
    voter: PersonId | None
    follow_at: datetime | None


def find(db: Db, team: str, channel: ChannelId, ts: Ts, user: UserId) -> MarkedBallot | None:
    """All in one, because it is asked with every mark; None where the message is no ballot, as far as we know yet."""
    row = db.execute(_BALLOT_AND_VOTER, {"team": team, "channel": channel, "ts": ts, "user": user}).one_or_none()
    return None if row is None else MarkedBallot(*row)


def follow(db: Db, workspace: int, proposal: int, at: datetime) -> None:
    """What follows from the newest marks is due from now on, if it was not before."""
    db.execute(_TO_FOLLOW, {"workspace": workspace, "which": proposal, "follow_at": at})
