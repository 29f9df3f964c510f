"""Use cases of what is said in a channel: who spoke, the habits of IRC meetings, and links to trackers."""

from datetime import timedelta

from bot.services import duties, links, topics
from bot.services import sessions as session_use_cases
from bot.services.entries import record
from bot.services.visit import Asked, Visit, serve
from minutes.entry import EntryKind
from minutes.ids import Ts
from minutes.lines import Tag, TaggedLine, read_lines
from minutes.refusal import Refusal
from minutes.session_command import Start, understand_session
from minutes.text import one_line, shorten
from minutes.topic_command import LONGEST_TITLE
from storage import people, sessions
from storage.db import Db
from storage.entries import Source

_KINDS = {
    Tag.AGREED: EntryKind.DECISION,
    Tag.ACTION: EntryKind.ACTION,
    Tag.INFO: EntryKind.NOTE,
    Tag.IDEA: EntryKind.IDEA,
    Tag.HELP: EntryKind.HELP,
    Tag.LINK: EntryKind.LINK,
}


def message(db: Db, asked: Asked, ts: Ts, text: str, digest_delay: timedelta) -> None:
    """Hear a message. Of its text only tagged lines and tracker links are kept; otherwise that somebody spoke.

    Where no session is open and none is started, nothing at all is kept, not even who spoke.
    """
    lines = read_lines(text)
    workspace = people.workspace(db, asked.team)
    session = sessions.open_in(db, workspace, asked.channel)
    if session is not None or any(line.tag is Tag.STARTMEETING for line in lines):
        serve(db, asked, _hear, ts, text, lines, digest_delay)


def _hear(visit: Visit, ts: Ts, text: str, lines: tuple[TaggedLine, ...], digest_delay: timedelta) -> None:
    session = sessions.open_in(visit.db, visit.workspace, visit.channel)
    if session is not None:
        session_use_cases.spoken(visit, session, messages=1)
    kept = [line for line in lines if _carry_out(visit, ts, line, digest_delay)]
    # One message may open a session, and even end it.
    heard_in = session or sessions.latest_in(visit.db, visit.workspace, visit.channel)
    if heard_in is not None and session is None:
        session_use_cases.spoken(visit, heard_in, messages=1)
    if heard_in is not None:
        links.keep(visit, heard_in, text)
    if kept:
        duties.acknowledge(visit.db, visit.workspace, visit.channel, ts, visit.at)


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
            session_use_cases.end(visit, digest_delay)
        elif line.tag is Tag.TOPIC:
            topics.put_on_floor(visit, shorten(one_line(visit.own(line.text)), LONGEST_TITLE))
        else:
            return record(visit, session, _KINDS[line.tag], line.text, Source(ts, line.line)) is not None
    except Refusal:
        return False
    return True


def _wish(text: str) -> Start:
    """`#startmeeting Weekly for 2h at Zoom` is read like the command; a title that is too long is cut, not refused."""
    understood = understand_session(f"start {one_line(text)}")
    if isinstance(understood, Start):
        return understood
    return Start(shorten(one_line(text), LONGEST_TITLE), None, None)
