"""Records, boards and ballots for the tests of what the bot says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from minutes.board import Ballot, Board
from minutes.entry import EntryKind
from minutes.proposal import ClosedBy, ProposalState
from minutes.record import Participant, Reason, Record, RecordedEntry, RecordedFile, RecordedLink, RecordedVote, Section
from minutes.session import SessionState
from minutes.tally import Side
from minutes.text import fingerprint

BEGAN = datetime(2026, 5, 6, 13, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(hours=1, minutes=33)


def entry(kind: EntryKind = EntryKind.NOTE, text: str = "The tests are slow", **fields: Any) -> RecordedEntry:
    known: dict[str, Any] = {"number": 1, "author": "Ana", "said_at": BEGAN + timedelta(minutes=9)}
    return RecordedEntry(kind=kind, text=text, **(known | fields))


def vote(state: ProposalState = ProposalState.ACCEPTED, text: str = "Meet every month", **fields: Any) -> RecordedVote:
    known: dict[str, Any] = {
        "label": "V1",
        "proposer": "Ben",
        "tally": "2 for, 1 against",
        "in_favour": ("Ana", "Ben"),
        "against": ("Caro",),
        "abstaining": (),
        "conflicting": (),
        "proposed_at": BEGAN + timedelta(minutes=20),
        "deadline": None,
        "closed_at": BEGAN + timedelta(minutes=30),
        "closed_by": "Ben",
        "closed_why": ClosedBy.PERSON,
        "fingerprint": fingerprint(text),
        "ballot_ts": "1778073600.000100",
    }
    return RecordedVote(state=state, text=text, **(known | fields))


def topic(number: int, title: str, minutes: int = 30, **fields: Any) -> Section:
    return Section(number, title, BEGAN, timedelta(minutes=minutes), **fields)


def person(name: str, organisation: str | None = None, country: str | None = None, **fields: Any) -> Participant:
    known: dict[str, Any] = {"signed_in": organisation is not None, "messages": 3, "voted": False}
    return Participant(name, organisation, country, **(known | fields))


def empty_record(**fields: Any) -> Record:
    """A session in which nobody said or did anything."""
    known: dict[str, Any] = {
        "session": 7,
        "state": SessionState.CLOSED,
        "title": "Village meeting",
        "place": None,
        "workspace": "The Commons",
        "channel": "C0123456789",
        "channel_name": "village",
        "started_at": BEGAN,
        "planned_end": BEGAN + timedelta(hours=1),
        "ended_at": ENDED,
        "started_by": "Ana",
        "lasted": ENDED - BEGAN,
        "before_topics": Section(0, "", None, timedelta()),
        "topics": (),
        "not_reached": (),
        "participants": (),
        "organisations": (),
        "countries": (),
        "links": (),
        "note_takers": (),
    }
    return Record(**(known | fields))


def full_record() -> Record:
    """A session with one of everything."""
    well = topic(
        1,
        "The well",
        48,
        entries=(
            entry(EntryKind.NOTE, "The pump loses pressure at night", number=1),
            entry(EntryKind.ACTION, "@Ben and @Caro: order a seal by Friday", number=2, owners=("Ben", "Caro"),
                  due=date(2026, 5, 8)),
            entry(EntryKind.ACTION, "paint the lid", number=3),
            entry(EntryKind.IDEA, "a second tap for the school", number=4, author="Dele"),
            entry(EntryKind.LINK, "Plans: https://example.org/plans?id=1&v=2", number=5),
            entry(EntryKind.HELP, "who knows a plumber", number=6),
            entry(EntryKind.DECISION, "Nobody waters lawns in July", number=7, author="Caro"),
            entry(EntryKind.QUESTION, "who has the key to the pump house?", number=9, author="Caro"),
            entry(EntryKind.PARKED, "a well for the upper village", number=10, author="Dele"),
            entry(EntryKind.NOTE, "the seal is from 1998", number=11, author="Ana", said_by="Caro"),
            entry(EntryKind.ACTION, "I look for the old plans", number=12, author="Ana", said_by="Dele"),
            entry(EntryKind.DECISION, "The old pump goes to the museum", number=13, author="Ana", said_by="Ben"),
        ),
        votes=(
            vote(text="Buy a new pump"),
            vote(ProposalState.REJECTED, "Close the well", label="V2", tally="1 for, 2 against"),
        ),
    )  # fmt: skip
    feast = topic(
        2,
        "The feast",
        41,
        votes=(
            vote(ProposalState.TIED, "Have it in June", label="V3", tally="1 for, 1 against, 1 abstaining",
                 in_favour=("Ana",), against=("Ben",), abstaining=("Caro",), conflicting=("Dele",)),
        ),
    )  # fmt: skip
    people = (
        person("Ana", "Mill", "BR"),
        person("Ben", "School", "DE"),
        person("Caro", "Bakery", "BR"),
        person("Dele", voted=True),
    )
    return empty_record(
        place="https://meet.example.org/village",
        before_topics=Section(0, "", None, timedelta(), (entry(EntryKind.NOTE, "We wait for Dele", number=8),)),
        topics=(well, feast),
        not_reached=("The bridge",),
        participants=people,
        organisations=("Bakery", "Mill", "School"),
        countries=("BR", "DE"),
        links=(
            RecordedLink("https://example.org/issues/12", "[RFC] Which pump?", "village/well#12", "Ana", 1),
            RecordedLink("https://example.org/issues/13", "village/well#13", "village/well#13", "Ben", None),
        ),
        note_takers=("Ana", "Dele"),
        chairs=("Ana", "Ben"),
        chaired=True,
    )


ARCHIVE = "https://commons.slack.com/archives/C0123456789"


def followed_record() -> Record:
    """A session whose messages have addresses, were edited, and brought files."""
    reply = f"{ARCHIVE}/p1778072940000200?thread_ts=1778072700.000100&cid=C0123456789"
    edited: dict[str, Any] = {"edited_by": "Ana", "edited_at": BEGAN + timedelta(minutes=12)}
    well = topic(
        1,
        "The well",
        48,
        entries=(
            entry(EntryKind.NOTE, "The pump loses pressure", number=1, permalink=f"{ARCHIVE}/p1778072940000100"),
            entry(EntryKind.ACTION, "order a seal", number=2, owners=("Ben",), permalink=reply, **edited),
            entry(EntryKind.LINK, "Plans: https://example.org/plans", number=3, permalink=reply),
            entry(
                EntryKind.DECISION,
                "No lawns in July\nnor in August",
                number=4,
                author="Caro",
                permalink=reply,
                **edited,
            ),
            entry(EntryKind.HELP, "who knows a plumber", number=5, permalink=reply),
        ),
        votes=(vote(text="Buy a new pump", permalink=f"{ARCHIVE}/p1778073600000100"),),
    )
    pump = "https://commons.slack.com/files/U1/F1/pump.png"
    files = (
        RecordedFile("The [old] pump.png", "image", pump, "Ben", 1, "1778072940.000300"),
        RecordedFile("no page", "file", "", "Caro", None, "1778072940.000400"),
    )
    return empty_record(topics=(well,), files=files)


def big_record(topics: int = 60, entries: int = 400) -> Record:
    """A long day: entries of every kind and length, spread over many topics."""
    kinds = list(EntryKind)
    said = [
        entry(kinds[n % len(kinds)], f"<{n}> " + f"word{n} " * (n % 40) + "end", number=n, owners=("Ana",) * (n % 3))
        for n in range(entries)
    ]
    sections = tuple(topic(n + 1, f"Topic number {n + 1}", n, entries=tuple(said[n::topics])) for n in range(topics))
    return replace(full_record(), topics=sections, not_reached=tuple(f"Left {n}" for n in range(50)))


def board(**fields: Any) -> Board:
    known: dict[str, Any] = {
        "session": 7,
        "state": SessionState.OPEN,
        "title": "Village meeting",
        "place": "Town hall",
        "started_at": BEGAN,
        "planned_end": BEGAN + timedelta(hours=1),
        "ended_at": None,
        "runs_over": False,
        "topic": "The well",
        "topic_since": BEGAN + timedelta(minutes=4),
        "queued": ("The feast", "The bridge"),
        "open_proposals": 1,
        "decisions": 2,
        "actions": 3,
        "notes": 4,
        "participants": 5,
        "chairs": ("Ana",),
    }
    return Board(**(known | fields))


def ballot_of(
    state: ProposalState = ProposalState.OPEN,
    *,
    topic: str | None = "The well",
    in_session: bool = True,
    text: str = "Buy a new pump",
    **fields: Any,
) -> Ballot:
    known: dict[str, Any] = {
        "deadline": BEGAN + timedelta(minutes=30),
        "rule": "more for than against",
        "needs": 2,
        "has": 2,
        "closed_at": None,
        "closed_by": None,
        "closed_why": None,
    }
    return Ballot(12, topic, vote(state, text, **(known | fields)), in_session)


CONTESTED: dict[str, Any] = {
    "tally": "3 for, 1 against, 1 abstaining",
    "in_favour": ("Ana", "Ben", "Dele"),
    "against": ("Lee",),
    "abstaining": ("Caro",),
    "conflicting": ("Eva",),
    "rule": "two thirds of the votes cast",
    "needs": 3,
    "has": 3,
    "quorum": "50% of the roll",
    "quorum_needs": 4,
    "quorum_has": 5,
    "has_roll": True,
    "silent": ("Kim",),
    "advisory": "2 for, 1 against",
    "late": ("Gul",),
    "changed": ("Dele",),
    "outages": ((BEGAN + timedelta(minutes=21), BEGAN + timedelta(minutes=22, seconds=5)),),
    "reasons": (
        Reason("Lee", Side.AGAINST, "no rollback yet", "1778073700.000100"),
        Reason("Ana", Side.FOR, "it is tested", "1778073701.000100"),
    ),
}
"""A vote with a roll of seven and one of everything that can be told of it."""


def record_with(*votes: RecordedVote) -> Record:
    """A session of one topic with these votes."""
    return empty_record(topics=(topic(1, "The feast", votes=votes),))


def votes_record() -> Record:
    """A session with a vote of every state, and a second one on what was accepted first."""
    states = [state for state in ProposalState if state not in (ProposalState.DRAFT, ProposalState.ACCEPTED)]
    later = BEGAN + timedelta(days=2)
    votes = (
        vote(text="Mend the roof", **CONTESTED),
        vote(text="Have it in June", label="V2", superseded_by="V3"),
        vote(text="Have it in June", label="V3", supersedes="V2"),
        *(
            vote(state, f"This vote is {state}", label=f"V{number}", deadline=later)
            for number, state in enumerate(states, 4)
        ),
    )
    return record_with(*votes)
