"""Use cases of proposals: to put one to the vote, to count marks, and to close it with its outcome."""

from datetime import datetime, timedelta

from bot.services import duties, links
from bot.services.visit import Asked, Visit, meet
from minutes.ids import ChannelId, PersonId, Ts, micros
from minutes.moment import from_micros
from minutes.outcomes import ProposalPut, VoteClosed
from minutes.proposal import ClosedBy, outcome
from minutes.proposal import ProposalState as State
from minutes.refusal import Refusal
from minutes.session import Session, SessionState
from minutes.tally import Mark, side_of
from storage import people, sessions, topics, votes
from storage.db import Db
from storage.votes import KeptProposal


def propose(visit: Visit, text: str, duration: timedelta | None) -> ProposalPut:
    """Owe a ballot with the text frozen in it; the same text still open in the channel is not put twice."""
    session = visit.session()
    own = visit.own(text)
    minutes = None if duration is None else max(1, round(duration.total_seconds() / 60))
    existing = votes.same_text_open(visit.db, visit.workspace, visit.channel, own)
    if existing is not None:
        return ProposalPut(existing.proposal.label, minutes, already_open=True)
    proposal = votes.propose(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        text=own,
        proposer=visit.person.id,
        at=visit.at,
        duration=duration,
        topic=topics.floor(visit.db, visit.workspace, session.id),
    )
    kept = votes.get(visit.db, visit.workspace, proposal)
    sessions.take_part(visit.db, visit.workspace, session.id, visit.person.id, visit.at)
    sessions.change(visit.db, visit.workspace, session.id, last_spoken_at=max(session.last_spoken_at, visit.at))
    duties.ballot(visit.db, kept, visit.at)
    duties.card(visit.db, visit.workspace, session, visit.at)
    links.keep(visit, session, text)
    return ProposalPut(kept.proposal.label, minutes, already_open=False)


def ballot_posted(db: Db, workspace: int, proposal: int, ts: Ts, now: datetime) -> None:
    """Slack has the ballot: from now on its clock runs, by Slack's time. Marks that were quicker count too."""
    kept = votes.get(db, workspace, proposal)
    deadline = from_micros(micros(ts)) + kept.duration if kept.duration is not None else None
    is_open = votes.opened(db, workspace, proposal, ts, deadline)
    if not votes.ballot_under_way(db, workspace, kept.channel):
        votes.drop_strays(db, workspace, kept.channel)
    early = votes.voters_on(db, workspace, kept.channel, ts)
    for person, first in early:
        sessions.take_part(db, workspace, kept.session, person, first, voted=True)
    if is_open:
        duties.seed_ballot(db, kept, ts, now)
    if early or deadline or not is_open:
        duties.redraw_ballot(db, workspace, kept.channel, proposal, now)


def mark(db: Db, asked: Asked, ts: Ts, raw_name: str, event_ts: Ts, present: bool) -> None:
    """Keep a mark that is a vote on one of our ballots, or may turn out to be; everything else leaves no trace.

    Needs no note in the inbox: the mark's own key absorbs a second delivery.
    """
    micros(event_ts)  # a time that is none must not get into a tally
    if side_of(raw_name) is None:
        return
    workspace = people.workspace(db, asked.team)
    ballot = votes.ballot_at(db, workspace, asked.channel, ts)
    if ballot is None and not votes.ballot_under_way(db, workspace, asked.channel):
        return
    person = meet(db, workspace, asked.user, asked.at)
    mark = Mark(person.id, raw_name, event_ts, present)
    new = votes.mark(db, workspace, asked.channel, ts, mark, source="event", at=asked.at)
    if not new or ballot is None:
        return
    proposal, session, is_open = ballot
    if is_open:
        sessions.take_part(db, workspace, session, person.id, asked.at, voted=True)
        duties.redraw_ballot(db, workspace, asked.channel, proposal, asked.at)


def close_by_hand(visit: Visit, proposal: int) -> VoteClosed:
    """Close a vote now; its proposer can, and whoever started the session."""
    kept = votes.find(visit.db, visit.workspace, proposal)
    if kept is None:
        raise Refusal("That vote was long ago, and is no longer kept.")
    session = sessions.get(visit.db, visit.workspace, kept.session)
    if visit.person.id not in (kept.proposal.proposer, session.started_by):
        names = visit.name(kept.proposal.proposer), visit.name(session.started_by)
        raise Refusal(f"Only {names[0]}, who proposed it, or {names[1]}, who chairs, can close this vote.")
    if not kept.proposal.state.is_open:
        raise Refusal(f"The vote on {kept.proposal.label} is closed already.")
    if kept.proposal.ballot_ts is None:
        raise Refusal("The ballot is still on its way to the channel. Try again in a moment.")
    close(visit.db, kept, at=visit.at, by=visit.person.id, why=ClosedBy.PERSON)
    return VoteClosed(kept.proposal.label)


def close(db: Db, kept: KeptProposal, *, at: datetime, by: PersonId | None, why: ClosedBy) -> None:
    """Store the outcome once, and owe its announcement and the ballot's last state."""
    state = outcome(kept.proposal.tally)
    if not votes.close(db, kept, state=state, at=at, by=by, why=why):
        return
    duties.redraw_ballot(db, kept.workspace, kept.channel, kept.proposal.id, at)
    if sessions.get(db, kept.workspace, kept.session).state is not SessionState.DISCARDED:
        duties.vote_result(db, kept, accepted=state is State.ACCEPTED, now=at)
        duties.card(db, kept.workspace, sessions.get(db, kept.workspace, kept.session), at)


def open_in_session(db: Db, workspace: int, session: int) -> list[KeptProposal]:
    return [kept for kept in votes.of_session(db, workspace, session) if kept.proposal.state.is_open]


def ask_proposers(visit: Visit, session: Session, topic: int | None) -> None:
    """The topic has left the floor: whoever has a vote open on it is asked, privately, whether to close it.

    `topic` is None where none was on the floor, and the first one comes.
    """
    for kept in open_in_session(visit.db, visit.workspace, session.id):
        if kept.proposal.topic == topic:
            _ask(visit.db, kept, visit.channel, visit.at)


def _ask(db: Db, kept: KeptProposal, channel: ChannelId, now: datetime) -> None:
    key = f"ask_to_close:{kept.proposal.id}:{int(now.timestamp())}"
    duties.hint(
        db, kept.workspace, channel, kept.proposal.proposer, "ask_to_close", key, now, proposal=kept.proposal.id
    )
