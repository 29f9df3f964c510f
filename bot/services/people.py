"""Use cases around people: what Slack tells of them, and what that changes in the record."""

from datetime import datetime, timedelta

from bot.services import duties, explaining
from bot.services.views import whom
from bot.services.visit import Visit
from bot.services.vote_views import concerned
from minutes.action import read_action
from minutes.entry import EntryKind, Why
from minutes.ids import ChannelId, PersonId, Ts, UserId
from minutes.proposal import ProposalState
from minutes.session import Session
from minutes.text import mentions
from storage import entries, named, people, sessions, topics, vote_agenda, votes
from storage.db import Db

RECENT = timedelta(hours=1)
NOT_LONG_OVER = timedelta(days=1)
"""What was posted of a session that has ended so lately is still read, and shows people by their new names."""


def learn(
    db: Db,
    workspace: int,
    person: PersonId,
    *,
    name: str,
    zone: str | None,
    is_bot: bool,
    is_member: bool,
    now: datetime,
) -> None:
    """Keep what Slack tells of somebody. Dates that they gave before their time zone was known are read again."""
    before = people.by_id(db, workspace, person)
    people.learn(db, workspace, person, name=name, zone=zone, is_bot=is_bot, is_member=is_member, at=now)
    if before is not None and before.zone is None and zone is not None:
        _read_dates_again(db, workspace, person, zone, now)
    renamed = before is not None and before.name != name
    redraw_open(db, workspace, person, sessions.all_open(db, workspace), name if renamed else None, now)
    if renamed:
        redraw_over(db, workspace, person, sessions.closed_since(db, workspace, now - NOT_LONG_OVER), name, now)


def redraw_open(
    db: Db, workspace: int, person: PersonId, among: list[Session], renamed: str | None, now: datetime
) -> None:
    """Of these open sessions, those that show somebody; what was posted before, where they are `renamed`."""
    for session in _naming(db, workspace, person, among):
        duties.redraw_everything_of(db, workspace, session.id, now)
        if renamed is not None:
            _redraw_what_names(db, workspace, session, person, renamed, now)


def redraw_over(db: Db, workspace: int, person: PersonId, among: list[Session], name: str, now: datetime) -> None:
    """Everything that was posted of these sessions, which are over, and shows somebody."""
    for session in _naming(db, workspace, person, among):
        duties.card(db, workspace, session, now)
        _redraw_what_names(db, workspace, session, person, name, now)
        duties.redraw_digest(db, workspace, session, now)


def not_told(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """Slack does not tell who somebody is: until it does, their vote decides nothing where there is no roll."""
    people.not_told(db, workspace, person, now)
    for session in _naming(db, workspace, person, sessions.all_open(db, workspace)):
        duties.redraw_everything_of(db, workspace, session.id, now)
        for proposal, state in votes.states(db, workspace, session.id).items():
            kept = votes.get(db, workspace, proposal) if state is ProposalState.OPEN else None
            if kept is not None and person in kept.result.advisory.voters:
                explaining.explain(db, kept, person, now, late=False)


def told_before(db: Db, team: str, user: UserId) -> tuple[str | None, str | None]:
    """The organisation and country that somebody told before, for the sign-in dialog. Reads only."""
    workspace = people.known_workspace(db, team)
    known = None if workspace is None else people.by_user(db, workspace, user)
    return (None, None) if workspace is None or known is None else people.told(db, workspace, known.id)


def own_user(db: Db, workspace: int, user: UserId, name: str, now: datetime) -> None:
    """The bot's own user: nothing that it does counts."""
    known = people.by_user(db, workspace, user) or people.meet(db, workspace, user, name)
    people.learn(db, workspace, known.id, name=name or known.name, zone=None, is_bot=True, is_member=False, at=now)
    people.this_is_us(db, workspace, known.id)


def let_in(db: Db, team: str, channel: ChannelId, now: datetime) -> None:
    """The bot has become a member of a channel: what was refused for want of that is due now."""
    workspace = people.workspace(db, team)
    duties.let_in(db, workspace, channel, now)
    vote_agenda.compare_in(db, workspace, channel, now)


def where_to_go(visit: Visit, ts: Ts) -> None:
    """Somebody writes to the bot directly: it keeps minutes in channels only."""
    duties.where_to_go(visit.db, visit.workspace, visit.channel, visit.person.id, ts, visit.at)


def help_directly(visit: Visit, ts: Ts) -> None:
    """Somebody asks the bot directly what it can do."""
    duties.help_directly(visit.db, visit.workspace, visit.channel, ts, visit.at)


def _naming(db: Db, workspace: int, person: PersonId, among: list[Session]) -> list[Session]:
    """All others show nothing of them: redrawn too, a hundred sessions would cost each newcomer a hundred cards."""
    naming = named.naming(db, workspace, person, [session.id for session in among])
    return [session for session in among if session.id in naming]


def _redraw_what_names(db: Db, workspace: int, session: Session, person: PersonId, name: str, now: datetime) -> None:
    """What was posted before a name was known shows it, too."""
    for topic in topics.of_session(db, workspace, session.id):
        if topic.brought_by == person or f"@{name}" in topic.title:
            duties.redraw_topic(db, workspace, session, topic, now)
    for kept in entries.of_session(db, workspace, session.id):
        entry = kept.entry
        if person in (*whom(entry), kept.revised_by) or str(person) in mentions(entry.text):
            duties.redraw_entry(db, workspace, session, entry.number, now)
    for proposal, state in votes.states(db, workspace, session.id).items():
        vote = votes.get(db, workspace, proposal) if state.is_over else None
        if vote is not None and person in concerned(db, vote):
            duties.redraw_ballot(db, workspace, proposal, now)
            duties.redraw_result(db, vote, now)


def _read_dates_again(db: Db, workspace: int, person: PersonId, zone: str, now: datetime) -> None:
    for kept in entries.by_author_since(db, workspace, person, now - RECENT):
        if kept.entry.kind is not EntryKind.ACTION or not kept.standing:
            continue
        then = kept.entry.said_at
        before, due = (read_action(kept.entry.text, now=then, tz=tz).due for tz in ("UTC", zone))
        if due != before == kept.entry.due:  # a day that was chosen or put off is no reading of ours
            entries.revise(db, kept, by=person, at=now, why=Why.DATED, due=due)
            session = sessions.get(db, workspace, kept.session)
            duties.redraw_entry(db, workspace, session, kept.entry.number, now)
