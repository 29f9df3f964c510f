"""Somebody's own actions, of all sessions in the channels that they are in. Reads only."""

from collections.abc import Collection
from datetime import date, datetime

from bot.services.permalinks import shown_at
from minutes.action import local_day
from minutes.found import OwnAction, OwnActions
from minutes.ids import ChannelId
from minutes.text import one_line
from storage import finding, people, sessions
from storage.db import Db
from storage.entries import KeptEntry
from storage.people import Known

MOST_ACTIONS = 15


def own_actions(
    db: Db,
    workspace: int,
    person: Known,
    channels: Collection[ChannelId],
    here: ChannelId,
    now: datetime,
    *,
    only_here: bool = False,
) -> OwnActions:
    """What somebody still has to do: in this channel, and in the others that they are in."""
    found = open_actions(db, workspace, person, channels, now, here)
    shown = found[:MOST_ACTIONS]
    return OwnActions(
        here=tuple(each for each in shown if each.channel == here),
        elsewhere=tuple(each for each in shown if each.channel != here),
        more=len(found) - len(shown),
        only_here=only_here,
    )


def open_actions(
    db: Db,
    workspace: int,
    person: Known,
    channels: Collection[ChannelId],
    now: datetime,
    here: ChannelId | None = None,
) -> list[OwnAction]:
    """All of them, with a day before those without one."""
    held = finding.held_in(db, workspace, channels)
    standing = [each for each in finding.actions_of(db, workspace, person.id, held) if not each.entry.done]
    standing.sort(key=lambda each: (each.entry.due or date.max, each.entry.said_at))
    latest = None if here is None else sessions.latest_in(db, workspace, here)
    today = local_day(now, person.zone or "UTC")
    return [own_action(db, each, today, None if latest is None else latest.id) for each in standing]


def own_action(db: Db, kept: KeptEntry, today: date, latest: int | None = None) -> OwnAction:
    session, number, due = sessions.get(db, kept.workspace, kept.session), kept.entry.number, kept.entry.due
    return OwnAction(
        channel=kept.channel,
        session=session.id,
        number=number,
        label=str(number) if session.id == latest else f"{session.id}.{number}",
        text=one_line(people.written_out(db, kept.workspace, kept.entry.text)),
        due=due,
        overdue=due is not None and due < today,
        title=session.title,
        channel_name=sessions.channel_name(db, kept.workspace, kept.channel),
        said_at=kept.entry.said_at,
        url=shown_at(db, kept),
    )
