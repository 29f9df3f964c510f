"""Use cases of proposals: to put one to the vote, to hear marks, and what its proposer and the chair can do with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.services import closing, comparing, duties, explaining, links, rolls
from bot.services.visit import Asked, Visit, meet, visit
from minutes.ids import ChannelId, PersonId, Ts, micros
from minutes.moment import from_micros
from minutes.outcomes import (
    DefaultsSet,
    DefaultsShown,
    ProposalPut,
    VoteClosed,
    VoteExtended,
    VoteResolved,
    VoteWithdrawn,
)
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.propose_command import ProposeCommand
from minutes.refusal import Refusal
from minutes.rules import Rules, parse_quorum, parse_rule
from minutes.session import Session
from minutes.tally import Mark, MarkSource, side_of
from storage import people, sessions, topics, votes
from storage.db import Db
from storage.votes import KeptProposal

EXTENSION = timedelta(minutes=10)


def propose(visit: Visit, wish: ProposeCommand) -> ProposalPut:
    """Owe a ballot with the text frozen in it; the same text still open in the channel is not put twice.

    What the wish leaves open is as the channel, or the workspace, has set it. Who is on the roll is frozen now; where
    Slack has to be asked for that, the ballot follows when it has told.
    """
    session = visit.session()
    own = visit.own(wish.text)
    minutes = _minutes(wish.duration)
    existing = votes.same_text_open(visit.db, visit.workspace, visit.channel, own)
    if existing is not None:
        return ProposalPut(existing.proposal.label, minutes, already_open=True)
    rules, roll_wish = _ways(visit, wish)
    roll = rolls.known(visit, session, roll_wish)
    if roll is not None and not roll:
        raise Refusal("That would leave nobody on the roll, so nobody could vote. Name those whose votes count.")
    proposal = votes.propose(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        text=own,
        proposer=visit.person.id,
        at=visit.at,
        duration=wish.duration,
        topic=topics.floor(visit.db, visit.workspace, session.id),
        rules=rules,
        roll=roll,
        roll_wish=None if roll_wish is None else rolls.wish_json(visit, session, roll_wish),
    )
    kept = votes.get(visit.db, visit.workspace, proposal)
    if roll_wish is not None and roll is None:
        duties.look_up_roll(visit.db, kept, visit.at)
    else:
        duties.ballot(visit.db, kept, visit.at)
    sessions.take_part(visit.db, visit.workspace, session.id, visit.person.id, visit.at)
    sessions.change(visit.db, visit.workspace, session.id, last_spoken_at=max(session.last_spoken_at, visit.at))
    links.keep(visit, session, wish.text)
    duties.card(visit.db, visit.workspace, session, visit.at)
    return ProposalPut(kept.proposal.label, minutes, already_open=False)


def ballot_posted(db: Db, workspace: int, proposal: int, ts: Ts, now: datetime) -> None:
    """Slack has the ballot: from now on its clock runs, by Slack's time. Marks that were quicker count too."""
    kept = votes.get(db, workspace, proposal)
    opened = from_micros(micros(ts))
    deadline = None if kept.duration is None else opened + kept.duration
    votes.change(db, kept, kept.proposal.state, ballot_ts=ts, opened_at=opened)
    is_open = votes.change(
        db,
        kept,
        State.DRAFT,
        state=State.OPEN,
        deadline=deadline,
        next_due_at=deadline,
        snapshot_due_at=now + timedelta(minutes=1),
    )
    if not votes.ballot_under_way(db, workspace, kept.channel):
        votes.drop_strays(db, workspace, kept.channel)
    early = votes.voters_on(db, workspace, kept.channel, ts)
    for person, first in early:
        sessions.take_part(db, workspace, kept.session, person, first, voted=True)
    if is_open:
        duties.seed_ballot(db, kept, ts, now)
        _hear_those_who_were_quicker(db, workspace, proposal, [person for person, _ in early], now)
        session = sessions.get(db, workspace, kept.session)
        if session.ended_at is not None:
            close_with_session(db, votes.get(db, workspace, proposal), at=session.ended_at, now=now, by=None)
    if early or deadline or not is_open:
        duties.redraw_ballot(db, workspace, kept.channel, proposal, now)


