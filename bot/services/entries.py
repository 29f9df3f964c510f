"""Use cases of entries: notes, actions, decisions and their like, and taking them back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.services import chairs, duties, links, off_record, signs
from bot.services.sessions import spoken
from bot.services.visit import Visit
from minutes.action import read_action
from minutes.chairs import Act
from minutes.emoji import RECORDED
from minutes.entry import EntryKind, Why
from minutes.ids import PersonId, Ts
from minutes.outcomes import EntryHistory, EntryRecorded, EntryUndone, HistoryStep, NothingToDo
from minutes.refusal import Refusal
from minutes.session import Session
from minutes.text import is_blank
from storage import entries, sessions, topics, wordings
from storage.entries import KeptEntry, Source

Recorded = EntryRecorded | NothingToDo
LONGEST_ENTRY = 12_000
"""As much as Slack's composer takes: what somebody could type can be kept."""

_ASK_FOR = {
    EntryKind.NOTE: "what to note",
    EntryKind.ACTION: "what is to be done",
    EntryKind.DECISION: "what was decided",
}


def record_command(visit: Visit, kind: EntryKind, text: str) -> Recorded:
    """Keep what a command says, and owe it a message of its own: decisions in the channel, the rest in the thread."""
    if is_blank(text):
        raise Refusal(f"Write {_ASK_FOR[kind]} behind the command.")
    return record_and_show(visit, visit.session_of_then(), kind, text)


def record_and_show(visit: Visit, session: Session, kind: EntryKind, text: str, **chosen: Any) -> Recorded:
    """Keep what somebody wants to be kept. What they said in a message needs none of ours: everybody can see it."""
    if not may_record(visit, session, kind):
        chairs.demand(visit, session, Act.DECIDE)
    spoken(visit, session)
    if visit.said is None:
        kept = record(visit, session, kind, text, Source("/" + visit.key), **chosen)
    else:
        kept = None if _has_gone_on(visit, visit.said) else record_mention(visit, session, kind, text, visit.said)
    if kept is None:
        return NothingToDo()
    if visit.said is None:
        thread_of = None if kind is EntryKind.DECISION else _thread_of(session, kept.entry.topic)
        duties.entry(visit.db, visit.workspace, session, kept.entry.number, thread_of, visit.at)
    links.keep(visit, session, text, visit.said)
    return recorded(visit, kept)


def record_mention(
    visit: Visit, session: Session, kind: EntryKind, text: str, ts: Ts, *, edited_at: datetime | None = None
) -> KeptEntry | None:
    """Keep what a message says behind the bot's name."""
    return record(visit, session, kind, text, beside_its_lines(visit, ts), why=Why.MENTIONED, edited_at=edited_at)


def _has_gone_on(visit: Visit, ts: Ts) -> bool:
    """Its edit or its deletion has overtaken a message: then all that it says is in the record by now."""
    of = (visit.db, visit.workspace, visit.channel, ts)
    return wordings.newest(*of) > wordings.order(ts, ts) or off_record.is_off(*of)


def may_record(visit: Visit, session: Session, kind: EntryKind) -> bool:
    """On a chaired floor decisions are the chairs' to record; all else is anybody's, always."""
    return kind is not EntryKind.DECISION or chairs.may(visit, session, Act.DECIDE)


def record(
    visit: Visit,
    session: Session,
    kind: EntryKind,
    text: str,
    source: Source,
    *,
    owners: Sequence[PersonId] = (),
    due: date | None = None,
    said_by: PersonId | None = None,
    said_at: datetime | None = None,
    beside: KeptEntry | None = None,
    why: Why = Why.SAID,
    edited_at: datetime | None = None,
) -> KeptEntry | None:
    """Keep one entry under its topic, or that of the one `beside` it; None where that line is kept already.

    The text stays as typed. Of an action, owners and date are read from it in the speaker's time zone where they are
    not given. `said_at` is when it was said, if that was before; `edited_at` is when an edit brought it.
    """
    if len(text) > LONGEST_ENTRY:
        raise Refusal(f"That has {len(text):,} characters, and {LONGEST_ENTRY:,} are the most. Split it in two.")
    own = visit.own(text)
    then = visit if said_at is None else replace(visit, at=said_at, late=True)
    read_owners, read_due = fields_of(then, kind, own)
    kept = entries.record(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        source,
        kind=kind,
        text=own,
        author=visit.person.id,
        at=then.at,
        topic=_floor(visit, then, session) if beside is None else beside.entry.topic,
        owners=owners or read_owners,
        due=due or read_due,
        said_by=said_by,
        why=why,
        recorded_at=edited_at,
    )
    if kept is not None:
        duties.redraw_record(visit.db, visit.workspace, session, visit.at)
    return kept


