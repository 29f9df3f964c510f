"""Drawing a duty: from what is stored at this moment to the message that Slack is to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.command_names import CommandNames
from bot.render import ballot, card, digest, floor, hints, replies
from bot.render.message import Message, late
from bot.services import record as records
from bot.services import reminders, views, vote_views
from bot.services.chairs import names as chairs_by_name
from bot.services.duties import POST
from minutes.entry import EntryKind
from minutes.ids import micros
from minutes.moment import from_micros
from minutes.proposal import ProposalState
from minutes.session import SessionState
from storage import chairs, outbox, people, sessions, votes
from storage.db import Db
from storage.outbox import Duty

LATE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Drawn:
    """`more` says that it goes on in a next part."""

    message: Message
    more: bool = False


def draw(db: Db, duty: Duty, now: datetime, names: CommandNames) -> Drawn | None:
    """What a post, redraw or hint is to show; None where there is nothing to say any longer."""
    what = duty.payload["what"]
    of = (db, duty.workspace, duty.payload)
    found = _NAMING[what](*of, names) if what in _NAMING else _PENS[what](*of, now)
    drawn = Drawn(found) if isinstance(found, Message) else found
    owed_at = _late(db, duty, now)
    return drawn if drawn is None or owed_at is None else replace(drawn, message=late(drawn.message, owed_at))


def _late(db: Db, duty: Duty, now: datetime) -> datetime | None:
    """When a message should have been in the channel that came, or comes only now, so late that a person wonders."""
    post = duty if duty.kind == POST else outbox.by_key(db, duty.workspace, str(duty.payload.get("of")))
    if post is None or post.kind != POST:
        return None
    said_at = now if post.slack_ts is None else from_micros(micros(post.slack_ts))
    return post.owed_at if said_at - post.owed_at >= LATE_AFTER else None


Pen = Callable[[Db, int, Mapping[str, Any], datetime], Message | Drawn | None]


def _card(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return card.session_card(views.board(db, workspace, payload["session"]))


def _ending_soon(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    """Where it could not be said in time, as in an archived channel, it warns of nothing any more."""
    board = views.board(db, workspace, payload["session"])
    return card.ending_soon(board) if board.state is SessionState.OPEN and now < board.planned_end else None


def _runs_over(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    board = views.board(db, workspace, payload["session"])
    return card.runs_over(board) if board.state is SessionState.OPEN else None


def _topic(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.topic_message(*views.topic(db, workspace, payload["topic"]))


def _entry(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    entry, taken_back_by = views.entry(db, workspace, payload["session"], payload["number"])
    if taken_back_by is not None:
        return floor.undone_entry(entry, taken_back_by)
    moved_to = views.moved_to(db, workspace, payload["session"], payload["number"])
    if entry.kind is EntryKind.DECISION:
        return floor.decision_message(entry, moved_to)
    return floor.entry_reply(entry, moved_to)


def _ballot(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return ballot.ballot(vote_views.ballot(db, workspace, payload["proposal"]))


def _vote_decision(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.vote_decision(vote_views.vote(db, workspace, payload["proposal"]))


def _vote_outcome(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.vote_outcome(vote_views.vote(db, workspace, payload["proposal"]))


def _ask_to_close(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    vote, kept = vote_views.vote(db, workspace, payload["proposal"]), votes.get(db, workspace, payload["proposal"])
    own = payload["person"] == kept.proposal.proposer
    return replies.ask_to_close(vote.label, vote.text, kept.proposal.id, own=own) if vote.state.is_open else None


def _counting_delayed(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    vote = vote_views.vote(db, workspace, payload["proposal"])
    return floor.counting_delayed(vote) if vote.state is ProposalState.CLOSING else None


def _late_vote(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    kept = votes.get(db, workspace, payload["proposal"])
    # By our clock the deadline may be a moment ahead, while by Slack's, which decides, it has passed.
    closed_at = kept.proposal.closed_at or kept.proposal.deadline
    late = kept.proposal.state.is_over or payload["person"] in kept.result.late
    return replies.late_vote(kept.proposal.label, closed_at) if closed_at and late else None


def _advisory_vote(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return replies.advisory_vote(vote_views.vote(db, workspace, payload["proposal"]).label)


def _conflicting_vote(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    kept = votes.get(db, workspace, payload["proposal"])
    holds_both = payload["person"] in kept.result.binding.conflicting
    return replies.conflicting_vote(kept.proposal.label) if holds_both and kept.proposal.state.is_open else None


def _unverified_vote(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    kept = votes.get(db, workspace, payload["proposal"])
    unknown = payload["person"] in kept.result.advisory.voters
    return replies.unverified_vote(kept.proposal.label) if unknown and kept.proposal.state.is_open else None


def _reminder(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    kept, vote = votes.get(db, workspace, payload["proposal"]), vote_views.vote(db, workspace, payload["proposal"])
    if vote.deadline is None or not reminders.still_to_remind(db, workspace, payload, now):
        return None
    return replies.reminder(vote.label, vote.text, sessions.channel_name(db, workspace, kept.channel), vote.deadline)


def _roll_empty(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    vote = vote_views.vote(db, workspace, payload["proposal"])
    return replies.roll_empty(vote.label, vote.text)


def _roll_failed(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    vote = vote_views.vote(db, workspace, payload["proposal"])
    return replies.roll_failed(vote.label, vote.text)


def _chairs_decide(db: Db, workspace: int, payload: Mapping[str, Any], names: CommandNames) -> Message:
    return hints.chairs_decide(chairs_by_name(db, workspace, payload["session"]), names)


def _not_off_record(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    author = people.names(db, workspace, [payload["author"]]).get(payload["author"], people.SOMEBODY)
    return hints.not_off_record(author, chairs_by_name(db, workspace, payload["session"]))


def _digest_pointer(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.digest_pointer(*_digest_place(db, workspace, payload["session"]))


def _digest_channel(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return replies.digest_channel(*_digest_place(db, workspace, payload["session"]))


def _digest_place(db: Db, workspace: int, session: int) -> tuple[str, str]:
    """The session's title, and the name of the channel that its digest goes to."""
    kept = sessions.get(db, workspace, session)
    return kept.title, sessions.channel_name(db, workspace, kept.digest_channel or kept.channel)


