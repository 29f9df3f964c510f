"""Use cases of forgetting: a person, of whom the record goes on to count what they did, or a whole workspace."""

from datetime import UTC, datetime

from bot.services import people
from minutes.ids import UserId
from minutes.refusal import Refusal
from storage import forgetting, sessions
from storage import people as known_people
from storage.db import Db
from storage.people import Known

EVER = datetime(1970, 1, 1, tzinfo=UTC)


def held(db: Db, workspace: int) -> list[str]:
    """What nobody else may change meanwhile: the record of every channel. Reads only."""
    return [each.session.channel for each in sessions.all_kept(db) if each.workspace == workspace]


def forget_person(db: Db, workspace: int, user: UserId, now: datetime) -> dict[str, int]:
    """Erase somebody by Slack's id; gives of how many rows, by table. Whoever comes back is a new person.

    What was said in Slack under their name is drawn anew.
    """
    person = known_people.by_user(db, workspace, user)
    if person is None:
        raise Refusal("Nobody with the id {user} is stored. It is at the end of their profile in Slack.", user=user)
    if person.is_bot:
        raise Refusal("{user} is a bot. Only people can be forgotten.", user=user)
    if labels := forgetting.votes_under_way(db, workspace, person.id):
        raise Refusal(
            "{user} votes in {labels}, which is not over: Slack would name them to the bot again. "
            "Have it closed or withdrawn, then say this again.",
            user=user,
            labels=", ".join(labels),
        )
    _redraw(db, workspace, person, now)
    return forgetting.erase_person(db, workspace, person.id)


def forget_workspace(db: Db, workspace: int) -> dict[str, int]:
    """Erase all that is stored of a workspace; gives how many rows, by table."""
    return forgetting.erase_workspace(db, workspace)


def _redraw(db: Db, workspace: int, person: Known, now: datetime) -> None:
    open_ones, over = sessions.all_open(db, workspace), sessions.closed_since(db, workspace, EVER)
    people.redraw_open(db, workspace, person.id, open_ones, person.name, now)
    people.redraw_over(db, workspace, person.id, over, person.name, now)
