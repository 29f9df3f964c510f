"""The outbox: what we owe to Slack, written together with the change that owes it, each duty once.

A lane is a line of duties that must keep their order, such as the posts of one channel; lanes do not wait for each
other. A duty goes from `waiting` to `sending` *before* the call, so that a crash in between is found at the return.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select, tuple_

from minutes.ids import ChannelId, Ts
from storage import prepared
from storage.db import Db, add_once
from storage.installations import is_installed
from storage.schema import OUTBOX, WORKSPACES


class DutyState(StrEnum):
    """`blocked` waits for the bot to be let into the channel; `dead` was refused for good, with the reason kept."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"
    DEAD = "dead"


_NOT_BEGUN = (DutyState.WAITING, DutyState.BLOCKED)
UNFINISHED = (DutyState.WAITING, DutyState.SENDING, DutyState.BLOCKED)
NOTHING_HELD: Mapping[tuple[int, str], datetime] = {}

# Asked after every change, so they are put together once.
_STATE, _KIND = OUTBOX.c.state, (OUTBOX.c.workspace_id, OUTBOX.c.kind)
_IS_HELD = tuple_(*_KIND).in_(bindparam("held", expanding=True))
_OLDEST = (
    select(func.min(OUTBOX.c.id))
    .where(_STATE.in_(UNFINISHED), is_installed(OUTBOX.c.workspace_id))
    .group_by(OUTBOX.c.workspace_id, OUTBOX.c.lane)
)
HEADS = select(OUTBOX).where(OUTBOX.c.id.in_(_OLDEST), _STATE.in_((DutyState.WAITING, DutyState.SENDING)))
"""Per lane the oldest unfinished duty, unless it is blocked. Behind a blocked or moving one the lane waits."""
_MINE = (OUTBOX.c.workspace_id == bindparam("mine"), OUTBOX.c.key == bindparam("named"))
_AGAIN = OUTBOX.update().where(*_MINE).values(version=OUTBOX.c.version + 1).returning(_STATE)
_AFRESH = OUTBOX.update().where(*_MINE)
_CANCEL = (
    OUTBOX.update()
    .where(_MINE[0], OUTBOX.c.key.in_(bindparam("keys", expanding=True)), _STATE.in_(_NOT_BEGUN))
    .values(state=DutyState.DEAD, error="no longer wanted")
)
_UNBLOCK = (
    OUTBOX.update()
    .where(_MINE[0], OUTBOX.c.channel_id == bindparam("here"), _STATE == DutyState.BLOCKED)
    .values(state=DutyState.WAITING)
)
_BY_KEY = select(OUTBOX).where(*_MINE)
_BY_KEY_HELD = _BY_KEY.with_for_update()
_READY = HEADS.where(or_(_STATE == DutyState.SENDING, ~_IS_HELD)).order_by(OUTBOX.c.id)
_HELD_BACK = (
    select(*_KIND, func.min(OUTBOX.c.not_before).label("first"))
    .where(OUTBOX.c.id.in_(_OLDEST), _STATE == DutyState.WAITING, _IS_HELD)
    .group_by(*_KIND)
)


@dataclass(frozen=True, slots=True)
class Duty:
    """`key` names the duty for ever, `payload` says by ids what to draw, `version` counts how often it was wanted."""

    id: int
    workspace: int
    key: str
    kind: str
    lane: str
    channel: ChannelId
    payload: dict[str, Any]
    state: DutyState
    version: int
    attempts: int
    owed_at: datetime
    not_before: datetime
    leased_until: datetime | None
    sent_at: datetime | None
    slack_ts: Ts | None


@dataclass(frozen=True, slots=True)
class Heads:
    """What the lanes have in front: duties that are due, whether some were forsaken, and when to look again."""

    due: list[Duty]
    forsaken: bool
    next_due: datetime | None


def owe(
    db: Db,
    workspace: int,
    key: str,
    kind: str,
    *,
    channel: ChannelId,
    now: datetime,
    lane: str | None = None,
    after: timedelta = timedelta(),
    payload: Mapping[str, Any] | None = None,
) -> bool:
    """Owe something once, not to be done before `after` has passed; False where it is owed, or done, already."""
    return add_once(
        db,
        OUTBOX,
        workspace_id=workspace,
        key=key,
        kind=kind,
        lane=lane or f"post:{channel}",
        channel_id=channel,
        payload=dict(payload or {}),
        state=DutyState.WAITING,
        version=1,
        attempts=0,
        owed_at=now,
        not_before=now + after,
    )


