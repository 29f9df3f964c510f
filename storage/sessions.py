"""Sessions and who took part in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Executable, Row, bindparam, false, func, literal_column, or_, select

from minutes.folding import folded
from minutes.ids import ChannelId, PersonId
from minutes.session import Session, SessionState, next_due
from storage import chairs, prepared
from storage.db import Db, add, add_once
from storage.installations import earliest, is_installed
from storage.people import written_out
from storage.schema import CHANNELS, IDENTITIES, PARTICIPATIONS, PEOPLE, SESSIONS, WORKSPACES

# Wanted with every message and command, so they are put together once.
_THEIRS = (
    PARTICIPATIONS.c.workspace_id == bindparam("workspace"),
    PARTICIPATIONS.c.session_id == bindparam("session"),
    PARTICIPATIONS.c.person_id == bindparam("person"),
)
_TOOK_PART = (
    PARTICIPATIONS.update()
    .where(*_THEIRS)
    .values(
        messages=PARTICIPATIONS.c.messages + bindparam("spoke"),
        voted=or_(PARTICIPATIONS.c.voted, bindparam("had_voted")),
    )
)
_BY_ID = (SESSIONS.c.workspace_id == bindparam("workspace"), SESSIONS.c.id == bindparam("session"))
_GET, _CHANGE = select(SESSIONS).where(*_BY_ID), SESSIONS.update().where(*_BY_ID)
_CHANGE_AND_GET = _CHANGE.returning(SESSIONS)
_OPEN_IN = select(SESSIONS).where(
    SESSIONS.c.workspace_id == bindparam("workspace"),
    SESSIONS.c.channel_id == bindparam("channel"),
    SESSIONS.c.state == literal_column(f"'{SessionState.OPEN}'"),  # a parameter would hide that an index fits
)
_VOTED = select(PARTICIPATIONS.c.person_id).where(*_THEIRS[:2], PARTICIPATIONS.c.voted.is_(True))
_PARTICIPANTS = (
    select(PARTICIPATIONS, IDENTITIES.c.name)
    .outerjoin(IDENTITIES, IDENTITIES.c.person_id == PARTICIPATIONS.c.person_id)
    .where(*_THEIRS[:2], func.coalesce(IDENTITIES.c.is_bot, false()).is_(False))
    .order_by(PARTICIPATIONS.c.first_at, PARTICIPATIONS.c.person_id)
)


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
    digest_delay: timedelta | None = None,
    digest_channel: ChannelId | None = None,
    chaired: bool = False,
) -> Session:
    """Open a session, chaired by whoever starts it; the database refuses a second open one in the channel."""
    number = add(
        db,
        SESSIONS,
        workspace_id=workspace,
        channel_id=channel,
        title=title,
        folded=folded(title),
        place=place,
        state=SessionState.OPEN,
        started_at=starts,
        planned_end=ends,
        started_by=by,
        last_spoken_at=starts,
        digest_delay=None if digest_delay is None else digest_delay // timedelta(minutes=1),
        digest_channel=digest_channel,
        chaired=chaired,
    )
    chairs.name(db, workspace, number, by, by=by, at=starts)
    session = get(db, workspace, number)
    change(db, workspace, number)
    return session


def get(db: Db, workspace: int, session: int) -> Session:
    """Raises LookupError for a session of another workspace."""
    return _session(db, _only(db, _GET, {"workspace": workspace, "session": session}))


def kept(db: Db, session: int) -> Kept | None:
    """A session by its number alone, for the scheduler and the command line."""
    row = db.execute(select(SESSIONS).where(SESSIONS.c.id == session)).one_or_none()
    return None if row is None else Kept(row.workspace_id, _session(db, row), row.digest_due_at)


def all_kept(db: Db) -> list[Kept]:
    rows = db.execute(select(SESSIONS).order_by(SESSIONS.c.started_at, SESSIONS.c.id))
    return [Kept(row.workspace_id, _session(db, row), row.digest_due_at) for row in rows]


def open_in(db: Db, workspace: int, channel: ChannelId) -> Session | None:
    row = prepared.one(db, _OPEN_IN, {"workspace": workspace, "channel": channel})
    return None if row is None else _session(db, row)


def open_at(db: Db, workspace: int, channel: ChannelId, moment: datetime) -> Session | None:
    """The session that was open in the channel then, whatever has become of it; not one that was discarded."""
    then = (SESSIONS.c.started_at <= moment, SESSIONS.c.ended_at.is_(None) | (SESSIONS.c.ended_at >= moment))
    mine = (SESSIONS.c.workspace_id == workspace, SESSIONS.c.channel_id == channel)
    kept = select(SESSIONS).where(*mine, *then, SESSIONS.c.state != SessionState.DISCARDED)
    row = db.execute(kept.order_by(SESSIONS.c.started_at.desc()).limit(1)).one_or_none()
    return None if row is None else _session(db, row)


def all_open(db: Db, workspace: int) -> list[Session]:
    rows = db.execute(
        select(SESSIONS).where(SESSIONS.c.workspace_id == workspace, SESSIONS.c.state == SessionState.OPEN)
    )
    return [_session(db, row) for row in rows]


def closed_since(db: Db, workspace: int, since: datetime) -> list[Session]:
    mine = (SESSIONS.c.workspace_id == workspace, SESSIONS.c.state == SessionState.CLOSED)
    return [_session(db, row) for row in db.execute(select(SESSIONS).where(*mine, SESSIONS.c.ended_at >= since))]


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
    mine = {"workspace": workspace, "session": session}
    if "title" in values:
        values["folded"] = folded(values["title"])
    row = _only(db, _CHANGE_AND_GET if values else _GET, mine | values)
    changed = _session(db, row)
    due = next_due(changed)
    if row.next_due_at != (due and due.at):
        prepared.count(db, _CHANGE, mine | {"next_due_at": due and due.at})
    return changed


def falling_due(db: Db, now: datetime) -> list[tuple[int, ChannelId]]:
    """Sessions with a step that is due, or a digest, and where they are."""
    rows = db.execute(
        select(SESSIONS.c.id, SESSIONS.c.channel_id)
        .where(
            (SESSIONS.c.next_due_at <= now) | (SESSIONS.c.digest_due_at <= now), is_installed(SESSIONS.c.workspace_id)
        )
        .order_by(SESSIONS.c.id)
    )
    return [(row.id, row.channel_id) for row in rows]


def earliest_due(db: Db) -> datetime | None:
    return earliest(db, SESSIONS, ("next_due_at", "digest_due_at"))


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
    """Count what somebody did; whoever did anything of it is a participant, with what they have told of themselves."""
    of = {"workspace": workspace, "session": session, "person": person}
    was_there = prepared.count(db, _TOOK_PART, of | {"spoke": spoke, "had_voted": voted})
    if was_there and not signed_in:
        return
    told = {
        column.name: select(column).where(PEOPLE.c.workspace_id == workspace, PEOPLE.c.id == person).scalar_subquery()
        for column in (PEOPLE.c.organisation, PEOPLE.c.country)
    }
    key = {"workspace_id": workspace, "session_id": session, "person_id": person}
    if not was_there and not add_once(db, PARTICIPATIONS, **key, first_at=at, voted=voted, messages=spoke, **told):
        db.execute(_TOOK_PART, of | {"spoke": spoke, "had_voted": voted})  # a neighbour was quicker
    if signed_in:
        db.execute(PARTICIPATIONS.update().where(*_THEIRS).values(signed_in_at=at, **told), of)


def voters(db: Db, workspace: int, session: int) -> frozenset[PersonId]:
    """Who has voted in it, as far as that has been counted as taking part."""
    return frozenset(each[0] for each in prepared.rows(db, _VOTED, {"workspace": workspace, "session": session}))


def participants(db: Db, workspace: int, session: int) -> list[Part]:
    """People in the order in which they came; never bots."""
    rows = prepared.rows(db, _PARTICIPANTS, {"workspace": workspace, "session": session})
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


def name_channel(db: Db, workspace: int, channel: ChannelId, name: str, at: datetime) -> bool:
    """Keep what a channel is called as of then; False where it is known what it was called later."""
    if add_once(db, CHANNELS, workspace_id=workspace, channel_id=channel, name=name, named_at=at):
        return True
    mine = (CHANNELS.c.workspace_id == workspace, CHANNELS.c.channel_id == channel)
    older = (*mine, CHANNELS.c.named_at.is_(None) | (CHANNELS.c.named_at <= at))
    return db.execute(CHANNELS.update().where(*older).values(name=name, named_at=at)).rowcount == 1


def _only(db: Db, statement: Executable, values: dict[str, Any]) -> Row[Any]:
    row = prepared.one(db, statement, values)
    if row is None:
        raise LookupError(f"session {values['session']}")
    return cast(Row[Any], row)


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
        digest_delay=None if row.digest_delay is None else timedelta(minutes=row.digest_delay),
        digest_channel=row.digest_channel,
        chaired=row.chaired,
    )