def _answer(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    """It was worded when it was carried out, as an answer to a command is."""
    return Message(payload["text"], tuple(payload["blocks"]))


def _told_to_chair(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    board = views.board(db, workspace, payload["session"])
    chairing = payload["person"] in chairs.of_session(db, workspace, payload["session"])
    return replies.told_to_chair(board) if board.state is SessionState.OPEN and chairing else None


def _chaired_line(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return replies.chaired_line(views.board(db, workspace, payload["session"]))


def _digest(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Drawn | None:
    parts = digest.digest(records.record(db, workspace, payload["session"], now))
    part = int(payload["part"])
    # A correction can make a digest shorter than it was: what is left over of it says nothing any more.
    return Drawn(parts[part - 1], more=part < len(parts)) if part <= len(parts) else None


_PENS: dict[str, Pen] = {
    "card": _card,
    "ending_soon": _ending_soon,
    "runs_over": _runs_over,
    "topic": _topic,
    "entry": _entry,
    "ballot": _ballot,
    "vote_decision": _vote_decision,
    "vote_outcome": _vote_outcome,
    "ask_to_close": _ask_to_close,
    "counting_delayed": _counting_delayed,
    "late_vote": _late_vote,
    "advisory_vote": _advisory_vote,
    "conflicting_vote": _conflicting_vote,
    "reminder": _reminder,
    "roll_empty": _roll_empty,
    "roll_failed": _roll_failed,
    "unverified_vote": _unverified_vote,
    "not_off_record": _not_off_record,
    "answer": _answer,
    "told_to_chair": _told_to_chair,
    "chaired_line": _chaired_line,
    "digest": _digest,
    "digest_pointer": _digest_pointer,
    "digest_channel": _digest_channel,
}

_NAMING: dict[str, Callable[[Db, int, Mapping[str, Any], CommandNames], Message]] = {
    "where_to_go": lambda *of: replies.direct_message(of[-1]),
    "help": lambda *of: replies.help_for("all", None, of[-1]),
    "greeting": lambda *of: replies.greeting(of[-1]),
    "chairs_decide": _chairs_decide,
    "said_before": lambda *of: hints.said_before(of[-1]),
    "not_readable": lambda *of: hints.not_readable(of[-1]),
    "no_words": lambda *of: hints.no_words(of[-1]),
}
"""What names commands, by their names in force."""
