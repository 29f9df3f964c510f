"""Whether everything that was acknowledged is in the record, once, and every vote as Slack has it."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from minutes.ids import micros
from minutes.proposal import ProposalState
from minutes.tally import count
from storage import entries, sessions, votes
from storage.schema import IDENTITIES, TOPICS
from storage.votes import KeptProposal
from tests.faults.torture.ledger import Ledger, Sort

WITHOUT_COUNT = (ProposalState.WITHDRAWN, ProposalState.CANCELLED, ProposalState.UNDETERMINED, ProposalState.VOID)


def complaints(db: Connection, ledger: Ledger) -> Iterator[str]:
    found = {Sort.ENTRY: _entries(db), Sort.TOPIC: _topics(db), Sort.PROPOSAL: _proposals(db)}
    yield from _lines(ledger, found)
    yield from _undone(db, ledger)
    for kept in votes.every(db):
        yield from _vote(db, ledger, kept)


def _lines(ledger: Ledger, found: dict[Sort, Counter[str]]) -> Iterator[str]:
    for line in ledger.lines.values():
        times = found[line.sort].pop(line.words, 0)
        if times > 1:
            yield f"{line.words!r} is in the record {times} times"
        if times == 0 and line.taken:
            yield f"{line.words!r} was acknowledged and is not in the record"
    for sort, rest in found.items():
        for words in rest:
            yield f"{words!r} is in the record as {sort}, and nobody said it"


def _entries(db: Connection) -> Counter[str]:
    every = (each for kept in sessions.all_kept(db) for each in entries.of_session(db, kept.workspace, kept.session.id))
    return Counter(each.entry.text for each in every)


def _topics(db: Connection) -> Counter[str]:
    return Counter(db.execute(select(TOPICS.c.title)).scalars())


def _proposals(db: Connection) -> Counter[str]:
    return Counter(kept.proposal.text for kept in votes.every(db))


def _undone(db: Connection, ledger: Ledger) -> Iterator[str]:
    for kept in sessions.all_kept(db):
        for each in entries.of_session(db, kept.workspace, kept.session.id):
            undone = ledger.lines[each.entry.text].undone if each.entry.text in ledger.lines else False
            if undone is not None and undone == each.standing:
                yield f"{each.entry.text!r} was {'' if undone else 'not '}taken back, and the record does not say so"


def _vote(db: Connection, ledger: Ledger, kept: KeptProposal) -> Iterator[str]:
    """Who stands where, by what Slack has seen until the close; where nobody can tell, the result says so itself."""
    proposal = kept.proposal
    if not proposal.state.is_over:
        yield f"{proposal.label} is still {proposal.state}"
    if proposal.ballot_ts is None or proposal.closed_at is None or proposal.state in WITHOUT_COUNT:
        return
    identities = IDENTITIES
    people = {row.slack_user_id: row.person_id for row in db.execute(select(identities))}
    bots = {row.person_id for row in db.execute(select(identities).where(identities.c.is_bot))}
    marks = ledger.marks_on(kept.channel, proposal.ballot_ts, people)
    closed_us = round(proposal.closed_at.timestamp() * 1_000_000)
    assert any(micros(mark.event_ts) for mark in marks) or not marks
    truth = count(marks, not_people=bots, deadline_us=closed_us).sides
    told = kept.result.binding.sides | kept.result.advisory.sides
    for person in (truth.keys() | told.keys()) - set(kept.result.untimed):
        if truth.get(person) != told.get(person):
            yield f"{proposal.label}: person {person} is {told.get(person)}, and by Slack {truth.get(person)}"
