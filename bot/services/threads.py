"""Threads: what is said below a topic, or below something that was recorded under it, belongs to that topic."""

from minutes.ids import Ts, micros
from minutes.moment import from_micros
from minutes.session import Session
from storage import entries, outbox, topics, votes
from storage.db import Db


def topic_of(db: Db, workspace: int, session: Session, root: Ts) -> int | None:
    """The id of the topic of the thread that this message begins; None where it is none of the session's topics."""
    duty = outbox.by_message(db, workspace, session.channel, root)
    if duty is not None:
        return _of_ours(db, workspace, session, duty.payload)
    for kept in entries.of_message(db, workspace, session.channel, root):
        if kept.session == session.id:
            return kept.entry.topic
    return topics.begun_at(db, workspace, session.id, from_micros(micros(root)))


def _of_ours(db: Db, workspace: int, session: Session, payload: dict[str, object]) -> int | None:
    """A message of ours says by the numbers of what it shows to which topic it belongs."""
    if "proposal" in payload:
        vote = votes.find(db, workspace, int(str(payload["proposal"])))
        return vote.proposal.topic if vote is not None and vote.session == session.id else None
    if payload.get("session") != session.id:
        return None
    if "number" in payload:
        kept = entries.numbered(db, workspace, session.id, int(str(payload["number"])))
        return None if kept is None else kept.entry.topic
    return int(str(payload["topic"])) if "topic" in payload else None