def _hear_those_who_were_quicker(db: Db, workspace: int, proposal: int, early: list[PersonId], now: datetime) -> None:
    """Their marks came before Slack had confirmed the ballot: what follows from a mark follows now."""
    if early:
        kept = votes.get(db, workspace, proposal)
        closing.plan(db, kept, now)
        for person in early:
            explaining.explain(db, kept, person, now)


def mark(db: Db, asked: Asked, ts: Ts, raw_name: str, event_ts: Ts, present: bool) -> None:
    """Keep a mark that is a vote on one of our ballots, or may turn out to be; everything else leaves no trace.

    Needs no note in the inbox: the mark's own key absorbs a second delivery.
    """
    micros(event_ts)  # a time that is none must not get into a tally
    if side_of(raw_name) is None:
        return
    workspace = people.known_workspace(db, asked.team)
    if workspace is None:
        return
    ballot = votes.ballot_at(db, workspace, asked.channel, ts)
    if ballot is None and not votes.ballot_under_way(db, workspace, asked.channel):
        return
    person = meet(db, workspace, asked.user, asked.at).id
    mark = Mark(person, raw_name, event_ts, present, MarkSource.EVENT)
    if votes.mark(db, workspace, asked.channel, ts, mark, at=asked.at) and ballot is not None:
        _marked(db, workspace, ballot[0], mark, asked.at)


def _marked(db: Db, workspace: int, proposal: int, mark: Mark, now: datetime) -> None:
    """A new mark on a ballot of ours: the card follows, and whose mark does not count is told why."""
    kept = votes.get(db, workspace, proposal)
    if kept.proposal.state is State.OPEN:
        sessions.take_part(db, workspace, kept.session, mark.person, now, voted=True)
        closing.plan(db, kept, now)
    if not kept.proposal.state.is_over:
        duties.redraw_ballot(db, workspace, kept.channel, proposal, now)
    if mark.person in people.unverified(db, workspace):
        duties.look_up_again(db, workspace, mark.person, now)
    late = mark.present and (mark.person in kept.result.late or kept.proposal.state.is_over)
    explaining.explain(db, kept, mark.person, now, late=late)


def close_by_hand(visit: Visit, proposal: int) -> VoteClosed:
    """Close a vote now; its proposer can, and whoever started the session."""
    kept = _mine(visit, proposal, "close")
    if kept.proposal.ballot_ts is None:
        raise Refusal("The ballot is still on its way to the channel. Try again in a moment.")
    closing.begin(visit.db, kept, at=visit.at, now=visit.at, by=visit.person.id, why=ClosedBy.PERSON)
    return VoteClosed(kept.proposal.label)


def extend(visit: Visit, proposal: int) -> VoteExtended:
    """Ten more minutes for a vote with a deadline, or for one that could not be counted."""
    if _found(visit, proposal).proposal.state is State.UNDETERMINED:
        return _extend_undetermined(visit, proposal)
    kept = _mine(visit, proposal, "extend")
    if kept.proposal.deadline is None:
        raise Refusal(f"{kept.proposal.label} has no deadline: it is open until it is closed, or the session ends.")
    deadline = max(kept.proposal.deadline, visit.at) + EXTENSION
    votes.change(visit.db, kept, State.OPEN, deadline=deadline)
    closing.plan(visit.db, votes.get(visit.db, visit.workspace, proposal), visit.at)
    duties.redraw_ballot(visit.db, visit.workspace, kept.channel, proposal, visit.at)
    return VoteExtended(kept.proposal.label, deadline)


