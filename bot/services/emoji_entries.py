"""What people's emoji on a message make of it in the record: entries that come and go with the emoji.

The record is brought to what the presses say, whatever their order; the words are asked of Slack where they are needed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.services import duties, links, off_record, signs
from bot.services.entries import LONGEST_ENTRY, fields_of, may_record
from bot.services.visit import Visit
from minutes.emoji import KIND_OF, RECORDED, UNSEEN, Hold, Meaning, holds, records
from minutes.entry import EntryKind, Why
from minutes.ids import ChannelId, PersonId, Ts, micros
from minutes.lines import KIND_OF as KIND_OF_LINE
from minutes.lines import TaggedLine, read_lines
from minutes.moment import from_micros
from minutes.session import Session, SessionState
from minutes.text import is_blank, shorten
from storage import emoji, entries, people, sessions, wordings
from storage.db import Db
from storage.emoji import Pressed
from storage.entries import KeptEntry, Source

Held = dict[EntryKind, list[Hold]]


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that was pressed on, and the session where it belongs. `by` is who has pressed last, if anybody."""

    db: Db
    workspace: int
    session: Session
    ts: Ts
    pressed: Pressed
    now: datetime
    by: PersonId
    thread: Ts | None = None

    @property
    def where(self) -> tuple[Db, int, ChannelId, Ts]:
        return self.db, self.workspace, self.session.channel, self.ts

    def recorded(self) -> list[KeptEntry]:
        return entries.of_message(*self.where)

    def by_emoji(self) -> dict[EntryKind, KeptEntry]:
        """What emoji have made of it, taken back or not: one entry a kind."""
        return {each.entry.kind: each for each in self.recorded() if each.born is Why.EMOJI}


def settle(
    db: Db,
    workspace: int,
    channel: ChannelId,
    ts: Ts,
    now: datetime,
    *,
    by: PersonId | None = None,
    words: str | None = None,
    thread: Ts | None = None,
    read_anew: bool = False,
) -> None:
    """Bring what is recorded of a message to what its emoji say now.

    `words` are the message's, where Slack has just told them, and `thread` the message that begins its thread, where it
    is a reply. `read_anew` asks for them in any case.
    """
    pressed = emoji.pressed(db, workspace, channel, ts)
    session = None if pressed is None else sessions.get(db, workspace, pressed.session)
    if pressed is None or session is None or session.state is SessionState.DISCARDED:
        return
    message = _Message(db, workspace, session, ts, pressed, now, by or pressed.author, thread)
    before = message.recorded()
    held = holds(pressed.presses, people.bots(db, workspace))
    if off := held.get(Meaning.OFF_RECORD):
        off_record.strike(db, workspace, session, ts, off[0].person, now)
    else:
        signs.sign(db, workspace, channel, ts, UNSEEN, now, there=False)
        _follow(message, {KIND_OF[meaning]: each for meaning, each in held.items()}, words, read_anew)
    _show(message, before)


def told(
    db: Db, workspace: int, channel: ChannelId, ts: Ts, words: str | None, thread: Ts | None, now: datetime
) -> None:
    """Slack has told what a message says; None where it is gone, or no person's. It may have been deleted since."""
    if words is not None and not wordings.is_deleted(db, workspace, channel, ts):
        settle(db, workspace, channel, ts, now, words=words, thread=thread)


def not_told(db: Db, workspace: int, channel: ChannelId, ts: Ts, now: datetime) -> None:
    """Slack does not let us read a message: whoever wanted it recorded is told, once a session."""
    pressed = emoji.pressed(db, workspace, channel, ts)
    if pressed is not None:
        message = _Message(db, workspace, sessions.get(db, workspace, pressed.session), ts, pressed, now, 0)
        held = holds(pressed.presses, people.bots(db, workspace))
        for person in sorted({hold.person for each in held.values() for hold in each}):
            _tell(message, person, "not_readable", f"{pressed.session}")


