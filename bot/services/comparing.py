"""Comparing our log with Slack: who holds which emoji on a ballot (voting.md §1.1, P2).

Slack is right about what is held, our log about when. What only Slack knew is added to the log as of the comparison.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.services import closing, duties, explaining, marked
from bot.services.visit import meet
from minutes.ids import PersonId, UserId
from minutes.moment import to_ts
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.tally import SEED, Mark, MarkSource, emoji_of, fold, side_of
from storage import ballot_box, outages, people, sessions, vote_agenda, votes
from storage.db import Db
from storage.votes import KeptProposal

LEAST_INTERVAL = timedelta(seconds=60)
SHARE = timedelta(seconds=3)
"""At most twenty comparisons a minute for all open ballots of a workspace together; the rest is kept for closings."""
LOOK_TWICE_AFTER = timedelta(seconds=5)
ASK_AGAIN_AFTER = timedelta(seconds=10)
LONGEST_WAIT = timedelta(seconds=60)
GIVEN_UP = timedelta(minutes=10)
"""A vote that was given up is still asked about, now and then, as long as its closing may go on."""


@dataclass(frozen=True, slots=True)
class Held:
    """What Slack says of one emoji on a message: `users` can be fewer than `count`, and is then not the whole list."""

    raw_name: str
    count: int
    users: tuple[UserId, ...]

    @property
    def whole(self) -> bool:
        return len(self.users) == self.count


def compare(db: Db, workspace: int, proposal: int, held: Sequence[Held], taken_at: datetime, now: datetime) -> None:
    """Add to the log what it lacks of what Slack says, as of `taken_at` in Slack's time."""
    kept = votes.get(db, workspace, proposal)
    ts, state = kept.proposal.ballot_ts, kept.proposal.state
    if ts is None:
        return
    changed = [
        mark.person
        for mark in _differences(db, kept, held, _seen_at(kept, taken_at, now), now)
        if ballot_box.mark(db, workspace, kept.channel, ts, mark, at=now)
    ]
    whole = all(each.whole for each in held)
    seen = {"snapshot_at": taken_at, "snapshot_whole": whole, "missing_since": None, "access_lost_at": None}
    votes.change(db, kept, state, **seen, events_only=False, snapshot_due_at=_next(db, kept, whole, now))
    if kept.access_lost_at is not None:
        duties.let_in(db, workspace, kept.channel, now)
    _reseed(db, kept, held, now)
    if whole and state is State.UNDETERMINED:
        closing.resume(db, kept, now)
    if whole and state is State.CLOSING and kept.closing_since and now >= kept.closing_since + closing.STRAGGLERS:
        votes.change(db, kept, State.CLOSING, next_due_at=now)
    _note(db, kept, changed, now)
    if whole != kept.snapshot_whole:
        duties.redraw_ballot(db, workspace, proposal, now)


