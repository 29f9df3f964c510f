"""How digest, recap and JSON tell of votes."""

import json
from dataclasses import fields
from datetime import timedelta

from render_samples import BEGAN, CONTESTED, record_with, vote, votes_record
from slack_limits import read

from bot.render.digest import digest
from bot.render.recap import recap_json, recap_markdown
from minutes.proposal import ProposalState
from minutes.record import Reason, RecordedVote
from minutes.tally import Side


def test_a_vote_that_is_being_counted_tells_no_number_in_the_digest() -> None:
    said = read(*digest(record_with(vote(ProposalState.CLOSING, **CONTESTED))))
    assert "V1: counting; the result follows" in said
    assert "3 for" not in said
    assert "Ana" not in said


def test_a_vote_that_goes_on_says_until_when() -> None:
    until = BEGAN + timedelta(days=2)
    timed = vote(ProposalState.OPEN, deadline=until)
    assert (
        "V1: open until 8 May 2026, 13:00 UTC, so far 2 for, 1 against" in recap_markdown(record_with(timed)).decode()
    )
    assert "V1: still open, so far 2 for, 1 against" in recap_markdown(record_with(vote(ProposalState.OPEN))).decode()


def test_the_plain_majority_goes_without_saying_in_the_digest() -> None:
    assert "more for than against" not in read(*digest(record_with(vote(rule="more for than against", needs=2))))
    assert "two thirds of the votes cast; needed 3, had 3" in read(*digest(record_with(vote(**CONTESTED))))


def test_the_digest_names_the_voters_and_gives_the_reasons_of_those_against() -> None:
    said = read(*digest(record_with(vote(**CONTESTED))))
    assert "For: Ana, Ben, and Dele. Against: Lee. Abstaining: Caro." in said
    assert "Against: Lee: “no rollback yet”" in said
    assert "it is tested" not in said


def test_what_belongs_to_a_vote_is_nested_below_it() -> None:
    (part,) = digest(record_with(vote(**CONTESTED)))
    lists = [each for block in part.blocks for each in block.get("elements", ()) if each["type"] == "rich_text_list"]
    assert [each.get("indent", 0) for each in lists] == [0, 1, 1, 1]


def test_the_recap_has_all_reasons_in_full_and_on_one_line_each() -> None:
    reasons = tuple(Reason(f"Person {n}", Side.AGAINST, f"reason {n}\n" + "long " * 400, "1.1") for n in range(40))
    page = recap_markdown(record_with(vote(reasons=reasons))).decode()
    assert all(f"    Against: Person {n}: “reason {n} {'long ' * 399}long”" in page for n in range(40))


def test_json_has_everything_of_a_vote() -> None:
    cast = json.loads(b"".join(recap_json(votes_record())))["topics"][0]["votes"][0]
    assert set(cast) == {field.name for field in fields(RecordedVote)}
    assert cast["outages"] == [["2026-05-06T13:21:00.000Z", "2026-05-06T13:22:05.000Z"]]
    assert cast["reasons"][0] == {
        "name": "Lee",
        "side": "against",
        "text": "no rollback yet",
        "ts": "1778073700.000100",
    }
