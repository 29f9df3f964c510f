"""Home: what one person sees of the gatherings that they are in, and what they look for there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.services import duties, finding, home_duties, memberships, own_actions, views
from bot.services.permalinks import link, posted_as
from bot.services.visit import Visit
from minutes.action import local_day
from minutes.found import Home, OpenSession, PastSession
from minutes.ids import ChannelId
from minutes.session import Session, SessionState
from storage import finding as kept
from storage import homes, people, sessions
from storage.db import Db
from storage.people import Known

DONE_LATELY = timedelta(days=1)
MOST_OPEN = 8
MOST_DONE = 3
MOST_RECENT = 8
LONGEST_SEARCH = 200


def show(visit: Visit) -> None:
    """Home is opened, or what was looked for there is put away."""
    _show(visit, None)


def search(visit: Visit, words: str) -> None:
    """Something is looked for; nothing where the field was emptied."""
    _show(visit, visit.own(words)[:LONGEST_SEARCH] or None)


def _show(visit: Visit, words: str | None) -> None:
    homes.opened(visit.db, visit.workspace, visit.person.id, visit.at, words)
    memberships.ask(visit.db, visit.workspace, visit.person.id, visit.at)
    home_duties.publish(visit.db, visit.workspace, visit.person.id, visit.at)


def home(db: Db, workspace: int, person: Known, now: datetime) -> Home | None:
    """What somebody's Home shows; None where Slack has to be asked first in which channels they are. Reads only."""
    known, opened = memberships.known(db, workspace, person.id, now), homes.of(db, workspace, person.id)
    if known is None:
        return None
    organisation, country = people.told(db, workspace, person.id)
    since, words = (opened.opened_at, opened.words) if opened else (now, None)
    if known.channels is None:
        return Home(told=False, opened_at=since, organisation=organisation, country=country)
    held = kept.held_in(db, workspace, known.channels)
    opens = kept.in_channels(db, workspace, held, MOST_OPEN, SessionState.OPEN)
    actions = own_actions.open_actions(db, workspace, person, held, now)
    done = kept.done_since(db, workspace, person.id, held, now - DONE_LATELY, MOST_DONE)
    today = local_day(now, person.zone or "UTC")
    found = None if words is None else finding.search(db, workspace, held, words, MOST_RECENT)
    return Home(
        told=True,
        opened_at=since,
        sessions=tuple(_open(db, workspace, session) for session in opens),
        more_sessions=kept.count_in(db, workspace, held, SessionState.OPEN) - len(opens),
        actions=tuple(actions[: own_actions.MOST_ACTIONS]),
        more_actions=max(0, len(actions) - own_actions.MOST_ACTIONS),
        done=tuple(own_actions.own_action(db, each, today) for each in done),
        organisation=organisation,
        country=country,
        recent=_recent(db, workspace, held) if found is None else (),
        found=found,
    )


def _recent(db: Db, workspace: int, channels: Collection[ChannelId]) -> tuple[PastSession, ...]:
    return finding.recent(db, workspace, channels, MOST_RECENT).sessions


def _open(db: Db, workspace: int, session: Session) -> OpenSession:
    board = views.board(db, workspace, session.id)
    return OpenSession(
        title=board.title,
        channel_name=sessions.channel_name(db, workspace, session.channel),
        planned_end=board.planned_end,
        topic=board.topic,
        topic_since=board.topic_since,
        queued=len(board.queued),
        open_votes=board.open_proposals,
        url=link(db, workspace, session.channel, posted_as(db, workspace, duties.card_key(session.id))),
    )
