"""What the proposer and the chair can do with a vote, by name and for the record; and nobody else."""

import pytest

from rehearsal.server import ActFailed
from tests.conversations.room import Room, buttons, moments
from tests.conversations.votes import irregular, outcome, vote


@pytest.fixture
def docs(room: Room) -> Room:
    """Ana chairs; Ben proposes."""
    room.says("ana", "/session start Docs day for 3h")
    return room


def decisions(room: Room) -> list[str]:
    return [text for text in room.texts() if text.startswith("✅ Decision")]


def test_the_buttons_are_for_the_proposer_and_the_chair_only(docs: Room) -> None:
    docs.says("ben", "/propose for=20m Ship it")
    docs.reacts("dia", "+1", to="Ship it")
    docs.passes(seconds=10)
    before = docs.ballot_message("Ship it")
    assert buttons(before) == ["Close now", "Extend 10 min", "Withdraw"]
    for button, verb in (("Close now", "close"), ("Extend 10 min", "extend"), ("Withdraw", "withdraw")):
        docs.clicks("chen", button, on="Ship it", sure=True)
        assert (
            f"Only Ben Ortega, who proposed it, or Ana Ruiz, who chairs, can {verb} this vote."
            in (docs.whispers("chen")[-1])
        )
    docs.passes(seconds=10)
    assert docs.ballot_message("Ship it")["blocks"] == before["blocks"]
    for button in ("Close now", "Withdraw"):
        with pytest.raises(ActFailed, match="confirm"):
            docs.clicks("ben", button, on="Ship it")


@pytest.mark.parametrize(("who", "name"), [("ben", "Ben Ortega"), ("ana", "Ana Ruiz")])
def test_32_close_now_counts_what_is_there_and_names_who_closed_it(docs: Room, who: str, name: str) -> None:
    docs.says("ben", "/propose for=20m Ship it")
    docs.reacts("dia", "+1", to="Ship it")
    docs.clicks(who, "Close now", on="Ship it", sure=True)
    docs.passes(seconds=10)
    assert "The vote on V1 is closed" in docs.whispers(who)[-1]
    assert f"Closed by {name}" in docs.ballot("Ship it")
    (decision,) = decisions(docs)
    assert f"Closed by {name}" in decision
    assert (vote(docs)["closed_by"], vote(docs)["closed_why"]) == (name, "person")

    docs.passes(minutes=30)
    assert len(decisions(docs)) == 1, "its deadline says nothing more"


def test_extend_moves_the_deadline_by_ten_minutes_each_time_and_votes_go_on_counting(docs: Room) -> None:
    docs.says("ben", "/propose for=10m Ship it")
    docs.reacts("dia", "-1", to="Ship it")
    docs.passes(seconds=10)
    assert moments(docs.ballot_message("Ship it")) == ["13:10"]
    docs.clicks("ben", "Extend 10 min", on="Ship it")
    docs.clicks("ana", "Extend 10 min", on="Ship it")
    docs.passes(seconds=10)
    assert moments(docs.ballot_message("Ship it")) == ["13:30"]
    docs.until("13:15")
    assert "Proposal V1" in docs.ballot("Ship it")
    docs.reacts("chen", "+1", to="Ship it")
    docs.reacts("ana", "+1", to="Ship it")
    docs.until("13:31")
    assert "V1: accepted" in docs.ballot("Ship it")
    assert "2 for, 1 against" in docs.ballot("Ship it")
    assert irregular(vote(docs)) == {}


def test_a_vote_whose_time_is_over_cannot_be_extended_or_withdrawn_any_more(docs: Room) -> None:
    docs.says("ben", "/propose for=10m Ship it")
    docs.reacts("dia", "-1", to="Ship it")
    docs.until("13:11")
    docs.says("ben", "/propose Keep it")
    docs.passes(seconds=5)
    stale = docs.ballot_message("Keep it")
    assert buttons(stale) == ["Close now", "Withdraw"]
    docs.clicks("ben", "Close now", on="Keep it", sure=True)
    docs.passes(seconds=20)
    assert "is closed" in docs.whispers("ben")[-1]
    assert outcome(docs, "V1") == "rejected"
    assert buttons(docs.ballot_message("Ship it")) == ["Vote again"]


