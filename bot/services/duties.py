"""What we come to owe to Slack: the one place that names duties, so that each is owed under one key for ever."""

from datetime import datetime, timedelta

from bot.services import home_duties
from minutes.ids import ChannelId, PersonId, Ts
from minutes.proposal import ProposalState
from minutes.session import Session
from minutes.tally import SEED
from minutes.topic import Topic
from storage import outbox, sessions, votes
from storage.db import Db
from storage.outbox import Duty, DutyState
from storage.votes import KeptProposal

POST, REDRAW, REACT, UNREACT, PIN, HINT = "post", "redraw", "react", "unreact", "pin", "hint"
FILE, PERSON, CHANNEL = "file", "person", "channel"
COMPARE, COUNT, ROLL = "compare", "count", "roll"
REMINDER, MESSAGE = "reminder", "message"


def card_key(session: int) -> str:
    return f"card:{session}"


def topic_key(topic: int, spell: int = 1) -> str:
    """A topic's message, which its thread hangs on, is that of its first spell."""
    return f"topic:{topic}" if spell == 1 else f"topic:{topic}:{spell}"


def entry_key(session: int, number: int) -> str:
    return f"entry:{session}:{number}"


def ballot_key(proposal: int) -> str:
    return f"ballot:{proposal}"


def digest_key(session: int, closing: int, part: int = 1) -> str:
    return f"digest:{session}:{closing}:{part}"


