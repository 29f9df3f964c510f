"""Block Kit's composition objects: texts, options and confirmations."""

from typing import Any

from rehearsal.blocks.checks import (
    Check,
    Report,
    anything,
    boolean,
    choice,
    listing,
    record,
    text,
    typed,
)

IDENTIFIER = text(255)
URL = text(3000)
MRKDWN = "mrkdwn"
PLAIN = "plain_text"


def plain_text(most: int) -> Check:
    return typed({PLAIN: record({"type": anything, "text": text(most)}, {"emoji": boolean})})


def any_text(most: int) -> Check:
    """Either kind of text; each has a switch that the other has not."""
    return typed(
        {
            PLAIN: record({"type": anything, "text": text(most)}, {"emoji": boolean}),
            MRKDWN: record({"type": anything, "text": text(most)}, {"verbatim": boolean}),
        }
    )


def option(*, marked: bool = False) -> Check:
    """An option; only those of checkboxes and radio buttons may be `mrkdwn`."""
    words = any_text if marked else plain_text
    return record({"text": words(75), "value": text(150)}, {"description": words(75)})


OVERFLOW_OPTION = record({"text": plain_text(75), "value": text(150)}, {"description": plain_text(75), "url": URL})
OPTION_GROUP = record({"label": plain_text(75), "options": listing(option(), 100)})
CONFIRM = record(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": choice("primary", "danger")},
)
DISPATCH = record(
    {"trigger_actions_on": listing(choice("on_enter_pressed", "on_character_entered"), 2)},
)


def distinct_options(value: Any, pointer: str, report: Report) -> None:
    """No two options of an element may mean the same, and what is chosen first must be one of them."""
    if not isinstance(value, dict) or not isinstance(value.get("options"), list):
        return
    values = [entry.get("value") for entry in value["options"] if isinstance(entry, dict)]
    if len(set(map(str, values))) < len(values):
        report("options must have distinct values", f"{pointer}/options")
    initial = value.get("initial_options") or [value.get("initial_option")]
    for chosen in initial:
        if chosen is not None and chosen not in value["options"]:
            report("the initial option must be one of the options", pointer)
