"""Following what becomes of messages: they are edited, unfurled and deleted, and the record goes with them.

None of it needs a note in the inbox: a wording that is not newer than the known one changes nothing, nor does a second
deletion.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.services import duties, emoji_entries, links, off_record, signs
from bot.services.entries import LONGEST_ENTRY, fields_of, may_record, record, record_mention, show_sign
from bot.services.visit import Asked, Visit, visit
from minutes.entry import EntryKind, Why
from minutes.ids import ChannelId, Ts
from minutes.lines import KIND_OF, TaggedLine, read_lines
from minutes.rewording import KeptLine, SaidLine, match
from minutes.session import Session
from minutes.text import is_blank, shorten
from storage import entries, files, people, sessions, wordings
from storage import links as kept_links
from storage.db import Db
from storage.entries import KeptEntry, Source
from storage.wordings import THE_LAST


@dataclass(frozen=True, slots=True)
class Changed:
    """What Slack tells of a message that has changed; `pages` are titles by address, `lost` the files that are gone.

    `to_us` is what it says behind the bot's name now, where that is something to record. `worded` says how new its
    wording is (storage/wordings.py); None where nobody has edited it.
    """

    ts: Ts
    text: str
    worded: str | None
    edited_at: datetime
    to_us: tuple[EntryKind, str] | None = None
    pages: Mapping[str, str] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def changed(db: Db, asked: Asked, news: Changed) -> None:
    """A person's message is not what it was. Where no session was open when it was said, that is nobody's concern."""
    workspace = people.known_workspace(db, asked.team)
    session = None if workspace is None else _session_of(db, workspace, asked.channel, news.ts, asked.at)
    if workspace is None or session is None:
        return
    follows = [links.unfurled(db, workspace, session.id, news.ts, news.pages)]
    follows += [files.strike_out(db, workspace, asked.channel, news.ts, file) for file in news.lost]
    worded = news.worded
    if worded and wordings.note(db, workspace, asked.channel, news.ts, session=session.id, worded=worded):
        of = (db, workspace, asked.channel, news.ts)
        if not off_record.is_off(*of):
            follows.append(_read_again(visit(db, workspace, asked), session, news))
        emoji_entries.told(*of, news.text, asked.thread, news.edited_at)
    if any(follows):
        duties.redraw_record(db, workspace, session, news.edited_at)


def deleted(db: Db, team: str, channel: ChannelId, ts: Ts, said_at: datetime, now: datetime) -> None:
    """A message was deleted, perhaps before we are told that it was said: nothing of it stands, whatever comes after.

    Slack does not tell by whom; the record says that the message is gone.
    """
    workspace = people.known_workspace(db, team)
    session = None if workspace is None else _session_of(db, workspace, channel, ts, said_at)
    if workspace is None or session is None:
        return
    if not wordings.note(db, workspace, channel, ts, session=session.id, worded=THE_LAST):
        return
    kept_links.forget(db, workspace, session.id, ts)
    files.strike_out(db, workspace, channel, ts)
    for kept in entries.of_message(db, workspace, channel, ts):
        if kept.standing:
            entries.revise(db, kept, by=kept.entry.author, at=now, why=Why.DELETED, standing=False)
    duties.redraw_record(db, workspace, session, now)


def _session_of(db: Db, workspace: int, channel: ChannelId, ts: Ts, said_at: datetime) -> Session | None:
    """The session that a message was said in."""
    for kept in entries.of_message(db, workspace, channel, ts)[:1]:
        return sessions.get(db, workspace, kept.session)
    known = wordings.session_of(db, workspace, channel, ts)
    return sessions.open_at(db, workspace, channel, said_at) if known is None else sessions.get(db, workspace, known)


def _read_again(visit: Visit, session: Session, news: Changed) -> bool:
    """Compare the tagged lines with what is kept of the message. Those that moved the floor move it no more."""
    other_links = links.keep_again(visit, session, news.text, news.ts)
    kept = [each for each in entries.of_message(visit.db, visit.workspace, visit.channel, news.ts) if _is_line(each)]
    lines = [line for line in read_lines(news.text) if line.tag in KIND_OF and len(line.text) <= LONGEST_ENTRY]
    said = [SaidLine(KIND_OF[line.tag], visit.own(line.text), line.line) for line in lines]
    found = match([_as_line(each) for each in kept], said)
    return any(
        [
            other_links,
            *[_take_out(visit, kept[at], news) for at in range(len(kept)) if at not in found.values()],
            *[_reword(visit, session, kept[before], said[now], news) for now, before in found.items()],
            *_add(visit, session, news, lines, {now: kept[before] for now, before in found.items()}),
            *_follow_whole(visit, session, news),
        ]
    )


def _follow_whole(visit: Visit, session: Session, news: Changed) -> Iterator[bool]:
    """What was recorded of the message otherwise than by its lines: by somebody, or because it was said to us."""
    whole = entries.of_message(visit.db, visit.workspace, visit.channel, news.ts)
    for kept in whole:
        if kept.born is Why.RECORDED and not is_blank(news.text):
            said = SaidLine(kept.entry.kind, shorten(visit.own(news.text), LONGEST_ENTRY), kept.source.line)
            yield _reword(visit, session, kept, said, news)
    mentioned = next((each for each in whole if each.born is Why.MENTIONED), None)
    if mentioned is not None and news.to_us is None:
        yield _take_out(visit, mentioned, news)
    elif mentioned is not None and news.to_us is not None:
        kind, text = news.to_us
        yield _reword(visit, session, mentioned, SaidLine(kind, visit.own(text), mentioned.source.line), news)
    elif news.to_us is not None and not _is_the_chairs(visit, session, news.to_us[0]):
        yield _acknowledged(visit, news, record_mention(visit, session, *news.to_us, news.ts, edited_at=news.edited_at))


def _is_line(kept: KeptEntry) -> bool:
    """Whether it is a tagged line of its message, which follows the line; an entry made of it otherwise does not."""
    return kept.source.line >= 0


def _as_line(kept: KeptEntry) -> KeptLine:
    return KeptLine(kept.entry.kind, kept.entry.text, kept.source.line, gone=kept.why is Why.UNTAGGED)


def _take_out(visit: Visit, kept: KeptEntry, news: Changed) -> bool:
    if kept.standing:
        entries.revise(visit.db, kept, by=visit.person.id, at=news.edited_at, why=Why.UNTAGGED, standing=False)
        show_sign(visit, kept)
    return kept.standing


def _reword(visit: Visit, session: Session, kept: KeptEntry, line: SaidLine, news: Changed) -> bool:
    """What was undone stays so, whatever is written there now; what an edit has taken out, an edit brings back.

    On a chaired floor an edit makes no decision of what was none, unless it is a chair's.
    """
    if line.kind is not kept.entry.kind and _is_the_chairs(visit, session, line.kind):
        line = replace(line, kind=kept.entry.kind)
    as_it_was = kept.standing and (kept.entry.kind, kept.entry.text) == (line.kind, line.text)
    undone = not kept.standing and kept.why is not Why.UNTAGGED
    if as_it_was or undone:
        return False
    owners, due = fields_of(visit, line.kind, line.text)
    if line.kind is EntryKind.ACTION:
        # They may have been chosen apart from the words, or put off: then the edit is not about them.
        owners_before, due_before = fields_of(visit, kept.entry.kind, kept.entry.text)
        owners = kept.entry.owners if owners == owners_before else owners
        due = kept.entry.due if due == due_before else due
    words = {"kind": line.kind, "text": line.text, "owners": list(owners), "due": due, "standing": True}
    entries.revise(visit.db, kept, by=visit.person.id, at=news.edited_at, why=Why.EDITED, **words)
    show_sign(visit, kept)
    return True


def _add(
    visit: Visit, session: Session, news: Changed, lines: list[TaggedLine], known: dict[int, KeptEntry]
) -> Iterator[bool]:
    """Lines that were not there: each stands under the topic of the line before it, or else of the one behind it."""
    taken = {each.source.line for each in entries.of_message(visit.db, visit.workspace, visit.channel, news.ts)}
    new = (at for at in range(len(lines)) if at not in known)
    for at in (at for at in new if not _is_the_chairs(visit, session, KIND_OF[lines[at].tag])):
        number = lines[at].line if lines[at].line not in taken else max(taken) + 1
        taken.add(number)
        nearest = min(known, key=lambda other: (other > at, abs(other - at)), default=None)
        beside = None if nearest is None else known[nearest]
        words = (KIND_OF[lines[at].tag], lines[at].text, Source(news.ts, number, visit.thread))
        added = record(visit, session, *words, beside=beside, why=Why.EDITED, edited_at=news.edited_at)
        yield _acknowledged(visit, news, added)


def _acknowledged(visit: Visit, news: Changed, new: KeptEntry | None) -> bool:
    if new is not None:
        signs.acknowledge(visit.db, visit.workspace, visit.channel, news.ts, visit.at)
    return new is not None


def _is_the_chairs(visit: Visit, session: Session, kind: EntryKind) -> bool:
    """Whether such a line is left to the chairs; whoever wrote it is told so."""
    if may_record(visit, session, kind):
        return False
    duties.chaired_line(visit.db, visit.workspace, session, visit.person.id, visit.at)
    return True
