"""Claiming: a duty is taken by one process at a time, and only when Slack's limits allow its call now.

Whoever claims, or shuts a gate, holds the pace of the workspace meanwhile: all processes share its limits.
"""

from datetime import datetime

from bot.courier import pace
from bot.courier.pace import Pace
from storage import gates, outbox
from storage.db import Db
from storage.outbox import Duty


def holding(duty: Duty) -> str:
    """What nobody else may change meanwhile."""
    return f"pace:{duty.workspace}"


def claim(db: Db, duty: Duty, owner: str, until: datetime, now: datetime) -> Duty | None:
    """Take a waiting duty for one attempt; None where somebody was quicker, or has used the pace up."""
    known = Pace(gates.named(db, duty.workspace, pace.names(duty)))
    if known.free_at(duty, now) > now:
        return None
    claimed = outbox.claim(db, duty, owner, until, now)
    if claimed is not None:
        known.spend(duty, now)
        _keep(db, duty, known)
    return claimed


def shut(db: Db, duty: Duty, until: datetime) -> None:
    """Slack has said to come back later."""
    known = Pace(gates.named(db, duty.workspace, pace.names(duty)))
    known.shut(duty, until)
    _keep(db, duty, known)


def _keep(db: Db, duty: Duty, known: Pace) -> None:
    for name in pace.names(duty):
        if (gate := known.gates.get((duty.workspace, name))) is not None:
            gates.keep(db, duty.workspace, name, gate)
