"""The same meeting as it would be stored, put there at once: saying it all would take longer than what is measured."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from minutes.entry import EntryKind, Why
from minutes.folding import folded
from minutes.ids import Ts
from minutes.session import SessionState
from minutes.topic import TopicState
from storage.db import Db
from storage.engine import writing_engine
from storage.migrate import upgrade
from storage.schema import (
    CHANNELS,
    ENTRIES,
    IDENTITIES,
    LINKS,
    PARTICIPATIONS,
    PEOPLE,
    SESSIONS,
    SPELLS,
    TOPICS,
    WORKSPACES,
)
from tests.bench import meeting
from tests.bench.meeting import BEGAN, Said, messages

HERE = {"workspace_id": 1}
KINDS = {"info": EntryKind.NOTE, "link": EntryKind.LINK}


def keep(file: Path, number: int) -> str:
    """A database with one session, which is over; gives its address."""
    address = f"sqlite:///{file}"
    engine = writing_engine(address)
    upgrade(engine)
    said = list(messages(number))
    with engine.begin() as db:
        _people(db, said)
        _topics(db, said)
        _entries(db, said)
    engine.dispose()
    return address


def _people(db: Db, said: list[Said]) -> None:
    spoken, ended = Counter(each.who for each in said), said[-1].at
    _add(
        db, WORKSPACES, [{"id": 1, "enterprise_id": "", "team_id": "T0MOOT", "name": "Moot", "url": "https://m.test/"}]
    )
    _add(db, PEOPLE, [HERE | {"id": number, "wants_reminders": True} for number in map(_number, meeting.PEOPLE)])
    names = [HERE | {"slack_user_id": f"U0{who}", "person_id": _number(who), "name": who} for who in meeting.PEOPLE]
    _add(db, IDENTITIES, names)
    _add(db, CHANNELS, [HERE | {"channel_id": "C0MOOT", "name": "moot"}])
    when = {"started_at": BEGAN, "planned_end": ended, "ended_at": ended, "last_spoken_at": ended}
    flags = {"warned": True, "overrun_said": False, "closings": 1}
    what = {"id": 1, "channel_id": "C0MOOT", "title": "Docs day", "state": SessionState.CLOSED, "started_by": 1}
    _add(db, SESSIONS, [HERE | when | flags | what])
    parts = {"session_id": 1, "first_at": BEGAN, "voted": False}
    _add(db, PARTICIPATIONS, [HERE | parts | {"person_id": _number(w), "messages": n} for w, n in spoken.items()])


def _topics(db: Db, said: list[Said]) -> None:
    brought = [each for each in said if each.tag == "topic"]
    ends = [each.at for each in brought[1:]] + [said[-1].at]
    topics = [
        {"id": number, "session_id": 1, "number": number, "title": each.text, "title_key": each.text.casefold()}
        | {"state": TopicState.DONE, "brought_by": _number(each.who)}
        for number, each in enumerate(brought, 1)
    ]
    _add(db, TOPICS, [HERE | each for each in topics])
    spells = zip(topics, brought, ends, strict=True)
    _add(db, SPELLS, [HERE | {"topic_id": t["id"], "began_at": each.at, "ended_at": end} for t, each, end in spells])


def _entries(db: Db, said: list[Said]) -> None:
    topic, entries, links = 0, list[dict[str, Any]](), list[dict[str, Any]]()
    for each in said:
        if each.tag == "topic":
            topic += 1
        elif each.tag:
            entries.append(_entry(each, topic, len(entries) + 1))
        if each.tag == "link":
            url, _, words = each.text.partition(" ")
            link = {"key": url, "url": url, "reference": f"issue {each.number}", "title": words}
            whose = {"session_id": 1, "topic_id": topic, "person_id": _number(each.who), "shared_at": each.at}
            links.append(HERE | link | whose | {"message": _ts(each)})
    _add(db, ENTRIES, entries)
    _add(db, LINKS, links)


def _entry(said: Said, topic: int, number: int) -> dict[str, Any]:
    author, action = _number(said.who), said.tag == "action"
    where = {"channel_id": "C0MOOT", "message": _ts(said), "line": 0, "revision": 1, "session_id": 1}
    what = {"kind": KINDS.get(said.tag, said.tag), "text": said.text, "folded": folded(said.text), "number": number}
    more = {"owners": [author] if action else [], "due": said.at.date() if action else None, "topic_id": topic}
    who = {"author_id": author, "revised_by": author, "said_at": said.at, "revised_at": said.at}
    return HERE | where | what | more | who | {"standing": True, "why": Why.SAID}


def _add(db: Db, into: Table, rows: list[dict[str, Any]]) -> None:
    db.execute(into.insert(), rows)


def _number(who: str) -> int:
    return meeting.PEOPLE.index(who) + 1


def _ts(said: Said) -> Ts:
    return f"{said.at.timestamp():.6f}"
