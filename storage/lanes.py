"""Lanes: what each line of the outbox has in front. Asked after every change, however long the lines are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, cast, func, select

from storage import prepared
from storage.db import Db
from storage.installations import is_installed
from storage.outbox import UNFINISHED, Duty, DutyState, is_in, of_row
from storage.schema import OUTBOX

PORTION = 40
"""So many are read at once, always: the driver keeps each statement, and there would be one for each number."""
NOTHING_HELD: Mapping[tuple[int, str], datetime] = {}
_STATE, _KIND = OUTBOX.c.state, (OUTBOX.c.workspace_id, OUTBOX.c.kind)
_OLDEST = (
    select(func.min(OUTBOX.c.id))
    .where(is_in(*UNFINISHED), is_installed(OUTBOX.c.workspace_id))
    .group_by(OUTBOX.c.workspace_id, OUTBOX.c.lane)
)
_IN_FRONT = (OUTBOX.c.id.in_(_OLDEST), is_in(DutyState.WAITING, DutyState.SENDING))
HEADS = select(OUTBOX).where(*_IN_FRONT)
"""Per lane the oldest unfinished duty, unless it is blocked. Behind a blocked or moving one the lane waits."""
_OVERVIEW = (
    select(
        *_KIND,
        _STATE,
        func.min(OUTBOX.c.not_before).label("first"),
        func.min(OUTBOX.c.leased_until).label("lease"),
        func.aggregate_strings(cast(OUTBOX.c.id, String), ",").label("ids"),
    )
    .where(*_IN_FRONT)
    .group_by(*_KIND, _STATE)
)
_PLACES = [f"duty{place}" for place in range(PORTION)]
_OF_THESE = select(OUTBOX).where(OUTBOX.c.id.in_([bindparam(place, type_=OUTBOX.c.id.type) for place in _PLACES]))


@dataclass(frozen=True, slots=True)
class Heads:
    """What the lanes have in front: duties that are due, whether some were forsaken, and when to look again."""

    due: list[Duty]
    forsaken: bool
    next_due: datetime | None


def ready(db: Db, now: datetime, held: Mapping[tuple[int, str], datetime] = NOTHING_HELD) -> Heads:
    """The first unfinished duty of each lane, where it is due, oldest first; and when the next one will be.

    `held` says of kinds of duties, by workspace, until when none of them can be tried: those are not even read.
    """
    kinds = prepared.rows(db, _OVERVIEW, {})
    leases = [kind.lease for kind in kinds if kind.state == DutyState.SENDING]
    waiting = {(kind.workspace_id, kind.kind): kind for kind in kinds if kind.state == DutyState.WAITING}
    free = {which for which, kind in waiting.items() if kind.first <= now and which not in held}
    read = _these(db, [int(each) for which in free for each in waiting[which].ids.split(",")])
    others = (max(kind.first, held.get(which, kind.first)) for which, kind in waiting.items() if which not in free)
    later = [at for at in (*leases, *(duty.not_before for duty in read), *others) if at > now]
    return Heads(
        due=[duty for duty in read if duty.not_before <= now],
        forsaken=any(until <= now for until in leases),
        next_due=min(later, default=None),
    )


def _these(db: Db, duties: list[int]) -> list[Duty]:
    """The oldest first. In PostgreSQL a neighbour may have taken some since, or done them."""
    found: list[Duty] = []
    for start in range(0, len(duties), PORTION):
        portion = duties[start : start + PORTION]
        ids = portion + portion[-1:] * (PORTION - len(portion))
        found += [of_row(row) for row in prepared.rows(db, _OF_THESE, dict(zip(_PLACES, ids, strict=True)))]
    return sorted((duty for duty in found if duty.state is DutyState.WAITING), key=lambda duty: duty.id)