def owe_again(
    db: Db, workspace: int, key: str, kind: str, *, channel: ChannelId, now: datetime, payload: Mapping[str, Any]
) -> None:
    """Owe a redraw, or whatever can be wanted again: one waiting row per key, and what was wanted last counts."""
    mine = {"mine": workspace, "named": key}
    wish = {"kind": kind, "payload": dict(payload)}
    state = prepared.value(db, _AGAIN, mine | wish)
    if state is None:
        if owe(db, workspace, key, kind, channel=channel, now=now, lane=key, payload=payload):
            return
        state = prepared.value(db, _AGAIN, mine | wish)  # a neighbour was quicker
    if state in (DutyState.SENT, DutyState.DEAD):
        fresh = {"state": DutyState.WAITING, "attempts": 0, "owed_at": now, "not_before": now}
        prepared.count(db, _AFRESH, mine | fresh)


def ready(db: Db, now: datetime, held: Mapping[tuple[int, str], datetime] = NOTHING_HELD) -> Heads:
    """The first unfinished duty of each lane, where it is due, oldest first; and when the next one will be.

    `held` says of kinds of duties, by workspace, until when none of them can be tried: those are not even read.
    """
    rows = db.execute(_READY, {"held": list(held)}).all()
    leases = [row.leased_until for row in rows if row.state == DutyState.SENDING]
    waiting = [_duty(row) for row in rows if row.state == DutyState.WAITING]
    at_all = (*leases, *(duty.not_before for duty in waiting), *(_held_back(db, held) if held else ()))
    later = [at for at in at_all if at > now]
    return Heads(
        due=[duty for duty in waiting if duty.not_before <= now],
        forsaken=any(until <= now for until in leases),
        next_due=min(later, default=None),
    )


def claim(db: Db, duty: Duty, owner: str, until: datetime, now: datetime) -> Duty | None:
    """Take a waiting duty, as it was when it was looked at, for one attempt; None where it was tried since.

    Or where its workspace has uninstalled the app. `sent_at` is the time of the first attempt of which it is not known
    whether Slack took it.
    """
    as_it_was = (OUTBOX.c.state == DutyState.WAITING, OUTBOX.c.attempts == duty.attempts)
    taken = db.execute(
        OUTBOX.update()
        .where(OUTBOX.c.id == duty.id, *as_it_was, is_installed(OUTBOX.c.workspace_id))
        .values(
            state=DutyState.SENDING,
            attempts=OUTBOX.c.attempts + 1,
            lease_owner=owner,
            leased_until=until,
            sent_at=func.coalesce(OUTBOX.c.sent_at, now),
        )
    )
    return by_id(db, duty.id) if taken.rowcount == 1 else None


def is_under_way(db: Db, duty: Duty) -> bool:
    """Whether this attempt, as it was claimed, is still the one that is under way."""
    now = by_id(db, duty.id) or duty
    return now.state is DutyState.SENDING and (now.attempts, now.leased_until) == (duty.attempts, duty.leased_until)


def sent(db: Db, duty: Duty, ts: Ts | None, now: datetime) -> None:
    """Done. A redraw that was asked for again meanwhile waits anew."""
    again = (OUTBOX.c.id == duty.id, OUTBOX.c.version != duty.version)
    values: dict[str, Any] = {"lease_owner": None, "leased_until": None, "error": None}
    if ts is not None:
        values["slack_ts"] = ts
    db.execute(OUTBOX.update().where(OUTBOX.c.id == duty.id).values(state=DutyState.SENT, **values))
    db.execute(OUTBOX.update().where(*again).values(state=DutyState.WAITING, attempts=0, not_before=now))


def postpone(db: Db, duty: Duty, until: datetime, error: str, *, certain: bool = True) -> None:
    """It is tried again. `certain` says that Slack did not take it; otherwise it is looked for first."""
    known = {"sent_at": None} if certain else {}
    _free(db, duty, DutyState.WAITING, error, not_before=until, **known)


def block(db: Db, duty: Duty, error: str) -> None:
    """It waits for the bot to be let in."""
    _free(db, duty, DutyState.BLOCKED, error)


def bury(db: Db, duty: Duty, error: str, *, certain: bool = False) -> None:
    """It can never be done. `certain` says that Slack has not taken it: then it may be revived."""
    known = {"sent_at": None} if certain else {}
    _free(db, duty, DutyState.DEAD, error, **known)


def keep_only(db: Db, duty: Duty, *names: str) -> None:
    """Forget all else that was to be said."""
    kept = {name: duty.payload[name] for name in names}
    db.execute(OUTBOX.update().where(OUTBOX.c.id == duty.id).values(payload=kept))


