"""What a delivery changes: Slack has taken a message, and now it has a name there."""

from datetime import datetime

from bot.services import digests, duties, proposals
from minutes.ids import Ts
from storage import outbox
from storage.db import Db
from storage.outbox import Duty


def delivered(db: Db, duty: Duty, ts: Ts | None, now: datetime, *, more: bool = False) -> None:
    """Note that a duty is done, as the message `ts`; `more` says that what was drawn goes on in a next part."""
    outbox.sent(db, duty, ts, now)
    if duty.kind != duties.POST or ts is None:
        return
    match duty.payload["what"]:
        case "ballot":
            proposals.ballot_posted(db, duty.workspace, int(duty.payload["proposal"]), ts, now)
        case "card":
            duties.pin(db, duty, now)
        case "digest":
            duties.after_digest_part(db, duty, more=more, now=now)
            digests.posted(db, duty, now)