def strangers(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> list[PersonId]:
    """Of those who are concerned, the ones of whom Slack has not told yet whether they are people."""
    pressed = emoji.pressed(db, workspace, channel, ts)
    concerned = set() if pressed is None else {pressed.author} | {press.person for press in pressed.presses}
    known = (people.by_id(db, workspace, person) for person in sorted(concerned))
    return [each.id for each in known if each is not None and each.is_bot is None]


def _follow(message: _Message, wanted: Held, words: str | None, read_anew: bool) -> None:
    for kind, kept in message.by_emoji().items():
        if kept.standing and kind not in wanted:
            entries.revise(message.db, kept, by=message.by, at=message.now, standing=False, why=Why.EMOJI)
        elif kept.standing and kept.entry.author != wanted[kind][0].person:
            _revise(message, kept, _credited(message, wanted[kind][0].person))
    if words is not None:
        _record(message, wanted, words)
    elif read_anew or any(_is_missing(message, kind, held) for kind, held in wanted.items()):
        signs.ask_words(*message.where, message.now)


def _is_missing(message: _Message, kind: EntryKind, held: list[Hold]) -> bool:
    """Not recorded, and not taken back by hand since the last of these emoji was set."""
    kept = message.by_emoji().get(kind)
    if kept is None or kept.standing:
        return kept is None
    by_hand = kept.why not in (Why.EMOJI, Why.OFF_RECORD)
    return not by_hand or from_micros(max(hold.since for hold in held)) > kept.revised_at


def _record(message: _Message, wanted: Held, words: str) -> None:
    author = people.by_id(message.db, message.workspace, message.pressed.author)
    if author is None:
        return
    said_at = from_micros(micros(message.ts))
    where = (message.db, message.workspace, message.session.channel, "")
    visit = Visit(*where, author, said_at, "", late=True, thread=message.thread)
    lines = [line for line in read_lines(words) if line.tag in KIND_OF_LINE]
    if off_record.was_off(message.pressed.presses):
        _record_lines(message, visit, lines)
        links.keep(visit, message.session, words, message.ts)
    for kind, held in wanted.items():
        if records(kind, (KIND_OF_LINE[line.tag] for line in lines)):
            _record_whole(message, visit, kind, held, words)


def _record_whole(message: _Message, visit: Visit, kind: EntryKind, held: list[Hold], words: str) -> None:
    """The whole message as one entry, in its newest words."""
    recorder, kept = held[0].person, message.by_emoji().get(kind)
    values = _worded(visit, kind, words) | _credited(message, recorder)
    if kept is not None and kept.standing:
        if kept.entry.text != values["text"]:
            _revise(message, kept, values | {"why": Why.EDITED})
    elif _is_missing(message, kind, held) and is_blank(words):
        _tell(message, recorder, "no_words", message.ts)
    elif _is_missing(message, kind, held):
        below = min([0, *(each.source.line for each in message.recorded())]) - 1
        _keep(message, visit, kept, Source(message.ts, below, message.thread), kind, values, Why.EMOJI)
        sessions.take_part(message.db, message.workspace, message.session.id, recorder, message.now)


def _record_lines(message: _Message, visit: Visit, lines: list[TaggedLine]) -> None:
    """What stands in a message that was off the record, and is not any more."""
    known = {each.source.line: each for each in message.recorded()}
    for line in lines:
        kept, kind = known.get(line.line), KIND_OF_LINE[line.tag]
        comes_back = kept is not None and not kept.standing and kept.why is Why.OFF_RECORD
        if comes_back or (kept is None and may_record(visit, message.session, kind)):
            values = _worded(visit, kind, line.text) | {"author_id": visit.person.id, "said_by": None}
            _keep(message, visit, kept, Source(message.ts, line.line, message.thread), kind, values, Why.SAID)


def _keep(
    message: _Message,
    visit: Visit,
    kept: KeptEntry | None,
    source: Source,
    kind: EntryKind,
    values: dict[str, Any],
    why: Why,
) -> None:
    """A new entry, or the one that was taken back, put back."""
    if kept is not None:
        _revise(message, kept, values | {"kind": kind, "standing": True, "why": why})
        return
    entries.record(
        message.db,
        message.workspace,
        message.session.channel,
        message.session.id,
        source,
        kind=kind,
        text=values["text"],
        author=values["author_id"],
        at=visit.at,
        topic=visit.floor(message.session),
        owners=values["owners"],
        due=values["due"],
        said_by=values["said_by"],
        why=why,
        recorded_at=message.now,
    )


def _revise(message: _Message, kept: KeptEntry, values: dict[str, Any]) -> None:
    changed = {"why": Why.EMOJI} | values
    by = message.pressed.author if changed["why"] is Why.EDITED else values.get("author_id", kept.entry.author)
    entries.revise(message.db, kept, by=by, at=message.now, **changed)
    duties.redraw_entry(message.db, message.workspace, message.session, kept.entry.number, message.now)


def _worded(visit: Visit, kind: EntryKind, words: str) -> dict[str, Any]:
    """The words of an entry, and what is read from them in the zone of whoever said it."""
    text = shorten(visit.own(words), LONGEST_ENTRY)
    owners, due = fields_of(visit, kind, text)
    return {"text": text, "owners": list(owners), "due": due}


def _credited(message: _Message, recorder: PersonId) -> dict[str, PersonId | None]:
    """Who has recorded it, and who said it where that is somebody else."""
    said_by = message.pressed.author
    return {"author_id": recorder, "said_by": None if said_by == recorder else said_by}


def _show(message: _Message, before: list[KeptEntry]) -> None:
    """Card, digest and our own emoji on the message follow."""
    recorded = message.recorded()
    stands = any(each.standing for each in recorded)
    signs.sign(*message.where, RECORDED, message.now, there=stands)
    if recorded != before:
        duties.redraw_record(message.db, message.workspace, message.session, message.now)


def _tell(message: _Message, person: PersonId, what: str, once: str) -> None:
    key, channel = f"{what}:{once}:{person}", message.session.channel
    of = message.session.id
    duties.hint(message.db, message.workspace, channel, person, what, key, message.now, session=of)
