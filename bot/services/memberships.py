"""Use cases of who is where: somebody finds, and is shown, what is of the channels that they are in, and nothing else.

Slack's word on that counts for some minutes. Where it tells that somebody came or went, it is asked anew.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.services import home_duties
from minutes.ids import ChannelId, PersonId, UserId
from storage import memberships, people
from storage.db import Db
from storage.memberships import Membership

KNOWN_FOR = timedelta(minutes=5)


def held(workspace: int, person: PersonId) -> str:
    """What nobody else may change meanwhile: two processes would ask twice."""
    return f"places:{workspace}:{person}"


def known(db: Db, workspace: int, person: PersonId, now: datetime) -> Membership | None:
    """Slack's word, while it is fresh; None where it has to be asked. Reads only."""
    found = memberships.of(db, workspace, person)
    if found is None or found.asked_at <= now - KNOWN_FOR:
        return None
    return None if found.moved_at is not None and found.asked_at <= found.moved_at else found


def ask(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """To ask Slack, unless somebody has meanwhile."""
    if known(db, workspace, person, now) is None:
        home_duties.ask_where(db, workspace, person, now)


def told(db: Db, workspace: int, person: PersonId, channels: Collection[ChannelId], asked_at: datetime) -> None:
    memberships.learn(db, workspace, person, channels, asked_at)


def not_told(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """Slack does not tell where somebody is: then they are shown nothing of other channels."""
    memberships.learn(db, workspace, person, None, now)


def moved(db: Db, team: str, user: UserId, now: datetime) -> None:
    """Somebody has come to a channel or left one."""
    workspace = people.known_workspace(db, team)
    person = None if workspace is None else people.by_user(db, workspace, user)
    if workspace is not None and person is not None:
        memberships.moved(db, workspace, person.id, now)
        home_duties.publish_where_shown(db, workspace, person.id, now)
