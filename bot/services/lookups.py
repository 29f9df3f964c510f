"""Lookups: what somebody asks to find, answered at once where we know where they are, or else when Slack says so."""

from datetime import datetime
from typing import Literal

from bot.services import finding, home_duties, memberships, own_actions
from bot.services.record import record
from bot.services.visit import Visit
from minutes.found import Found, OwnActions
from minutes.ids import ChannelId, UserId
from minutes.outcomes import LookingUp
from minutes.record import Record
from minutes.session import SessionState
from minutes.text import mention, mentions, replace_mentions
from storage import people, sessions
from storage.db import Db
from storage.people import Known

Sought = Literal["search", "actions"]
MOST_SESSIONS = 8


def look_up(visit: Visit, what: Sought, response_url: str, words: str) -> LookingUp:
    """To ask Slack where somebody is, and to answer them then."""
    memberships.ask(visit.db, visit.workspace, visit.person.id, visit.at)
    wish = {"response_url": response_url, "channel": visit.channel, "words": visit.own(words), "thread": visit.thread}
    home_duties.answer(visit.db, visit.workspace, visit.person.id, what, visit.key, visit.at, **wish)
    return LookingUp()


def at_once(
    db: Db, team: str, user: UserId, what: Sought, channel: ChannelId, words: str, now: datetime
) -> Found | OwnActions | None:
    """The answer, where Slack has told lately where they are; None where it has to be asked. Reads only."""
    workspace = people.known_workspace(db, team)
    person = None if workspace is None else people.by_user(db, workspace, user)
    own = None if workspace is None else _own_words(db, workspace, words)
    if workspace is None or person is None or own is None:
        return None
    return answer(db, workspace, person, what, channel, own, now)


def answer(
    db: Db, workspace: int, person: Known, what: Sought, channel: ChannelId, words: str, now: datetime
) -> Found | OwnActions | None:
    """The same with our own numbers. Whoever has typed a command in a channel is in that one at least."""
    known = memberships.known(db, workspace, person.id, now)
    if known is None:
        return None
    only_here, channels = known.channels is None, (known.channels or frozenset()) | {channel}
    if what == "search":
        return finding.search(db, workspace, channels, words, MOST_SESSIONS, only_here=only_here)
    return own_actions.own_actions(db, workspace, person, channels, channel, now, only_here=only_here)


def look_up_recap(visit: Visit, session: int, view: str) -> LookingUp:
    """To ask Slack whether somebody may see a recap, and to show it in the dialog that is open for it."""
    memberships.ask(visit.db, visit.workspace, visit.person.id, visit.at)
    about = (visit.person.id, "recap", visit.key, visit.at)
    home_duties.answer(visit.db, visit.workspace, *about, session=session, view=view)
    return LookingUp()


def recap_at_once(
    db: Db, team: str, user: UserId, session: int, here: ChannelId | None, now: datetime
) -> tuple[bool | None, Record | None]:
    """Whether somebody may see a recap, and it where they may. Whoever clicks in a channel is there. Reads only."""
    workspace = people.known_workspace(db, team)
    person = None if workspace is None else people.by_user(db, workspace, user)
    if workspace is None or person is None:
        return None, None
    allowed = may_see(db, workspace, person, session, now, here)
    return allowed, record(db, workspace, session, now) if allowed else None


def may_see(
    db: Db, workspace: int, person: Known, session: int, now: datetime, here: ChannelId | None = None
) -> bool | None:
    """Whether somebody is in the channel of a session; None where Slack has to be asked. Reads only."""
    kept = sessions.kept(db, session)
    if kept is None or kept.workspace != workspace or kept.session.state is SessionState.DISCARDED:
        return False
    if kept.session.channel == here:
        return True
    known = memberships.known(db, workspace, person.id, now)
    return None if known is None else kept.session.channel in (known.channels or ())


def _own_words(db: Db, workspace: int, words: str) -> str | None:
    """Words with our own numbers in their mentions; None where somebody is mentioned whom we have not met."""
    met = {user: people.by_user(db, workspace, user) for user in mentions(words)}
    numbers = {user: each.id for user, each in met.items() if each is not None}
    return replace_mentions(words, lambda user: mention(str(numbers[user]))) if len(numbers) == len(met) else None
