"""What is shown: the stored state of a session, a ballot or an entry as values with names written out. Reads only."""

from collections.abc import Mapping
from datetime import datetime

from bot.services.visit import mentioned, shown
from minutes.board import Ballot, Board
from minutes.entry import EntryKind
from minutes.ids import PersonId, Ts
from minutes.proposal import Proposal, ProposalState
from minutes.record import RecordedEntry, RecordedVote
from minutes.topic import TopicState
from storage import entries, outbox, people, sessions, topics, votes
from storage.db import Db
from storage.entries import KeptEntry
from storage.outbox import DutyState
from storage.people import SOMEBODY
from storage.votes import KeptProposal


def board(db: Db, workspace: int, session: int) -> Board:
    """The session card's facts at this moment."""
    kept = sessions.get(db, workspace, session)
    found = topics.of_session(db, workspace, session)
    floor = next((topic for topic in found if topic.state is TopicState.ON_FLOOR), None)
    standing = [each.entry.kind for each in entries.of_session(db, workspace, session) if each.standing]
    states = [each.proposal.state for each in votes.of_session(db, workspace, session)]
    names = people.names(db, workspace, [kept.started_by])
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
        decisions=standing.count(EntryKind.DECISION) + states.count(ProposalState.ACCEPTED),
        actions=standing.count(EntryKind.ACTION),
        notes=sum(kind not in (EntryKind.DECISION, EntryKind.ACTION) for kind in standing),
        participants=len(sessions.participants(db, workspace, session)),
        started_by=names.get(kept.started_by, SOMEBODY),
    )


def ballot(db: Db, workspace: int, proposal: int) -> Ballot:
    """A ballot's facts at this moment."""
    kept = votes.get(db, workspace, proposal)
    found = topics.of_session(db, workspace, kept.session)
    topic = next((each.title for each in found if each.id == kept.proposal.topic), None)
    vote = recorded_vote(kept, _names_for(db, kept))
    return Ballot(
        proposal=proposal,
        label=vote.label,
        text=vote.text,
        proposer=vote.proposer,
        topic=topic,
        state=vote.state,
        deadline=vote.deadline or _expected_deadline(kept),
        tally=vote.tally,
        in_favour=vote.in_favour,
        against=vote.against,
        abstaining=vote.abstaining,
        conflicting=vote.conflicting,
        closed_at=vote.closed_at,
        closed_by=vote.closed_by,
        closed_why=vote.closed_why,
    )


def vote(db: Db, workspace: int, proposal: int) -> RecordedVote:
    kept = votes.get(db, workspace, proposal)
    return recorded_vote(kept, _names_for(db, kept))


def entry(db: Db, workspace: int, session: int, number: int) -> tuple[RecordedEntry, str | None]:
    """An entry with its names, and by whom it was taken back, where it was."""
    kept = entries.numbered(db, workspace, session, number)
    if kept is None:
        raise LookupError(f"entry {number} of session {session}")
    concerned = {kept.entry.author, kept.revised_by, *kept.entry.owners, *mentioned([kept.entry.text])}
    names = people.names(db, workspace, concerned)
    taken_back_by = None if kept.standing else names.get(kept.revised_by, SOMEBODY)
    return recorded_entry(kept, names, None), taken_back_by


def topic(db: Db, workspace: int, session: int, topic: int) -> tuple[int, str, str, bool]:
    """A topic's number, title, who brought it, and whether it came back to the floor."""
    found = next(each for each in topics.of_session(db, workspace, session) if each.id == topic)
    names = people.names(db, workspace, [found.brought_by])
    return found.number or 0, found.title, names.get(found.brought_by, SOMEBODY), len(found.spells) > 1


def recorded_entry(kept: KeptEntry, names: Mapping[PersonId, str], ts: str | None) -> RecordedEntry:
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
    )


def recorded_vote(kept: KeptProposal, names: Mapping[PersonId, str]) -> RecordedVote:
    """A proposal as its readers see it."""
    proposal = kept.proposal

    def named(ids: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(sorted(names.get(each, SOMEBODY) for each in ids))

    return RecordedVote(
        label=proposal.label,
        text=shown(proposal.text, names),
        proposer=names.get(proposal.proposer, SOMEBODY),
        state=proposal.state,
        tally=str(proposal.tally),
        in_favour=named(proposal.tally.in_favour),
        against=named(proposal.tally.against),
        abstaining=named(proposal.tally.abstaining),
        conflicting=named(proposal.tally.conflicting),
        proposed_at=proposal.proposed_at,
        deadline=proposal.deadline,
        closed_at=proposal.closed_at,
        closed_by=None if proposal.closed_by is None else names.get(proposal.closed_by, SOMEBODY),
        closed_why=proposal.closed_why,
        fingerprint=kept.fingerprint,
        ballot_ts=proposal.ballot_ts,
    )


def concerned(proposal: Proposal) -> set[int]:
    """Everybody whose name a vote needs."""
    closer = set() if proposal.closed_by is None else {proposal.closed_by}
    return {proposal.proposer, *proposal.tally.voters, *mentioned([proposal.text])} | closer


def posted(db: Db, workspace: int, key: str) -> tuple[Ts | None, bool]:
    """Slack's name of the message that a duty became, and whether it may still become one."""
    duty = outbox.by_key(db, workspace, key)
    if duty is None:
        return None, False
    return duty.slack_ts, duty.state in (DutyState.WAITING, DutyState.SENDING, DutyState.BLOCKED)


def _names_for(db: Db, kept: KeptProposal) -> Mapping[PersonId, str]:
    return people.names(db, kept.workspace, concerned(kept.proposal))


def _expected_deadline(kept: KeptProposal) -> datetime | None:
    """Before Slack has confirmed the ballot, its deadline counts from the proposal; it is redrawn at the exact time."""
    return None if kept.duration is None else kept.proposal.proposed_at + kept.duration
