"""Whose vote does not count is told why: privately, once for each reason (voting.md §1.1, P6)."""

from datetime import datetime, timedelta

from bot.services import duties
from minutes.ids import PersonId
from minutes.proposal import ProposalState as State
from storage import outbox, people
from storage.db import Db
from storage.votes import KeptProposal

TOLD_AFTER = timedelta(seconds=30)
"""Somebody who changes sides holds both for a moment, and Slack tells of most people soon: neither needs telling."""


def explain(db: Db, kept: KeptProposal, person: PersonId, now: datetime, *, late: bool = True) -> None:
    """A mark of theirs has come or gone. `late` says that it is known to have been set after the close."""
    if person in people.bots(db, kept.workspace, among=person):
        return
    result, proposal = kept.result, kept.proposal.id
    if kept.proposal.state is State.OPEN and person not in result.late:
        _after_a_while(db, kept, person, "conflicting_vote", person in result.binding.conflicting, now)
        advisory = person in result.advisory.voters
        if kept.roll is None:
            _after_a_while(db, kept, person, "unverified_vote", advisory, now)
        elif advisory:
            hint(db, kept, person, "advisory_vote", f"advisory:{proposal}:{person}", now)
    elif late:
        hint(db, kept, person, "late_vote", f"late:{proposal}:{person}", now)


def hint(
    db: Db, kept: KeptProposal, person: PersonId, what: str, key: str, now: datetime, after: timedelta = timedelta()
) -> None:
    proposal = kept.proposal.id
    duties.hint(db, kept.workspace, kept.channel, person, what, key, now, after=after, proposal=proposal)


def _after_a_while(db: Db, kept: KeptProposal, person: PersonId, what: str, holds: bool, now: datetime) -> None:
    """Told only when it has lasted; what has passed meanwhile begins anew the next time."""
    key = f"{what}:{kept.proposal.id}:{person}"
    if not holds:
        outbox.cancel(db, kept.workspace, key)
        return
    hint(db, kept, person, what, key, now, TOLD_AFTER)
    outbox.revive(db, kept.workspace, key, now + TOLD_AFTER)
