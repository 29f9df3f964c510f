"""Use cases of recording by emoji: to hear an emoji on a message, and to set which emoji record what."""

from datetime import datetime, timedelta

from bot.services import chairs, duties, emoji_entries
from bot.services.visit import Asked, Visit, meet
from minutes.emoji import EmojiSet, EmojiShown, Meaning, Press, is_taken
from minutes.emoji_command import SetEmoji
from minutes.ids import ChannelId, PersonId, Ts, UserId, micros
from minutes.moment import from_micros
from minutes.refusal import Refusal
from minutes.session import Session, SessionState
from storage import emoji, entries, sessions
from storage.db import Db

LATE_AFTER = timedelta(seconds=30)
"""An emoji that Slack tells of so late counts where it was pressed."""
AHEAD = timedelta(seconds=5)
"""Our clock may be a moment ahead of Slack's: what was said so shortly before a session began was said in it."""


def press(db: Db, asked: Asked, ts: Ts, author: UserId, raw_name: str, event_ts: Ts, present: bool) -> None:
    """Keep that a recording emoji was set or taken back, and let the record follow; all others leave no trace.

    Needs no note in the inbox: the press's own key absorbs a second delivery.
    """
    known = emoji.of_team(db, asked.team)
    meaning = None if known is None else known[1].meaning(raw_name)
    if known is None or meaning is None:
        return
    workspace = known[0]
    session = _session_now(db, workspace, asked, from_micros(micros(event_ts)))
    of = _session_of(db, workspace, asked.channel, ts, session)
    if of is not None:
        _press(db, workspace, asked, of, ts, author, (raw_name, meaning, event_ts, present))
    elif session is not None and present and meaning is not Meaning.OFF_RECORD:
        person = meet(db, workspace, asked.user, asked.at)
        if not person.is_bot:
            _hint(db, workspace, session, person.id, "said_before", asked.at)


def _press(
    db: Db,
    workspace: int,
    asked: Asked,
    session: Session,
    ts: Ts,
    author: UserId,
    told: tuple[str, Meaning, Ts, bool],
) -> None:
    presser, whose = meet(db, workspace, asked.user, asked.at), meet(db, workspace, author, asked.at)
    if presser.is_bot or whose.is_bot:
        return
    pressed = Press(presser.id, *told)
    if not _may(db, workspace, session, pressed, whose.id):
        if pressed.present:
            _explain(db, workspace, session, ts, pressed, whose.id, asked.at)
        return
    where = (workspace, asked.channel, ts)
    if emoji.press(db, *where, pressed, session=session.id, author=whose.id, at=asked.at):
        again = pressed.meaning is Meaning.OFF_RECORD and not pressed.present
        emoji_entries.settle(db, *where, asked.at, by=presser.id, read_anew=again)


def show(visit: Visit) -> EmojiShown:
    """Which emoji record what in this workspace."""
    return _shown(emoji.of_workspace(visit.db, visit.workspace))


def set_emoji(visit: Visit, wish: SetEmoji) -> EmojiShown:
    """Set which emoji record what, everywhere in this workspace. What is not said stays."""
    before = emoji.of_workspace(visit.db, visit.workspace)
    changed = {meaning: before.changed.get(meaning) for meaning in Meaning} | dict(wish.wanted)
    after = EmojiSet({meaning: names for meaning, names in changed.items() if names is not None})
    _refuse_doubles(after)
    emoji.set_for(visit.db, visit.workspace, after)
    return _shown(after, changed=True)


def _refuse_doubles(wanted: EmojiSet) -> None:
    said: dict[str, Meaning] = {}
    for meaning in Meaning:
        for name in wanted.names(meaning):
            if is_taken(name):
                raise Refusal(
                    "The emoji :{name}: means something else already: a vote, or what I have done myself.", name=name
                )
            if name in said:
                raise Refusal(
                    "The emoji :{name}: cannot say two things, {one} and {other}. Choose another.",
                    name=name,
                    one=said[name],
                    other=meaning,
                )
            said[name] = meaning


def _shown(ours: EmojiSet, *, changed: bool = False) -> EmojiShown:
    return EmojiShown(tuple((meaning, ours.names(meaning)) for meaning in Meaning), changed)


def _session_now(db: Db, workspace: int, asked: Asked, moment: datetime) -> Session | None:
    """The session that was open when the emoji was pressed."""
    if asked.at - moment >= LATE_AFTER:
        return sessions.open_at(db, workspace, asked.channel, moment)
    return sessions.open_in(db, workspace, asked.channel)


def _session_of(db: Db, workspace: int, channel: ChannelId, ts: Ts, now: Session | None) -> Session | None:
    """The session in which the message was said: the present one, or one of which something of it was kept."""
    if now is not None and from_micros(micros(ts)) >= now.started_at - AHEAD:
        return now
    pressed = emoji.pressed(db, workspace, channel, ts)
    kept = entries.of_message(db, workspace, channel, ts) if pressed is None else []
    number = pressed.session if pressed is not None else kept[0].session if kept else None
    found = None if number is None else sessions.get(db, workspace, number)
    return None if found is None or found.state is SessionState.DISCARDED else found


def _may(db: Db, workspace: int, session: Session, press: Press, author: PersonId) -> bool:
    """Only chairs decide; a message is taken off the record by whose it is, and by chairs."""
    if press.meaning is Meaning.OFF_RECORD and press.person == author:
        return True
    chairs_only = press.meaning in (Meaning.DECISION, Meaning.OFF_RECORD)
    return not chairs_only or chairs.is_chair(db, workspace, session.id, press.person)


def _explain(db: Db, workspace: int, session: Session, ts: Ts, press: Press, author: PersonId, now: datetime) -> None:
    """A ✅ is pressed for many reasons, so that is told once a session; who wants something hidden, each time."""
    if press.meaning is Meaning.DECISION:
        _hint(db, workspace, session, press.person, "chairs_decide", now)
        return
    key = f"not_off_record:{session.channel}:{ts}:{press.person}"
    whom = (session.channel, press.person)
    duties.hint(db, workspace, *whom, "not_off_record", key, now, session=session.id, author=author)


def _hint(db: Db, workspace: int, session: Session, person: PersonId, what: str, now: datetime) -> None:
    """Once a session."""
    key = f"{what}:{session.id}:{person}"
    duties.hint(db, workspace, session.channel, person, what, key, now, session=session.id)
