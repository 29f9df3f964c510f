"""A small gathering in a database, for tests to begin from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from minutes.entry import EntryKind
from minutes.session import Session
from storage import entries, outbox, people, sessions, votes
from storage.db import Db
from storage.entries import KeptEntry, Source

START = datetime(2026, 4, 21, 13, 0, tzinfo=UTC)
CHANNEL = "C0MOOT"


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Gathering:
    """One workspace with Ana and Ben, and a session of Ana's that is open for an hour."""

    db: Db
    workspace: int
    ana: int
    ben: int
    session: Session

    def note(self, text: str, message: str = "1.000001", line: int = 0, **more: Any) -> KeptEntry | None:
        return entries.record(
            self.db,
            self.workspace,
            CHANNEL,
            self.session.id,
            Source(message, line),
            text=text,
            topic=None,
            **({"kind": EntryKind.NOTE, "author": self.ben, "at": after(1)} | more),
        )

    def proposal(self, text: str, minutes: float | None = None) -> int:
        return votes.propose(
            self.db,
            self.workspace,
            CHANNEL,
            self.session.id,
            text=text,
            proposer=self.ana,
            at=after(1),
            duration=None if minutes is None else timedelta(minutes=minutes),
            topic=None,
        )

    def owe(self, key: str, *, lane: str | None = None, minutes: float = 0, channel: str = CHANNEL) -> bool:
        return outbox.owe(self.db, self.workspace, key, "post", channel=channel, now=after(minutes), lane=lane)

    def duty(self, key: str) -> outbox.Duty:
        found = outbox.by_key(self.db, self.workspace, key)
        assert found is not None, f"nothing is owed as {key}"
        return found


def gather(db: Db) -> Gathering:
    workspace = people.workspace(db, "T0MOOT")
    ana, ben = (people.meet(db, workspace, user, name).id for user, name in (("U0ANA", "Ana"), ("U0BEN", "Ben")))
    return Gathering(db, workspace, ana, ben, open_session(db, workspace, ana))


def open_session(db: Db, workspace: int, by: int, *, channel: str = CHANNEL, minutes: float = 0) -> Session:
    return sessions.begin(
        db,
        workspace,
        channel,
        title="Moot",
        place=None,
        starts=after(minutes),
        ends=after(minutes + 60),
        by=by,
    )
