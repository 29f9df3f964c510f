"""What is shown of a vote: the stored state of a proposal as values with names written out. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.services.visit import mentioned, shown
from minutes.board import Ballot
from minutes.ids import PersonId
from minutes.record import Reason, RecordedVote
from minutes.session import SessionState
from minutes.tally import Side, Tally
from storage import ballot_box, outages, people, sessions, topics, votes
from storage.db import Db
from storage.people import SOMEBODY
from storage.votes import KeptProposal

Names = Mapping[PersonId, str]


def ballot(db: Db, workspace: int, proposal: int) -> Ballot:
    """A ballot's facts at this moment."""
    kept = votes.get(db, workspace, proposal)
    return Ballot(
        proposal=proposal,
        topic=topics.title_of(db, workspace, kept.proposal.topic),
        vote=_as_shown(db, kept),
        in_session=sessions.get(db, workspace, kept.session).state is SessionState.OPEN,
    )


def vote(db: Db, workspace: int, proposal: int) -> RecordedVote:
    return _as_shown(db, votes.get(db, workspace, proposal))


def _as_shown(db: Db, kept: KeptProposal) -> RecordedVote:
    return recorded_vote(db, kept, people.names(db, kept.workspace, concerned(db, kept)))


def recorded_vote(db: Db, kept: KeptProposal, names: Names) -> RecordedVote:
    """A proposal as its readers see it."""
    proposal = kept.proposal
    put = RecordedVote(
        label=proposal.label,
        text=shown(proposal.text, names),
        proposer=names.get(proposal.proposer, SOMEBODY),
        state=proposal.state,
        tally=str(proposal.tally),
        in_favour=_named(proposal.tally.in_favour, names),
        against=_named(proposal.tally.against, names),
        abstaining=_named(proposal.tally.abstaining, names),
        conflicting=_named(proposal.tally.conflicting, names),
        proposed_at=proposal.proposed_at,
        deadline=proposal.deadline or _expected_deadline(kept),
        closed_at=proposal.closed_at,
        closed_by=_name(proposal.closed_by, names),
        closed_why=proposal.closed_why,
        fingerprint=kept.fingerprint,
        ballot_ts=proposal.ballot_ts,
        has_roll=kept.roll is not None,
        outages=_outages(db, kept),
        reasons=_reasons(db, kept, names),
        supersedes=_label(db, kept.workspace, kept.supersedes),
        superseded_by=votes.superseding(db, kept.workspace, proposal.id),
    )
    return _counted(put, kept, names)


def _counted(put: RecordedVote, kept: KeptProposal, names: Names) -> RecordedVote:
    """The same with what its rules make of the marks, and what has to be known of the count."""
    result, quorum = kept.result, kept.rules.quorum
    return replace(
        put,
        rule=kept.rules.rule.words,
        needs=result.needs,
        has=result.has,
        quorum=None if quorum is None else quorum.words,
        quorum_needs=result.quorum_needs,
        quorum_has=result.quorum_has,
        silent=_named(result.silent, names),
        advisory=str(result.advisory) if result.advisory.voters else None,
        late=_named(result.late, names),
        changed=_named(result.changed, names),
        untimed=_named(result.untimed, names),
        by_events_only=result.by_events_only and kept.events_only,
        at_least=_at_least(kept),
        access_lost_at=kept.access_lost_at,
        resolved_by=_name(kept.resolved_by, names),
    )


def _named(ids: Iterable[PersonId], names: Names) -> tuple[str, ...]:
    return tuple(sorted(names.get(each, SOMEBODY) for each in ids))


def _name(person: PersonId | None, names: Names) -> str | None:
    return None if person is None else names.get(person, SOMEBODY)


def concerned(db: Db, kept: KeptProposal) -> set[PersonId]:
    """Everybody whose name a vote needs."""
    proposal, result = kept.proposal, kept.result
    people_named = {proposal.proposer, *proposal.tally.voters, *result.silent, *result.late, *result.changed}
    people_named |= {*result.untimed, *result.advisory.voters, *mentioned([proposal.text])}
    people_named |= {each for each in (proposal.closed_by, kept.resolved_by) if each is not None}
    for person, text, _ in ballot_box.reasons(db, kept.workspace, proposal.id):
        people_named |= {person, *mentioned([text])}
    return people_named


def _at_least(kept: KeptProposal) -> bool:
    """Slack's last list of marks was shorter than its count (voting.md §1.5, 21)."""
    return kept.result_text is None and kept.snapshot_at is not None and not kept.snapshot_whole


def _outages(db: Db, kept: KeptProposal) -> tuple[tuple[datetime, datetime], ...]:
    """Silences of ours while the vote was open, up to its closing."""
    if kept.opened_at is None:
        return ()
    until = kept.proposal.closed_at or kept.opened_at
    return tuple(outages.between(db, kept.workspace, kept.opened_at, max(until, kept.closing_since or until)))


def _reasons(db: Db, kept: KeptProposal, names: Names) -> tuple[Reason, ...]:
    sides = _sides(kept.proposal.tally)
    return tuple(
        Reason(names.get(person, SOMEBODY), sides.get(person), shown(text, names), ts)
        for person, text, ts in ballot_box.reasons(db, kept.workspace, kept.proposal.id)
    )


def _sides(tally: Tally) -> dict[PersonId, Side]:
    groups = ((Side.FOR, tally.in_favour), (Side.AGAINST, tally.against), (Side.ABSTAIN, tally.abstaining))
    return {person: side for side, people_there in groups for person in people_there}


def _label(db: Db, workspace: int, proposal: int | None) -> str | None:
    kept = None if proposal is None else votes.find(db, workspace, proposal)
    return None if kept is None else kept.proposal.label


def _expected_deadline(kept: KeptProposal) -> datetime | None:
    """Before Slack has confirmed the ballot, its deadline counts from the proposal; it is redrawn at the exact time."""
    early = kept.opened_at is None and kept.duration is not None
    return kept.proposal.proposed_at + kept.duration if early and kept.duration else None