def unblock(db: Db, workspace: int, channel: ChannelId, now: datetime) -> None:
    """The bot was let in: what waited for that is due."""
    prepared.count(db, _UNBLOCK, {"mine": workspace, "here": channel, "not_before": now})


def recover(db: Db, now: datetime, settle: timedelta) -> int:
    """Duties whose lease has run out wait again: after `settle`, so that what Slack took can be found."""
    return _take_up_again(db, now + settle, OUTBOX.c.leased_until <= now)


def take_over(db: Db, now: datetime, settle: timedelta) -> int:
    """The same for all that were under way, whatever their lease: we are alone, so whoever held them is no more."""
    return _take_up_again(db, now + settle)


def _take_up_again(db: Db, at: datetime, *which: ColumnElement[bool]) -> int:
    forsaken = OUTBOX.update().where(OUTBOX.c.state == DutyState.SENDING, *which)
    freed = {"state": DutyState.WAITING, "lease_owner": None, "leased_until": None, "not_before": at}
    return db.execute(forsaken.values(**freed)).rowcount


def revive(db: Db, workspace: int, key: str, at: datetime) -> None:
    """What had nothing to say when its time came may have something now; what was perhaps said is not said again."""
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key == key)
    unsaid = (OUTBOX.c.state == DutyState.DEAD, OUTBOX.c.sent_at.is_(None))
    db.execute(OUTBOX.update().where(*mine, *unsaid).values(state=DutyState.WAITING, not_before=at))


def cancel(db: Db, workspace: int, *keys: str) -> None:
    """What is no longer worth saying, where it has not been said."""
    db.execute(_CANCEL, {"mine": workspace, "keys": list(keys)})


def by_id(db: Db, duty: int) -> Duty | None:
    """None for one that was erased with whomever it was about."""
    row = db.execute(select(OUTBOX).where(OUTBOX.c.id == duty)).one_or_none()
    return None if row is None else _duty(row)


def by_key(db: Db, workspace: int, key: str, *, held: bool = False) -> Duty | None:
    """`held` keeps it as it is until the transaction ends: nobody sets out with it meanwhile."""
    mine = {"mine": workspace, "named": key}
    row = prepared.one(db, _BY_KEY_HELD if held else _BY_KEY, mine)
    return None if row is None else _duty(row)


def blocked_in(db: Db, places: Collection[tuple[str, ChannelId]], but: str) -> list[tuple[str, str]]:
    """In which of these, each a team and its channel, a duty waits to be let in; `but` for this reason."""
    place = (WORKSPACES.c.team_id, OUTBOX.c.channel_id)
    waits = (OUTBOX.c.state == DutyState.BLOCKED, OUTBOX.c.error != but, tuple_(*place).in_(list(places)))
    found = select(*place).join(WORKSPACES, WORKSPACES.c.id == OUTBOX.c.workspace_id).where(*waits).distinct()
    return [(row.team_id, row.channel_id) for row in db.execute(found)] if places else []


def by_message(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> Duty | None:
    """The duty that became this message of ours."""
    ours = (OUTBOX.c.channel_id == channel, OUTBOX.c.slack_ts == ts, OUTBOX.c.workspace_id == workspace)
    row = db.execute(select(OUTBOX).where(*ours).order_by(OUTBOX.c.id).limit(1)).one_or_none()
    return None if row is None else _duty(row)


def _held_back(db: Db, held: Mapping[tuple[int, str], datetime]) -> list[datetime]:
    """When the first of each kind that is held can be tried."""
    found = db.execute(_HELD_BACK, {"held": list(held)})
    return [max(row.first, held[row.workspace_id, row.kind]) for row in found]


def _free(db: Db, duty: Duty, state: DutyState, error: str, **values: Any) -> None:
    freed = {"state": state, "error": error, "lease_owner": None, "leased_until": None} | values
    db.execute(OUTBOX.update().where(OUTBOX.c.id == duty.id).values(**freed))


def _duty(row: Row[Any]) -> Duty:
    return Duty(
        id=row.id,
        workspace=row.workspace_id,
        key=row.key,
        kind=row.kind,
        lane=row.lane,
        channel=row.channel_id,
        payload=dict(row.payload),
        state=DutyState(row.state),
        version=row.version,
        attempts=row.attempts,
        owed_at=row.owed_at,
        not_before=row.not_before,
        leased_until=row.leased_until,
        sent_at=row.sent_at,
        slack_ts=row.slack_ts,
    )
