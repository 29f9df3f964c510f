"""Marks on ballots: each is kept as it comes, and what follows from it is owed. That is done for many at once.

So a mark costs the same however many there are, and however much follows from it.
"""

from datetime import datetime, timedelta

from bot.services import duties, explaining
from bot.services.visit import Asked, meet
from minutes.ids import PersonId, Ts, micros
from minutes.moment import from_micros, to_ts
from minutes.proposal import ProposalState as State
from minutes.result import everyone_voted
from minutes.tally import Mark, MarkSource, side_of
from storage import ballot_box, marked_ballots, people, sessions, votes
from storage.ballot_box import Came
from storage.db import Db
from storage.votes import KeptProposal

HELD = timedelta(seconds=15)
OPEN_AT_LEAST = timedelta(minutes=2)


def mark_among_others(db: Db, asked: Asked, ts: Ts, raw_name: str, event_ts: Ts, present: bool) -> bool:
    """Keep a mark where that is all there is to do, as with most; True where no more is to be done.

    False, and nothing is done, where it is for `mark`. This may go on in two processes at once: it only adds to the
    log, and so never waits for anything that another one would hold while it waits for us.
    """
    told = (raw_name, _timed(event_ts), present, asked.at)
    if side_of(raw_name) is None or marked_ballots.one_more(db, asked.team, asked.channel, ts, asked.user, *told):
        return True
    ballot = marked_ballots.find(db, asked.team, asked.channel, ts, asked.user)
    return ballot is None and _where_one_is_under_way(db, asked) is None


def mark(db: Db, asked: Asked, ts: Ts, raw_name: str, event_ts: Ts, present: bool) -> None:
    """Keep a mark that is a vote on one of our ballots, or may turn out to be; everything else leaves no trace.

    Needs no note in the inbox: the mark's own key absorbs a second delivery.
    """
    told_at = _timed(event_ts)
    if side_of(raw_name) is None:
        return
    ballot = marked_ballots.find(db, asked.team, asked.channel, ts, asked.user)
    workspace = _where_one_is_under_way(db, asked) if ballot is None else ballot.workspace
    if workspace is None:
        return
    voter = ballot.voter if ballot is not None else None
    person = voter or meet(db, workspace, asked.user, asked.at).id
    mark = Mark(person, raw_name, told_at, present, MarkSource.EVENT)
    new = ballot_box.mark(db, workspace, asked.channel, ts, mark, at=asked.at)
    if new and ballot is not None and ballot.follow_at is None:
        marked_ballots.follow(db, workspace, ballot.proposal, asked.at)


def follow(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Do what follows from the marks that came since the last time: the card follows, an early close may be due, and
    whose mark does not count is told why.
    """
    kept = votes.get(db, workspace, proposal)
    ballot = (workspace, kept.channel, kept.proposal.ballot_ts)
    newest, came = ballot_box.came_after(db, *ballot, kept.followed_up_to)
    votes.change(db, kept, kept.proposal.state, follow_at=None, followed_up_to=newest)
    if not came:
        return
    if kept.proposal.state is State.OPEN:
        _take_part(db, kept, came)
        if kept.roll is not None:
            plan(db, kept, now)
    if not kept.proposal.state.is_over:
        duties.redraw_ballot(db, workspace, proposal, now)
    for person in sorted(came.keys() & people.unverified(db, workspace)):
        duties.look_up_again(db, workspace, person, now)
    explaining.explain_all(db, kept, {person: each.present for person, each in came.items()}, now)


def before_it_moves_on(db: Db, kept: KeptProposal, now: datetime) -> None:
    """What came while a proposal was in its state follows from that state, before it is another one."""
    if marked_ballots.waits(db, kept.workspace, kept.proposal.id):
        follow(db, kept.workspace, kept.proposal.id, now)


def plan(db: Db, kept: KeptProposal, now: datetime) -> None:
    """Note when time alone moves an open ballot on: at its deadline, or soon, where everybody on its roll has voted."""
    due = kept.proposal.deadline
    if kept.roll and kept.opened_at and everyone_voted(kept.result, kept.roll):
        early = max(now + HELD, kept.opened_at + OPEN_AT_LEAST)
        due = early if due is None else min(due, early)
    votes.change(db, kept, State.OPEN, next_due_at=due)


def _timed(event_ts: Ts) -> Ts:
    """In Slack's own form; raises ValueError for what is no time: it must not get into a tally."""
    return to_ts(from_micros(micros(event_ts)))


def _where_one_is_under_way(db: Db, asked: Asked) -> int | None:
    """The workspace, where a ballot of the channel may be in Slack already without our knowing its message."""
    workspace = people.known_workspace(db, asked.team)
    return workspace if workspace is not None and votes.ballot_under_way(db, workspace, asked.channel) else None


def _take_part(db: Db, kept: KeptProposal, came: dict[PersonId, Came]) -> None:
    known = sessions.voters(db, kept.workspace, kept.session)
    for person in [each for each in came if each not in known]:
        sessions.take_part(db, kept.workspace, kept.session, person, came[person].first, voted=True)
