"""A channel in which things happen at minutes of an afternoon, through the use cases that the bot has."""

from collections.abc import Callable

from sqlalchemy import Connection

from bot.services import (
    closing,
    comparing,
    duties,
    entries,
    following,
    heard,
    home,
    installing,
    marked,
    memberships,
    presses,
    proposals,
    recording,
    sessions,
    topics,
)
from bot.services.delivered import delivered
from bot.services.following import Changed
from bot.services.installing import Consent
from bot.services.recording import Wish
from bot.services.visit import Asked, serve
from minutes.entry import EntryKind
from minutes.files import SharedFile
from minutes.propose_command import ProposeCommand
from minutes.session_command import Start
from storage import lanes, outages, outbox, people, votes, wordings
from tests.storage.sample import after


class Channel:
    """`gather` plays a session with something of everything; the rest is what it is made of."""

    def __init__(self, db: Connection, name: str, team: str = "T0MOOT") -> None:
        self.db, self.name, self.team, self._number = db, name, team, 0
        self.workspace = people.workspace(db, team)

    def asks(self, minutes: float, use_case: Callable[..., object], *args: object) -> None:
        serve(self.db, self._asked(minutes), use_case, *args)

    def installs(self, minutes: float) -> None:
        """Somebody installs the app in the workspace by OAuth."""
        token = f"a sealed token of {self.team}, {minutes}"
        consent = Consent(self.team, "Moot", "A0MOOT", "B0BOT", "U0BOT", token, "commands,chat:write", "U0ANA")
        installing.installed(self.db, consent, after(minutes))

    def opens_home(self, minutes: float) -> None:
        """Home is opened, and Slack tells in which channels whoever did is."""
        self.asks(minutes, home.show)
        known = people.by_user(self.db, self.workspace, "U0ANA")
        assert known is not None
        memberships.told(self.db, self.workspace, known.id, [self.name], after(minutes))

    def says(self, minutes: float, text: str, *files: SharedFile) -> str:
        asked = self._asked(minutes)
        ts = f"{int(asked.at.timestamp())}.{self._number:06}"
        heard.message(self.db, asked, ts, text, after(1) - after(0), files)
        return ts

    def is_quoted(self, minutes: float, text: str) -> None:
        """Somebody else records what was said in a session of its own."""
        self.asks(minutes, sessions.start, Start("Moot again", None, None))
        said, chen = self.says(minutes + 1, text), self._asked(minutes + 2, "U0CHEN", "Chen")
        open_now = recording.open_session(self.db, self.team, self.name)
        message = recording.Said(said, "U0ANA", edited=None)
        serve(self.db, chen, recording.record_message, open_now, message, Wish(EntryKind.NOTE, text))

    def edits(self, minutes: float, ts: str, text: str) -> None:
        at = after(minutes)
        news = Changed(ts, text, wordings.order(f"{int(at.timestamp())}.0", f"{int(at.timestamp())}.0"), at)
        following.changed(self.db, self._asked(minutes), news)

    def presses(self, minutes: float, ts: str, emoji: str) -> None:
        at = f"{int(after(minutes).timestamp())}.000001"
        presses.press(self.db, self._asked(minutes), ts, "U0ANA", emoji, at, True)

    def reacts(self, minutes: float, ts: str, emoji: str) -> None:
        marked.mark(self.db, self._asked(minutes), ts, emoji, f"{int(after(minutes).timestamp())}.000001", True)

    def deliver_everything(self, minutes: float) -> None:
        while due := lanes.ready(self.db, after(minutes)).due:
            for duty in due:
                claimed = outbox.claim(self.db, duty, "a courier", after(minutes + 1), after(minutes))
                assert claimed is not None
                ts = f"{int(after(minutes).timestamp())}.{claimed.id:06}"
                delivered(self.db, claimed, ts if claimed.kind == duties.POST else None, after(minutes))

    def gather(self, begin: float, *, deliver: bool = True) -> None:
        """A session with something of everything, ended after forty minutes."""
        self.asks(begin, sessions.start, Start("Moot", None, None))
        self.asks(begin + 1, topics.put_on_floor, "Observability")
        self.asks(begin + 2, topics.queue, "Releases")
        self.asks(begin + 3, entries.record_command, EntryKind.NOTE, "Traces are missing")
        picture = SharedFile(f"F{begin}", "guide.png", "image", "https://moot.slack.com/files/U0ANA/F1/guide.png")
        said = self.says(begin + 4, "#action write the guide\nhttps://github.com/o/r/issues/1 says why")
        self.edits(begin + 4.7, self.says(begin + 4.5, "See the picture", picture), "See this picture")
        self.presses(begin + 5, said, "question")
        self.asks(begin + 5, proposals.propose, ProposeCommand(f"Ship on Friday of {begin}", None))
        if deliver:
            self.deliver_everything(begin + 6)
            ballot = votes.every(self.db)[-1].proposal.ballot_ts
            assert ballot is not None
            self.reacts(begin + 7, ballot, "+1")
            reply = f"{int(after(begin + 7).timestamp())}.000007"
            proposals.give_reason(self.db, self._asked(begin + 7), reply, ballot, "The tests are green", reply)
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

    def _asked(self, minutes: float, user: str = "U0ANA", name: str = "Ana") -> Asked:
        self._number += 1
        key = f"{self.name}:{self._number}"
        return Asked(self.team, self.name, user, after(minutes), key, name, "moot")
