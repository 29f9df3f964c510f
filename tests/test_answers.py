"""Answers over response_urls: each to whoever commanded in that channel of that workspace."""

import asyncio

from bot.answers import MOST_DOORS, Answers
from bot.render.usage import CommandNames

NOWHERE = "http://127.0.0.1:9/"


def test_a_channel_that_two_workspaces_share_has_a_door_in_each() -> None:
    async def told() -> list[tuple[str, str]]:
        answers = Answers(CommandNames())
        for team in ("T0MOOT", "T0VILLAGE"):
            answers.door(team, "C0SHARED", f"{NOWHERE}{team}")
        answers.not_in_channel("T0MOOT", "C0SHARED")
        answers.not_in_channel("T0MOOT", "C0SHARED")
        await answers.quiet()
        return answers.places

    assert asyncio.run(told()) == [("T0VILLAGE", "C0SHARED")]


def test_only_the_latest_doors_are_remembered() -> None:
    answers = Answers(CommandNames())
    for number in range(MOST_DOORS + 2):
        answers.door("T0MOOT", f"C{number}", NOWHERE)

    assert len(answers.places) == MOST_DOORS
    assert ("T0MOOT", "C1") not in answers.places
