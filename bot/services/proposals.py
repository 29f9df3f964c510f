"""Use cases of proposals: to put one to the vote, to hear marks, and what its proposer and the chair can do with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.services import chairs, closing, comparing, duties, explaining, links, marked, off_record, reminders, rolls
from bot.services.visit import Asked, Visit, visit
from minutes.chairs import Act
from minutes.ids import ChannelId, PersonId, Ts, micros
from minutes.moment import from_micros
from minutes.outcomes import (
    DefaultsSet,
    DefaultsShown,
    ProposalPut,
)
from minutes.proposal import ClosedBy
from minutes.proposal import ProposalState as State
from minutes.propose_command import ProposeCommand
from minutes.refusal import Refusal
from minutes.rules import Rules, parse_quorum, parse_rule
from minutes.session import Session
from storage import ballot_box, people, sessions, votes
from storage.db import Db
from storage.votes import KeptProposal


def propose(visit: Visit, wish: ProposeCommand) -> ProposalPut:
    """Owe a ballot with the text frozen in it; the same text still open in the channel is not put twice.

    What the wish leaves open is as the channel, or the workspace, has set it. Who is on the roll is frozen now; where
    Slack has to be asked for that, the ballot follows when it has told.
    """
    session = visit.session()
    own = visit.own(wish.text)
    minutes = minutes_of(wish.duration)
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
        topic=visit.floor(session),
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
    own_to_close = chairs.may(visit, session, Act.CLOSE_VOTE, visit.person.id)
    return ProposalPut(kept.proposal.label, minutes, already_open=False, own_to_close=own_to_close)


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
        remind_at=reminders.moment(opened, deadline, on_roll=kept.roll is not None),
    )
    if not votes.ballot_under_way(db, workspace, kept.channel):
        ballot_box.drop_strays(db, workspace, kept.channel)
    early = ballot_box.voters_on(db, workspace, kept.channel, ts)
    for person, first in early:
        sessions.take_part(db, workspace, kept.session, person, first, voted=True)
    if is_open:
        duties.seed_ballot(db, kept, ts, now)
        marked.follow(db, workspace, proposal, now)
        session = sessions.get(db, workspace, kept.session)
        if session.ended_at is not None:
            close_with_session(db, votes.get(db, workspace, proposal), at=session.ended_at, now=now, by=None)
    elif kept.proposal.state.is_over:  # withdrawn, say, by whoever saw it before we knew: it can be told only now
        closing.tell(db, votes.get(db, workspace, proposal), now)
    if early or deadline or not is_open:
        duties.redraw_ballot(db, workspace, proposal, now)


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


def give_reason(db: Db, asked: Asked, ts: Ts, thread_ts: Ts, text: str, worded: Ts) -> None:
    """A reply below a ballot is kept as a reason, and follows its edits; one below anything else is none of ours.

    Needs no note in the inbox: the reply's own name absorbs a second delivery.
    """
    workspace = people.known_workspace(db, asked.team)
    ballot = None if workspace is None else votes.ballot_at(db, workspace, asked.channel, thread_ts)
    if workspace is None or ballot is None:
        return
    visitor = visit(db, workspace, asked)
    own = "" if off_record.is_off(db, workspace, asked.channel, ts) else visitor.own(text)
    reply = (workspace, asked.channel, ts)
    ballot_box.give_reason(db, *reply, proposal=ballot[0], person=visitor.person.id, text=own, worded=worded)
    duties.redraw_reasons(db, workspace, ballot[0], asked.at)


def reply_deleted(db: Db, asked: Asked, ts: Ts, thread_ts: Ts) -> None:
    """A reply was deleted, perhaps before we are told that it was said: it is no reason any more."""
    give_reason(db, asked, ts, thread_ts, "", ballot_box.THE_LAST)


def message_deleted(db: Db, team: str, channel: ChannelId, ts: Ts, now: datetime) -> None:
    """A message was deleted: if it was a ballot whose vote goes on, the vote is void; a reason is taken back."""
    workspace = people.known_workspace(db, team)
    if workspace is None:
        return
    reasoned = ballot_box.take_reason_back(db, workspace, channel, ts)
    if reasoned is not None:
        duties.redraw_reasons(db, workspace, reasoned, now)
    ballot = votes.ballot_at(db, workspace, channel, ts)
    if ballot is not None:
        comparing.gone(db, votes.get(db, workspace, ballot[0]), now)


def open_in_session(db: Db, workspace: int, session: int) -> list[KeptProposal]:
    found = votes.states(db, workspace, session)
    return [votes.get(db, workspace, proposal) for proposal, state in found.items() if state.is_open]


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

    `topic` is None where none was on the floor, and the first one comes. Where a proposer may not close it, the chair
    who has changed the topic is asked.
    """
    put = [kept for kept in open_in_session(visit.db, visit.workspace, session.id) if kept.proposal.topic == topic]
    if put:
        here = chairs.chairing(visit.db, visit.workspace, session)
        for kept in put:
            key = f"ask_to_close:{kept.proposal.id}:{int(visit.at.timestamp())}"
            proposer = kept.proposal.proposer
            asked = proposer if here.may(proposer, Act.CLOSE_VOTE, proposer) else visit.person.id
            explaining.hint(visit.db, kept, asked, "ask_to_close", key, visit.at)


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


def minutes_of(duration: timedelta | None) -> int | None:
    """Whole minutes for people, at least one."""
    return None if duration is None else max(1, round(duration.total_seconds() / 60))
