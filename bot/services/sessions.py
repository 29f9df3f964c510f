"""Use cases of a session: to start, end, extend, reopen, discard it, and to sign in."""

from datetime import datetime, timedelta

from bot.services import chairs, duties, profile, proposals
from bot.services.visit import Visit
from minutes.chairs import Act
from minutes.ids import ChannelId, PersonId
from minutes.outcomes import (
    SessionDiscarded,
    SessionEnded,
    SessionExtended,
    SessionReopened,
    SessionStarted,
    SignedIn,
)
from minutes.refusal import Refusal
from minutes.session import (
    DEFAULT_EXTENSION,
    DEFAULT_LENGTH,
    LONGEST_SESSION,
    REOPEN_WITHIN,
    Session,
    SessionState,
    extended_end,
)
from minutes.session_command import Start
from storage import outbox, people, sessions, topics, votes
from storage.db import Db

UNTITLED = "Gathering"


def start(visit: Visit, wish: Start) -> SessionStarted:
    """Open a session here; refused while another one is open."""
    existing = sessions.open_in(visit.db, visit.workspace, visit.channel)
    if existing is not None:
        raise Refusal(
            "“{title}” is already open in this channel. End it first, or put a topic on its floor.",
            title=existing.title,
        )
    session = begin(visit, wish)
    return SessionStarted(session.id, session.title, session.planned_end, session.place, session.chaired)


def begin(visit: Visit, wish: Start) -> Session:
    """Open a session in a channel that has none, and owe its card."""
    session = sessions.begin(
        visit.db,
        visit.workspace,
        visit.channel,
        title=visit.own(wish.title) if wish.title else _channel_title(visit),
        place=wish.place and visit.own(wish.place),
        starts=visit.at,
        ends=visit.at + (wish.duration or DEFAULT_LENGTH),
        by=visit.person.id,
        digest_delay=wish.digest_delay,
        digest_channel=None if wish.digest_channel == visit.channel else wish.digest_channel,
        chaired=wish.chaired,
    )
    if session.digest_channel is not None:
        duties.look_up_digest_channel(visit.db, visit.workspace, session, visit.at)
    if visit.channel_name:
        sessions.name_channel(visit.db, visit.workspace, visit.channel, visit.channel_name, visit.at)
    else:
        duties.look_up_channel(visit.db, visit.workspace, visit.channel, visit.at)
    spoken(visit, session)
    if wish.chairs:
        chairs.name_chairs(visit, session, chairs.known(visit, wish.chairs))
    duties.card(visit.db, visit.workspace, session, visit.at)
    return session


