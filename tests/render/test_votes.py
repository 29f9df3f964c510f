"""What is said of votes: nothing but an accepted one looks like a decision, and every number is explained."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from render_samples import BEGAN, CONTESTED, ballot_of, record_with, vote
from slack_limits import problems, read

from bot.render import floor, votes
from bot.render.ballot import ballot
from bot.render.buttons import Button
from bot.render.digest import digest
from bot.render.message import Message
from bot.render.outline import decisions
from bot.render.pieces import as_text
from bot.render.recap import recap_markdown
from bot.render.wording import CAME_OUT, NAMES
from minutes.proposal import ClosedBy, ProposalState
from minutes.record import Reason, RecordedVote
from minutes.tally import Side

NO_DECISION = [state for state in ProposalState if state is not ProposalState.ACCEPTED]
OVER = [state for state in ProposalState if state.is_over]
CROWD = tuple(f"Person number {n}" for n in range(500))
EVERYTHING: dict[str, Any] = CONTESTED | {"resolved_by": "Ana", "by_events_only": True, "untimed": ("Eva",)}


def buttons(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def everywhere(cast: RecordedVote) -> list[str]:
    """All that shows this vote, read as text, notifications included."""
    drawn = ballot(replace(ballot_of(), vote=cast))
    told = [drawn, floor.vote_decision(cast), floor.vote_outcome(cast), *digest(record_with(cast))]
    said = [read(*told), *(one.text for one in told), recap_markdown(record_with(cast)).decode()]
    return [one.replace("✅ 0 decisions", "") for one in said]


@pytest.mark.parametrize("state", NO_DECISION)
def test_only_an_accepted_vote_looks_like_a_decision(state: ProposalState) -> None:
    for said in everywhere(vote(state, **EVERYTHING)):
        assert "✅" not in said
        assert "Decision" not in said
        assert "accepted" not in said.replace("not accepted", "").replace("Ana accepted the count", "")
    assert decisions(record_with(vote(state))) == 0


def test_an_accepted_vote_that_was_put_to_the_vote_again_is_a_decision_no_more() -> None:
    again = vote(superseded_by="V2")
    for said in everywhere(again):
        assert "✅" not in said
        assert "superseded by V2; first result: accepted" in said
    assert decisions(record_with(again)) == 0
    assert "Open questions" not in recap_markdown(record_with(again)).decode()


@pytest.mark.parametrize("state", [ProposalState.VOID, ProposalState.WITHDRAWN, ProposalState.CANCELLED])
def test_a_vote_that_was_stopped_is_labelled_not_a_decision(state: ProposalState) -> None:
    assert all("not a decision" in said for said in everywhere(vote(state)))
    stopped = read(ballot(ballot_of(state)))
    assert "2 for, 1 against when it was stopped" in stopped
    assert "needed" not in stopped


def test_every_state_has_its_words_and_no_two_that_are_over_have_the_same() -> None:
    assert set(CAME_OUT) == set(ProposalState)
    assert len({CAME_OUT[state] for state in OVER}) == len(OVER)


@pytest.mark.parametrize(
    ("state", "told", "said"),
    [
        (ProposalState.OPEN, {}, "Passes with more for than against"),
        (ProposalState.OPEN, {"needs": 5, "has": 4}, "Passes with more for than against: needs 5, has 4"),
        (ProposalState.REJECTED, {"needs": 5, "has": 4}, "Rule: more for than against; needed 5, had 4"),
        (ProposalState.VOID, {"needs": 5, "has": 5}, "Rule: more for than against"),
        (
            ProposalState.REJECTED,
            {"rule": "all votes cast", "needs": 2, "has": 2, "conflicting": ("Eva",)},
            "Rule: all votes cast; needed 2, had 2, but nobody may be on more than one side",
        ),
    ],
)
def test_the_rule_is_told_with_what_it_needs_and_what_there_is(
    state: ProposalState, told: dict[str, Any], said: str
) -> None:
    assert votes.rule(vote(state, **told)) == said


@pytest.mark.parametrize(
    ("state", "told", "said"),
    [
        (ProposalState.OPEN, {}, ""),
        (ProposalState.OPEN, {"quorum": "4 votes", "quorum_needs": 4, "quorum_has": 3}, "Quorum 4: 3 so far"),
        (
            ProposalState.ACCEPTED,
            {"quorum": "50% of the roll", "quorum_needs": 4, "quorum_has": 5},
            "Quorum 4 (50% of the roll): 5 voted",
        ),
    ],
)
def test_the_quorum_is_told_where_there_is_one(state: ProposalState, told: dict[str, Any], said: str) -> None:
    assert votes.quorum(vote(state, **told)) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"late": ("Gul",)}, "Too late to count: Gul."),
        ({"changed": ("Dele", "Eva")}, "Changed sides: Dele and Eva."),
        ({"untimed": ("Eva",)}, "Nobody can tell whether these marks came in time: Eva."),
        ({"resolved_by": "Ana"}, "Ana accepted the count as it was."),
        ({"by_events_only": True}, "Counted from Slack's events alone: the list of marks cannot be read here."),
        ({"supersedes": "V3"}, "Takes the place of V3."),
        (
            {"outages": ((BEGAN, BEGAN + timedelta(seconds=65)),)},
            "The bot was away from 6 May 2026, 13:00:00 UTC to 13:01:05 UTC.",
        ),
        (
            {"outages": ((BEGAN, BEGAN + timedelta(days=1)),)},
            "The bot was away from 6 May 2026, 13:00:00 UTC to 7 May 2026, 13:00:00 UTC.",
        ),
    ],
)
def test_every_irregularity_is_told_wherever_the_result_is(told: dict[str, Any], said: str) -> None:
    assert all(
        said in text.replace("\\", "")
        for text in [as_text(votes.irregularities(vote(**told), NAMES)[0]), *results(told)]
    )
    assert votes.irregularities(vote(ProposalState.OPEN, **told), NAMES) == []


def results(told: dict[str, Any]) -> list[str]:
    cast = vote(**told)
    drawn = (ballot(replace(ballot_of(), vote=cast)), floor.vote_decision(cast), *digest(record_with(cast)))
    return [*map(read, drawn), recap_markdown(record_with(cast)).decode()]


def test_many_outages_are_counted_on_the_ballot_and_all_told_in_the_recap() -> None:
    away = tuple((BEGAN + timedelta(minutes=n), BEGAN + timedelta(minutes=n, seconds=9)) for n in range(30))
    cast = vote(outages=away)
    assert "and 20 more times." in as_text(votes.irregularities(cast, NAMES)[0])
    assert recap_markdown(record_with(cast)).decode().count("from 6 May 2026, 13:") == 30


@pytest.mark.parametrize(
    ("state", "why", "said"),
    [
        (ProposalState.ACCEPTED, ClosedBy.DEADLINE, "Closed at its deadline"),
        (ProposalState.ACCEPTED, ClosedBy.PERSON, "Closed by Ben"),
        (ProposalState.TIED, ClosedBy.SESSION, "Closed with the session"),
        (ProposalState.CANCELLED, ClosedBy.SESSION, "Cancelled with the session"),
        (ProposalState.ACCEPTED, ClosedBy.EVERYONE_VOTED, "Closed when everybody on the roll had voted"),
        (ProposalState.WITHDRAWN, ClosedBy.WITHDRAWN, "Withdrawn by Ben"),
        (ProposalState.CANCELLED, ClosedBy.WITHDRAWN, "Cancelled by Ben"),
        (ProposalState.VOID, ClosedBy.BALLOT_GONE, "Stopped because the ballot was deleted"),
    ],
)
def test_it_is_told_who_or_what_closed_a_vote(state: ProposalState, why: ClosedBy, said: str) -> None:
    cast = vote(state, closed_why=why)
    assert votes.closing(cast) == said
    assert f"🔒 {said}, " in read(ballot(replace(ballot_of(), vote=cast)))
    assert f"{said}." in read(floor.vote_outcome(cast))


@pytest.mark.parametrize(
    ("state", "told", "offered"),
    [
        (ProposalState.OPEN, {}, [Button.CLOSE_BALLOT, Button.EXTEND_BALLOT, Button.WITHDRAW]),
        (ProposalState.OPEN, {"deadline": None}, [Button.CLOSE_BALLOT, Button.WITHDRAW]),
        (ProposalState.CLOSING, {}, []),
        (ProposalState.UNDETERMINED, {}, [Button.ACCEPT_COUNT, Button.EXTEND_BALLOT]),
        (ProposalState.UNDETERMINED, {"in_session": False}, [Button.ACCEPT_COUNT, Button.EXTEND_BALLOT]),
        (ProposalState.ACCEPTED, {}, [Button.REOPEN_BALLOT]),
        (ProposalState.WITHDRAWN, {}, [Button.REOPEN_BALLOT]),
        (ProposalState.ACCEPTED, {"in_session": False}, []),
        (ProposalState.ACCEPTED, {"superseded_by": "V2"}, []),
    ],
)
def test_a_ballot_offers_what_can_be_done_about_it(
    state: ProposalState, told: dict[str, Any], offered: list[Button]
) -> None:
    drawn = ballot(ballot_of(state, **told))
    assert buttons(drawn) == offered
    values = {element["value"] for block in drawn.blocks if block["type"] == "actions" for element in block["elements"]}
    assert values <= {"12"}


def test_who_has_not_voted_is_told_where_there_is_a_roll_and_only_there() -> None:
    assert "Not voted yet: Kim" in read(ballot(ballot_of(has_roll=True, silent=("Kim",))))
    assert "Not voted: Kim" in read(ballot(ballot_of(ProposalState.TIED, has_roll=True, silent=("Kim",))))
    assert "Kim" not in read(ballot(ballot_of(has_roll=False, silent=("Kim",))))


def test_advisory_votes_stand_apart_and_say_why() -> None:
    assert "Advisory, not on the roll: 1 for, 0 against" in read(
        ballot(ballot_of(advisory="1 for, 0 against", has_roll=True))
    )
    assert "Advisory, from accounts not known to be people: 1 for" in votes.advisory(vote(advisory="1 for"))


@pytest.mark.parametrize("state", list(ProposalState))
def test_five_hundred_voters_fit_on_a_ballot_and_on_the_floor(state: ProposalState) -> None:
    sides = ("in_favour", "against", "abstaining", "conflicting", "silent", "late", "changed", "untimed")
    reasons = tuple(Reason(name, Side.AGAINST, "because " * 50, "1778073700.000100") for name in CROWD)
    told = EVERYTHING | dict.fromkeys(sides, CROWD) | {"reasons": reasons, "text": "議" * 2000}
    drawn = [
        ballot(ballot_of(state, **told)),
        floor.vote_outcome(vote(state, **told)),
        floor.vote_decision(vote(**told)),
    ]
    assert [problem for one in drawn for problem in problems(one)] == []
    assert " more" in read(drawn[0])
    assert "more reasons below the ballot" in read(drawn[1])
    assert [problem for part in digest(record_with(vote(state, **told))) for problem in problems(part)] == []
