"""Use cases of what is off the record: nothing of such a message is kept, and what was kept of it is erased."""

from datetime import datetime

from bot.services import duties, signs
from minutes.emoji import UNSEEN, Meaning, Press, holds
from minutes.entry import Why
from minutes.ids import ChannelId, PersonId, Ts
from minutes.session import Session
from storage import ballot_box, emoji, entries, files, links
from storage.db import Db


def is_off(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> bool:
    """Whether somebody who may has taken a message off the record."""
    pressed = emoji.pressed(db, workspace, channel, ts)
    return pressed is not None and Meaning.OFF_RECORD in holds(pressed.presses)


def was_off(presses: tuple[Press, ...]) -> bool:
    """Whether it ever was."""
    return any(press.meaning is Meaning.OFF_RECORD for press in presses)


def strike(db: Db, workspace: int, session: Session, ts: Ts, by: PersonId, now: datetime) -> None:
    """Erase the words of all that was recorded of a message, and take it back; that something was there stays."""
    channel = session.channel
    entries.erase_words(db, workspace, channel, ts)
    for each in entries.of_message(db, workspace, channel, ts):
        if each.standing:
            entries.revise(db, each, by=by, at=now, standing=False, why=Why.OFF_RECORD)
        duties.redraw_entry(db, workspace, session, each.entry.number, now)
    links.forget(db, workspace, session.id, ts)
    files.forget(db, workspace, channel, ts)
    reasoned = ballot_box.take_reason_back(db, workspace, channel, ts)
    if reasoned is not None:
        duties.redraw_reasons(db, workspace, reasoned, now)
    signs.sign(db, workspace, channel, ts, UNSEEN, now, there=True)