def end(visit: Visit, delay: timedelta, number: int | None = None) -> SessionEnded:
    """End the open session now; its digest is due after `delay`, unless the session has its own."""
    session = visit.session(number)
    chairs.demand(visit, session, Act.END)
    delay = delay if session.digest_delay is None else session.digest_delay
    close(visit.db, visit.workspace, session, at=visit.at, now=visit.at, by=visit.person.id, delay=delay)
    elsewhere = session.digest_channel and sessions.channel_name(visit.db, visit.workspace, session.digest_channel)
    return SessionEnded(session.title, int(delay.total_seconds() // 60), elsewhere or "")


def close(
    db: Db,
    workspace: int,
    session: Session,
    *,
    at: datetime,
    now: datetime,
    by: PersonId | None,
    delay: timedelta,
) -> None:
    """Close a session as of `at`, with its votes and its topic, and note when its digest is due.

    `by` is None where it closes at its time.
    """
    _close_what_is_open(db, workspace, session, at=at, now=now, by=by)
    closed = sessions.change(
        db,
        workspace,
        session.id,
        state=SessionState.CLOSED,
        ended_at=at,
        closings=session.closings + 1,
        digest_due_at=at + (delay if session.digest_delay is None else session.digest_delay),
    )
    duties.card(db, workspace, closed, at)
    _redraw_ballots(db, workspace, session, now)


def extend(visit: Visit, by: timedelta | None, number: int | None = None) -> SessionExtended:
    """Move the planned end; a warning before the new one is owed anew."""
    session = visit.session(number)
    chairs.demand(visit, session, Act.EXTEND)
    end = extended_end(session, by or DEFAULT_EXTENSION, visit.at)
    if end - session.started_at > LONGEST_SESSION:
        raise Refusal("A session can last seven days at most. Extend it by less, or start another one afterwards.")
    changed = sessions.change(visit.db, visit.workspace, session.id, planned_end=end, warned=False, overrun_said=False)
    duties.card(visit.db, visit.workspace, changed, visit.at)
    return SessionExtended(session.title, end)


def reopen(visit: Visit) -> SessionReopened:
    """Go on with the session that ended last, within half an hour of its end."""
    if sessions.open_in(visit.db, visit.workspace, visit.channel):
        raise Refusal("A session is open here already; there is nothing to reopen.")
    session = sessions.latest_in(visit.db, visit.workspace, visit.channel)
    if session is None or session.state is not SessionState.CLOSED or session.ended_at is None:
        raise Refusal("No session has ended here. Start one with the session command's `start`.")
    if visit.at - session.ended_at > REOPEN_WITHIN:
        raise Refusal("It ended more than half an hour ago and its record is closed. Start a new session instead.")
    chairs.demand(visit, session, Act.REOPEN)
    changed = sessions.change(
        visit.db,
        visit.workspace,
        session.id,
        state=SessionState.OPEN,
        ended_at=None,
        planned_end=visit.at + REOPEN_WITHIN,
        last_spoken_at=visit.at,
        warned=False,
        overrun_said=False,
        digest_due_at=None,
    )
    outbox.cancel(visit.db, visit.workspace, duties.digest_key(session.id, session.closings))
    duties.card(visit.db, visit.workspace, changed, visit.at)
    _redraw_ballots(visit.db, visit.workspace, session, visit.at)
    return SessionReopened(session.title, changed.planned_end)


def discard(visit: Visit, number: int) -> SessionDiscarded:
    """Throw a session away that was opened by mistake; only its chairs can, and only while it is open."""
    session = visit.session()
    if session.id != number:
        raise Refusal("That session is over already, so it can no longer be discarded.")
    chairs.demand(visit, session, Act.DISCARD)
    # Discarded first, so that the votes that close with it announce nothing.
    changed = sessions.change(visit.db, visit.workspace, session.id, state=SessionState.DISCARDED, ended_at=visit.at)
    _close_what_is_open(visit.db, visit.workspace, session, at=visit.at, now=visit.at, by=visit.person.id)
    duties.card(visit.db, visit.workspace, changed, visit.at)
    return SessionDiscarded(session.title)


def sign_in(visit: Visit, organisation: str, country: str | None, number: int | None = None) -> SignedIn:
    """Take part by name, with organisation and country where somebody likes to tell them; kept for the next time."""
    session = visit.session(number)
    told = profile.tell(visit, organisation, country)
    sessions.take_part(visit.db, visit.workspace, session.id, visit.person.id, visit.at, signed_in=True)
    duties.card(visit.db, visit.workspace, session, visit.at)
    return told


def spoken(visit: Visit, session: Session, messages: int = 0) -> None:
    """Somebody is active: they take part, and the session is not quiet."""
    sessions.take_part(visit.db, visit.workspace, session.id, visit.person.id, visit.at, spoke=messages)
    sessions.change(visit.db, visit.workspace, session.id, last_spoken_at=max(session.last_spoken_at, visit.at))


def channel_named(db: Db, workspace: int, channel: ChannelId, name: str, now: datetime) -> None:
    """Slack has told what a channel is called, as of then: the session that is named after it is so, now."""
    before = sessions.channel_name(db, workspace, channel)
    if not name or not sessions.name_channel(db, workspace, channel, name, now):
        return
    session = sessions.open_in(db, workspace, channel)
    if session is not None and session.title in (UNTITLED, before) and session.title != name:
        duties.card(db, workspace, sessions.change(db, workspace, session.id, title=name), now)


def channel_renamed(db: Db, team: str, channel: ChannelId, name: str, at: datetime) -> None:
    """Somebody has given a channel another name. One in which nothing was ever held is none of ours."""
    workspace = people.known_workspace(db, team)
    if workspace is not None and sessions.latest_in(db, workspace, channel) is not None:
        channel_named(db, workspace, channel, name, at)


def _redraw_ballots(db: Db, workspace: int, session: Session, now: datetime) -> None:
    """What is over can be put to the vote again only while its session is open."""
    for proposal, state in votes.states(db, workspace, session.id).items():
        if state.is_over:
            duties.redraw_ballot(db, workspace, proposal, now)


def _close_what_is_open(
    db: Db, workspace: int, session: Session, *, at: datetime, now: datetime, by: PersonId | None
) -> None:
    for kept in proposals.open_in_session(db, workspace, session.id):
        proposals.close_with_session(db, kept, at=at, now=now, by=by)
    topic = topics.on_floor(db, workspace, session.id)
    if topic is not None:
        topics.leave_floor(db, workspace, topic.id, at=at)


def _channel_title(visit: Visit) -> str:
    return visit.channel_name or sessions.channel_name(visit.db, visit.workspace, visit.channel) or UNTITLED
