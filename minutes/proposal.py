"""A proposal: a text put to the vote, frozen when its ballot is posted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from minutes.ids import PersonId, Ts
from minutes.tally import Tally


class ProposalState(StrEnum):
    """`draft` until Slack has confirmed the ballot's post; from then on its clock runs.

    `closing` takes no more votes and is not yet counted; what follows it is for good, but for `undetermined`, where a
    chair decides (voting.md §1.2; §1.5, 19, 35, 36, 39).
    """

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TIED = "tied"
    NO_VOTES = "no_votes"
    NO_QUORUM = "no_quorum"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    VOID = "void"
    UNDETERMINED = "undetermined"

    @property
    def is_open(self) -> bool:
        return self in (ProposalState.DRAFT, ProposalState.OPEN)

    @property
    def is_over(self) -> bool:
        return not self.is_open and self is not ProposalState.CLOSING


class ClosedBy(StrEnum):
    """Why a vote was closed."""

    DEADLINE = "deadline"
    PERSON = "person"
    SESSION = "session"
    EVERYONE_VOTED = "everyone_voted"
    WITHDRAWN = "withdrawn"
    BALLOT_GONE = "ballot_gone"
    NO_ROLL = "no_roll"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`tally` is live while the vote is open and the stored result afterwards."""

    id: int
    number: int
    topic: int | None
    text: str
    proposer: PersonId
    state: ProposalState
    proposed_at: datetime
    deadline: datetime | None
    ballot_ts: Ts | None
    tally: Tally
    closed_at: datetime | None = None
    closed_by: PersonId | None = None
    closed_why: ClosedBy | None = None

    @property
    def label(self) -> str:
        return f"V{self.number}"


def outcome(tally: Tally) -> ProposalState:
    """The simple majority of votes cast (voting.md §1.3): more for than against, and nothing else, is a decision."""
    if not (tally.in_favour or tally.against or tally.abstaining):
        return ProposalState.NO_VOTES
    if len(tally.in_favour) > len(tally.against):
        return ProposalState.ACCEPTED
    if tally.in_favour and len(tally.in_favour) == len(tally.against):
        return ProposalState.TIED
    return ProposalState.REJECTED
