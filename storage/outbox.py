"""The outbox: what we owe to Slack, written together with the change that owes it, each duty once.

A lane is a line of duties that must keep their order, such as the posts of one channel; lanes do not wait for each
other. A duty goes from `waiting` to `sending` *before* the call, so that a crash in between is found at the return.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, literal_column, select, tuple_

from minutes.ids import ChannelId, Ts
from storage import prepared
from storage.db import Db, add_once
from storage.installations import is_installed
from storage.schema import OUTBOX, WORKSPACES
from storage.types import UtcDateTime


class DutyState(StrEnum):
    """`blocked` waits for the bot to be let into the channel; `dead` was refused for good, with the reason kept."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BLOCKED = "blocked"
    DEAD = "dead"


_NOT_BEGUN = (DutyState.WAITING, DutyState.BLOCKED)
UNFINISHED = (DutyState.WAITING, DutyState.SENDING, DutyState.BLOCKED)
_STATE = OUTBOX.c.state


def is_in(*states: DutyState) -> ColumnElement[bool]:
    """Written into the statement, which is prepared once."""
    return _STATE.in_([literal_column(f"'{state}'") for state in states])


# Asked after every change, so they are put together once.
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
_ITSELF = OUTBOX.c.id == bindparam("duty")
_BY_ID = select(OUTBOX).where(_ITSELF)
_CLAIM = (
    OUTBOX.update()
    .where(
        _ITSELF,
        is_in(DutyState.WAITING),
        OUTBOX.c.attempts == bindparam("tried"),
        is_installed(OUTBOX.c.workspace_id),
    )
    .values(
        state=DutyState.SENDING,
        attempts=OUTBOX.c.attempts + 1,
        sent_at=func.coalesce(OUTBOX.c.sent_at, bindparam("moment", type_=UtcDateTime)),
    )
    .returning(OUTBOX)
)
_FREE = OUTBOX.update().where(_ITSELF).values(lease_owner=None, leased_until=None)
_WANTED_AGAIN = (
    OUTBOX.update().where(_ITSELF, OUTBOX.c.version != bindparam("carried")).values(state=DutyState.WAITING, attempts=0)
)
_BY_KEY = select(OUTBOX).where(*_MINE)
_BY_KEY_HELD = _BY_KEY.with_for_update()


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


def claim(db: Db, duty: Duty, owner: str, until: datetime, now: datetime) -> Duty | None:
    """Take a waiting duty, as it was when it was looked at, for one attempt; None where it was tried since.

    Or where its workspace has uninstalled the app. `sent_at` is the time of the first attempt of which it is not known
    whether Slack took it.
    """
    as_it_was = {"duty": duty.id, "tried": duty.attempts}
    row = prepared.one(db, _CLAIM, as_it_was | {"lease_owner": owner, "leased_until": until, "moment": now})
    return None if row is None else of_row(row)


def is_under_way(db: Db, duty: Duty) -> bool:
    """Whether this attempt, as it was claimed, is still the one that is under way."""
    now = by_id(db, duty.id) or duty
    return now.state is DutyState.SENDING and (now.attempts, now.leased_until) == (duty.attempts, duty.leased_until)


def sent(db: Db, duty: Duty, ts: Ts | None, now: datetime) -> None:
    """Done. A redraw that was asked for again meanwhile waits anew."""
    known: dict[str, Any] = {} if ts is None else {"slack_ts": ts}
    prepared.count(db, _FREE, {"duty": duty.id, "state": DutyState.SENT, "error": None} | known)
    prepared.count(db, _WANTED_AGAIN, {"duty": duty.id, "carried": duty.version, "not_before": now})


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
    forsaken = OUTBOX.update().where(_STATE == DutyState.SENDING, *which)
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
    row = prepared.one(db, _BY_ID, {"duty": duty})
    return None if row is None else of_row(row)


def by_key(db: Db, workspace: int, key: str, *, held: bool = False) -> Duty | None:
    """`held` keeps it as it is until the transaction ends: nobody sets out with it meanwhile."""
    mine = {"mine": workspace, "named": key}
    row = prepared.one(db, _BY_KEY_HELD if held else _BY_KEY, mine)
    return None if row is None else of_row(row)


def blocked_in(db: Db, places: Collection[tuple[str, ChannelId]], but: str) -> list[tuple[str, str]]:
    """In which of these, each a team and its channel, a duty waits to be let in; `but` for this reason."""
    place = (WORKSPACES.c.team_id, OUTBOX.c.channel_id)
    waits = (_STATE == DutyState.BLOCKED, OUTBOX.c.error != but, tuple_(*place).in_(list(places)))
    found = select(*place).join(WORKSPACES, WORKSPACES.c.id == OUTBOX.c.workspace_id).where(*waits).distinct()
    return [(row.team_id, row.channel_id) for row in db.execute(found)] if places else []


def by_message(db: Db, workspace: int, channel: ChannelId, ts: Ts) -> Duty | None:
    """The duty that became this message of ours."""
    ours = (OUTBOX.c.channel_id == channel, OUTBOX.c.slack_ts == ts, OUTBOX.c.workspace_id == workspace)
    row = db.execute(select(OUTBOX).where(*ours).order_by(OUTBOX.c.id).limit(1)).one_or_none()
    return None if row is None else of_row(row)


def _free(db: Db, duty: Duty, state: DutyState, error: str, **values: Any) -> None:
    prepared.count(db, _FREE, {"duty": duty.id, "state": state, "error": error} | values)


def of_row(row: Row[Any]) -> Duty:
    """A duty as its whole row has it."""
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
