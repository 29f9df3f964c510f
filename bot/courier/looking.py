"""Looking: what is due, and how much of it Slack's limits allow. What they hold back altogether is not even read.

Something is stored many times a second while hundreds of redraws wait for one call every second and a half.
"""

from datetime import datetime

from bot.courier.pace import KINDS, Pace, names
from storage import gates, lanes
from storage.db import Db
from storage.lanes import Heads


def look(db: Db, now: datetime) -> tuple[Heads, Pace]:
    """What the lanes have in front, and the pace as far as that needs it."""
    known = gates.wide(db)
    heads = lanes.ready(db, now, Pace(known).held(now))
    others = {name for duty in heads.due for name in names(duty)} - set(KINDS)
    return heads, Pace(known | gates.of_all(db, others) if others else known)
