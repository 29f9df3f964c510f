"""The outbox: what we owe to Slack, written together with the change that owes it, each duty once.

A lane is a line of duties that must keep their order, such as the posts of one channel; lanes do not wait for each
other. A duty goes from `waiting` to `sending` *before* the call, so that a crash in between is found at the return.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, select

from minutes.ids import ChannelId, Ts
from storage.db import Db, add_once, table
from storage.schema import OutboxRow

OUTBOX = table(OutboxRow)


class DutyState(StrEnum):
    """`blocked` waits for the bot to be let into the channel; `dead` was refused for good, with the reason kept."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"
    DEAD = "dead"


_UNFINISHED = (DutyState.WAITING, DutyState.SENDING, DutyState.BLOCKED)


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
    """Owe a redraw: one waiting row per message, and the newest wins."""
    if owe(db, workspace, key, kind, channel=channel, now=now, lane=key, payload=payload):
        return
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key == key)
    db.execute(OUTBOX.update().where(*mine).values(version=OUTBOX.c.version + 1))
    done = OUTBOX.c.state.in_((DutyState.SENT, DutyState.DEAD))
    fresh = {"state": DutyState.WAITING, "attempts": 0, "owed_at": now, "not_before": now}
    db.execute(OUTBOX.update().where(*mine, done).values(**fresh))


def ready(db: Db, now: datetime) -> Heads:
    """The first unfinished duty of each lane, where it is due, oldest first; and when the next one will be."""
    rows = db.execute(_heads().order_by(OUTBOX.c.id)).all()
    leases = [row.leased_until for row in rows if row.state == DutyState.SENDING]
    waiting = [_duty(row) for row in rows if row.state == DutyState.WAITING]
    later = [at for at in (*leases, *(duty.not_before for duty in waiting)) if at > now]
    return Heads(
        due=[duty for duty in waiting if duty.not_before <= now],
        forsaken=any(until <= now for until in leases),
        next_due=min(later, default=None),
    )


def claim(db: Db, duty: int, owner: str, until: datetime, now: datetime) -> Duty | None:
    """Take a waiting duty for one attempt; None where somebody else was first.

    `sent_at` is the time of the first attempt of which it is not known whether Slack took it.
    """
    taken = db.execute(
        OUTBOX.update()
        .where(OUTBOX.c.id == duty, OUTBOX.c.state == DutyState.WAITING)
        .values(
            state=DutyState.SENDING,
            attempts=OUTBOX.c.attempts + 1,
            lease_owner=owner,
            leased_until=until,
            sent_at=func.coalesce(OUTBOX.c.sent_at, now),
        )
    )
    return by_id(db, duty) if taken.rowcount == 1 else None


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


def bury(db: Db, duty: Duty, error: str) -> None:
    """It can never be done."""
    _free(db, duty, DutyState.DEAD, error)


def unblock(db: Db, workspace: int, channel: ChannelId, now: datetime) -> None:
    """The bot was let in: what waited for that is due."""
    db.execute(
        OUTBOX.update()
        .where(
            OUTBOX.c.workspace_id == workspace,
            OUTBOX.c.channel_id == channel,
            OUTBOX.c.state == DutyState.BLOCKED,
        )
        .values(state=DutyState.WAITING, not_before=now)
    )


def recover(db: Db, now: datetime) -> int:
    """Duties that were under way when their process ended wait again; whether Slack took them is looked for first."""
    forsaken = OUTBOX.update().where(OUTBOX.c.state == DutyState.SENDING, OUTBOX.c.leased_until <= now)
    freed = {"state": DutyState.WAITING, "lease_owner": None, "leased_until": None, "not_before": now}
    return db.execute(forsaken.values(**freed)).rowcount


def revive(db: Db, workspace: int, key: str, at: datetime) -> None:
    """What had nothing to say when its time came may have something now."""
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key == key, OUTBOX.c.state == DutyState.DEAD)
    db.execute(OUTBOX.update().where(*mine).values(state=DutyState.WAITING, not_before=at, sent_at=None))


def cancel(db: Db, workspace: int, *keys: str) -> None:
    """What is no longer worth saying, where it has not been said."""
    db.execute(
        OUTBOX.update()
        .where(
            OUTBOX.c.workspace_id == workspace,
            OUTBOX.c.key.in_(keys),
            OUTBOX.c.state.in_((DutyState.WAITING, DutyState.BLOCKED)),
        )
        .values(state=DutyState.DEAD, error="no longer wanted")
    )


def by_id(db: Db, duty: int) -> Duty:
    return _duty(db.execute(select(OUTBOX).where(OUTBOX.c.id == duty)).one())


def by_key(db: Db, workspace: int, key: str) -> Duty | None:
    mine = (OUTBOX.c.workspace_id == workspace, OUTBOX.c.key == key)
    row = db.execute(select(OUTBOX).where(*mine)).one_or_none()
    return None if row is None else _duty(row)


def message_ts(db: Db, workspace: int, keys: Collection[str]) -> dict[str, Ts]:
    """Slack's names of the messages that these duties became, as far as they have."""
    found = select(OUTBOX.c.key, OUTBOX.c.slack_ts).where(
        OUTBOX.c.workspace_id == workspace, OUTBOX.c.key.in_(keys), OUTBOX.c.slack_ts.is_not(None)
    )
    return {row.key: row.slack_ts for row in db.execute(found)}


def _heads() -> Select[Any]:
    """Per lane the oldest unfinished duty, unless it is blocked. Behind a blocked or moving one the lane waits."""
    oldest = (
        select(func.min(OUTBOX.c.id))
        .where(OUTBOX.c.state.in_(_UNFINISHED))
        .group_by(OUTBOX.c.workspace_id, OUTBOX.c.lane)
    )
    return select(OUTBOX).where(OUTBOX.c.id.in_(oldest), OUTBOX.c.state.in_((DutyState.WAITING, DutyState.SENDING)))


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
        sent_at=row.sent_at,
        slack_ts=row.slack_ts,
    )