def ask(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Owe the question to Slack who holds what on a ballot."""
    kept = votes.get(db, workspace, proposal)
    if kept.proposal.ballot_ts is not None:
        duties.compare(db, kept, now)
    votes.change(db, kept, kept.proposal.state, snapshot_due_at=None)


def reconnected(db: Db, now: datetime) -> None:
    """A connection was made anew: events may have been lost before it, however short the gap."""
    returned(db, now)
    vote_agenda.compare_all(db, now)


def returned(db: Db, now: datetime, where: int | None = None) -> None:
    """We are back, everywhere or in one workspace: what a process that went on has told learns that we were away."""
    for workspace, since in outages.returned(db, now, where):
        for session in sessions.closed_since(db, workspace, since):
            duties.redraw_digest(db, workspace, session, now)
        for kept in votes.over_since(db, workspace, since):
            duties.redraw_ballot(db, workspace, kept.proposal.id, now)
            duties.redraw_result(db, kept, now)
            duties.redraw_digest(db, workspace, sessions.get(db, workspace, kept.session), now)


def could_not(
    db: Db, workspace: int, proposal: int, why: Literal["never", "missing", "shut_out", "refused"], now: datetime
) -> None:
    """Slack does not tell: it never will (no scope, no such method), has no such message, or has shut us out.

    What it refuses for any other reason it may tell another time.
    """
    kept = votes.get(db, workspace, proposal)
    state = kept.proposal.state
    if why == "never":
        votes.change(db, kept, state, events_only=True, snapshot_due_at=None)
        if state is State.CLOSING and kept.closing_since and now >= kept.closing_since + closing.STRAGGLERS:
            votes.change(db, kept, State.CLOSING, next_due_at=now)
    elif why == "shut_out":
        votes.change(db, kept, state, access_lost_at=kept.access_lost_at or now, snapshot_due_at=_later(db, kept, now))
        if state is State.CLOSING:
            closing.give_up(db, votes.get(db, workspace, proposal), now)
    elif why == "refused":
        votes.change(db, kept, state, snapshot_due_at=_later(db, kept, now))
    elif kept.missing_since is None:
        votes.change(db, kept, state, missing_since=now, snapshot_due_at=now + LOOK_TWICE_AFTER)
    elif now - kept.missing_since >= LOOK_TWICE_AFTER:
        gone(db, kept, now)
    else:
        votes.change(db, kept, state, snapshot_due_at=kept.missing_since + LOOK_TWICE_AFTER)


def gone(db: Db, kept: KeptProposal, now: datetime) -> None:
    """The ballot was deleted: whatever stood on it is no decision."""
    closing.end_without_count(db, kept, State.VOID, at=now, by=None, why=ClosedBy.BALLOT_GONE, now=now)


def _seen_at(kept: KeptProposal, taken_at: datetime, now: datetime) -> datetime:
    """As of when the log says it was so: of the question, so that no event of the meantime is overruled.

    What was answered about the close, or after it, may have been seen only then: it never passes for being in time.
    """
    end = kept.proposal.closed_at or kept.proposal.deadline
    latest = now + closing.TOLERANCE
    return taken_at if end is None or latest < end else max(latest, end + timedelta(microseconds=1))


def _differences(db: Db, kept: KeptProposal, held: Sequence[Held], seen_at: datetime, now: datetime) -> Iterable[Mark]:
    """Marks that bring our log to what Slack says. From a list that is not whole nothing can be said to be gone."""
    held_here = [
        vote
        for vote, present in fold(
            ballot_box.marks_on(db, kept.workspace, kept.channel, kept.proposal.ballot_ts)
        ).items()
        if present
    ]
    ours = {(person, emoji_of(name)) for person, name in held_here}
    ballots = [each for each in held if side_of(each.raw_name) is not None]
    bot = people.own(db, kept.workspace)
    theirs = {
        (meet(db, kept.workspace, user, now).id, emoji_of(each.raw_name))
        for each in ballots
        for user in each.users
        if user != bot
    }
    not_whole = {emoji_of(each.raw_name) for each in ballots if not each.whole}
    at = to_ts(seen_at)
    added = [Mark(person, name, at, True, MarkSource.SNAPSHOT) for person, name in sorted(theirs - ours)]
    gone = [
        (person, name)
        for person, name in held_here
        if (person, emoji_of(name)) not in theirs and emoji_of(name) not in not_whole
    ]
    return added + [Mark(person, name, at, False, MarkSource.SNAPSHOT) for person, name in sorted(gone)]


def _next(db: Db, kept: KeptProposal, whole: bool, now: datetime) -> datetime | None:
    """When to compare again: open ballots take turns; a closing one asks on until the list is whole."""
    done = whole and kept.proposal.state is not State.OPEN
    return None if done else _later(db, kept, now)


def _later(db: Db, kept: KeptProposal, now: datetime) -> datetime | None:
    """When to ask again what Slack has not told: at a closing soon, and then less and less often."""
    waited = now - (kept.closing_since or now)
    match kept.proposal.state:
        case State.OPEN:
            return now + max(LEAST_INTERVAL, SHARE * vote_agenda.open_ballots(db, kept.workspace))
        case State.CLOSING:
            return now + min(LONGEST_WAIT, max(ASK_AGAIN_AFTER, waited))
        case State.UNDETERMINED if waited <= closing.RESUME_WITHIN:
            return now + GIVEN_UP
        case _:
            return None


def _reseed(db: Db, kept: KeptProposal, held: Sequence[Held], now: datetime) -> None:
    """A seed that has gone missing is set once more; counting never depended on it."""
    ours = people.own(db, kept.workspace)
    if ours is None or kept.proposal.state is not State.OPEN or kept.proposal.ballot_ts is None:
        return
    seen = {emoji_of(each.raw_name) for each in held if ours in each.users or not each.whole}
    for name in SEED:
        if name not in seen:
            duties.seed_again(db, kept, kept.proposal.ballot_ts, name, now)


def _note(db: Db, kept: KeptProposal, changed: list[PersonId], now: datetime) -> None:
    not_people = people.bots(db, kept.workspace)
    kept = votes.get(db, kept.workspace, kept.proposal.id)
    for person in changed:
        if person not in not_people:
            sessions.take_part(db, kept.workspace, kept.session, person, now, voted=True)
            # Nobody can tell of what only Slack knew that it was late.
            explaining.explain(db, kept, person, now, late=False)
    if changed:
        marked.plan(db, kept, now)
        duties.redraw_ballot(db, kept.workspace, kept.proposal.id, now)