def withdraw(visit: Visit, proposal: int) -> VoteWithdrawn:
    """Taken back by its proposer, or cancelled by the chair: the tally of that moment stays in the record."""
    kept = _mine(visit, proposal, "withdraw")
    by_proposer = visit.person.id == kept.proposal.proposer
    state = State.WITHDRAWN if by_proposer else State.CANCELLED
    closing.end_without_count(
        visit.db, kept, state, at=visit.at, by=visit.person.id, why=ClosedBy.WITHDRAWN, now=visit.at
    )
    return VoteWithdrawn(kept.proposal.label)


def accept_count(visit: Visit, proposal: int) -> VoteResolved:
    """The chair takes an undetermined count as it is, by name."""
    kept = _undetermined(visit, proposal)
    state = closing.accept(visit.db, kept, by=visit.person.id, now=visit.at)
    return VoteResolved(kept.proposal.label, state)


def _extend_undetermined(visit: Visit, proposal: int) -> VoteExtended:
    """The chair lets an undetermined vote go on for ten minutes, so that nobody's mark is in doubt."""
    kept = _undetermined(visit, proposal)
    deadline = visit.at + EXTENSION
    votes.change(
        visit.db,
        kept,
        State.UNDETERMINED,
        state=State.OPEN,
        deadline=deadline,
        next_due_at=deadline,
        snapshot_due_at=visit.at,
        closed_at=None,
        closed_by=None,
        closed_why=None,
        closing_since=None,
        delay_said=False,
        result=None,
        counted_with=None,
    )
    duties.redraw_ballot(visit.db, visit.workspace, kept.channel, proposal, visit.at)
    return VoteExtended(kept.proposal.label, deadline)


def vote_again(visit: Visit, proposal: int) -> ProposalPut:
    """The chair puts a proposal to the vote anew, within the session; the first result stays, marked as superseded."""
    kept = _found(visit, proposal)
    session = visit.session()
    _chair_only(visit, session, "put it to the vote again")
    if not kept.proposal.state.is_over or kept.session != session.id:
        raise Refusal(f"{kept.proposal.label} can be put to the vote again when it is over, in its own session.")
    newer = votes.superseding(visit.db, visit.workspace, proposal)
    if newer is not None:
        raise Refusal(f"{kept.proposal.label} was put to the vote again already, as {newer}.")
    minutes = _minutes(kept.duration)
    existing = votes.same_text_open(visit.db, visit.workspace, visit.channel, kept.proposal.text)
    if existing is not None:
        return ProposalPut(existing.proposal.label, minutes, already_open=True)
    again = votes.propose(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        text=kept.proposal.text,
        proposer=kept.proposal.proposer,
        at=visit.at,
        duration=kept.duration,
        topic=kept.proposal.topic,
        rules=kept.rules,
        roll=kept.roll,
        supersedes=proposal,
    )
    anew = votes.get(visit.db, visit.workspace, again)
    duties.ballot(visit.db, anew, visit.at)
    duties.redraw_ballot(visit.db, visit.workspace, visit.channel, proposal, visit.at)
    duties.redraw_result(visit.db, kept, visit.at)
    duties.card(visit.db, visit.workspace, session, visit.at)
    return ProposalPut(anew.proposal.label, minutes, already_open=False)


