"""Proposals: ballots in the channel, marks as votes, and how a vote ends."""

from typing import Any

import pytest

from rehearsal.server import ActFailed
from tests.conversations.room import Room, buttons, moments, shown

SEED = ["+1", "-1", "white_circle"]


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day for 3h")
    room.says("ana", "/topic Guides")
    return room


def decisions(room: Room) -> list[str]:
    return [text for text in room.texts() if text.startswith("✅ Decision")]


def test_a_proposal_is_posted_as_the_bots_own_ballot_and_seeded(docs: Room) -> None:
    answer = docs.says("ben", "/propose Drop the old guide for 10m")
    docs.passes(seconds=10)
    assert "V1 is put to the vote, for 10 minutes" in answer

    ballot = docs.ballot_message("Drop the old guide")
    assert ballot["user"] == docs.stage.bot.id
    assert [each["name"] for each in ballot["reactions"]] == SEED
    assert all(each["users"] == [docs.stage.bot.id] for each in ballot["reactions"])
    for expected in (
        "Proposal V1",
        "0 for, 0 against",
        "Passes with more for than against",
        "React with 👍 for, 👎 against, or ⚪ to abstain",
        "Proposed by Ben Ortega, on topic “Guides”",
    ):
        assert expected in shown(ballot)
    assert moments(ballot) == ["13:10"]
    assert buttons(ballot) == ["Close now", "Extend 10 min", "Withdraw"]


def test_without_a_time_it_is_open_until_the_session_ends(docs: Room) -> None:
    assert "until the session ends or you close it" in docs.says("ben", "/propose Wait for the new guide")
    assert "Open until the session ends" in docs.ballot("Wait for the new guide")
    assert buttons(docs.ballot_message("Wait for the new guide")) == ["Close now", "Withdraw"]
    assert "what to vote on" in docs.says("ben", "/propose for 10m")


def test_the_command_alone_opens_the_dialog_and_help_is_help(docs: Room) -> None:
    assert docs.says("ben", "/propose") == ""
    assert docs.dialog("ben")["callback_id"] == "propose"
    assert docs.fills("ben", text="Drop the old guide", minutes="10") == {}
    assert "Passes with more for than against" in docs.ballot("Drop the old guide")
    assert "/propose Drop the old agent" in docs.says("ben", "/propose help")


def test_one_person_counts_once_whatever_the_tones_and_names_of_their_thumbs(docs: Room) -> None:
    docs.says("ana", "/propose Drop it for 10m")
    for emoji in ("+1", "+1::skin-tone-2", "+1::skin-tone-6"):
        docs.reacts("ben", emoji, to="Drop it")
    docs.reacts("chen", "thumbsup", to="Drop it")
    docs.reacts("dia", "thumbsdown::skin-tone-3", to="Drop it")
    docs.reacts("ana", "eyes", to="Drop it")
    docs.passes(seconds=10)
    assert "2 for, 1 against" in docs.ballot("Drop it")
    assert "For: Ben Ortega and Chen Wei" in docs.ballot("Drop it")

    docs.unreacts("ben", "+1", to="Drop it")
    docs.unreacts("ben", "+1::skin-tone-2", to="Drop it")
    docs.passes(seconds=10)
    assert "2 for, 1 against" in docs.ballot("Drop it")  # one tone is still there
    docs.unreacts("ben", "+1::skin-tone-6", to="Drop it")
    docs.reacts("ana", "white_circle", to="Drop it")
    docs.passes(seconds=10)
    assert "1 for, 1 against, 1 abstaining" in docs.ballot("Drop it")
    assert "Abstaining: Ana Ruiz" in docs.ballot("Drop it")


def test_for_and_against_at_once_counts_for_neither_and_is_shown_as_such(docs: Room) -> None:
    docs.says("ana", "/propose Drop it for 10m")
    docs.reacts("ben", "+1", to="Drop it")
    docs.reacts("chen", "+1", to="Drop it")
    docs.reacts("chen", "-1", to="Drop it")
    docs.passes(seconds=10)
    assert "1 for, 0 against" in docs.ballot("Drop it")
    assert "On more than one side at once, so counted on none: Chen Wei" in docs.ballot("Drop it")

    docs.unreacts("chen", "+1", to="Drop it")
    docs.passes(seconds=10)
    assert "1 for, 1 against" in docs.ballot("Drop it")
    assert "at once" not in docs.ballot("Drop it")


