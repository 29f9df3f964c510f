"""Topics of a session, their queue, and their spells on the floor."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal_column, select

from minutes.folding import folded
from minutes.ids import PersonId
from minutes.topic import Spell, Topic, TopicState
from minutes.topic_command import title_key
from storage import prepared
from storage.db import Db, add
from storage.people import written_out
from storage.schema import SPELLS, TOPICS

LAST = 1_000_000

# Asked with every entry, so they are put together once.
_IN_WORKSPACE = TOPICS.c.workspace_id == bindparam("workspace")
_MINE = (_IN_WORKSPACE, TOPICS.c.session_id == bindparam("session"))
_IS_ON_FLOOR = TOPICS.c.state == literal_column(f"'{TopicState.ON_FLOOR}'")  # a parameter would hide that an index fits
_ON_FLOOR = select(TOPICS.c.id).where(*_MINE, _IS_ON_FLOOR)
_OF_SESSION = (
    select(TOPICS)
    .where(*_MINE)
    .order_by(
        case((TOPICS.c.state == TopicState.QUEUED, LAST), else_=func.coalesce(TOPICS.c.number, LAST)),
        func.coalesce(TOPICS.c.place, LAST),
        TOPICS.c.queued_at,
        TOPICS.c.id,
    )
)
_SPELLS_OF = (
    select(SPELLS).join(TOPICS, TOPICS.c.id == SPELLS.c.topic_id).where(*_MINE).order_by(SPELLS.c.began_at, SPELLS.c.id)
)
_IS_AHEAD = TOPICS.c.state.in_([literal_column(f"'{each}'") for each in (TopicState.ON_FLOOR, TopicState.QUEUED)])
_AHEAD, _SPELLS_AHEAD = _OF_SESSION.where(_IS_AHEAD), _SPELLS_OF.where(_IS_AHEAD)
_SAME_TITLE = select(TOPICS.c.id).where(*_MINE, TOPICS.c.title_key == bindparam("key"))
_HIGHEST = select(func.coalesce(func.max(TOPICS.c.number), 0)).where(*_MINE)
_CHANGE = TOPICS.update().where(_IN_WORKSPACE, TOPICS.c.id == bindparam("topic"))
_ITS = (SPELLS.c.workspace_id == bindparam("workspace"), SPELLS.c.topic_id == bindparam("topic"))
_END_SPELL = SPELLS.update().where(*_ITS, SPELLS.c.ended_at.is_(None))
_ITSELF = select(TOPICS).where(_IN_WORKSPACE, TOPICS.c.id == bindparam("topic"))
_ITS_SPELLS = select(SPELLS).where(*_ITS).order_by(SPELLS.c.began_at, SPELLS.c.id)
_TITLE_OF = select(TOPICS.c.title).where(_IN_WORKSPACE, TOPICS.c.id == bindparam("topic"))


def of_session(db: Db, workspace: int, session: int) -> list[Topic]:
    """All topics: first those that were on the floor, by number, then the queue in its order.

    One that was on the floor and waits for it again stands where it waits.
    """
    return _with_spells(db, workspace, session, _OF_SESSION, _SPELLS_OF)


def ahead(db: Db, workspace: int, session: int) -> list[Topic]:
    """The same without those that are over, which may be many."""
    return _with_spells(db, workspace, session, _AHEAD, _SPELLS_AHEAD)


def _with_spells(db: Db, workspace: int, session: int, which: Select[Any], theirs: Select[Any]) -> list[Topic]:
    spells = defaultdict(list)
    of = {"workspace": workspace, "session": session}
    for row in prepared.rows(db, theirs, of):
        spells[row.topic_id].append(Spell(row.began_at, row.ended_at))
    return [_topic(db, row, spells[row.id]) for row in prepared.rows(db, which, of)]


def get(db: Db, workspace: int, topic: int) -> Topic:
    """One by its id; raises LookupError."""
    which = {"workspace": workspace, "topic": topic}
    row = prepared.one(db, _ITSELF, which)
    if row is None:
        raise LookupError(f"topic {topic}")
    return _topic(db, row, [Spell(each.began_at, each.ended_at) for each in prepared.rows(db, _ITS_SPELLS, which)])


def _topic(db: Db, row: Any, spells: Sequence[Spell]) -> Topic:
    return Topic(
        row.id,
        row.number,
        written_out(db, row.workspace_id, row.title),
        TopicState(row.state),
        row.brought_by,
        tuple(spells),
        from_queue=row.queued_at is not None,
    )


def on_floor(db: Db, workspace: int, session: int) -> Topic | None:
    return _only(ahead(db, workspace, session), TopicState.ON_FLOOR)


def floor(db: Db, workspace: int, session: int) -> int | None:
    """The id of the topic on the floor."""
    return prepared.value(db, _ON_FLOOR, {"workspace": workspace, "session": session})


def floor_at(db: Db, workspace: int, session: int, moment: datetime) -> int | None:
    """The id of the topic that was on the floor then."""
    spells = (SPELLS.c.began_at <= moment) & (SPELLS.c.ended_at.is_(None) | (SPELLS.c.ended_at > moment))
    found = (
        select(TOPICS.c.id)
        .join(SPELLS, SPELLS.c.topic_id == TOPICS.c.id)
        .where(TOPICS.c.workspace_id == workspace, TOPICS.c.session_id == session, spells)
    )
    return db.execute(found.order_by(SPELLS.c.began_at.desc()).limit(1)).scalar_one_or_none()


def begun_at(db: Db, workspace: int, session: int, moment: datetime) -> int | None:
    """The id of the topic that came to the floor at that very moment: a message's own, where that put it there."""
    found = (
        select(TOPICS.c.id)
        .join(SPELLS, SPELLS.c.topic_id == TOPICS.c.id)
        .where(TOPICS.c.workspace_id == workspace, TOPICS.c.session_id == session, SPELLS.c.began_at == moment)
    )
    return db.execute(found.order_by(SPELLS.c.id.desc()).limit(1)).scalar_one_or_none()


