"""Sessions and who took part in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from minutes.ids import ChannelId, PersonId
from minutes.session import Session, SessionState, next_due
from storage.db import Db, add, add_once, table
from storage.people import written_out
from storage.schema import Channel, Identity, ParticipationRow, Person, SessionRow, Workspace

SESSIONS, PARTICIPATIONS, CHANNELS = table(SessionRow), table(ParticipationRow), table(Channel)
PEOPLE, IDENTITIES, WORKSPACES = table(Person), table(Identity), table(Workspace)


@dataclass(frozen=True, slots=True)
class Kept:
    """A session and whose it is."""

    workspace: int
    session: Session
    digest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one person did in a session, with what they told of themselves."""

    person: PersonId
    name: str | None
    organisation: str | None
    country: str | None
    signed_in: bool
    messages: int
    voted: bool


def begin(
    db: Db,
    workspace: int,
    channel: ChannelId,
    *,
    title: str,
    place: str | None,
    starts: datetime,
    ends: datetime,
    by: PersonId,
) -> Session:
    """Open a session; the database refuses a second open one in the channel."""
    number = add(
        db,
        SESSIONS,
        workspace_id=workspace,
        channel_id=channel,
        title=title,
        place=place,
        state=SessionState.OPEN,
        started_at=starts,
        planned_end=ends,
        started_by=by,
        last_spoken_at=starts,
    )
    session = get(db, workspace, number)
    change(db, workspace, number)
    return session


def get(db: Db, workspace: int, session: int) -> Session:
    """Raises NoResultFound for a session of another workspace."""
    return _session(
        db, db.execute(select(SESSIONS).where(SESSIONS.c.workspace_id == workspace, SESSIONS.c.id == session)).one()
    )


def kept(db: Db, session: int) -> Kept | None:
    """A session by its number alone, for the scheduler and the command line."""
    row = db.execute(select(SESSIONS).where(SESSIONS.c.id == session)).one_or_none()
    return None if row is None else Kept(row.workspace_id, _session(db, row), row.digest_due_at)


def all_kept(db: Db) -> list[Kept]:
    rows = db.execute(select(SESSIONS).order_by(SESSIONS.c.started_at, SESSIONS.c.id))
    return [Kept(row.workspace_id, _session(db, row), row.digest_due_at) for row in rows]


def open_in(db: Db, workspace: int, channel: ChannelId) -> Session | None:
    row = db.execute(
        select(SESSIONS).where(
            SESSIONS.c.workspace_id == workspace,
            SESSIONS.c.channel_id == channel,
            SESSIONS.c.state == SessionState.OPEN,
        )
    ).one_or_none()
    return None if row is None else _session(db, row)


def all_open(db: Db, workspace: int) -> list[Session]:
    rows = db.execute(
        select(SESSIONS).where(SESSIONS.c.workspace_id == workspace, SESSIONS.c.state == SessionState.OPEN)
    )
    return [_session(db, row) for row in rows]


