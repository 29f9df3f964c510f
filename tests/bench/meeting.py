"""A long meeting, the same for everybody who writes its minutes: what is said in it, and what is to be recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PEOPLE = tuple(f"person{number}" for number in range(50))
BEGAN = datetime(2026, 4, 14, 14, tzinfo=UTC)
BETWEEN = timedelta(milliseconds=500)
_HUNDRED = ("topic", *("info",) * 16, *("action",) * 8, *("idea",) * 8, *("help",) * 4, *("link",) * 4, *("",) * 59)
"""What every hundred messages are: a topic, forty entries, and talk."""


@dataclass(frozen=True, slots=True)
class Said:
    """`tag` is empty where it is only talk. `number` counts from 1."""

    number: int
    who: str
    tag: str
    text: str

    @property
    def at(self) -> datetime:
        return BEGAN + self.number * BETWEEN


def messages(number: int) -> Iterator[Said]:
    """So many messages, in whole hundreds."""
    for each in range(number // 100 * 100):
        tag, who = _HUNDRED[each * 37 % 100], PEOPLE[each % len(PEOPLE)]
        words = f"what {who} said at number {each + 1}, with a <word> & some more of them"
        text = f"https://tracker.test/issues/{each + 1} {words}" if tag == "link" else words
        yield Said(each + 1, who, tag if each % 100 else "topic", text)
