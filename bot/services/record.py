"""The record of a session, put together from everything that is stored of it. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from bot.services import duties
from bot.services.views import concerned, recorded_entry, recorded_vote
from bot.services.visit import mentioned
from minutes.entry import EntryKind
from minutes.ids import PersonId
from minutes.record import Participant, Record, RecordedEntry, RecordedLink, RecordedVote, Section
from minutes.session import Session
from minutes.topic import Topic, TopicState
from storage import entries, outbox, people, sessions, topics, votes
from storage.db import Db
from storage.entries import KeptEntry
from storage.people import SOMEBODY
from storage.sessions import Part
from storage.votes import KeptProposal

Names = Mapping[PersonId, str]


def record(db: Db, workspace: int, session: int, now: datetime) -> Record:
    """Everything of a session as its readers see it; of an open one, as it stands at `now`."""
    kept = sessions.get(db, workspace, session)
    found = topics.of_session(db, workspace, session)
    standing = [each for each in entries.of_session(db, workspace, session) if each.standing]
    proposals = votes.of_session(db, workspace, session)
    shared = entries.links(db, workspace, session)
    parts = sessions.participants(db, workspace, session)
    names = people.names(db, workspace, _everybody(kept, found, standing, proposals, parts))
    sections = _sections(db, workspace, kept, found, standing, proposals, names, now)
    people_here = tuple(_participant(part) for part in parts)
    numbers = {topic.id: topic.number for topic in found}
    return Record(
        session=session,
        state=kept.state,
        title=kept.title,
        place=kept.place,
        workspace=people.workspace_name(db, workspace),
        channel=kept.channel,
        channel_name=sessions.channel_name(db, workspace, kept.channel),
        started_at=kept.started_at,
        planned_end=kept.planned_end,
        ended_at=kept.ended_at,
        started_by=names.get(kept.started_by, SOMEBODY),
        lasted=(kept.ended_at or now) - kept.started_at,
        before_topics=sections[0],
        topics=tuple(sections[1:]),
        not_reached=tuple(topic.title for topic in found if topic.state is TopicState.QUEUED),
        participants=people_here,
        organisations=_distinct(each.organisation for each in people_here),
        countries=_distinct(each.country for each in people_here),
        links=tuple(
            RecordedLink(
                url=each.link.url,
                title=each.link.title or each.link.reference,
                reference=each.link.reference,
                shared_by=names.get(each.person, SOMEBODY),
                topic=None if each.topic is None else numbers.get(each.topic),
            )
            for each in shared
        ),
        note_takers=_note_takers(standing, names),
    )


def _sections(
    db: Db,
    workspace: int,
    session: Session,
    found: list[Topic],
    standing: list[KeptEntry],
    proposals: list[KeptProposal],
    names: Names,
    now: datetime,
) -> list[Section]:
    """One section for what came before the topics, then one a topic, each with what was filed under it."""
    shown_at = _messages(db, workspace, session, standing)
    filed: dict[int | None, list[RecordedEntry]] = defaultdict(list)
    for each in standing:
        filed[each.entry.topic].append(recorded_entry(each, names, shown_at(each)))
    voted: dict[int | None, list[RecordedVote]] = defaultdict(list)
    for kept in proposals:
        voted[kept.proposal.topic].append(recorded_vote(kept, names))
    reached = sorted((topic for topic in found if topic.number is not None), key=lambda topic: topic.number or 0)
    messages = outbox.message_ts(db, workspace, [duties.topic_key(topic.id) for topic in reached])
    before = Section(0, "", None, timedelta(), tuple(filed[None]), tuple(voted[None]))
    return [before] + [
        Section(
            number=topic.number or 0,
            title=topic.title,
            started_at=topic.spells[0].began_at,
            lasted=sum((spell.lasted(now) for spell in topic.spells), timedelta()),
            entries=tuple(filed[topic.id]),
            votes=tuple(voted[topic.id]),
            ts=messages.get(duties.topic_key(topic.id)),
        )
        for topic in reached
    ]


def _messages(db: Db, workspace: int, session: Session, standing: list[KeptEntry]) -> Callable[[KeptEntry], str | None]:
    """Where each entry can be seen in the channel: in the message that said it, or in the one that we posted for it."""
    commands = [each for each in standing if each.source.message.startswith("/")]
    keys = [duties.entry_key(session.id, each.entry.number) for each in commands]
    posted: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        posted |= outbox.message_ts(db, workspace, keys[start : start + 500])

    def shown_at(kept: KeptEntry) -> str | None:
        if kept.source.message.startswith("/"):
            return posted.get(duties.entry_key(session.id, kept.entry.number))
        return kept.source.message

    return shown_at


def _everybody(
    session: Session,
    found: list[Topic],
    standing: list[KeptEntry],
    proposals: list[KeptProposal],
    parts: list[Part],
) -> set[PersonId]:
    people_here = {session.started_by} | {topic.brought_by for topic in found} | {part.person for part in parts}
    for kept in proposals:
        people_here |= concerned(kept.proposal)
    for each in standing:
        people_here |= {each.entry.author, *each.entry.owners}
    return people_here | mentioned(each.entry.text for each in standing)


def _participant(part: Part) -> Participant:
    return Participant(
        name=part.name or SOMEBODY,
        organisation=part.organisation,
        country=part.country,
        signed_in=part.signed_in,
        messages=part.messages,
        voted=part.voted,
    )


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each once, sorted; spelt as it was first, for people write `Red Hat` and `red hat`."""
    first: dict[str, str] = {}
    for value in values:
        if value:
            first.setdefault(value.casefold(), value)
    return tuple(sorted(first.values(), key=str.casefold))


def _note_takers(standing: list[KeptEntry], names: Names) -> tuple[str, ...]:
    """Who took notes, the busiest first."""
    counts: dict[str, int] = defaultdict(int)
    for each in standing:
        if each.entry.kind is EntryKind.NOTE:
            counts[names.get(each.entry.author, SOMEBODY)] += 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