def test_bots_and_the_seed_never_count(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.says("ana", "/propose Drop it for 10m")
    docs.reacts("ci", "+1", to="Drop it")
    docs.passes(seconds=10)
    assert "0 for, 0 against" in docs.ballot("Drop it")
    assert "CI robot" not in docs.ballot("Drop it")
    docs.passes(minutes=10)
    assert "nobody voted, so no decision" in docs.ballot("Drop it")
    assert "1 person" in docs.card()


def test_it_closes_at_its_deadline_and_marks_after_that_do_not_count(docs: Room) -> None:
    docs.says("ana", "/propose Drop it for 10m")
    docs.reacts("ben", "+1", to="Drop it")
    docs.until("13:10:04")
    assert "Counting… Nobody can vote any more" in docs.ballot("Drop it")
    assert decisions(docs) == []
    docs.until("13:10:10")  # five seconds for stragglers, counted from the ballot's own time
    (decision,) = decisions(docs)
    assert "Decision (V1): Drop it" in decision
    assert "Accepted: 1 for, 0 against. For: Ben Ortega." in decision
    assert "Closed at its deadline" in docs.ballot("Drop it")
    assert buttons(docs.ballot_message("Drop it")) == ["Vote again"]

    docs.reacts("chen", "-1", to=docs.ballot_message("Drop it")["ts"])
    docs.unreacts("ben", "+1", to=docs.ballot_message("Drop it")["ts"])
    docs.passes(seconds=10)
    assert "1 for, 0 against" in docs.ballot("Drop it")
    assert len(decisions(docs)) == 1


def test_a_mark_after_the_deadline_does_not_count_even_if_the_bot_was_away(docs: Room) -> None:
    docs.says("ana", "/propose Drop it for 10m")
    docs.reacts("ben", "+1", to="Drop it")
    docs.bot_goes()
    docs.until("13:20")
    docs.bot_comes()
    docs.passes(seconds=10)
    assert "Accepted: 1 for, 0 against" in decisions(docs)[0]
    assert "13:10" in moments(docs.ballot_message("Drop it"))


def test_its_proposer_and_the_chair_can_close_it_and_nobody_else(docs: Room) -> None:
    docs.says("ben", "/propose Drop it")
    docs.says("ben", "/propose Keep it")
    docs.reacts("dia", "+1", to="Drop it")
    with pytest.raises(ActFailed, match="confirm"):
        docs.clicks("ben", "Close now", on="Drop it")
    docs.clicks("chen", "Close now", on="Drop it", sure=True)
    assert "Only Ben Ortega, who proposed it, or Ana Ruiz, who chairs" in docs.whispers("chen")[-1]
    assert "Proposal V1" in docs.ballot("Drop it")

    docs.clicks("ben", "Close now", on="Drop it", sure=True)
    docs.clicks("ana", "Close now", on="Keep it", sure=True)
    docs.passes(seconds=10)
    assert "The vote on V1 is closed" in docs.whispers("ben")[-1]
    assert "V1: accepted" in docs.ballot("Drop it")
    assert "Closed by Ben Ortega" in docs.ballot("Drop it")
    assert "Closed by Ana Ruiz" in docs.ballot("Keep it")
    assert "0 open proposals" in docs.card()


def test_only_more_for_than_against_is_a_decision_and_the_rest_is_recorded_as_what_it_was(docs: Room) -> None:
    for text in ("Adopt it", "Fails", "Ties", "Nobody", "All abstain"):
        docs.says("ana", f"/propose {text}")
        docs.passes(seconds=5)
    docs.reacts("ben", "+1", to="Adopt it")
    docs.reacts("ben", "-1", to="Fails")
    docs.reacts("ben", "+1", to="Ties")
    docs.reacts("chen", "-1", to="Ties")
    docs.reacts("dia", "white_circle", to="All abstain")
    docs.says("ana", "/session end")
    docs.passes(seconds=20)

    (decision,) = decisions(docs)
    assert "Adopt it" in decision
    for text, outcome in (
        ("Fails", "not accepted"),
        ("Ties", "a tie, so no decision"),
        ("Nobody", "nobody voted, so no decision"),
        ("All abstain", "not accepted"),
    ):
        assert outcome in docs.ballot(text)
        assert "Closed with the session" in docs.ballot(text)
        (reply,) = docs.thread_of(docs.ballot_message(text)["ts"])
        assert outcome in reply
    digest = docs.digests()[0]
    assert "1 decision" in digest
    assert "Fails — V2: 0 for, 1 against, not accepted" in digest
    assert digest.index("Open questions") < digest.index("Ties — V3: 1 for, 1 against, a tie")
    outcomes = {each["id"]: each["outcome"] for each in docs.proposals()}
    assert outcomes == {"V1": "accepted", "V2": "rejected", "V3": "tied", "V4": "no_votes", "V5": "rejected"}


def test_when_the_topic_changes_its_proposer_is_asked_privately_whether_to_close(docs: Room) -> None:
    docs.says("ben", "/propose Drop it")
    docs.says("chen", "/propose Keep it for 1h")
    docs.says("ana", "/topic Tools")
    docs.passes(seconds=5)
    assert "your vote V1 is still open: “Drop it”. Close it now?" in docs.whispers("ben")[-1]
    assert "your vote V2 is still open" in docs.whispers("chen")[-1]
    assert not any("is still open" in text for text in docs.whispers("ana"))

    docs.clicks("ben", "Close now", on="The topic has changed", sure=True)
    docs.passes(seconds=10)
    assert "Closed by Ben Ortega" in docs.ballot("Drop it")
    assert "on topic “Guides”" in docs.ballot("Drop it")
    assert "Proposal V2" in docs.ballot("Keep it")


def test_who_proposed_before_the_first_topic_is_asked_when_it_comes(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ben", "/propose Begin with the guides")
    room.says("ana", "/topic Guides")
    room.passes(seconds=5)
    assert "your vote V1 is still open" in room.whispers("ben")[-1]


def test_the_same_text_is_not_put_twice_while_it_is_open(docs: Room) -> None:
    docs.says("ana", "/propose Drop it")
    assert "put to the vote already, as V1" in docs.says("ben", "/propose Drop it for 5m")
    docs.says("ben", "/propose Drop it!")
    assert sum("Proposal V" in text for text in docs.texts()) == 2
    docs.clicks("ana", "Close now", on="V1", sure=True)
    assert "V3 is put to the vote" in docs.says("ben", "/propose Drop it")


@pytest.mark.parametrize(
    "fault", [{"fault": "hang_up_after"}, {"fault": "slow", "seconds": 30}], ids=["answer lost", "answer late"]
)
def test_a_reaction_that_arrives_while_the_ballots_own_post_is_under_way_is_not_lost(
    docs: Room, fault: dict[str, Any]
) -> None:
    # Slack has taken the post, and people see a ballot of which the bot has not been told yet.
    docs.passes(seconds=10)
    docs.fails(**fault, method="chat.postMessage", times=1)
    docs.hurries("ana", "command", text="/propose Drop it for 10m")
    docs.sees("Drop it")
    docs.hurries("ben", "react", emoji="+1", on="Drop it")
    docs.hurries("chen", "react", emoji="+1", on="Drop it")
    docs.hurries("chen", "react", emoji="-1", on="Drop it")
    docs.hurries("chen", "unreact", emoji="+1", on="Drop it")
    assert docs.proposals()[0]["ballot_ts"] is None
    docs.passes(seconds=50)

    assert sum("Proposal V1" in text for text in docs.texts()) == 1
    assert "1 for, 1 against" in docs.ballot("Drop it")
    assert [each["name"] for each in docs.ballot_message("Drop it")["reactions"]] == SEED
    docs.until("13:12")
    assert "a tie" in docs.ballot("Drop it")


def test_a_vote_whose_session_ends_while_its_ballot_is_under_way_ends_with_it(docs: Room) -> None:
    docs.passes(seconds=10)
    docs.fails("hang_up_after", method="chat.postMessage", times=1)
    docs.says("ana", "/propose Drop it")
    docs.reacts("ben", "+1", to="Drop it")
    docs.says("ana", "/session end")
    docs.passes(minutes=1)
    ballot = docs.ballot_message("Drop it")
    assert "Closed with the session" in shown(ballot)
    assert buttons(ballot) == []
    assert "Drop it" in docs.digests()[0]
    assert docs.proposals()[0]["outcome"] != "open"


def test_reactions_that_overtake_each_other_count_as_they_were_made(docs: Room) -> None:
    docs.says("ana", "/propose Drop it for 10m")
    docs.passes(seconds=10)
    docs.fails("swap", event="reaction_*", by="ben", times=1)
    docs.reacts("ben", "+1", to="Drop it")
    docs.unreacts("ben", "+1", to="Drop it")
    docs.fails("swap", event="reaction_*", by="chen", times=1)
    docs.reacts("chen", "-1", to="Drop it")
    docs.unreacts("chen", "-1", to="Drop it")
    docs.reacts("chen", "-1", to="Drop it")
    docs.passes(seconds=20)
    assert "0 for, 1 against" in docs.ballot("Drop it")


def test_a_reaction_to_anything_else_leaves_no_trace(docs: Room) -> None:
    ts = docs.says("ana", "What do you think?")
    docs.reacts("ben", "+1", to=ts)
    docs.reacts("chen", "+1", to="1. Guides")
    assert "1 person" in docs.card()
    assert "+1" not in docs.stored()


def test_the_text_is_frozen_in_the_ballot_as_it_was_typed(docs: Room) -> None:
    docs.says("ana", "/propose Ship it on Friday for everybody in @ben's team for 10m")
    assert "Ship it on Friday for everybody in @Ben Ortega's team" in docs.ballot("Ship it")
    assert "2,000 is the most" in docs.says("ana", "/propose " + "word " * 500)


def test_votes_are_participation(docs: Room) -> None:
    docs.says("ana", "/propose Drop it")
    docs.reacts("dia", "-1", to="Drop it")
    docs.passes(seconds=10)
    assert "2 people" in docs.card()
    found = {each["name"]: each["voted"] for each in docs.record()["participants"]}
    assert found == {"Ana Ruiz": False, "Dia Sharma": True}


def test_two_votes_at_once_each_have_their_own_tally(docs: Room) -> None:
    docs.says("ana", "/propose First one for 10m")
    docs.says("ben", "/propose Second one for 20m")
    docs.reacts("chen", "+1", to="First one")
    docs.reacts("chen", "-1", to="Second one")
    docs.until("13:11")
    assert "V1: accepted" in docs.ballot("First one")
    assert "0 for, 1 against" in docs.ballot("Second one")
    assert "Proposal V2" in docs.ballot("Second one")
    assert "1 open proposal ·" in docs.card()
