"""Use cases of putting entries right: to see them with their numbers, to put one back, to file it elsewhere."""

from collections.abc import Mapping

from bot.services import chairs, views
from bot.services.entries import found, latest, revise
from bot.services.visit import Visit, mentioned
from minutes.chairs import Act
from minutes.entry import Why
from minutes.outcomes import EntryList, EntryMoved, EntryRedone, ListedEntry
from minutes.refusal import Refusal
from minutes.session import Session
from storage import entries, people, topics, wordings
from storage.entries import KeptEntry
from storage.people import SOMEBODY

LISTED = 40
"""So many entries are listed at once, where a message has room for them."""


def listing(visit: Visit, up_to: int | None) -> EntryList:
    """The latest entries of the latest session, or those up to a number, taken back or not."""
    session = latest(visit)
    kept = entries.of_session(visit.db, visit.workspace, session.id)
    wanted = [each for each in kept if up_to is None or each.entry.number <= up_to]
    shown = wanted[-LISTED:]
    concerned = {person for each in shown for person in (each.entry.author, each.revised_by)}
    names = people.names(visit.db, visit.workspace, concerned | mentioned(each.entry.text for each in shown))
    numbers = _numbers(visit, session)
    listed = tuple(_listed(each, names, numbers) for each in shown)
    return EntryList(session.title, session.is_open, listed)


def redo(visit: Visit, number: int | None) -> EntryRedone:
    """Put back what was taken back by mistake: who did that can, and the chairs."""
    session = latest(visit)
    kept = _taken_back_last(visit, session) if number is None else found(visit, session.id, number)
    if kept.standing:
        raise Refusal("It stands: nobody has taken it back.")
    chairs.demand(visit, session, Act.REDO, kept.revised_by)
    if kept.why is Why.EMOJI:
        raise Refusal("It went with the emoji on its message. Press that again.")
    if kept.why is not Why.UNDONE or not kept.entry.text or _is_deleted(visit, kept):
        raise Refusal("It went with its message, which was edited, deleted or taken off the record. Say it again.")
    revise(visit, session, kept, why=Why.REDONE, standing=True)
    return EntryRedone(kept.entry.kind, kept.entry.number, visit.shown(kept.entry.text), session.title)


def move(visit: Visit, number: int, to: int) -> EntryMoved:
    """File an entry under another topic, by the numbers of both; its author can, and the chairs."""
    session = latest(visit)
    kept = found(visit, session.id, number)
    chairs.demand(visit, session, Act.MOVE_ENTRY, kept.entry.author)
    if not kept.standing:
        raise Refusal(f"It was taken back. Put it back first: `/session redo {number}`.")
    reached = {topic: of for of, topic in _numbers(visit, session).items()}
    if to not in reached:
        raise Refusal(_no_such_topic(to, max(each or 0 for each in reached)))
    if kept.entry.topic == reached[to]:
        raise Refusal("It is filed there already.")
    revise(visit, session, kept, topic_id=reached[to])
    topic = views.heading_of(visit.db, visit.workspace, reached[to])
    return EntryMoved(kept.entry.kind, number, visit.shown(kept.entry.text), topic, session.title)


def _listed(kept: KeptEntry, names: Mapping[int, str], numbers: Mapping[int | None, int]) -> ListedEntry:
    entry = views.recorded_entry(kept, names, None)
    back = None if kept.standing else names.get(kept.revised_by, SOMEBODY)
    return ListedEntry(entry.number, entry.kind, entry.text, entry.author, numbers.get(kept.entry.topic, 0), back)


def _is_deleted(visit: Visit, kept: KeptEntry) -> bool:
    return wordings.is_deleted(visit.db, visit.workspace, kept.channel, kept.source.message)


def _numbers(visit: Visit, session: Session) -> dict[int | None, int]:
    """Topics by id, as they are numbered; 0 is what comes before the first."""
    found = topics.of_session(visit.db, visit.workspace, session.id)
    return {None: 0} | {topic.id: topic.number for topic in found if topic.number is not None}


def _taken_back_last(visit: Visit, session: Session) -> KeptEntry:
    kept = entries.of_session(visit.db, visit.workspace, session.id)
    own = [each for each in kept if each.why is Why.UNDONE and each.revised_by == visit.person.id]
    if not own:
        raise Refusal("You have taken nothing back here. Name an entry by its number: `/session redo 7`.")
    return max(own, key=lambda each: each.id)


def _no_such_topic(number: int, last: int) -> str:
    if not last:
        return "No topic was on the floor yet, so there is none to move it to."
    return f"There is no topic {number}: they are numbered 1 to {last}, and 0 is before the first."
