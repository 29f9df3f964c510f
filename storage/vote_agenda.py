"""When votes are to be moved on, and when Slack is to be asked who holds what on their ballots."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from minutes.ids import ChannelId
from minutes.proposal import ProposalState
from storage.db import Db
from storage.installations import earliest, is_installed
from storage.vote_schema import PROPOSALS


@dataclass(frozen=True, slots=True)
class DueVote:
    """A proposal with something that is due, and where that is."""

    workspace: int
    channel: ChannelId
    proposal: int


class Due(StrEnum):
    """What follows from its marks is to be done; time alone moves it on; Slack is to be asked who holds what on its
    ballot; people are to be reminded of it.
    """

    MARKS = "follow_at"
    STEP = "next_due_at"
    COMPARISON = "snapshot_due_at"
    REMINDER = "remind_at"


def falling_due(db: Db, what: Due, now: datetime) -> list[DueVote]:
    """The proposals of which that is due now, the longest waiting first."""
    at = PROPOSALS.c[what]
    found = select(PROPOSALS.c.workspace_id, PROPOSALS.c.channel_id, PROPOSALS.c.id)
    due = found.where(at <= now, is_installed(PROPOSALS.c.workspace_id))
    return [DueVote(*row) for row in db.execute(due.order_by(at, PROPOSALS.c.id))]


def is_due(db: Db, what: Due, proposal: int, now: datetime) -> bool:
    """Whether it still is: somebody may have been quicker."""
    found = select(PROPOSALS.c.id).where(PROPOSALS.c.id == proposal, PROPOSALS.c[what] <= now)
    return db.execute(found).first() is not None


def earliest_due(db: Db) -> datetime | None:
    return earliest(db, PROPOSALS, tuple(Due))


def open_ballots(db: Db, workspace: int) -> int:
    """How many ballots are open, for the share of each in what Slack may be asked."""
    found = select(func.count()).where(PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.state == ProposalState.OPEN)
    return int(db.execute(found).scalar_one())


def compare_all(db: Db, at: datetime, workspace: int | None = None) -> None:
    """After a silence: every ballot that goes on, or in one workspace, is to be compared with what Slack holds."""
    going_on = [PROPOSALS.c.state.in_((ProposalState.OPEN, ProposalState.CLOSING))]
    which = going_on if workspace is None else [*going_on, PROPOSALS.c.workspace_id == workspace]
    db.execute(PROPOSALS.update().where(*which).values(snapshot_due_at=at))


def compare_in(db: Db, workspace: int, channel: ChannelId, at: datetime) -> None:
    """We are let into a channel again: its ballots, and those that were given up for want of that, are compared."""
    waiting = (ProposalState.OPEN, ProposalState.CLOSING, ProposalState.UNDETERMINED)
    mine = (PROPOSALS.c.workspace_id == workspace, PROPOSALS.c.channel_id == channel, PROPOSALS.c.state.in_(waiting))
    db.execute(PROPOSALS.update().where(*mine).values(snapshot_due_at=at))