def card(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """The session's card, posted first and then kept up to date in place."""
    key = card_key(session.id)
    if redraw(db, workspace, key, "card", now, session=session.id):
        outbox.unblock(db, workspace, session.channel, now)
    else:
        _post(db, workspace, session.channel, key, "card", now, session=session.id)
    home_duties.session_changed(db, workspace, session.channel, now)


def topic(db: Db, workspace: int, session: Session, topic: int, spell: int, now: datetime) -> None:
    _post(db, workspace, session.channel, topic_key(topic, spell), "topic", now, topic=topic, session=session.id)


def redraw_topic(db: Db, workspace: int, session: Session, topic: Topic, now: datetime) -> None:
    """Each of its messages, one a spell."""
    for spell in range(1, len(topic.spells) + 1):
        key = topic_key(topic.id, spell)
        redraw(db, workspace, key, "topic", now, topic=topic.id, session=session.id)


def entry(db: Db, workspace: int, session: Session, number: int, thread_of: str | None, now: datetime) -> None:
    """An entry's own message: in the thread of `thread_of`, or in the channel where that is None."""
    key = entry_key(session.id, number)
    more: dict[str, int | str] = {} if thread_of is None else {"thread_of": thread_of}
    _post(db, workspace, session.channel, key, "entry", now, session=session.id, number=number, **more)


def redraw_entry(db: Db, workspace: int, session: Session, number: int, now: datetime) -> None:
    key = entry_key(session.id, number)
    redraw(db, workspace, key, "entry", now, session=session.id, number=number)


def ballot(db: Db, kept: KeptProposal, now: datetime) -> None:
    key, proposal = ballot_key(kept.proposal.id), kept.proposal.id
    _post(db, kept.workspace, kept.channel, key, "ballot", now, proposal=proposal)


def ballot_under_way(db: Db, kept: KeptProposal) -> bool:
    """Whether Slack may have taken the ballot's post already, without our knowing."""
    posting = outbox.by_key(db, kept.workspace, ballot_key(kept.proposal.id), held=True)
    return posting is not None and posting.sent_at is not None


def redraw_ballot(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    redraw(db, workspace, ballot_key(proposal), "ballot", now, proposal=proposal)


def seed_ballot(db: Db, kept: KeptProposal, ts: Ts, now: datetime) -> None:
    """The three emoji to press, in their order."""
    for name in SEED:
        _react(db, kept.workspace, kept.channel, ts, name, now, lane=f"seed:{ts}")


def seed_again(db: Db, kept: KeptProposal, ts: Ts, name: str, now: datetime) -> None:
    """A seed that somebody, or something, took away: set once more, and not a third time."""
    key = f"react:{kept.channel}:{ts}:{name}"
    seeded = outbox.by_key(db, kept.workspace, key)
    if seeded is not None and seeded.state is DutyState.SENT:
        payload = {"ts": ts, "emoji": name}
        lane = f"seed:{ts}"
        outbox.owe(db, kept.workspace, f"{key}:again", REACT, channel=kept.channel, now=now, lane=lane, payload=payload)


def compare(db: Db, kept: KeptProposal, now: datetime) -> None:
    """To ask Slack who holds what on a ballot; the newest question is enough.

    That of a closing is a duty of its own: it stands in line behind no ballot that is only compared in its turn.
    """
    kind = COUNT if kept.proposal.state is ProposalState.CLOSING else COMPARE
    key, payload = f"{kind}:{kept.proposal.id}", {"proposal": kept.proposal.id}
    outbox.owe_again(db, kept.workspace, key, kind, channel=kept.channel, now=now, payload=payload)


def look_up_roll(db: Db, kept: KeptProposal, now: datetime) -> None:
    """To ask Slack who is on the roll that a proposal wants, before its ballot can be posted."""
    lane = f"roll:{kept.proposal.id}"
    payload = {"proposal": kept.proposal.id, **(kept.roll_wish or {})}
    outbox.owe(db, kept.workspace, lane, ROLL, channel=kept.channel, now=now, lane=lane, payload=payload)


def counting_delayed(db: Db, kept: KeptProposal, now: datetime) -> None:
    key, proposal = f"delayed:{kept.proposal.id}:{_second(kept.closing_since or now)}", kept.proposal.id
    thread_of = ballot_key(proposal)
    _post(db, kept.workspace, kept.channel, key, "counting_delayed", now, proposal=proposal, thread_of=thread_of)


def vote_result(db: Db, kept: KeptProposal, state: ProposalState, now: datetime) -> None:
    """A decision has a line of its own in the channel; every other outcome stands in the ballot's thread."""
    key, proposal = _result_key(kept, state, now), kept.proposal.id
    what = "vote_decision" if state is ProposalState.ACCEPTED else "vote_outcome"
    thread = {} if state in (ProposalState.ACCEPTED, ProposalState.VOID) else {"thread_of": ballot_key(proposal)}
    _post(db, kept.workspace, kept.channel, key, what, now, proposal=proposal, **thread)
    if state is not ProposalState.UNDETERMINED:  # that it was in doubt has perhaps been told
        doubt = _result_key(kept, ProposalState.UNDETERMINED, now)
        redraw(db, kept.workspace, doubt, "vote_outcome", now, proposal=proposal)


def forget_result(db: Db, kept: KeptProposal, now: datetime) -> None:
    """What could not be told yet is overtaken: another result comes in its place."""
    outbox.cancel(db, kept.workspace, _result_key(kept, kept.proposal.state, now))


def redraw_result(db: Db, kept: KeptProposal, now: datetime) -> None:
    """Something has come to light of a vote that is over: what was told of it follows."""
    state, proposal = kept.proposal.state, kept.proposal.id
    what = "vote_decision" if state is ProposalState.ACCEPTED else "vote_outcome"
    redraw(db, kept.workspace, _result_key(kept, state, now), what, now, proposal=proposal)


def redraw_reasons(db: Db, workspace: int, proposal: int, now: datetime) -> None:
    """Why people voted as they did stands in what was told of a vote that is over."""
    kept = votes.get(db, workspace, proposal)
    if kept.proposal.state.is_over:
        redraw_result(db, kept, now)
        redraw_digest(db, workspace, sessions.get(db, workspace, kept.session), now)


def _result_key(kept: KeptProposal, state: ProposalState, now: datetime) -> str:
    return f"result:{kept.proposal.id}:{state}:{_second(kept.closing_since or kept.proposal.closed_at or now)}"


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def session_notice(db: Db, workspace: int, session: Session, what: str, now: datetime) -> None:
    """`ending_soon` or `runs_over`, once for each planned end."""
    key = f"{what}:{session.id}:{int(session.planned_end.timestamp())}"
    _post(db, workspace, session.channel, key, what, now, session=session.id)


def digest(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """The digest's first message; its continuations are owed as it is delivered, for only drawing tells how many."""
    key, channel = digest_key(session.id, session.closings), session.digest_channel or session.channel
    _post(db, workspace, channel, key, "digest", now, session=session.id, closing=session.closings, part=1)


def after_digest_part(db: Db, duty: Duty, *, more: bool, now: datetime) -> None:
    """The next part in the thread of the first, or behind the last one the recap as a file."""
    session, closing, part = (int(duty.payload[name]) for name in ("session", "closing", "part"))
    first = digest_key(session, closing)
    payload: dict[str, int | str] = {"session": session, "closing": closing, "thread_of": first}
    if more:
        key = digest_key(session, closing, part + 1)
        _post(db, duty.workspace, duty.channel, key, "digest", now, part=part + 1, **payload)
        return
    key = f"recap:{session}:{closing}"
    outbox.owe(db, duty.workspace, key, FILE, channel=duty.channel, now=now, payload=payload)


def redraw_record(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """Card and digest follow what has changed in the record."""
    card(db, workspace, session, now)
    if not session.is_open:
        redraw_digest(db, workspace, session, now)


def redraw_digest(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """A correction after the end reaches every message of the latest digest."""
    part = 1
    while outbox.by_key(db, workspace, digest_key(session.id, session.closings, part)):
        key = digest_key(session.id, session.closings, part)
        payload = {"session": session.id, "closing": session.closings, "part": part}
        redraw(db, workspace, key, "digest", now, **payload)
        part += 1


def digest_pointer(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """A line in the session's own channel that its digest is in another one."""
    key = f"pointer:{session.id}:{session.closings}"
    _post(db, workspace, session.channel, key, "digest_pointer", now, session=session.id)


def no_way_to_digest_channel(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """Whoever has chosen a channel for the digest in which we may not post is told, before the end and at it."""
    key = f"digest_channel:{session.id}:{session.closings}"
    hint(db, workspace, session.channel, session.started_by, "digest_channel", key, now, session=session.id)


def look_up_digest_channel(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """To ask Slack what the digest's channel is called, and whether we are in it."""
    key, payload = f"look_up:{session.id}", {"session": session.id}
    channel = session.digest_channel or session.channel
    outbox.owe(db, workspace, key, CHANNEL, channel=channel, now=now, lane=key, payload=payload)


def pin(db: Db, duty: Duty, now: datetime) -> None:
    outbox.owe(
        db, duty.workspace, f"pin:{duty.key}", PIN, channel=duty.channel, now=now, lane="pin", payload={"of": duty.key}
    )


def hint(
    db: Db,
    workspace: int,
    channel: ChannelId,
    person: PersonId,
    what: str,
    key: str,
    now: datetime,
    *,
    after: timedelta = timedelta(),
    **payload: int,
) -> None:
    """Something for one person's eyes. It cannot be found again in Slack, so it is said at most once."""
    said = {"what": what, "person": person, **payload}
    outbox.owe(db, workspace, key, HINT, channel=channel, now=now, lane=key, after=after, payload=said)


def told_to_chair(db: Db, workspace: int, session: Session, person: PersonId, now: datetime) -> None:
    """To somebody who was named a chair, once for each naming."""
    key = f"chair:{session.id}:{person}:{int(now.timestamp())}"
    hint(db, workspace, session.channel, person, "told_to_chair", key, now, session=session.id)


def chaired_line(db: Db, workspace: int, session: Session, person: PersonId, now: datetime) -> None:
    """To somebody whose tagged line was the chairs' to say: once in a session, for nobody has asked the bot."""
    key = f"chaired_line:{session.id}:{person}"
    hint(db, workspace, session.channel, person, "chaired_line", key, now, session=session.id)


def reminder(db: Db, kept: KeptProposal, person: PersonId, now: datetime) -> bool:
    """To somebody alone, once for each vote; False where it was owed already."""
    key = f"remind:{kept.proposal.id}:{person}"
    payload = {"what": "reminder", "person": person, "proposal": kept.proposal.id}
    return outbox.owe(db, kept.workspace, key, REMINDER, channel=kept.channel, now=now, lane=key, payload=payload)


def where_to_go(db: Db, workspace: int, channel: ChannelId, person: PersonId, key: str, now: datetime) -> None:
    _post(db, workspace, channel, f"where:{key}", "where_to_go", now, person=person)


def help_directly(db: Db, workspace: int, channel: ChannelId, key: str, now: datetime) -> None:
    _post(db, workspace, channel, f"help:{key}", "help", now)


def look_up_person(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    lane = f"person:{person}"
    outbox.owe(db, workspace, lane, PERSON, channel="", now=now, lane=lane, payload={"person": person})


def look_up_again(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """Of whom Slack did not tell who they are: it may by now."""
    outbox.revive(db, workspace, f"person:{person}", now)


def look_up_channel(db: Db, workspace: int, channel: ChannelId, now: datetime) -> None:
    lane = f"channel:{channel}"
    outbox.owe(db, workspace, lane, CHANNEL, channel=channel, now=now, lane=lane)


def redraw(db: Db, workspace: int, of: str, what: str, now: datetime, **payload: int) -> bool:
    """Bring a posted message up to date; False where it is not owed yet. One that waits is drawn fresh anyway."""
    posted = outbox.by_key(db, workspace, of, held=True)
    if posted is not None and posted.state not in (DutyState.WAITING, DutyState.BLOCKED, DutyState.DEAD):
        key, wish = f"redraw:{of}", {"of": of, "what": what, **payload}
        outbox.owe_again(db, workspace, key, REDRAW, channel=posted.channel, now=now, payload=wish)
    return posted is not None


def let_in(db: Db, workspace: int, channel: ChannelId, now: datetime) -> None:
    """The bot has become a member: what was refused for want of that is due now."""
    outbox.unblock(db, workspace, channel, now)


def redraw_everything_of(db: Db, workspace: int, session: int, now: datetime) -> None:
    """A name or a bot was learnt: card and open ballots show it."""
    kept = sessions.get(db, workspace, session)
    card(db, workspace, kept, now)
    for proposal, state in votes.states(db, workspace, session).items():
        if state.is_open:
            redraw_ballot(db, workspace, proposal, now)


def _post(db: Db, workspace: int, channel: ChannelId, key: str, what: str, now: datetime, **payload: int | str) -> bool:
    """Something new for a channel. Where earlier posts were refused, they are tried again with it.

    The bot may have been let in without hearing of it; if not, whoever asked for this is told so as well.
    """
    outbox.unblock(db, workspace, channel, now)
    return outbox.owe(db, workspace, key, POST, channel=channel, now=now, payload={"what": what, **payload})


def _react(db: Db, workspace: int, channel: ChannelId, ts: Ts, emoji: str, now: datetime, *, lane: str) -> None:
    key = f"react:{channel}:{ts}:{emoji}"
    outbox.owe(db, workspace, key, REACT, channel=channel, now=now, lane=lane, payload={"ts": ts, "emoji": emoji})
