"""Use cases of entries: notes, actions, decisions and their like, and taking them back."""

from datetime import date

from bot.services import duties, links
from bot.services.sessions import spoken
from bot.services.visit import Visit
from minutes.action import read_action
from minutes.entry import EntryKind
from minutes.ids import PersonId
from minutes.outcomes import EntryRecorded, EntryUndone, NothingToDo
from minutes.refusal import Refusal
from minutes.session import Session
from minutes.text import is_blank
from storage import entries, sessions, topics
from storage.entries import KeptEntry, Source

LONGEST_ENTRY = 12_000
"""As much as Slack's composer takes: what somebody could type can be kept."""

_ASK_FOR = {
    EntryKind.NOTE: "what to note",
    EntryKind.ACTION: "what is to be done",
    EntryKind.DECISION: "what was decided",
}


def record_command(visit: Visit, kind: EntryKind, text: str) -> EntryRecorded | NothingToDo:
    """Keep what a command says, and owe it a message of its own: decisions in the channel, the rest in the thread."""
    if is_blank(text):
        raise Refusal(f"Write {_ASK_FOR[kind]} behind the command.")
    session = visit.session()
    spoken(visit, session)
    kept = record(visit, session, kind, text, Source("/" + visit.key))
    if kept is None:
        return NothingToDo()
    thread_of = None if kind is EntryKind.DECISION else _thread_of(session, kept.entry.topic)
    duties.entry(visit.db, visit.workspace, session, kept.entry.number, thread_of, visit.at)
    links.keep(visit, session, text)
    return _recorded(visit, session, kept)


def record(visit: Visit, session: Session, kind: EntryKind, text: str, source: Source) -> KeptEntry | None:
    """Keep one entry under the topic of the moment; None where that line is kept already.

    The text stays as typed. Of an action, owners and date are read from it in the speaker's time zone besides.
    """
    if len(text) > LONGEST_ENTRY:
        raise Refusal(f"That has {len(text):,} characters, and {LONGEST_ENTRY:,} are the most. Split it in two.")
    own = visit.own(text)
    owners, due = _fields(visit, kind, own)
    kept = entries.record(
        visit.db,
        visit.workspace,
        visit.channel,
        session.id,
        source,
        kind=kind,
        text=own,
        author=visit.person.id,
        at=visit.at,
        topic=topics.floor(visit.db, visit.workspace, session.id),
        owners=owners,
        due=due,
    )
    if kept is not None:
        duties.card(visit.db, visit.workspace, session, visit.at)
    return kept


def undo_by_command(visit: Visit, number: int | None) -> EntryUndone:
    """Take back an entry of the latest session by its number, or the last one of one's own."""
    session = sessions.latest_in(visit.db, visit.workspace, visit.channel)
    if session is None:
        raise Refusal("Nothing has been recorded in this channel yet.")
    return undo(visit, session.id, _own_last(visit, session) if number is None else number)


def undo(visit: Visit, session: int, number: int) -> EntryUndone:
    """Take an entry back: its author can at any time, and who started the session. The record keeps who and when."""
    kept = entries.numbered(visit.db, visit.workspace, session, number)
    if kept is None or kept.channel != visit.channel:
        raise Refusal("There is no such entry in this session. Its number stands in the answer that its author got.")
    of = sessions.get(visit.db, visit.workspace, session)
    if visit.person.id not in (kept.entry.author, of.started_by):
        names = visit.name(kept.entry.author), visit.name(of.started_by)
        raise Refusal(f"Only {names[0]}, who recorded it, or {names[1]}, who chairs, can take it back.")
    if not kept.standing:
        raise Refusal("It was taken back already.")
    entries.revise(visit.db, kept, by=visit.person.id, at=visit.at, standing=False)
    duties.redraw_entry(visit.db, visit.workspace, of, number, visit.at)
    duties.card(visit.db, visit.workspace, of, visit.at)
    duties.redraw_digest(visit.db, visit.workspace, of, visit.at)
    return EntryUndone(kept.entry.kind, number, visit.shown(kept.entry.text))


def _own_last(visit: Visit, session: Session) -> int:
    kept = entries.of_session(visit.db, visit.workspace, session.id)
    own = [each.entry.number for each in kept if each.standing and each.entry.author == visit.person.id]
    if not own:
        raise Refusal("There is nothing of yours to take back. Name another entry by its number: `/session undo 7`.")
    return own[-1]


def _fields(visit: Visit, kind: EntryKind, text: str) -> tuple[tuple[PersonId, ...], date | None]:
    if kind is not EntryKind.ACTION:
        return (), None
    fields = read_action(text, now=visit.at, tz=visit.person.zone or "UTC")
    return tuple(int(owner) for owner in fields.owners), fields.due


def _thread_of(session: Session, topic: int | None) -> str:
    return duties.card_key(session.id) if topic is None else duties.topic_key(topic)


def _recorded(visit: Visit, session: Session, kept: KeptEntry) -> EntryRecorded:
    topic = topics.on_floor(visit.db, visit.workspace, session.id)
    return EntryRecorded(
        session=session.id,
        number=kept.entry.number,
        kind=kept.entry.kind,
        text=visit.shown(kept.entry.text),
        topic=None if topic is None else topic.title,
        owners=tuple(visit.name(owner) for owner in kept.entry.owners),
        due=kept.entry.due,
    )
