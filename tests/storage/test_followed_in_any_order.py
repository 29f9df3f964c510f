"""What becomes of a message can be told in any order, and more than once: the record comes out the same."""

from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.services import following, heard, sessions, topics
from bot.services.following import Changed
from bot.services.visit import Asked
from minutes.files import SharedFile
from minutes.lines import KIND_OF, read_lines
from minutes.session_command import Start
from minutes.text import mention
from storage import entries, files, links
from storage import sessions as kept_sessions
from storage import topics as kept_topics
from storage.wordings import order
from tests.storage.channel import Channel
from tests.storage.sample import after

LINES = (
    "Hello",
    "#info The branch is cut",
    "#info The branch is cut on Friday",
    "#agreed The branch is cut",
    f"#action {mention('U0BEN')} writes it by 20 April",
    f"#action {mention('U0ANA')} writes it by 21 April",
    "Slow tests: https://github.com/o/r/issues/1",
    "https://github.com/o/r/issues/1",
    "```",
    "#help Who?",
)
wording = st.lists(st.sampled_from(LINES), max_size=4).map("\n".join)
PICTURE = SharedFile("F1", "plan.png", "image", "https://moot.slack.com/files/U0ANA/F1/plan.png")
NUMBERS = count(1)
Kept = tuple[list[tuple[object, ...]], list[tuple[str, str]], list[str], int]


class Told:
    """A message in a channel of its own, and news of it that can be told in any order. `ts` is the same in each."""

    def __init__(self, db: Connection, name: str, ts: str) -> None:
        self.db, self.ts, self.channel = db, ts, Channel(db, name)
        self.channel.asks(0, sessions.start, Start("Moot", None, None))
        self.channel.asks(1, topics.put_on_floor, "Observability")
        self.channel.asks(5, topics.put_on_floor, "Releases")

    def said(self, text: str) -> None:
        asked = Asked("T0MOOT", self.channel.name, "U0ANA", after(3), f"{self.channel.name}:{self.ts}", late=True)
        heard.message(self.db, asked, self.ts, text, after(1) - after(0), (PICTURE,))

    def edited(self, number: int, text: str) -> None:
        at = f"{int(after(3).timestamp()) + number}.000000"
        asked = Asked("T0MOOT", self.channel.name, "U0ANA", after(3), f"edit {number}", late=True)
        following.changed(self.db, asked, Changed(self.ts, text, order(at, at), after(3)))

    def deleted(self) -> None:
        following.deleted(self.db, "T0MOOT", self.channel.name, self.ts, after(3), after(20))

    def kept(self) -> Kept:
        workspace = self.channel.workspace
        session = kept_sessions.latest_in(self.db, workspace, self.channel.name)
        assert session is not None
        brought = [each for each in entries.of_session(self.db, workspace, session.id) if each.standing]
        names = {topic.id: topic.title for topic in kept_topics.of_session(self.db, workspace, session.id)}
        lines = [
            (each.entry.kind, each.entry.text, each.entry.owners, each.entry.due, names.get(each.entry.topic or 0))
            for each in brought
        ]
        shared = [(each.link.key, each.link.title) for each in links.of_session(self.db, workspace, session.id)]
        pictures = [each.file.name for each in files.of_session(self.db, workspace, session.id)]
        parts = kept_sessions.participants(self.db, workspace, session.id)
        return sorted(lines, key=repr), sorted(shared, key=repr), pictures, sum(part.messages for part in parts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_edits_and_a_deletion_in_any_order_end_in_the_same_record(db: Connection, data: st.DataObject) -> None:
    number = next(NUMBERS)
    worded = data.draw(st.lists(wording, min_size=1, max_size=4), "wordings")
    is_deleted = data.draw(st.booleans(), "deleted")
    steps = list(range(len(worded) + is_deleted))
    told = data.draw(st.permutations(steps + data.draw(st.lists(st.sampled_from(steps), max_size=3))), "order")
    ts = f"{int(after(3).timestamp())}.000001"

    def tell(message: Told, step: int) -> None:
        if step == len(worded):
            message.deleted()
        elif step == 0:
            message.said(worded[0])
        else:
            message.edited(step, worded[step])

    in_order, messy = Told(db, f"C0ORDER{number}", ts), Told(db, f"C0MESS{number}", ts)
    for step in steps:
        tell(in_order, step)
    for step in told:
        tell(messy, step)

    assert messy.kept() == in_order.kept()
    said = [] if is_deleted else read_lines(worded[-1])
    assert len(messy.kept()[0]) == len([line for line in said if line.tag in KIND_OF])
