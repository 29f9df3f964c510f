"""Many people at once: added cheaply, and reacting one after the other without a rest in between."""

import asyncio
from collections.abc import Callable, Sequence

from rehearsal.clock import PlayClock
from rehearsal.people import Channel
from rehearsal.wire import SECOND
from rehearsal.workspace import Workspace


def add_crowd(workspace: Workspace, channel: Channel, size: int) -> list[str]:
    """Add `voter1`, `voter2` … to a channel, without a word about their joining; their handles."""
    known = sum(person.handle.startswith("voter") for person in workspace.people.values())
    handles = [f"voter{number}" for number in range(known + 1, known + size + 1)]
    for handle in handles:
        channel.members.append(workspace.add_person(handle, handle.capitalize(), "UTC").id)
    return handles


async def one_after_another(clock: PlayClock, seconds: float, deeds: Sequence[Callable[[], None]]) -> None:
    """Do things spread evenly over some play time, the last at its end.

    A clock that stands still is moved on from one to the next, and the bot is not told before it is next to settle.
    """
    start = clock.now_us
    for number, deed in enumerate(deeds, start=1):
        at = start + round(number * seconds * SECOND / len(deeds))
        if clock.rate:
            await clock.until(at)
        elif at > clock.now_us:
            clock.set(now_us=at)
        deed()
        # What was done goes out now, not all of it at the end.
        await asyncio.sleep(0)
