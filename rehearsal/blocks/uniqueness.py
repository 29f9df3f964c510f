"""Identifiers that no two blocks, and no two elements of one block, may share."""

from collections import Counter
from typing import Any

from rehearsal.blocks.checks import Report
from rehearsal.wire import Json


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block."""
    candidates = [block.get("accessory"), block.get("element")]
    if block.get("type") == "actions" and isinstance(block.get("elements"), list):
        candidates += block["elements"]
    return [element for element in candidates if isinstance(element, dict) and "action_id" in element]


def unique_identifiers(value: Any, pointer: str, report: Report) -> None:
    if not isinstance(value, list):
        return
    blocks = [block for block in value if isinstance(block, dict)]
    for block_id in _repeated([block.get("block_id") for block in blocks]):
        report(f"`block_id` {block_id} already exists. Please use a different `block_id`", pointer)
    for index, block in enumerate(blocks):
        for action_id in _repeated([element["action_id"] for element in elements_of(block)]):
            report(f"`action_id` {action_id} already exists in this block", f"{pointer}/{index}/elements")


def _repeated(names: list[Any]) -> list[str]:
    counts = Counter(str(name) for name in names if name is not None)
    return [name for name, count in counts.items() if count > 1]
