"""What we come to owe to one person alone, and where that person is: Home, answers that take a question to Slack."""

from datetime import datetime, timedelta
from typing import Any

from minutes.ids import ChannelId, PersonId
from storage import homes, outbox
from storage.db import Db
from storage.outbox import DutyState
from storage.together import owe_together

PLACES, PUBLISH, ANSWER = "places", "publish", "answer"

SHOWN_FOR = timedelta(hours=1)
"""So long after it was opened Home is kept up to date."""
MOST_SHOWN = 30
"""Of so many people at once, those who opened it last; everybody else's is drawn anew when they open it."""
EVERY = timedelta(seconds=30)
"""What changes within so long is drawn together: with the above within what Slack allows in a minute."""


def ask_where(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """To ask Slack in which channels somebody is, where it is not being asked already."""
    key = f"places:{person}"
    asked = outbox.by_key(db, workspace, key)
    if asked is not None and asked.state in (DutyState.WAITING, DutyState.SENDING):
        return
    outbox.owe_again(db, workspace, key, PLACES, channel="", now=now, payload={"person": person})


def publish(db: Db, workspace: int, person: PersonId, now: datetime, *, after: timedelta = timedelta()) -> None:
    """Somebody's Home, as it is by then. Publishing it twice does no harm."""
    key = f"home:{person}"
    owe_together(db, workspace, key, PUBLISH, now=now, after=after, payload={"person": person})


def answer(db: Db, workspace: int, person: PersonId, what: str, key: str, now: datetime, **payload: Any) -> None:
    """What somebody has asked for, said when Slack has told where they are; it is said at most once."""
    wish = {"what": what, "person": person, **payload}
    outbox.owe(db, workspace, f"answer:{key}", ANSWER, channel="", now=now, lane=f"answer:{key}", payload=wish)


def session_changed(db: Db, workspace: int, channel: ChannelId, now: datetime) -> None:
    """Those who have Home before them see a session of one of their channels there."""
    for person in homes.showing(db, workspace, channel, now - SHOWN_FOR, MOST_SHOWN):
        publish(db, workspace, person, now, after=EVERY)


def publish_where_shown(db: Db, workspace: int, person: PersonId, now: datetime) -> None:
    """At once, for it is about them; only where they have opened it lately."""
    seen = homes.of(db, workspace, person)
    if seen is not None and seen.opened_at >= now - SHOWN_FOR:
        publish(db, workspace, person, now)
