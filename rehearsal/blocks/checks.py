"""Small checks that a schema is put together from; each reports what is wrong with a JSON pointer to it."""

import re
from collections.abc import Callable
from typing import Any

Report = Callable[[str, str], None]
Check = Callable[[Any, str, Report], None]
Fields = dict[str, Check]


def problems_of(value: Any, check: Check, root: str) -> list[str]:
    """Everything the check finds, in Slack's wording."""
    found: list[str] = []
    check(value, root, lambda sentence, pointer: found.append(f"{sentence} [json-pointer:{pointer}]"))
    return found


def text(most: int, least: int = 1) -> Check:
    """A string; an empty one needs `least=0`."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str):
            report("must provide a string", pointer)
        elif len(value) < least:
            report(f"must be more than {least - 1} characters", pointer)
        elif len(value) > most:
            report(f"must be less than {most + 1} characters", pointer)

    return check


def matching(pattern: str, meaning: str) -> Check:
    compiled = re.compile(pattern)

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report(f"must be {meaning}", pointer)

    return check


def choice(*allowed: str) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        if value not in allowed:
            report(f"must be one of {', '.join(allowed)}", pointer)

    return check


def boolean(value: Any, pointer: str, report: Report) -> None:
    if not isinstance(value, bool):
        report("must be a boolean", pointer)


def whole(least: int, most: int) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            report(f"must be a number from {least} to {most}", pointer)

    return check


def listing(item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, list):
            report("must be an array", pointer)
            return
        if len(value) < least:
            report(f"no fewer than {least} items allowed", pointer)
        if len(value) > most:
            report(f"no more than {most} items allowed", pointer)
        for index, entry in enumerate(value):
            item(entry, f"{pointer}/{index}", report)

    return check


def record(required: Fields, optional: Fields | None = None) -> Check:
    """An object with these fields and no other."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report("must be an object", pointer)
            return
        for name in required:
            if name not in value:
                report(f"missing required field: {name}", pointer)
        for name, content in value.items():
            if name not in known:
                report(f"invalid additional property: {name}", pointer)
            else:
                known[name](content, f"{pointer}/{name}", report)

    return check


def typed(kinds: dict[str, Check]) -> Check:
    """An object whose `type` says which check it must pass."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report("must be an object", pointer)
        elif "type" not in value:
            report("missing required field: type", pointer)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            report(f"unsupported type: {value['type']}", f"{pointer}/type")
        else:
            kinds[value["type"]](value, pointer, report)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        for each in checks:
            each(value, pointer, report)

    return check


def anything(value: Any, pointer: str, report: Report) -> None:
    """For `type`, which `typed` has looked at already."""


def exactly_one_of(*names: str) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        if isinstance(value, dict) and len([name for name in names if name in value]) != 1:
            report(f"must define exactly one of {', '.join(names)}", pointer)

    return check


def at_least_one_of(*names: str) -> Check:
    def check(value: Any, pointer: str, report: Report) -> None:
        if isinstance(value, dict) and not any(name in value for name in names):
            report(f"must define one of {', '.join(names)}", pointer)

    return check
