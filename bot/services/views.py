"""What is shown: the stored state of a session, a ballot or an entry as values with names written out. Reads only."""

from collections.abc import Mapping

from bot.services import chairs
from bot.services.visit import mentioned, shown
from minutes.board import Board
from minutes.entry import Entry, EntryKind
from minutes.ids import PersonId, Ts
from minutes.proposal import ProposalState
from minutes.record import RecordedEntry
from minutes.topic import TopicState
from storage import entries, outbox, people, sessions, topics, votes
from storage.db import Db
from storage.entries import KeptEntry
from storage.outbox import DutyState
from storage.people import SOMEBODY

_COUNTED_APART = (EntryKind.DECISION, EntryKind.ACTION, EntryKind.QUESTION, EntryKind.PARKED)


def board(db: Db, workspace: int, session: int) -> Board:
    """The session card's facts at this moment."""
    kept = sessions.get(db, workspace, session)
    found = topics.ahead(db, workspace, session)
    floor = next((topic for topic in found if topic.state is TopicState.ON_FLOOR), None)
    standing = entries.counts(db, workspace, session)
    states = list(votes.states(db, workspace, session).values())
    return Board(
        session=session,
        state=kept.state,
        title=kept.title,
        place=kept.place,
        started_at=kept.started_at,
        planned_end=kept.planned_end,
        ended_at=kept.ended_at,
        runs_over=kept.overrun_said,
        topic=None if floor is None else floor.title,
        topic_since=None if floor is None else floor.spells[-1].began_at,
        queued=tuple(topic.title for topic in found if topic.state is TopicState.QUEUED),
        open_proposals=sum(state.is_open for state in states),
        decisions=standing[EntryKind.DECISION] + states.count(ProposalState.ACCEPTED),
        actions=standing[EntryKind.ACTION],
        notes=sum(number for kind, number in standing.items() if kind not in _COUNTED_APART),
        questions=standing[EntryKind.QUESTION],
        parked=standing[EntryKind.PARKED],
        participants=len(sessions.participants(db, workspace, session)),
        chairs=chairs.names(db, workspace, session),
        chaired=kept.chaired,
    )


def entry(db: Db, workspace: int, session: int, number: int) -> tuple[RecordedEntry, str | None]:
    """An entry with its names, and by whom it was taken back, where it was."""
    kept = entries.numbered(db, workspace, session, number)
    if kept is None:
        raise LookupError(f"entry {number} of session {session}")
    edited_by = {kept.edited.by} if kept.edited else set()
    concerned = {*whom(kept.entry), kept.revised_by, *edited_by, *mentioned([kept.entry.text])}
    names = people.names(db, workspace, concerned)
    taken_back_by = None if kept.standing else names.get(kept.revised_by, SOMEBODY)
    return recorded_entry(kept, names, None), taken_back_by


def moved_to(db: Db, workspace: int, session: int, number: int) -> str | None:
    """Under which topic an entry is filed, where that is another than at first; empty for before the first topic."""
    first, now = entries.filed(db, workspace, session, number)
    return None if first == now else heading_of(db, workspace, now) or ""


def heading_of(db: Db, workspace: int, which: int | None) -> str | None:
    """A topic's number and title as one; None for what comes before the first."""
    if which is None:
        return None
    number, title, _, _ = topic(db, workspace, which)
    return f"{number}. {title}"


def whom(entry: Entry) -> set[PersonId]:
    """Those whom an entry names beside its text."""
    said_by = set() if entry.said_by is None else {entry.said_by}
    return {entry.author, *entry.owners} | said_by


def topic(db: Db, workspace: int, topic: int) -> tuple[int, str, str, bool]:
    """A topic's number, title, who brought it, and whether it came back to the floor."""
    found = topics.get(db, workspace, topic)
    names = people.names(db, workspace, [found.brought_by])
    return found.number or 0, found.title, names.get(found.brought_by, SOMEBODY), len(found.spells) > 1


def recorded_entry(
    kept: KeptEntry, names: Mapping[PersonId, str], ts: str | None, permalink: str | None = None
) -> RecordedEntry:
    """An entry as its readers see it."""
    return RecordedEntry(
        number=kept.entry.number,
        kind=kept.entry.kind,
        text=shown(kept.entry.text, names),
        author=names.get(kept.entry.author, SOMEBODY),
        said_at=kept.entry.said_at,
        owners=tuple(names.get(owner, SOMEBODY) for owner in kept.entry.owners),
        due=kept.entry.due,
        ts=ts,
        permalink=permalink,
        edited_by=None if kept.edited is None else names.get(kept.edited.by, SOMEBODY),
        edited_at=None if kept.edited is None else kept.edited.at,
        done=kept.entry.done,
        said_by=None if kept.entry.said_by is None else names.get(kept.entry.said_by, SOMEBODY),
    )


def posted(db: Db, workspace: int, key: str) -> tuple[Ts | None, bool]:
    """Slack's name of the message that a duty became, and whether it may still become one."""
    duty = outbox.by_key(db, workspace, key)
    if duty is None:
        return None, False
    return duty.slack_ts, duty.state in (DutyState.WAITING, DutyState.SENDING, DutyState.BLOCKED)
