"""Whose vote does not count is told why: privately, once for each reason (voting.md §1.1, P6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.services import duties
from minutes.ids import PersonId
from minutes.proposal import ProposalState as State
from storage import outbox, people
from storage.db import Db
from storage.votes import KeptProposal

TOLD_AFTER = timedelta(seconds=30)
"""Somebody who changes sides holds both for a moment, and Slack tells of most people soon: neither needs telling."""
CANCELLED_AT_ONCE = 500
_FOR_A_WHILE = ("conflicting_vote", "unverified_vote")
"""What may pass before it is told."""


def explain_all(db: Db, kept: KeptProposal, set_any: Mapping[PersonId, bool], now: datetime) -> None:
    """Marks of theirs have come or gone; `set_any` says of each whether they have set one, which may have been late."""
    holds_back = kept.result.late + kept.result.binding.conflicting + kept.result.advisory.voters
    to_explain = set(set_any) if kept.proposal.state is not State.OPEN else set_any.keys() & set(holds_back)
    for person in sorted(to_explain):
        late = set_any[person] and (person in kept.result.late or kept.proposal.state.is_over)
        explain(db, kept, person, now, late=late)
    settled = [_key(what, kept, person) for person in set_any if person not in to_explain for what in _FOR_A_WHILE]
    for first in range(0, len(settled), CANCELLED_AT_ONCE):
        outbox.cancel(db, kept.workspace, *settled[first : first + CANCELLED_AT_ONCE])


def explain(db: Db, kept: KeptProposal, person: PersonId, now: datetime, *, late: bool = True) -> None:
    """A mark of theirs has come or gone. `late` says that it is known to have been set after the close."""
    if person in people.bots(db, kept.workspace):
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
    key = _key(what, kept, person)
    if not holds:
        outbox.cancel(db, kept.workspace, key)
        return
    hint(db, kept, person, what, key, now, TOLD_AFTER)
    outbox.revive(db, kept.workspace, key, now + TOLD_AFTER)


def _key(what: str, kept: KeptProposal, person: PersonId) -> str:
    return f"{what}:{kept.proposal.id}:{person}"
