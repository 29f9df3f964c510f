"""Use cases of topics: what is on the floor, and what waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.services import chairs, duties, links, proposals
from bot.services.sessions import begin, spoken
from bot.services.visit import Visit
from minutes.chairs import Act
from minutes.outcomes import (
    TopicDone,
    TopicDropped,
    TopicList,
    TopicMoved,
    TopicOnFloor,
    TopicQueued,
    TopicRenamed,
)
from minutes.refusal import Offer, Refusal
from minutes.session import Session
from minutes.session_command import Start
from minutes.topic import NEXT_ASKS_WITHIN, Topic, TopicState
from storage import sessions, topics

NOTHING_ON_FLOOR = "No topic is on the floor. Put one there first, by its title."


def put_on_floor(visit: Visit, title: str) -> TopicOnFloor | TopicQueued:
    """Put a topic on the floor and end the one before. Where no session is open, this starts one.

    On a chaired floor, a topic of anybody else waits in the queue for the chairs.
    """
    session = sessions.open_in(visit.db, visit.workspace, visit.channel)
    began = session is None
    session = session or begin(visit, Start(None, None, None))
    topic = topics.same_title(visit.db, visit.workspace, session.id, title)
    if topic is not None and topic.state is TopicState.ON_FLOOR:
        return TopicOnFloor(topic.number or 0, topic.title, resumed=False, already_there=True, began_session=None)
    if not chairs.may(visit, session, Act.TAKE_FLOOR):
        return replace(queue(visit, title), for_chairs=chairs.names(visit.db, visit.workspace, session.id))
    if topic is None:
        topic = topics.bring(visit.db, visit.workspace, session.id, title, by=visit.person.id, at=visit.at)
    number = _take_floor(visit, session, topic, as_next=False)
    return TopicOnFloor(
        number,
        topic.title,
        resumed=bool(topic.spells),
        already_there=False,
        began_session=session.id if began else None,
    )


def queue(visit: Visit, title: str, number: int | None = None) -> TopicQueued:
    """Let a topic wait for the floor; one that waits already, or is on the floor, is not queued twice."""
    session = visit.session(number)
    topic = topics.same_title(visit.db, visit.workspace, session.id, title)
    if topic is not None and topic.state is TopicState.ON_FLOOR:
        raise Refusal("“{title}” is on the floor already.", title=topic.title)
    already = topic is not None and topic.state is TopicState.QUEUED
    if topic is None:
        topic = topics.bring(visit.db, visit.workspace, session.id, title, by=visit.person.id, at=visit.at)
    elif not already:
        topics.queue_again(visit.db, visit.workspace, topic.id, at=visit.at)
    waiting = [each.id for each in _waiting(visit, session)]
    _changed(visit, session)
    return TopicQueued(topic.title, waiting.index(topic.id) + 1, already_there=already)


def take_next(visit: Visit, anyway: bool = False) -> TopicOnFloor:
    """Put the first of the queue on the floor. So soon after the last `next` it asks first, unless `anyway`."""
    session = visit.session()
    chairs.demand(visit, session, Act.TAKE_NEXT)
    waiting = _waiting(visit, session)
    if not waiting:
        raise Refusal("No topic is waiting. Put one on the floor by its title, or queue one with `add`.")
    current = topics.on_floor(visit.db, visit.workspace, session.id)
    if current and not anyway and _came_just_now(current, visit.at):
        raise Refusal(
            "“{current}” came to the floor less than a minute ago. Go on to “{next}” already?",
            Offer.NEXT_ANYWAY,
            current=current.title,
            next=waiting[0].title,
        )
    number = _take_floor(visit, session, waiting[0], as_next=True)
    return TopicOnFloor(
        number, waiting[0].title, resumed=bool(waiting[0].spells), already_there=False, began_session=None
    )


def listing(visit: Visit) -> TopicList:
    """What was, is and will be on the floor."""
    session = visit.session()
    found = topics.of_session(visit.db, visit.workspace, session.id)
    now = next((topic for topic in found if topic.state is TopicState.ON_FLOOR), None)
    return TopicList(
        now=None if now is None else now.title,
        since=None if now is None else now.spells[-1].began_at,
        done=tuple(topic.title for topic in found if topic.state is TopicState.DONE),
        queued=tuple(topic.title for topic in found if topic.state is TopicState.QUEUED),
    )


def finish(visit: Visit) -> TopicDone:
    """End the topic on the floor without a next one."""
    session = visit.session()
    chairs.demand(visit, session, Act.FINISH_TOPIC)
    topic = topics.on_floor(visit.db, visit.workspace, session.id)
    if topic is None:
        raise Refusal(NOTHING_ON_FLOOR)
    _leave_floor(visit, session, topic.id)
    _changed(visit, session)
    waiting = _waiting(visit, session)
    return TopicDone(topic.title, waiting[0].title if waiting else None)


def drop(visit: Visit, place: int) -> TopicDropped:
    """Take the topic at that place, counted from 1, out of the queue."""
    session = visit.session()
    waiting = _waiting(visit, session)
    topic = _at_place(waiting, place, "drop")
    chairs.demand(visit, session, Act.DROP_TOPIC, topic.brought_by)
    topics.drop(visit.db, visit.workspace, topic)
    _changed(visit, session)
    return TopicDropped(topic.title)


def move(visit: Visit, place: int, to: int) -> TopicMoved:
    """Let the topic at one place of the queue wait at another; those between move up or down by one."""
    session = visit.session()
    chairs.demand(visit, session, Act.MOVE_TOPIC)
    waiting = _waiting(visit, session)
    topic = _at_place(waiting, place, "move")
    _at_place(waiting, to, "move")
    if place == to:
        raise Refusal(f"“{{title}}” is at place {place} already.", title=topic.title)
    waiting.remove(topic)
    waiting.insert(to - 1, topic)
    topics.arrange(visit.db, visit.workspace, [each.id for each in waiting])
    _changed(visit, session)
    return TopicMoved(topic.title, to)


def rename(visit: Visit, title: str) -> TopicRenamed:
    """Give the topic on the floor another title."""
    session = visit.session()
    chairs.demand(visit, session, Act.RENAME_TOPIC)
    topic = topics.on_floor(visit.db, visit.workspace, session.id)
    if topic is None:
        raise Refusal(NOTHING_ON_FLOOR)
    other = topics.same_title(visit.db, visit.workspace, session.id, title)
    if other is not None and other.id != topic.id:
        raise Refusal("Another topic of this session is called “{title}”. Choose a different title.", title=other.title)
    topics.rename(visit.db, visit.workspace, topic.id, title)
    duties.redraw_topic(visit.db, visit.workspace, session, topic, visit.at)
    _changed(visit, session)
    return TopicRenamed(topic.title, visit.shown(title))


def _came_just_now(topic: Topic, now: datetime) -> bool:
    """Whether a `next` brought it within the last minute. One put there by its title was wanted by that title."""
    return topic.from_queue and now - topic.spells[-1].began_at < NEXT_ASKS_WITHIN


def _take_floor(visit: Visit, session: Session, topic: Topic, *, as_next: bool) -> int:
    current = topics.floor(visit.db, visit.workspace, session.id)
    if current is not None:
        _leave_floor(visit, session, current)
    else:
        proposals.ask_proposers(visit, session, None)
    number = topics.put_on_floor(visit.db, visit.workspace, session.id, topic, as_next=as_next, at=visit.at)
    duties.topic(visit.db, visit.workspace, session, topic.id, len(topic.spells) + 1, visit.at)
    links.keep(visit, session, topic.title)
    _changed(visit, session)
    return number


def _leave_floor(visit: Visit, session: Session, topic: int) -> None:
    topics.leave_floor(visit.db, visit.workspace, topic, at=visit.at)
    proposals.ask_proposers(visit, session, topic)


def _waiting(visit: Visit, session: Session) -> list[Topic]:
    found = topics.ahead(visit.db, visit.workspace, session.id)
    return [topic for topic in found if topic.state is TopicState.QUEUED]


def _changed(visit: Visit, session: Session) -> None:
    spoken(visit, session)
    duties.card(visit.db, visit.workspace, session, visit.at)


def _at_place(waiting: Sequence[Topic], place: int, verb: str) -> Topic:
    if not waiting:
        raise Refusal(f"No topic is waiting, so there is none to {verb}.")
    if not 1 <= place <= len(waiting):
        raise Refusal(f"There is no number {place} in the queue: it has 1 to {len(waiting)}. See it with `list`.")
    return waiting[place - 1]
