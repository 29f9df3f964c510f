"""`folkmoot recount`: a stored result counted again from the stored marks."""

import json
import sys
from typing import Annotated, Any

import typer

from bot.cli.reading import ask, fail, several
from minutes.result import canonical
from minutes.text import fingerprint
from storage import votes
from storage.db import Db
from storage.votes import KeptProposal


def recount(label: Annotated[str, typer.Argument(help="The proposal, such as V1.")]) -> None:
    """Replay the stored marks of a vote: the result must be the stored one, byte for byte."""
    digits = label.upper().removeprefix("V")
    if not digits.isdigit():
        fail("Name a proposal as its ballot does, such as V1. `folkmoot proposals` lists them.")
    found = ask(lambda db: [_Recounted(db, kept) for kept in votes.numbered(db, int(digits))])
    if not found:
        fail(f"There is no proposal V{digits}. `folkmoot proposals` lists them.")
    for each in found:
        if each.lines:
            sys.stderr.write(f"{each.label}: the stored result is not what the stored marks give.\n")
            sys.stderr.writelines(f"  {line}\n" for line in each.lines)
        else:
            typer.echo(f"{each.label}: {each.state}")
    if any(each.lines for each in found):
        raise typer.Exit(1)


class _Recounted:
    """A proposal, named with its workspace where there are several; `lines` are where two counts differ."""

    def __init__(self, db: Db, kept: KeptProposal) -> None:
        again, where = counted_again(db, kept), several(db).get(kept.workspace)
        self.label = kept.proposal.label + (f" in {where}" if where else "")
        self.state, self.lines = _state(kept, again), differences(kept, again)


def counted_again(db: Db, kept: KeptProposal) -> str | None:
    """The canonical result of a new count; None while there is none to compare with."""
    return None if kept.counted_with is None else canonical(votes.count(db, kept, kept.counted_with))


def _state(kept: KeptProposal, again: str | None) -> str:
    if again is None:
        return f"{kept.proposal.state}, {kept.proposal.tally}; not counted yet"
    return f"{kept.proposal.state}, {kept.proposal.tally}; counted again, the same"


def differences(kept: KeptProposal, again: str | None) -> list[str]:
    """Where two results differ, by name; and whether the text is the one that was voted on."""
    if fingerprint(kept.proposal.text) != kept.fingerprint:
        return ["text: it is not the one whose fingerprint was taken when it was put to the vote"]
    if again is None or kept.result_text is None or again == kept.result_text:
        state = kept.proposal.state
        stored = kept.result.state if kept.result_text is not None else state
        return [] if state == stored else [f"state: the proposal says {state}, its result {stored}"]
    theirs, ours = _flat(json.loads(kept.result_text)), _flat(json.loads(again))
    named = [
        f"{name}: stored {theirs.get(name)!r}, counted {ours.get(name)!r}"
        for name in sorted(theirs.keys() | ours.keys())
        if theirs.get(name) != ours.get(name)
    ]
    return named or ["the texts differ in their bytes alone"]


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat
