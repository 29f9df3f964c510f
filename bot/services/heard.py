"""Use cases of what is said in a channel: who spoke, the habits of IRC meetings, and links to trackers."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.services import chairs, duties, files, links, off_record, signs, topics
from bot.services import sessions as session_use_cases
from bot.services.entries import may_record, record
from bot.services.visit import Asked, Visit, serve
from minutes.chairs import Act
from minutes.files import SharedFile
from minutes.ids import ChannelId, Ts
from minutes.lines import KIND_OF, Tag, TaggedLine, read_lines
from minutes.outcomes import TopicQueued
from minutes.refusal import Refusal
from minutes.session import Session
from minutes.session_command import Start, understand_session
from minutes.text import one_line, shorten
from minutes.topic_command import LONGEST_TITLE
from storage import inbox, people, sessions, wordings
from storage.db import Db
from storage.entries import Source


@dataclass(frozen=True, slots=True)
class _Said:
    """What of a message concerns the record, once it is known what has become of it."""

    ts: Ts
    lines: tuple[TaggedLine, ...]
    text: str
    files: tuple[SharedFile, ...]


def message(
    db: Db, asked: Asked, ts: Ts, text: str, digest_delay: timedelta, files: tuple[SharedFile, ...] = ()
) -> None:
    """Hear a message. Of it are kept tagged lines, tracker links, names of files, and otherwise that somebody spoke.

    Where no session is open and none is started, nothing at all is kept, not even who spoke. `asked.said` says that it
    is told to us as a mention, too.
    """
    workspace = people.workspace(db, asked.team)
    said = _as_it_stands(db, workspace, asked.channel, _Said(ts, read_lines(text), text, files))
    session = sessions.open_in(db, workspace, asked.channel)
    # Its session may have ended in the moment between.
    passed = asked.late or session is None
    then = sessions.open_at(db, workspace, asked.channel, asked.at) if passed else session
    if then is not None and then != session:
        serve(db, replace(asked, late=True), _hear_afterwards, then, said)
    elif then is not None or (session is None and any(line.tag is Tag.STARTMEETING for line in said.lines)):
        serve(db, asked, _hear, said, digest_delay)


def _as_it_stands(db: Db, workspace: int, channel: ChannelId, said: _Said) -> _Said:
    """Its edit may have overtaken it, and then has the newer words; or its deletion, or an
    emoji that takes it off the record, and then it says nothing."""
    if not (said.lines or said.files or "://" in said.text):
        return said
    known = wordings.newest(db, workspace, channel, said.ts)
    if known == wordings.THE_LAST or off_record.is_off(db, workspace, channel, said.ts):
        return _Said(said.ts, (), "", ())
    if known > wordings.order(said.ts, said.ts):
        return replace(said, lines=tuple(line for line in said.lines if line.tag not in KIND_OF), text="")
    return said


def _hear_afterwards(visit: Visit, session: Session, said: _Said) -> None:
    """What was said in a session that is over by now: it is kept, and moves nothing any more."""
    count(visit, session)
    lines = [line for line in said.lines if line.tag in KIND_OF]
    kept = [_keep(visit, session, said.ts, line) for line in lines]
    _keep_what_else(visit, session, said)
    if any(kept):
        signs.acknowledge(visit.db, visit.workspace, visit.channel, said.ts, visit.at)


def _hear(visit: Visit, said: _Said, digest_delay: timedelta) -> None:
    session = sessions.open_in(visit.db, visit.workspace, visit.channel)
    if session is not None:
        count(visit, session)
    kept = [line for line in said.lines if _carry_out(visit, said.ts, line, digest_delay)]
    # One message may open a session, and even end it.
    heard_in = session or sessions.latest_in(visit.db, visit.workspace, visit.channel)
    if heard_in is not None and session is None:
        count(visit, heard_in)
    if heard_in is not None:
        _keep_what_else(visit, heard_in, said)
    if kept:
        lasting = any(line.tag not in KIND_OF for line in kept)
        signs.acknowledge(visit.db, visit.workspace, visit.channel, said.ts, visit.at, lasting=lasting)


def _keep_what_else(visit: Visit, session: Session, said: _Said) -> None:
    links.keep(visit, session, said.text, said.ts)
    files.keep(visit, session, said.ts, said.files)


def _keep(visit: Visit, session: Session, ts: Ts, line: TaggedLine) -> bool:
    """True where the line is kept, now; a decision may be the chairs' to record."""
    kind = KIND_OF[line.tag]
    if not may_record(visit, session, kind):
        return _left_to_the_chairs(visit, session)
    return record(visit, session, kind, line.text, Source(ts, line.line, visit.thread)) is not None


def _left_to_the_chairs(visit: Visit, session: Session) -> bool:
    """Said privately, once: nobody has asked the bot, but silence could lose a decision."""
    duties.chaired_line(visit.db, visit.workspace, session, visit.person.id, visit.at)
    return False


def count(visit: Visit, session: Session) -> None:
    """Somebody has spoken. A message that mentions us comes twice, in any order, and counts once."""
    said = visit.said
    first = said is None or inbox.first_time(visit.db, visit.workspace, f"counted:{visit.channel}:{said}", visit.at)
    session_use_cases.spoken(visit, session, messages=int(first))


def _carry_out(visit: Visit, ts: Ts, line: TaggedLine, digest_delay: timedelta) -> bool:
    """True where the line had an effect. A message is not refused: nobody asked the bot for anything."""
    session = sessions.open_in(visit.db, visit.workspace, visit.channel)
    try:
        if line.tag is Tag.STARTMEETING:
            if session is not None:
                return False
            session_use_cases.begin(visit, _wish(line.text))
        elif session is None:
            return False
        elif line.tag is Tag.ENDMEETING:
            if not chairs.may(visit, session, Act.END):
                return _left_to_the_chairs(visit, session)
            session_use_cases.end(visit, digest_delay)
        elif line.tag is Tag.TOPIC:
            outcome = topics.put_on_floor(visit, shorten(one_line(visit.own(line.text)), LONGEST_TITLE))
            if isinstance(outcome, TopicQueued):
                duties.chaired_line(visit.db, visit.workspace, session, visit.person.id, visit.at)
        else:
            return _keep(visit, session, ts, line)
    except Refusal:
        return False
    return True


def _wish(text: str) -> Start:
    """`#startmeeting Weekly for 2h at Zoom` is read like the command; a title that is too long is cut, not refused."""
    understood = understand_session(f"start {one_line(text)}")
    if isinstance(understood, Start):
        return understood
    return Start(shorten(one_line(text), LONGEST_TITLE), None, None)
