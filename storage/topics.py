"""Topics of a session, their queue, and their spells on the floor."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Update, bindparam, case, func, select

from minutes.folding import folded
from minutes.ids import PersonId
from minutes.topic import Spell, Topic, TopicState
from minutes.topic_command import title_key
from storage.db import Db, add, table
from storage.people import written_out
from storage.schema import SpellRow, TopicRow

TOPICS, SPELLS = table(TopicRow), table(SpellRow)
LAST = 1_000_000

# Asked with every entry, so they are put together once.
_IN_WORKSPACE = TOPICS.c.workspace_id == bindparam("workspace")
_MINE = (_IN_WORKSPACE, TOPICS.c.session_id == bindparam("session"))
_ON_FLOOR = select(TOPICS.c.id).where(*_MINE, TOPICS.c.state == TopicState.ON_FLOOR)
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
_TITLE_OF = select(TOPICS.c.title).where(_IN_WORKSPACE, TOPICS.c.id == bindparam("topic"))


def of_session(db: Db, workspace: int, session: int) -> list[Topic]:
    """All topics: first those that were on the floor, by number, then the queue in its order.

    One that was on the floor and waits for it again stands where it waits.
    """
    spells = defaultdict(list)
    of = {"workspace": workspace, "session": session}
    for row in db.execute(_SPELLS_OF, of):
        spells[row.topic_id].append(Spell(row.began_at, row.ended_at))
    return [
        Topic(
            row.id,
            row.number,
            written_out(db, workspace, row.title),
            TopicState(row.state),
            row.brought_by,
            tuple(spells[row.id]),
            from_queue=row.queued_at is not None,
        )
        for row in db.execute(_OF_SESSION, of)
    ]


def on_floor(db: Db, workspace: int, session: int) -> Topic | None:
    return _only(of_session(db, workspace, session), TopicState.ON_FLOOR)


def floor(db: Db, workspace: int, session: int) -> int | None:
    """The id of the topic on the floor."""
    return db.execute(_ON_FLOOR, {"workspace": workspace, "session": session}).scalar_one_or_none()


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
    title = db.execute(_TITLE_OF, {"workspace": workspace, "topic": topic}).scalar_one_or_none()
    return None if title is None else written_out(db, workspace, title)


def same_title(db: Db, workspace: int, session: int, title: str) -> Topic | None:
    """The session's topic of that title, however it is spelt in case and spaces."""
    found = select(TOPICS.c.id).where(
        TOPICS.c.workspace_id == workspace,
        TOPICS.c.session_id == session,
        TOPICS.c.title_key == title_key(title),
    )
    number = db.execute(found).scalar_one_or_none()
    return next((topic for topic in of_session(db, workspace, session) if topic.id == number), None)


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
    db.execute(_mine(workspace, topic).values(state=TopicState.QUEUED, queued_at=at, place=None))


def arrange(db: Db, workspace: int, waiting: Sequence[int]) -> None:
    """Let the queue be in this order; what is queued later comes behind."""
    for place, topic in enumerate(waiting, 1):
        db.execute(_mine(workspace, topic).values(place=place))


def put_on_floor(db: Db, workspace: int, session: int, topic: Topic, *, as_next: bool, at: datetime) -> int:
    """Begin a spell and give the topic's number; the floor must be free. `as_next` says that its turn had come."""
    number = topic.number
    if number is None:
        highest = select(func.coalesce(func.max(TOPICS.c.number), 0)).where(
            TOPICS.c.workspace_id == workspace, TOPICS.c.session_id == session
        )
        number = int(db.execute(highest).scalar_one()) + 1
    waited = {} if as_next else {"queued_at": None}
    db.execute(_mine(workspace, topic.id).values(state=TopicState.ON_FLOOR, number=number, **waited))
    add(db, SPELLS, workspace_id=workspace, topic_id=topic.id, began_at=at)
    return number


def leave_floor(db: Db, workspace: int, topic: int, *, at: datetime) -> None:
    db.execute(_mine(workspace, topic).values(state=TopicState.DONE))
    db.execute(
        SPELLS.update()
        .where(SPELLS.c.workspace_id == workspace, SPELLS.c.topic_id == topic, SPELLS.c.ended_at.is_(None))
        .values(ended_at=at)
    )


def drop(db: Db, workspace: int, topic: Topic) -> None:
    """Take a topic out of the queue; one that was on the floor before stays in the record."""
    state = TopicState.DROPPED if topic.number is None else TopicState.DONE
    db.execute(_mine(workspace, topic.id).values(state=state))


def rename(db: Db, workspace: int, topic: int, title: str) -> None:
    db.execute(_mine(workspace, topic).values(title=title, title_key=title_key(title), folded=folded(title)))


def _mine(workspace: int, topic: int) -> Update:
    return TOPICS.update().where(TOPICS.c.workspace_id == workspace, TOPICS.c.id == topic)


def _only(topics: list[Topic], state: TopicState) -> Topic | None:
    return next((topic for topic in topics if topic.state is state), None)
