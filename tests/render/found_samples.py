"""What was found, own actions and Homes for the tests of what the bot shows of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from render_samples import BEGAN

from minutes.entry import EntryKind
from minutes.found import Found, Hit, HitsIn, Home, OpenSession, OwnAction, OwnActions, PastSession, PastSessions
from minutes.proposal import ProposalState

SLACK = "https://village.slack.com/archives/C0123456789/p1778073600000100"
SAID = BEGAN + timedelta(minutes=9)


def past(number: int = 7, **fields: Any) -> PastSession:
    known: dict[str, Any] = {"title": "Village meeting", "channel": "C0123456789", "channel_name": "village"}
    return PastSession(number, **known | {"started_at": BEGAN, "decisions": 2, "actions": 1, "url": SLACK} | fields)


def hit(kind: EntryKind | None = EntryKind.DECISION, text: str = "Buy a new pump", **fields: Any) -> Hit:
    return Hit(**{"text": text, "at": SAID, "entry": kind, "number": 3, "url": SLACK} | fields)


def found(**fields: Any) -> Found:
    """One of everything in one session, and a title in another."""
    action = hit(EntryKind.ACTION, "@Ben: order a seal", number=4, owners=("Ben",), due=date(2026, 5, 8))
    hits = (
        hit(),
        action,
        replace(action, number=5, done=True),
        hit(EntryKind.NOTE, "The pump loses pressure at night", number=6, url=None),
        hit(None, "The pump", number=2),
        hit(None, "Paint the pump", vote=ProposalState.TIED, label="V3"),
    )
    sessions = (HitsIn(past(), hits), HitsIn(past(6, title="All about the pump", url=None, channel_name=""), ()))
    return Found(**{"words": "pump", "sessions": sessions} | fields)


def own(number: int = 2, **fields: Any) -> OwnAction:
    known: dict[str, Any] = {"channel": "C0123456789", "session": 7, "number": number, "label": f"7.{number}"}
    known |= {"text": "@Ben: order a seal by Friday", "due": date(2026, 5, 8), "overdue": False, "url": SLACK}
    return OwnAction(**known | {"title": "Village meeting", "channel_name": "village", "said_at": SAID} | fields)


def own_actions(**fields: Any) -> OwnActions:
    here = (own(2, label="2", overdue=True, due=date(2026, 5, 1)), own(5, label="5", due=None, url=None))
    return OwnActions(**{"here": here, "elsewhere": (own(3, channel_name="kitchen"),), "more": 0} | fields)


def past_sessions(**fields: Any) -> PastSessions:
    return PastSessions(**{"sessions": (past(), past(6, decisions=1, actions=0, url=None)), "more": 0} | fields)


def open_session(**fields: Any) -> OpenSession:
    known: dict[str, Any] = {"title": "Village meeting", "channel_name": "village", "topic": "The well", "queued": 2}
    known |= {"planned_end": BEGAN + timedelta(hours=1), "topic_since": SAID, "open_votes": 1, "url": SLACK}
    return OpenSession(**known | fields)


def home(**fields: Any) -> Home:
    """Home of somebody who is busy."""
    known: dict[str, Any] = {
        "told": True,
        "opened_at": BEGAN,
        "sessions": (open_session(), open_session(title="Kitchen", topic=None, topic_since=None, queued=0, url=None)),
        "actions": (own(2), own(3, overdue=True, due=date(2026, 5, 1)), own(4, due=None)),
        "done": (own(5),),
        "organisation": "Mill",
        "country": "BR",
        "recent": (past(), past(6)),
    }
    return Home(**known | fields)


def empty_home(**fields: Any) -> Home:
    return Home(**{"told": True, "opened_at": BEGAN} | fields)


def overfull_home(text: str = "word " * 400, title: str = "title " * 40) -> Home:
    """As much of everything as there can be, with much to read in each."""
    actions = tuple(own(number, text=text, title=title, channel_name=title) for number in range(1, 16))
    hits = tuple(hit(kind, text, owners=(title,) * 9) for kind in EntryKind for _ in range(4))
    each = past(title=title, channel_name=title)
    return home(
        sessions=(open_session(title=title, topic=title, channel_name=title),) * 8,
        more_sessions=1_200,
        actions=actions,
        more_actions=1_200,
        done=actions[:3],
        organisation=title,
        recent=(),
        found=Found(text, (HitsIn(each, hits[:13]),) + (HitsIn(each, hits[:1]),) * 7, more=True),
    )