def set_defaults(visit: Visit, rule: str | None, quorum: str | None, roll: str | None, everywhere: bool) -> DefaultsSet:
    """How votes are held in this channel, or everywhere, where a proposal does not say. What is not said stays."""
    if rule is not None and parse_rule(rule) is None:
        raise Refusal("I do not know that rule. Take majority, two-thirds, unanimous, or a share like 60%.")
    if quorum not in (None, "none") and parse_quorum(quorum or "") is None:
        raise Refusal("A quorum is a number of people, such as 5, or a share of the roll, such as 50%; or `none`.")
    if roll not in (None, "session", "channel", "none"):
        raise Refusal("A roll can be `session`, `channel` or `none` by default; people are named with each proposal.")
    ways = {"rule": rule, "quorum": quorum, "roll": roll}
    said = {name: value for name, value in ways.items() if value is not None}
    where = None if everywhere else visit.channel
    changed = sessions.vote_defaults(visit.db, visit.workspace, where) | said
    if _rules_of(changed).needs_roll and rolls.by_default(changed.get("roll")) is None:
        raise Refusal("That rule or quorum counts people on a roll. Set `roll=session` or `roll=channel` with it.")
    own = sessions.own_vote_defaults(visit.db, visit.workspace, where)
    sessions.set_vote_defaults(visit.db, visit.workspace, where, own | said)
    return DefaultsSet(rule, quorum, roll, everywhere)


def defaults(visit: Visit, everywhere: bool) -> DefaultsShown:
    """How votes are held here, or everywhere, where a proposal does not say."""
    ways = sessions.vote_defaults(visit.db, visit.workspace, None if everywhere else visit.channel)
    return _shown(ways, everywhere)


def defaults_in(db: Db, team: str, channel: ChannelId) -> DefaultsShown:
    """The same, for the dialog. Reads only."""
    workspace = people.known_workspace(db, team)
    return _shown({} if workspace is None else sessions.vote_defaults(db, workspace, channel), False)


def _shown(ways: Mapping[str, Any], everywhere: bool) -> DefaultsShown:
    return DefaultsShown(ways.get("rule"), ways.get("quorum"), ways.get("roll"), everywhere)


def give_reason(db: Db, asked: Asked, ts: Ts, thread_ts: Ts, text: str) -> None:
    """A reply below a ballot is kept as a reason, and follows its edits; one below anything else is none of ours.

    Needs no note in the inbox: the reply's own name absorbs a second delivery.
    """
    workspace = people.known_workspace(db, asked.team)
    ballot = None if workspace is None else votes.ballot_at(db, workspace, asked.channel, thread_ts)
    if workspace is None or ballot is None:
        return
    visitor = visit(db, workspace, asked)
    own = visitor.own(text)
    votes.give_reason(db, workspace, asked.channel, ts, proposal=ballot[0], person=visitor.person.id, text=own)
    _redraw_reasons(db, workspace, ballot[0], asked.at)


def message_deleted(db: Db, team: str, channel: ChannelId, ts: Ts, now: datetime) -> None:
    """A message was deleted: if it was a ballot whose vote goes on, the vote is void; a reason is taken back."""
    workspace = people.known_workspace(db, team)
    if workspace is None:
        return
    reasoned = votes.take_reason_back(db, workspace, channel, ts)
    if reasoned is not None:
        _redraw_reasons(db, workspace, reasoned, now)
    ballot = votes.ballot_at(db, workspace, channel, ts)
    if ballot is not None:
        comparing.gone(db, votes.get(db, workspace, ballot[0]), now)


