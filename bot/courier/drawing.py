"""Drawing a duty: from what is stored at this moment to the message that Slack is to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.render import ballot, card, digest, floor, replies
from bot.render.message import Message
from bot.render.usage import CommandNames
from bot.services import record as records
from bot.services import reminders, views, vote_views
from minutes.entry import EntryKind
from minutes.proposal import ProposalState
from storage import sessions, votes
from storage.db import Db
from storage.outbox import Duty

NAMES = CommandNames()


@dataclass(frozen=True, slots=True)
class Drawn:
    """`more` says that it goes on in a next part."""

    message: Message
    more: bool = False


def draw(db: Db, duty: Duty, now: datetime) -> Drawn | None:
    """What a post, redraw or hint is to show; None where there is nothing to say any longer."""
    drawn = _PENS[duty.payload["what"]](db, duty.workspace, duty.payload, now)
    return Drawn(drawn) if isinstance(drawn, Message) else drawn


Pen = Callable[[Db, int, Mapping[str, Any], datetime], Message | Drawn | None]


def _card(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return card.session_card(views.board(db, workspace, payload["session"]))


def _ending_soon(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return card.ending_soon(views.board(db, workspace, payload["session"]))


def _runs_over(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return card.runs_over(views.board(db, workspace, payload["session"]))


def _topic(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.topic_message(*views.topic(db, workspace, payload["session"], payload["topic"]))


def _entry(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    entry, taken_back_by = views.entry(db, workspace, payload["session"], payload["number"])
    if taken_back_by is not None:
        return floor.undone_entry(entry, taken_back_by)
    if entry.kind is EntryKind.DECISION:
        return floor.decision_message(entry)
    return floor.entry_reply(entry)


def _ballot(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return ballot.ballot(vote_views.ballot(db, workspace, payload["proposal"]))


def _vote_decision(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.vote_decision(vote_views.vote(db, workspace, payload["proposal"]))


def _vote_outcome(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return floor.vote_outcome(vote_views.vote(db, workspace, payload["proposal"]))


def _ask_to_close(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message | None:
    vote = vote_views.vote(db, workspace, payload["proposal"])
    return replies.ask_to_close(vote.label, vote.text, payload["proposal"]) if vote.state.is_open else None


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


def _where_to_go(db: Db, workspace: int, payload: Mapping[str, Any], now: datetime) -> Message:
    return replies.direct_message(NAMES)


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
    "where_to_go": _where_to_go,
    "digest": _digest,
}
