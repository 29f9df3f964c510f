"""The record of a session, put together from everything that is stored of it. Reads only."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.services import addresses, chairs, duties
from bot.services.views import recorded_entry, whom
from bot.services.visit import mentioned
from bot.services.vote_views import concerned, recorded_vote
from minutes.entry import EntryKind
from minutes.ids import PersonId
from minutes.record import Participant, Record, RecordedEntry, RecordedFile, RecordedLink, RecordedVote, Section
from minutes.session import Session
from minutes.topic import Topic, TopicState
from storage import entries, files, links, outages, people, postings, sessions, topics, votes
from storage.db import Db
from storage.entries import KeptEntry
from storage.files import KeptFile
from storage.links import KeptLink
from storage.people import SOMEBODY
from storage.sessions import Part
from storage.votes import KeptProposal

Names = Mapping[PersonId, str]


def record(db: Db, workspace: int, session: int, now: datetime) -> Record:
    """Everything of a session as its readers see it; of an open one, as it stands at `now`."""
    kept = sessions.get(db, workspace, session)
    found = topics.of_session(db, workspace, session)
    standing = deque(each for each in entries.of_session(db, workspace, session) if each.standing)
    proposals = votes.of_session(db, workspace, session)
    parts = sessions.participants(db, workspace, session)
    names = people.names(db, workspace, _everybody(db, kept, found, standing, proposals, parts))
    note_takers = _note_takers(standing, names)
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
        links=tuple(_link(each, names, numbers) for each in links.of_session(db, workspace, session)),
        note_takers=note_takers,
        files=tuple(_file(each, names, numbers) for each in files.of_session(db, workspace, session)),
        outages=tuple(outages.between(db, workspace, kept.started_at, kept.ended_at or now)),
        chairs=chairs.names(db, workspace, session),
        chaired=kept.chaired,
    )


def _sections(
    db: Db,
    workspace: int,
    session: Session,
    found: list[Topic],
    standing: deque[KeptEntry],
    proposals: list[KeptProposal],
    names: Names,
    now: datetime,
) -> list[Section]:
    """One section for what came before the topics, then one a topic, each with what was filed under it.

    What is filed is taken out of `standing`: a long record would be in memory twice.
    """
    seen_at = addresses.of_entries(db, workspace, session, standing)
    address = addresses.of_workspace(db, workspace, session)
    filed: dict[int | None, list[RecordedEntry]] = defaultdict(list)
    while standing:
        each = standing.popleft()
        message, thread = seen_at(each)
        filed[each.entry.topic].append(recorded_entry(each, names, message, address(message, thread)))
    voted: dict[int | None, list[RecordedVote]] = defaultdict(list)
    for kept in proposals:
        ballot = address(kept.proposal.ballot_ts, None)
        voted[kept.proposal.topic].append(replace(recorded_vote(db, kept, names), permalink=ballot))
    reached = sorted((topic for topic in found if topic.number is not None), key=lambda topic: topic.number or 0)
    messages = postings.message_ts(db, workspace, [duties.topic_key(topic.id) for topic in reached])
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


def _everybody(
    db: Db,
    session: Session,
    found: list[Topic],
    standing: Iterable[KeptEntry],
    proposals: list[KeptProposal],
    parts: list[Part],
) -> set[PersonId]:
    people_here = {session.started_by} | {topic.brought_by for topic in found} | {part.person for part in parts}
    for kept in proposals:
        people_here |= concerned(db, kept)
    for each in standing:
        people_here |= {*whom(each.entry), each.revised_by}
    return people_here | mentioned(each.entry.text for each in standing)


def _link(kept: KeptLink, names: Names, numbers: Mapping[int, int | None]) -> RecordedLink:
    return RecordedLink(
        url=kept.link.url,
        title=kept.link.title or kept.link.reference,
        reference=kept.link.reference,
        shared_by=names.get(kept.person, SOMEBODY),
        topic=None if kept.topic is None else numbers.get(kept.topic),
    )


def _file(kept: KeptFile, names: Names, numbers: Mapping[int, int | None]) -> RecordedFile:
    return RecordedFile(
        name=kept.file.name,
        kind=kept.file.kind,
        permalink=kept.file.permalink,
        shared_by=names.get(kept.person, SOMEBODY),
        topic=None if kept.topic is None else numbers.get(kept.topic),
        ts=kept.message,
    )


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


def _note_takers(standing: Iterable[KeptEntry], names: Names) -> tuple[str, ...]:
    """Who took notes, the busiest first."""
    counts: dict[str, int] = defaultdict(int)
    for each in standing:
        if each.entry.kind is EntryKind.NOTE:
            counts[names.get(each.entry.author, SOMEBODY)] += 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
