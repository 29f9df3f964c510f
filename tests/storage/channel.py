"""A channel in which things happen at minutes of an afternoon, through the use cases that the bot has."""

from collections.abc import Callable

from sqlalchemy import Connection

from bot.services import closing, comparing, duties, entries, heard, proposals, sessions, topics
from bot.services.delivered import delivered
from bot.services.visit import Asked, serve
from minutes.entry import EntryKind
from minutes.propose_command import ProposeCommand
from minutes.session_command import Start
from storage import outages, outbox, people, votes
from tests.storage.sample import after


class Channel:
    """`gather` plays a session with something of everything; the rest is what it is made of."""

    def __init__(self, db: Connection, name: str) -> None:
        self.db, self.name, self._number = db, name, 0
        self.workspace = people.workspace(db, "T0MOOT")

    def asks(self, minutes: float, use_case: Callable[..., object], *args: object) -> None:
        serve(self.db, self._asked(minutes), use_case, *args)

    def says(self, minutes: float, text: str) -> None:
        asked = self._asked(minutes)
        heard.message(self.db, asked, f"{int(asked.at.timestamp())}.{self._number:06}", text, after(1) - after(0))

    def reacts(self, minutes: float, ts: str, emoji: str) -> None:
        proposals.mark(self.db, self._asked(minutes), ts, emoji, f"{int(after(minutes).timestamp())}.000001", True)

    def deliver_everything(self, minutes: float) -> None:
        while due := outbox.ready(self.db, after(minutes)).due:
            for duty in due:
                claimed = outbox.claim(self.db, duty.id, "a courier", after(minutes + 1), after(minutes))
                assert claimed is not None
                ts = f"{int(after(minutes).timestamp())}.{claimed.id:06}"
                delivered(self.db, claimed, ts if claimed.kind == duties.POST else None, after(minutes))

    def gather(self, begin: float, *, deliver: bool = True) -> None:
        """A session with something of everything, ended after forty minutes."""
        self.asks(begin, sessions.start, Start("Moot", None, None))
        self.asks(begin + 1, topics.put_on_floor, "Observability")
        self.asks(begin + 2, topics.queue, "Releases")
        self.asks(begin + 3, entries.record_command, EntryKind.NOTE, "Traces are missing")
        self.says(begin + 4, "#action write the guide\nhttps://github.com/o/r/issues/1 says why")
        self.asks(begin + 5, proposals.propose, ProposeCommand(f"Ship on Friday of {begin}", None))
        if deliver:
            self.deliver_everything(begin + 6)
            ballot = votes.every(self.db)[-1].proposal.ballot_ts
            assert ballot is not None
            self.reacts(begin + 7, ballot, "+1")
            reply = f"{int(after(begin + 7).timestamp())}.000007"
            proposals.give_reason(self.db, self._asked(begin + 7), reply, ballot, "The tests are green")
            outages.heard(self.db, after(begin))
            outages.returned(self.db, after(begin + 7))
        self.asks(begin + 8, topics.take_next, True)
        self.asks(begin + 40, sessions.end, after(0) - after(0))
        if deliver:
            self.deliver_everything(begin + 41)
            self._counts(begin + 42, votes.every(self.db)[-1].proposal.id)
            self.deliver_everything(begin + 43)

    def _counts(self, minutes: float, proposal: int) -> None:
        """Slack tells who holds what on a ballot that is closing, and the vote is counted."""
        held = [comparing.Held("+1", 1, ("U0ANA",))]
        comparing.compare(self.db, self.workspace, proposal, held, after(minutes), after(minutes))
        closing.step(self.db, self.workspace, proposal, after(minutes))

    def _asked(self, minutes: float) -> Asked:
        self._number += 1
        key = f"{self.name}:{self._number}"
        return Asked("T0MOOT", self.name, "U0ANA", after(minutes), key, "Ana", "moot")