def _floor(visit: Visit, then: Visit, session: Session) -> int | None:
    """What was said before belongs to the topic of then; of what was said before the session there was none."""
    return (visit if then.at < session.started_at else then).floor(session)


def beside_its_lines(visit: Visit, ts: Ts) -> Source:
    """The place of an entry that is made of a message otherwise than by one of its tagged lines."""
    kept = entries.of_message(visit.db, visit.workspace, visit.channel, ts)
    return Source(ts, min(0, *(each.source.line for each in kept), 0) - 1, visit.thread)


def undo_by_command(visit: Visit, number: int | None) -> EntryUndone:
    """Take back an entry of the latest session by its number, or the last one of one's own."""
    session = latest(visit)
    return undo(visit, session.id, _own_last(visit, session) if number is None else number)


def latest(visit: Visit) -> Session:
    """The session that numbers are said of: the one that is open here, or that was the last."""
    session = sessions.latest_in(visit.db, visit.workspace, visit.channel)
    if session is None:
        raise Refusal("Nothing has been recorded in this channel yet.")
    return session


def undo(visit: Visit, session: int, number: int) -> EntryUndone:
    """Take an entry back: its author can at any time, and the chairs. The record keeps who and when."""
    kept, of = found(visit, session, number), sessions.get(visit.db, visit.workspace, session)
    chairs.demand(visit, of, Act.UNDO, kept.entry.author)
    if not kept.standing:
        raise Refusal("It was taken back already.")
    revise(visit, of, kept, why=Why.UNDONE, standing=False)
    return EntryUndone(kept.entry.kind, number, visit.shown(kept.entry.text), of.title)


def found(visit: Visit, session: int, number: int) -> KeptEntry:
    """A session's entry by its number; refused where there is none, or where it is another channel's."""
    kept = entries.numbered(visit.db, visit.workspace, session, number)
    if kept is None or kept.channel != visit.channel:
        raise Refusal("There is no such entry in this session. See their numbers with `/session entries`.")
    return kept


def revise(visit: Visit, of: Session, kept: KeptEntry, **changes: Any) -> None:
    """A new revision of an entry, and all that shows it follows."""
    entries.revise(visit.db, kept, by=visit.person.id, at=visit.at, **changes)
    duties.redraw_entry(visit.db, visit.workspace, of, kept.entry.number, visit.at)
    duties.card(visit.db, visit.workspace, of, visit.at)
    duties.redraw_digest(visit.db, visit.workspace, of, visit.at)
    show_sign(visit, kept)


def show_sign(visit: Visit, kept: KeptEntry) -> None:
    """Our own emoji is on a message as long as something of it is recorded; a command has no message."""
    where = (visit.db, visit.workspace, kept.channel, kept.source.message)
    if not kept.source.message.startswith("/"):
        stands = any(each.standing for each in entries.of_message(*where))
        signs.sign(*where, RECORDED, visit.at, there=stands)


def history(visit: Visit, number: int) -> EntryHistory:
    """What has become of an entry of the latest session. What it once said is for those who could take it back."""
    session = latest(visit)
    newest = found(visit, session.id, number)
    chairs.demand(visit, session, Act.LOOK_BACK, newest.entry.author)
    steps = [
        HistoryStep(
            each.why, visit.name(each.revised_by), each.revised_at, each.entry.kind, visit.shown(each.entry.text)
        )
        for each in entries.revisions(visit.db, visit.workspace, session.id, number)
    ]
    return EntryHistory(number, newest.standing, tuple(steps))


def _own_last(visit: Visit, session: Session) -> int:
    kept = entries.of_session(visit.db, visit.workspace, session.id)
    own = [each.entry.number for each in kept if each.standing and each.entry.author == visit.person.id]
    if not own:
        raise Refusal("There is nothing of yours to take back. Name another entry by its number: `/session undo 7`.")
    return own[-1]


def fields_of(visit: Visit, kind: EntryKind, text: str) -> tuple[tuple[PersonId, ...], date | None]:
    """Owners and day of an action, read from its text in the speaker's time zone; of anything else, none."""
    if kind is not EntryKind.ACTION:
        return (), None
    found = read_action(text, now=visit.at, tz=visit.person.zone or "UTC")
    return tuple(int(owner) for owner in found.owners), found.due


def _thread_of(session: Session, topic: int | None) -> str:
    return duties.card_key(session.id) if topic is None else duties.topic_key(topic)


def recorded(visit: Visit, kept: KeptEntry) -> EntryRecorded:
    """What is told of an entry that was kept just now."""
    topic = topics.title_of(visit.db, visit.workspace, kept.entry.topic)
    return EntryRecorded(
        session=kept.session,
        number=kept.entry.number,
        kind=kept.entry.kind,
        text=visit.shown(kept.entry.text),
        topic=topic,
        owners=tuple(visit.name(owner) for owner in kept.entry.owners),
        due=kept.entry.due,
    )
