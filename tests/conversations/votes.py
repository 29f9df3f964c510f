"""What tests of votes say and ask, in their own words."""

from tests.conversations.room import Message, Room
from tests.databases import opened

SECOND = 1_000_000


def propose(room: Room, text: str, *, by: str = "ana") -> str:
    """Put a proposal to the vote, in a session if none is open; the `ts` of its ballot, when Slack has confirmed it."""
    if not any("🗒" in each for each in room.texts()):
        room.says("ana", "/session start Docs day for 3h")
    room.says(by, f"/propose {text}")
    room.passes(seconds=5)
    return str(room.ballot_message(text.rpartition(" for ")[0] or text)["ts"])


def after(ballot: str, *, minutes: int) -> float:
    """So long after a ballot was posted, in seconds since the epoch."""
    return float(ballot) + minutes * 60


def goes_on_until(room: Room, moment: float) -> None:
    """Let time pass until a moment in seconds since the epoch."""
    room.passes(seconds=moment - room.stage.now_us / SECOND)


def at_clock(moment: str) -> str:
    """Hours and minutes of a moment of the record."""
    return moment[11:16]


def vote(room: Room, label: str = "V1") -> Message:
    """A vote as the record tells it."""
    found = room.record()
    sections = [found["before_topics"], *found["topics"]]
    return next(each for section in sections for each in section["votes"] if each["label"] == label)


def outcome(room: Room, label: str = "V1") -> str:
    return str(vote(room, label)["state"])


def irregular(vote: Message) -> Message:
    """What is said of a vote besides its tally, as far as there is anything."""
    names = ("late", "changed", "untimed", "outages", "by_events_only", "advisory", "conflicting", "resolved_by")
    return {name: vote[name] for name in names if vote[name]}


def marks(room: Room) -> list[tuple[str, str]]:
    """Every stored mark, as raw name and source."""
    with opened(room.database) as database:
        found = database.exec_driver_sql("SELECT raw_name, source FROM marks ORDER BY received_at")
        return [(name, source) for name, source in found]


def counted_again(room: Room, label: str = "V1") -> None:
    """The stored marks give the stored result."""
    assert "counted again, the same" in room.folkmoot("recount", label)