def test_39_its_proposer_withdraws_it_and_the_tally_of_that_moment_stays_on_record(docs: Room) -> None:
    docs.says("ben", "/propose for=20m Ship it")
    docs.reacts("dia", "+1", to="Ship it")
    docs.reacts("chen", "+1", to="Ship it")
    docs.clicks("ben", "Withdraw", on="Ship it", sure=True)
    docs.passes(minutes=30)
    ballot = docs.ballot("Ship it")
    assert "V1: withdrawn, not a decision" in ballot
    assert "2 for, 0 against when it was stopped" in ballot
    assert "Withdrawn by Ben Ortega" in ballot
    assert decisions(docs) == []
    found = vote(docs)
    assert (found["state"], found["closed_by"], found["tally"]) == ("withdrawn", "Ben Ortega", "2 for, 0 against")
    (reply,) = docs.thread_of(docs.ballot_message("Ship it")["ts"])
    assert "withdrawn, not a decision" in reply
    docs.reacts("ana", "+1", to=docs.ballot_message("Ship it")["ts"])
    docs.passes(seconds=20)
    assert "2 for, 0 against" in docs.ballot("Ship it")
    assert "counted again, the same" in docs.folkmoot("recount", "V1")


def test_39_the_chair_cancels_it_and_is_named(docs: Room) -> None:
    docs.says("ben", "/propose Ship it")
    docs.reacts("dia", "+1", to="Ship it")
    docs.clicks("ana", "Withdraw", on="Ship it", sure=True)
    docs.passes(seconds=20)
    assert "V1: cancelled, not a decision" in docs.ballot("Ship it")
    assert "Cancelled by Ana Ruiz" in docs.ballot("Ship it")
    assert decisions(docs) == []
    assert (vote(docs)["state"], vote(docs)["closed_by"]) == ("cancelled", "Ana Ruiz")
    assert "counted again, the same" in docs.folkmoot("recount", "V1")


def test_40_the_chair_puts_it_to_the_vote_again_and_the_first_result_stays_as_superseded(docs: Room) -> None:
    docs.says("ben", "/propose for=10m rule=two-thirds roll=@ana,@ben,@chen quorum=1 Ship it")
    docs.reacts("ana", "+1", to="Ship it")
    docs.until("13:11")
    assert len(decisions(docs)) == 1
    docs.clicks("ben", "Vote again", on="Ship it", sure=True)
    assert "Only Ana Ruiz, who chairs, can" in docs.whispers("ben")[-1]
    docs.clicks("ana", "Vote again", on="Ship it", sure=True)
    assert "V2 is put to the vote, for 10 minutes" in docs.whispers("ana")[-1]
    docs.passes(seconds=10)
    first, second = [each for each in docs.channel() if "Proposed by" in str(each["blocks"])]
    assert "superseded by V2; first result: accepted" in first["text"]
    assert buttons(first) == []
    again = docs.ballot("Ship it")
    for words in ("Proposal V2", "in place of V1", "two thirds", "Quorum 1", "Not voted yet: Ana Ruiz", "0 for, 0"):
        assert words in again
    assert second["ts"] == docs.ballot_message("Ship it")["ts"]
    assert decisions(docs) == [], "what was told as a decision no longer looks like one"

    docs.reacts("ana", "-1", to=second["ts"])
    docs.reacts("ben", "-1", to=second["ts"])
    docs.until("13:25")
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert (outcome(docs, "V1"), outcome(docs, "V2")) == ("accepted", "rejected")
    assert (vote(docs, "V1")["superseded_by"], vote(docs, "V2")["supersedes"]) == ("V2", "V1")
    assert "0 decisions" in docs.digests()[0]
    for label in ("V1", "V2"):
        assert "counted again, the same" in docs.folkmoot("recount", label)


def test_40_a_vote_is_not_put_again_twice_or_after_its_session(docs: Room) -> None:
    docs.says("ana", "/propose Ship it")
    docs.says("ana", "/propose Keep it")
    for text in ("Ship it", "Keep it"):
        docs.clicks("ana", "Close now", on=text, sure=True)
    docs.passes(seconds=10)
    stale = docs.ballot_message("Ship it")
    docs.says("ben", "/propose Ship it")
    docs.clicks("ana", "Vote again", on=stale["ts"], sure=True)
    assert "put to the vote already, as V3" in docs.whispers("ana")[-1]
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert buttons(docs.ballot_message("Keep it")) == []


def test_a_click_that_is_delivered_twice_acts_once(docs: Room) -> None:
    docs.says("ben", "/propose for=10m Ship it")
    docs.passes(seconds=5)
    docs.fails("double", action="block_actions", seconds=1)
    docs.clicks("ben", "Extend 10 min", on="Ship it")
    docs.passes(seconds=20)
    assert moments(docs.ballot_message("Ship it")) == ["13:20"]