def latest_in(db: Db, workspace: int, channel: ChannelId) -> Session | None:
    """The channel's newest session; one that was discarded has never been."""
    row = db.execute(
        select(SESSIONS)
        .where(
            SESSIONS.c.workspace_id == workspace,
            SESSIONS.c.channel_id == channel,
            SESSIONS.c.state != SessionState.DISCARDED,
        )
        .order_by(SESSIONS.c.started_at.desc(), SESSIONS.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _session(db, row)


def change(db: Db, workspace: int, session: int, **values: Any) -> Session:
    """Change a session and note anew when it next falls due."""
    mine = (SESSIONS.c.workspace_id == workspace, SESSIONS.c.id == session)
    if values:
        db.execute(SESSIONS.update().where(*mine).values(**values))
    changed = get(db, workspace, session)
    due = next_due(changed)
    db.execute(SESSIONS.update().where(*mine).values(next_due_at=due and due.at))
    return changed


def falling_due(db: Db, now: datetime) -> list[int]:
    """Sessions with a step that is due, or a digest."""
    rows = db.execute(
        select(SESSIONS.c.id)
        .where((SESSIONS.c.next_due_at <= now) | (SESSIONS.c.digest_due_at <= now))
        .order_by(SESSIONS.c.id)
    )
    return list(rows.scalars())


def earliest_due(db: Db) -> datetime | None:
    steps, digests = func.min(SESSIONS.c.next_due_at), func.min(SESSIONS.c.digest_due_at)
    row = db.execute(select(steps.label("step"), digests.label("digest"))).one()
    return min((at for at in row if at is not None), default=None)


def take_part(
    db: Db,
    workspace: int,
    session: int,
    person: PersonId,
    at: datetime,
    *,
    spoke: int = 0,
    voted: bool = False,
    signed_in: bool = False,
) -> None:
    """Count what somebody did; whoever did anything of it is a participant."""
    key = {"workspace_id": workspace, "session_id": session, "person_id": person}
    add_once(db, PARTICIPATIONS, **key, first_at=at, voted=False, messages=0)
    values: dict[str, Any] = {"messages": PARTICIPATIONS.c.messages + spoke}
    if voted:
        values["voted"] = True
    if signed_in:
        values["signed_in_at"] = at
    db.execute(
        PARTICIPATIONS.update()
        .where(*(PARTICIPATIONS.c[name] == value for name, value in key.items()))
        .values(**values)
    )


def participants(db: Db, workspace: int, session: int) -> list[Part]:
    """People in the order in which they came; never bots."""
    rows = db.execute(
        select(PARTICIPATIONS, PEOPLE.c.organisation, PEOPLE.c.country, IDENTITIES.c.name)
        .join(PEOPLE, PEOPLE.c.id == PARTICIPATIONS.c.person_id)
        .outerjoin(IDENTITIES, IDENTITIES.c.person_id == PARTICIPATIONS.c.person_id)
        .where(
            PARTICIPATIONS.c.workspace_id == workspace,
            PARTICIPATIONS.c.session_id == session,
            func.coalesce(IDENTITIES.c.is_bot, False).is_(False),
        )
        .order_by(PARTICIPATIONS.c.first_at, PARTICIPATIONS.c.person_id)
    )
    return [
        Part(
            row.person_id,
            row.name,
            row.organisation,
            row.country,
            row.signed_in_at is not None,
            row.messages,
            row.voted,
        )
        for row in rows
    ]


def channel_name(db: Db, workspace: int, channel: ChannelId) -> str:
    """The channel's name without `#`; empty where Slack has not told it."""
    found = select(CHANNELS.c.name).where(CHANNELS.c.workspace_id == workspace, CHANNELS.c.channel_id == channel)
    return db.execute(found).scalar_one_or_none() or ""


def vote_defaults(db: Db, workspace: int, channel: ChannelId | None) -> dict[str, Any]:
    """How votes are held here where a proposal does not say: the workspace's ways, overridden by the channel's."""
    everywhere = own_vote_defaults(db, workspace, None)
    return everywhere if channel is None else everywhere | own_vote_defaults(db, workspace, channel)


def own_vote_defaults(db: Db, workspace: int, channel: ChannelId | None) -> dict[str, Any]:
    """What was set for a channel alone, or (None) for the whole workspace."""
    found = select(WORKSPACES.c.vote_defaults).where(WORKSPACES.c.id == workspace)
    if channel is not None:
        mine = (CHANNELS.c.workspace_id == workspace, CHANNELS.c.channel_id == channel)
        found = select(CHANNELS.c.vote_defaults).where(*mine)
    return db.execute(found).scalar_one_or_none() or {}


def set_vote_defaults(db: Db, workspace: int, channel: ChannelId | None, defaults: dict[str, Any]) -> None:
    """Set them for a channel, or (None) for the whole workspace."""
    if channel is None:
        db.execute(WORKSPACES.update().where(WORKSPACES.c.id == workspace).values(vote_defaults=defaults))
        return
    add_once(db, CHANNELS, workspace_id=workspace, channel_id=channel, name="")
    mine = (CHANNELS.c.workspace_id == workspace, CHANNELS.c.channel_id == channel)
    db.execute(CHANNELS.update().where(*mine).values(vote_defaults=defaults))


def name_channel(db: Db, workspace: int, channel: ChannelId, name: str) -> None:
    add_once(db, CHANNELS, workspace_id=workspace, channel_id=channel, name=name)
    db.execute(
        CHANNELS.update()
        .where(CHANNELS.c.workspace_id == workspace, CHANNELS.c.channel_id == channel)
        .values(name=name)
    )


def _session(db: Db, row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        channel=row.channel_id,
        title=written_out(db, row.workspace_id, row.title),
        place=row.place and written_out(db, row.workspace_id, row.place),
        state=SessionState(row.state),
        started_at=row.started_at,
        planned_end=row.planned_end,
        ended_at=row.ended_at,
        started_by=row.started_by,
        last_spoken_at=row.last_spoken_at,
        warned=row.warned,
        overrun_said=row.overrun_said,
        closings=row.closings,
    )