def _redraw_reasons(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Why people voted as they did stands in what was told of a vote that is over."""
    kept = votes.get(db, workspace, proposal)
    if kept.proposal.state.is_over:
        duties.redraw_result(db, kept, now)
        duties.redraw_digest(db, workspace, sessions.get(db, workspace, kept.session), now)


def open_in_session(db: Db, workspace: int, session: int) -> list[KeptProposal]:
    return [kept for kept in votes.of_session(db, workspace, session) if kept.proposal.state.is_open]


def close_with_session(db: Db, kept: KeptProposal, *, at: datetime, now: datetime, by: PersonId | None) -> None:
    """A vote without a deadline of its own ends with its session; one that has one goes on (voting.md §1.5, 45).

    One whose ballot may be in the channel already, only not confirmed, is closed when it is (see `ballot_posted`).
    """
    if kept.proposal.state is State.DRAFT and duties.ballot_under_way(db, kept):
        return
    if kept.proposal.state is State.DRAFT:
        closing.end_without_count(db, kept, State.CANCELLED, at=at, by=by, why=ClosedBy.SESSION, now=now)
    elif kept.proposal.deadline is None:
        closing.begin(db, kept, at=at, now=now, by=by, why=ClosedBy.SESSION)
    elif kept.proposal.deadline <= at:
        closing.begin(db, kept, at=kept.proposal.deadline, now=now, by=None, why=ClosedBy.DEADLINE)


def ask_proposers(visit: Visit, session: Session, topic: int | None) -> None:
    """The topic has left the floor: whoever has a vote open on it is asked, privately, whether to close it.

    `topic` is None where none was on the floor, and the first one comes.
    """
    for kept in open_in_session(visit.db, visit.workspace, session.id):
        if kept.proposal.topic == topic:
            key = f"ask_to_close:{kept.proposal.id}:{int(visit.at.timestamp())}"
            explaining.hint(visit.db, kept, kept.proposal.proposer, "ask_to_close", key, visit.at)


def _ways(visit: Visit, wish: ProposeCommand) -> tuple[Rules, rolls.RollWish | None]:
    """The rules and the roll of a proposal: as it says, else as the channel or workspace has set them."""
    set_here = sessions.vote_defaults(visit.db, visit.workspace, visit.channel)
    usual = _rules_of(set_here)
    quorum = usual.quorum if wish.quorum is None else wish.quorum
    rules = Rules(wish.rule or usual.rule, None if quorum == "none" else quorum)
    roll = wish.roll or rolls.by_default(set_here.get("roll"))
    if roll is not None and roll.kind == "none":
        roll = None
    if rules.needs_roll and roll is None:
        raise Refusal(
            "That rule or quorum counts people on a roll. Name one, such as `roll=session` or `roll=channel`."
        )
    return rules, roll


def _rules_of(ways: Mapping[str, Any]) -> Rules:
    """The rules that a channel has set; the usual ones where it has set none."""
    rule, quorum = parse_rule(ways.get("rule") or ""), parse_quorum(ways.get("quorum") or "")
    return Rules(quorum=quorum) if rule is None else Rules(rule, quorum)


def _minutes(duration: timedelta | None) -> int | None:
    return None if duration is None else max(1, round(duration.total_seconds() / 60))


def _mine(visit: Visit, proposal: int, verb: str) -> KeptProposal:
    """An open proposal that this person may act on: its proposer can, and whoever started the session."""
    kept = _found(visit, proposal)
    session = sessions.get(visit.db, visit.workspace, kept.session)
    if visit.person.id not in (kept.proposal.proposer, session.started_by):
        names = visit.name(kept.proposal.proposer), visit.name(session.started_by)
        raise Refusal(f"Only {names[0]}, who proposed it, or {names[1]}, who chairs, can {verb} this vote.")
    deadline = kept.proposal.deadline
    if not kept.proposal.state.is_open or (deadline is not None and deadline < visit.at):
        raise Refusal(f"The vote on {kept.proposal.label} is closed already.")
    return kept


def _found(visit: Visit, proposal: int) -> KeptProposal:
    kept = votes.find(visit.db, visit.workspace, proposal)
    if kept is None:
        raise Refusal("That vote was long ago, and is no longer kept.")
    return kept


def _undetermined(visit: Visit, proposal: int) -> KeptProposal:
    kept = _found(visit, proposal)
    _chair_only(visit, sessions.get(visit.db, visit.workspace, kept.session), "decide that")
    if kept.proposal.state is not State.UNDETERMINED:
        raise Refusal(f"The vote on {kept.proposal.label} is not undetermined any more.")
    return kept


def _chair_only(visit: Visit, session: Session, what: str) -> None:
    if visit.person.id != session.started_by:
        raise Refusal(f"Only {visit.name(session.started_by)}, who chairs, can {what}.")
