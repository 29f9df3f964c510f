"""Two processes in which people rearrange, correct and hand over at once: one after the other, and nothing is lost."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from bot.services import chairs as chairing
from bot.services import corrections, entries, sessions, topics
from bot.services.visit import Asked, serve
from minutes.chair_command import ChangeChairs
from minutes.entry import EntryKind
from minutes.outcomes import EntryMoved, EntryUndone, TopicMoved
from minutes.refusal import Refusal
from minutes.session_command import Start
from minutes.topic import TopicState
from storage import chairs, consistency
from storage import topics as kept_topics
from storage.engine import reading_engine
from storage.writer import Writer
from tests.storage.sample import CHANNEL, after
from tests.storage.test_neighbours import play, writers

pytestmark = pytest.mark.engine("postgres")  # on SQLite there is one process
_asked = count()


async def asks(writer: Writer, user: str, use_case: Callable[..., Any], *args: Any) -> Any:
    """What somebody's command comes to, as the desk carries it out; a refusal is an answer, too."""
    asked = Asked("T0MOOT", CHANNEL, user, after(1), f"{next(_asked)}", user)
    try:
        return await writer.run(serve, asked, use_case, *args, holding=CHANNEL)
    except Refusal as refusal:
        return refusal


async def prepare(writer: Writer) -> None:
    await asks(writer, "U0ANA", sessions.start, Start("Moot", None, None, chaired=True))
    await asks(writer, "U0ANA", chairing.change, ChangeChairs(("U0BEN",)))
    for title in ("Guides", "Tools"):
        await asks(writer, "U0ANA", topics.put_on_floor, title)
    for title in ("Style", "Links", "Fonts", "Colours"):
        await asks(writer, "U0ANA", topics.queue, title)
    await asks(writer, "U0BEN", entries.record_command, EntryKind.NOTE, "Here or there")


def test_the_queue_keeps_every_topic_at_a_place_of_its_own(address: str) -> None:
    async def scene() -> list[Any]:
        async with writers(address) as (one, other):
            await prepare(one)
            moves = [(turn % 4 + 1, (turn + 2) % 4 + 1) for turn in range(20)]
            ana = (asks(one, "U0ANA", topics.move, *each) for each in moves)
            ben = (asks(other, "U0BEN", topics.move, *reversed(each)) for each in moves)
            return list(await asyncio.gather(*ana, *ben))

    assert {type(each) for each in play(scene)} == {TopicMoved}
    with reading_engine(address).connect() as connection:
        found = kept_topics.of_session(connection, 1, 1)
        waiting = [topic.title for topic in found if topic.state is TopicState.QUEUED]
        assert sorted(waiting) == ["Colours", "Fonts", "Links", "Style"]
        assert consistency.find(connection, after(2)) == []


def test_an_entry_is_taken_back_put_back_and_moved_one_after_the_other(address: str) -> None:
    async def scene() -> list[Any]:
        async with writers(address) as (one, other):
            await prepare(one)
            ana = [
                asks(one, "U0ANA", *wish) for _ in range(10) for wish in ((entries.undo, 1, 1), (corrections.redo, 1))
            ]
            ben = [asks(other, "U0BEN", corrections.move, 1, turn % 2 + 1) for turn in range(20)]
            return list(await asyncio.gather(*ana, *ben))

    done = play(scene)
    assert sum(isinstance(each, EntryUndone) for each in done) >= 1
    assert {type(each) for each in done} <= {EntryUndone, corrections.EntryRedone, EntryMoved, Refusal}
    with reading_engine(address).connect() as connection:
        assert consistency.find(connection, after(2)) == []


def test_two_chairs_who_each_hand_over_to_the_other_leave_one(address: str) -> None:
    async def scene() -> list[Any]:
        async with writers(address) as (one, other):
            await prepare(one)
            return list(
                await asyncio.gather(
                    asks(one, "U0ANA", chairing.change, ChangeChairs((), ("U0ANA",))),
                    asks(other, "U0BEN", chairing.change, ChangeChairs((), ("U0BEN",))),
                )
            )

    assert sorted(isinstance(each, Refusal) for each in play(scene)) == [False, True]
    with reading_engine(address).connect() as connection:
        assert len(chairs.of_session(connection, 1, 1)) == 1
