"""Reminders of a vote: one private message to each on its roll who has not voted yet (voting.md §1.5, 46).

Only where a roll was named and the vote is open for an hour or more: a live session needs none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.services import duties
from bot.services.visit import Visit
from minutes.ids import PersonId
from minutes.outcomes import RemindersSet
from minutes.proposal import ProposalState as State
from storage import people, votes
from storage.db import Db
from storage.votes import KeptProposal

OPEN_AT_LEAST = timedelta(hours=1)
BEFORE_THE_END = timedelta(minutes=2)
"""So shortly before the deadline nobody is reminded any more."""
APART = timedelta(hours=1)
"""Nobody is reminded more often, however many votes wait for them."""


def moment(opened: datetime, deadline: datetime | None, *, on_roll: bool) -> datetime | None:
    """When those who have not voted are reminded: at three quarters of the time; None where nobody is."""
    if deadline is None or not on_roll or deadline - opened < OPEN_AT_LEAST:
        return None
    return opened + (deadline - opened) * 3 / 4


def remind(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Owe the reminders that are due, each person's once; whom another vote has just reminded comes later."""
    kept = votes.get(db, workspace, proposal)
    later: list[datetime] = []
    for person in _waited_for(kept) - people.bots(db, workspace):
        wanted, reminded_at = people.reminders(db, workspace, person)
        if not wanted or not _in_time(kept, now):
            continue
        if reminded_at is not None and now - reminded_at < APART:
            later.append(reminded_at + APART)
        elif duties.reminder(db, kept, person, now):
            people.reminded(db, workspace, person, now)
    again = min((at for at in later if _in_time(kept, at)), default=None)
    votes.change(db, kept, kept.proposal.state, remind_at=again)


def still_to_remind(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is worth saying when it comes to be said."""
    kept = votes.get(db, workspace, payload["proposal"])
    return payload["person"] in _waited_for(kept) and _in_time(kept, now)


def set_reminders(visit: Visit, wanted: bool) -> RemindersSet:
    """Whether somebody likes to be reminded; kept until they say otherwise."""
    people.want_reminders(visit.db, visit.workspace, visit.person.id, wanted)
    return RemindersSet(wanted)


def _waited_for(kept: KeptProposal) -> set[PersonId]:
    """On the roll, without a vote that counts."""
    return {*kept.result.silent, *kept.result.binding.conflicting} if kept.roll else set()


def _in_time(kept: KeptProposal, moment: datetime) -> bool:
    deadline = kept.proposal.deadline
    return kept.proposal.state is State.OPEN and deadline is not None and moment <= deadline - BEFORE_THE_END
