"""Everything that the bot shows, as who does not see it: all golden files, word for word."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.accessibility import problems_of_blocks, problems_of_message

GOLDEN = sorted(
    each for each in (Path(__file__).parent / "golden").glob("*.json") if not each.name.startswith("recap_")
)


def messages(shown: Any) -> list[dict[str, Any]]:
    """A golden file has one message, several, or a view."""
    return shown if isinstance(shown, list) else [shown]


@pytest.mark.parametrize("golden", GOLDEN, ids=[each.stem for each in GOLDEN])
def test_nothing_is_told_by_signs_alone_and_moments_are_in_the_readers_zone(golden: Path) -> None:
    for shown in messages(json.loads(golden.read_text(encoding="utf-8"))):
        assert problems_of_blocks(shown["blocks"]) == []


@pytest.mark.parametrize("golden", GOLDEN, ids=[each.stem for each in GOLDEN])
def test_the_text_of_a_message_says_what_its_blocks_say(golden: Path) -> None:
    for shown in messages(json.loads(golden.read_text(encoding="utf-8"))):
        if "text" in shown:
            assert problems_of_message(shown["text"], shown["blocks"]) == []