def title_of(db: Db, workspace: int, topic: int | None) -> str | None:
    title = prepared.value(db, _TITLE_OF, {"workspace": workspace, "topic": topic})
    return None if title is None else written_out(db, workspace, title)


def same_title(db: Db, workspace: int, session: int, title: str) -> Topic | None:
    """The session's topic of that title, however it is spelt in case and spaces."""
    mine = {"workspace": workspace, "session": session}
    found = prepared.value(db, _SAME_TITLE, mine | {"key": title_key(title)})
    if found is None:
        return None
    return get(db, workspace, found)


def bring(db: Db, workspace: int, session: int, title: str, *, by: PersonId, at: datetime) -> Topic:
    """A new topic at the end of the queue."""
    number = add(
        db,
        TOPICS,
        workspace_id=workspace,
        session_id=session,
        number=None,
        title=title,
        title_key=title_key(title),
        folded=folded(title),
        state=TopicState.QUEUED,
        queued_at=at,
        brought_by=by,
    )
    return Topic(number, None, written_out(db, workspace, title), TopicState.QUEUED, by)


def queue_again(db: Db, workspace: int, topic: int, *, at: datetime) -> None:
    _change(db, workspace, topic, state=TopicState.QUEUED, queued_at=at, place=None)


def arrange(db: Db, workspace: int, waiting: Sequence[int]) -> None:
    """Let the queue be in this order; what is queued later comes behind."""
    for place, topic in enumerate(waiting, 1):
        _change(db, workspace, topic, place=place)


def put_on_floor(db: Db, workspace: int, session: int, topic: Topic, *, as_next: bool, at: datetime) -> int:
    """Begin a spell and give the topic's number; the floor must be free. `as_next` says that its turn had come."""
    number = topic.number
    if number is None:
        number = int(prepared.value(db, _HIGHEST, {"workspace": workspace, "session": session}) or 0) + 1
    waited = {} if as_next else {"queued_at": None}
    _change(db, workspace, topic.id, state=TopicState.ON_FLOOR, number=number, **waited)
    add(db, SPELLS, workspace_id=workspace, topic_id=topic.id, began_at=at)
    return number


def leave_floor(db: Db, workspace: int, topic: int, *, at: datetime) -> None:
    _change(db, workspace, topic, state=TopicState.DONE)
    prepared.count(db, _END_SPELL, {"workspace": workspace, "topic": topic, "ended_at": at})


def drop(db: Db, workspace: int, topic: Topic) -> None:
    """Take a topic out of the queue; one that was on the floor before stays in the record."""
    state = TopicState.DROPPED if topic.number is None else TopicState.DONE
    _change(db, workspace, topic.id, state=state)


def rename(db: Db, workspace: int, topic: int, title: str) -> None:
    _change(db, workspace, topic, title=title, title_key=title_key(title), folded=folded(title))


def _change(db: Db, workspace: int, topic: int, **values: Any) -> None:
    prepared.count(db, _CHANGE, {"workspace": workspace, "topic": topic} | values)


def _only(topics: list[Topic], state: TopicState) -> Topic | None:
    return next((topic for topic in topics if topic.state is state), None)
