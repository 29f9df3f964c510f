"""`folkmoot check`: the record folded anew, and whether all that is stored agrees."""

import sys
from datetime import UTC, datetime

import typer

from bot.cli.reading import ask
from bot.cli.recounting import counted_again, differences
from minutes.consistency import Fault, Finding
from storage import consistency, votes
from storage.db import Db

WORDS = {
    Fault.DAMAGED: "the file is damaged",
    Fault.UNREADABLE: "cannot be read",
    Fault.REFERENCE: "they name rows that are not there",
    Fault.UNKNOWN_PERSON: "it names somebody who is not among the people",
    Fault.OPEN_TWICE: "more than one session is open in it",
    Fault.ENTRY_NUMBERS: "its entries are not numbered from 1 without a gap",
    Fault.REVISIONS: "its revisions are not numbered from 1 without a gap",
    Fault.GOES_ON: "it was revised while it was taken back",
    Fault.DELETED_STANDS: "it stands, and the message that it came from was deleted",
    Fault.TOPIC_NUMBERS: "its topics are not numbered from 1 without a gap",
    Fault.FLOOR: "more topics are on its floor than can be",
    Fault.SPELL_OPEN: "whether it is on the floor, and whether its time there goes on, disagree",
    Fault.SPELL_OUTSIDE: "it was on the floor outside of the session",
    Fault.SPELLS_OVERLAP: "it was on the floor twice at once",
    Fault.NO_CHAIR: "nobody chairs it",
    Fault.QUEUE: "two of its topics wait at the same place",
    Fault.FOREIGN_TOPIC: "it is filed under a topic of another session",
    Fault.NO_DIGEST: "it is over, and no digest is owed",
    Fault.RECOUNT: "the stored result is not what the stored marks give: `folkmoot recount` says where",
    Fault.STRAY_MARKS: "marks are kept of it, and it is no ballot",
    Fault.OUTCOME_UNTOLD: "it is over, and nothing is owed that tells so",
    Fault.DUTY_STATE: "this duty is in no known state",
    Fault.LEASE: "this duty is leased and not under way, or the other way round",
    Fault.STUCK: "this duty has been waiting for more than a day: does the bot run?",
}


def check() -> None:
    """Say whether the stored record is consistent; status 1 where it is not."""
    found = ask(lambda db: findings(db, datetime.now(UTC)))
    if found:
        sys.stderr.write("The database is not consistent:\n")
        sys.stderr.writelines(f"  {each.subject}: {WORDS[each.fault]}.\n" for each in found)
        raise typer.Exit(1)
    typer.echo("The database is consistent.")


def findings(db: Db, now: datetime) -> list[Finding]:
    """What is stored and cannot be; votes are counted again where all else can be read."""
    found = consistency.find(db, now)
    if any(each.fault in (Fault.DAMAGED, Fault.UNREADABLE) for each in found):
        return found
    recounted = [kept for kept in votes.every(db) if differences(kept, counted_again(db, kept))]
    return found + [Finding(Fault.RECOUNT, kept.proposal.label) for kept in recounted]
