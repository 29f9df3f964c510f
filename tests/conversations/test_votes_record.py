"""What stays of a vote: its frozen text, its reasons, and the record in outcome, digest and recap."""

import hashlib

import pytest

from tests.conversations.room import Room, shown
from tests.conversations.votes import vote


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day for 3h")
    room.says("ana", "/topic Releases")
    return room


def contested(room: Room) -> str:
    """A vote of three to one; gives the ballot's `ts`."""
    room.says("ana", "/propose Ship on Friday")
    for who, emoji in (("ana", "+1"), ("ben", "-1"), ("chen", "+1"), ("dia", "+1")):
        room.reacts(who, emoji, to="Ship on Friday")
    return str(room.ballot_message("Ship on Friday")["ts"])


def closes(room: Room) -> None:
    room.clicks("ana", "Close now", on="Ship on Friday", sure=True)
    room.passes(seconds=15)


def decision(room: Room) -> str:
    (found,) = [text for text in room.texts() if text.startswith("✅ Decision")]
    return found


def test_33_the_text_is_frozen_in_the_bots_own_message_with_its_fingerprint(docs: Room) -> None:
    docs.says("ana", "/propose for=10m Ship *on* Friday\nor   Monday")
    docs.passes(seconds=10)
    ballot = docs.ballot_message("or   Monday")
    assert ballot["user"] == docs.stage.bot.id
    frozen = "Ship *on* Friday\nor   Monday"
    assert frozen in shown(ballot)
    docs.until("13:11")
    found = vote(docs)
    assert found["text"] == frozen
    assert found["fingerprint"] == hashlib.sha256(frozen.encode()).hexdigest()


def test_dissent_with_its_reason_stands_in_outcome_digest_and_recap(docs: Room) -> None:
    ballot = contested(docs)
    docs.says("ben", "No rollback yet, see @chen", thread=ballot)
    docs.says("chen", "We have one since Monday", thread=ballot)
    closes(docs)
    reason = "Against: Ben Ortega: “No rollback yet, see @Chen Wei”"
    assert reason in decision(docs)
    assert "since Monday" not in decision(docs), "only dissent is told with it"
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    (digest,) = docs.digests()
    (recap,) = docs.recaps()
    for place in (digest, recap):
        assert "No rollback yet, see @Chen Wei" in place
        assert "Ben Ortega" in place
    given = {(each["name"], each["side"], each["text"]) for each in vote(docs)["reasons"]}
    assert given == {
        ("Ben Ortega", "against", "No rollback yet, see @Chen Wei"),
        ("Chen Wei", "for", "We have one since Monday"),
    }


def test_a_reason_follows_its_edits_and_goes_when_it_is_deleted_before_and_after_the_close(docs: Room) -> None:
    ballot = contested(docs)
    reason = docs.says("ben", "No rollbak yet", thread=ballot)
    docs.edits("ben", reason, "No rollback yet")
    docs.deletes("ben", docs.says("ben", "And it rains", thread=ballot))
    closes(docs)
    assert "“No rollback yet”" in decision(docs)
    assert "it rains" not in decision(docs)

    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    docs.edits("ben", reason, "No rollback before Monday")
    docs.passes(seconds=10)
    for place in (decision(docs), docs.digests()[0], docs.folkmoot("recap")):
        assert "No rollback before Monday" in place
        assert "No rollback yet" not in place
    docs.deletes("ben", reason)
    docs.passes(seconds=10)
    for place in (decision(docs), docs.digests()[0], docs.folkmoot("recap")):
        assert "No rollback" not in place
        assert "Ship on Friday" in place
    assert "No rollback" not in docs.stored()


def test_a_reason_that_comes_after_the_close_is_told_too(docs: Room) -> None:
    ballot = contested(docs)
    closes(docs)
    docs.says("ben", "Still no rollback", thread=ballot)
    docs.passes(seconds=10)
    assert "Against: Ben Ortega: “Still no rollback”" in decision(docs)


def test_a_reply_to_anything_else_is_no_reason_and_leaves_no_trace(docs: Room) -> None:
    contested(docs)
    topic = docs.message("On the floor")["ts"]
    docs.says("ben", "Nothing to do with it", thread=topic)
    closes(docs)
    assert "Nothing to do with it" not in docs.stored()
    assert "“" not in decision(docs)


def test_a_reason_of_somebody_who_changes_sides_is_dissent_only_while_they_are_against(docs: Room) -> None:
    ballot = contested(docs)
    docs.says("ben", "No rollback yet", thread=ballot)
    docs.unreacts("ben", "-1", to="Ship on Friday")
    docs.reacts("ben", "+1", to="Ship on Friday")
    closes(docs)
    assert "No rollback" not in decision(docs)
    assert [each["side"] for each in vote(docs)["reasons"]] == ["for"]


def test_the_outcome_is_posted_once_with_tally_names_and_every_irregularity(docs: Room) -> None:
    docs.says("ana", "/propose for=10m rule=two-thirds roll=@ana,@ben,@chen quorum=2 Ship on Friday")
    for who, emoji in (("ana", "+1"), ("ben", "-1"), ("dia", "+1")):
        docs.reacts(who, emoji, to="Ship on Friday")
    docs.unreacts("ben", "-1", to="Ship on Friday")
    docs.reacts("ben", "+1", to="Ship on Friday")
    docs.until("13:12")
    told = decision(docs)
    for words in (
        "Decision (V1): Ship on Friday",
        "Accepted: 2 for, 0 against. For: Ana Ruiz and Ben Ortega. Not voted: Chen Wei.",
        "Rule: two thirds of the votes cast; needed 2, had 2. Quorum 2: 2 voted. "
        "Advisory, not on the roll: 1 for, 0 against.",
        "Closed at its deadline. Changed sides: Ben Ortega.",
    ):
        assert words in told
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert "Ship on Friday" in docs.digests()[0]
    recap = docs.recaps()[0]
    for words in ("two thirds", "Changed sides: Ben Ortega", "Advisory", "Chen Wei"):
        assert words in recap


def test_45_a_vote_with_a_time_of_its_own_outlives_its_session_and_is_added_to_the_digest(docs: Room) -> None:
    docs.says("ana", "/propose for=1h Ship on Friday")
    docs.reacts("ana", "+1", to="Ship on Friday")
    docs.says("ana", "/session end")
    docs.passes(seconds=20)
    assert "open until 14 April 2026, 14:00 UTC, so far 1 for" in docs.digests()[0]
    docs.until("14:01")
    assert "Decision (V1)" in decision(docs)
    assert "open until" not in docs.digests()[0]
    assert "1 decision" in docs.digests()[0]
    assert vote(docs)["state"] == "accepted"
