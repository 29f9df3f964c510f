"""The aftermath of an attempt: what came of it, stored with what follows from it in the record."""

from datetime import datetime, timedelta

from bot.courier.asking import no_roll, nobody_known, not_compared, not_readable, nowhere_known
from bot.courier.carried import Carried, NeverPossible, NotYet
from bot.courier.verdict import Kind, Verdict
from bot.services import digests, duties, home_duties
from bot.services.delivered import delivered
from storage import outbox
from storage.db import Db
from storage.outbox import Duty, DutyState

IN_CHANNEL = (duties.POST, duties.FILE)
"""What only members of a channel can bring there."""
SAID_ONCE = (duties.HINT, home_duties.ANSWER)
"""What cannot be found again in Slack."""
LONGEST_WAIT = timedelta(minutes=1)
ROLL_WITHIN = timedelta(minutes=2)
"""A ballot does not wait longer for its roll: whoever proposed it is waiting, too. Nor does who looks for something."""
WAITED_FOR = (duties.ROLL, home_duties.PLACES)


def done(db: Db, duty: Duty, carried: Carried, now: datetime) -> Duty:
    """Slack has it."""
    delivered(db, duty, carried.ts, now, more=carried.more)
    if carried.found and duty.kind == duties.POST:
        # It was drawn when it was posted, and nobody could ask for a redraw of it since.
        duties.redraw(db, duty.workspace, duty.key, now=now, **duty.payload)
    return _became(db, duty)


def hindered(db: Db, duty: Duty, why: NotYet | NeverPossible, certain: bool, now: datetime) -> Duty:
    """What it builds on is not there yet, or never will be. `certain` says that no attempt can have arrived."""
    if isinstance(why, NotYet):
        outbox.postpone(db, duty, now + timedelta(seconds=1), f"waits for {why}", certain=certain)
    else:
        outbox.bury(db, duty, f"there is no {why} in Slack", certain=certain)
    return _became(db, duty)


def judged(db: Db, duty: Duty, verdict: Verdict, certain: bool, settle: timedelta, now: datetime) -> Duty:
    """Slack has refused it, or nobody knows: what is unclear waits for `settle` at least, and is then looked for."""
    match verdict.kind:
        case Kind.ALREADY:
            delivered(db, duty, None, now)
        case Kind.LATER | Kind.UNCLEAR if duty.kind in WAITED_FOR and now - duty.owed_at >= ROLL_WITHIN:
            outbox.bury(db, duty, verdict.error)
            _give_up(db, duty, verdict, now)
        case Kind.LATER:
            outbox.postpone(db, duty, now + (verdict.wait or _patience(duty)), verdict.error, certain=certain)
            if duty.kind in (duties.COMPARE, duties.COUNT):
                not_compared(db, duty, verdict, now)
        case Kind.UNCLEAR if duty.kind in SAID_ONCE:
            outbox.bury(db, duty, f"unclear, and said at most once: {verdict.error}")
        case Kind.UNCLEAR:
            outbox.postpone(db, duty, now + max(settle, _patience(duty)), verdict.error, certain=False)
        case Kind.SHUT_OUT if duty.kind in (*IN_CHANNEL, duties.REDRAW):
            outbox.block(db, duty, verdict.error)
            if duty.payload.get("what") == "digest":
                digests.shut_out(db, duty, now)
        case _:
            outbox.bury(db, duty, verdict.error, certain=certain)
            _give_up(db, duty, verdict, now)
    return _became(db, duty)


def _became(db: Db, duty: Duty) -> Duty:
    """What has become of it. The words of a private answer are forgotten with it: they are nobody else's business."""
    became = outbox.by_id(db, duty.id) or duty
    if became.payload.get("what") == "answer" and became.state in (DutyState.SENT, DutyState.DEAD):
        outbox.keep_only(db, became, "what", "person")
    return became


def _give_up(db: Db, duty: Duty, verdict: Verdict, now: datetime) -> None:
    """A question that Slack will not answer: whoever waits for the answer learns that."""
    if duty.kind in (duties.COMPARE, duties.COUNT):
        not_compared(db, duty, verdict, now)
    elif duty.kind == duties.ROLL:
        no_roll(db, duty, now)
    elif duty.kind == duties.CHANNEL and "session" in duty.payload:
        digests.channel_told(db, duty.workspace, duty.payload["session"], False, now)
    elif duty.kind == duties.PERSON:
        nobody_known(db, duty, verdict, now)
    elif duty.kind == home_duties.PLACES:
        nowhere_known(db, duty, now)
    elif duty.kind == duties.MESSAGE:
        not_readable(db, duty, verdict, now)


def _patience(duty: Duty) -> timedelta:
    """Twice as long after every attempt, up to a minute."""
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(duty.attempts, 12)))
