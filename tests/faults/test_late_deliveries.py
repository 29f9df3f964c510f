"""What Slack delivers late is kept where it was said: in its session, under its topic. Late names are shown, too."""

from collections.abc import Callable

from tests.conversations.room import Room


def test_a_line_that_arrives_after_its_session_is_kept_in_it_and_the_digest_follows(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(minutes=1)
    room.fails("delay", event="message", by="ben", seconds=300)
    room.hurries("ben", "say", text="#info The branch is cut")
    room.passes(seconds=10)
    room.says("ana", "/session end")
    room.passes(minutes=1)
    assert "The branch is cut" not in room.digests()[0]

    room.passes(minutes=6)
    assert "The branch is cut" in room.digests()[0]
    assert [each["text"] for each in room.record()["topics"][0]["entries"]] == ["The branch is cut"]


def test_a_line_that_the_end_of_its_session_overtakes_by_a_moment_is_kept_in_it(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(minutes=1)
    room.fails("delay", event="message", by="ben", seconds=10)
    room.hurries("ben", "say", text="#info The branch is cut")
    room.passes(seconds=4)
    room.says("ana", "/session end")
    room.passes(minutes=3)

    assert [each["text"] for each in room.record()["topics"][0]["entries"]] == ["The branch is cut"]
    assert "The branch is cut" in room.digests()[0]


def test_a_line_that_arrives_late_stands_under_the_topic_of_its_moment(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(minutes=1)
    room.fails("delay", event="message", by="ben", seconds=120)
    room.hurries("ben", "say", text="#info The branch is cut")
    room.passes(seconds=30)
    room.says("ana", "/topic Docs")
    room.passes(minutes=5)

    releases, docs = room.record()["topics"]
    assert [each["text"] for each in releases["entries"]] == ["The branch is cut"]
    assert docs["entries"] == []


def test_a_line_from_before_the_session_is_no_part_of_it_however_late_it_comes(room: Room) -> None:
    room.fails("delay", event="message", by="ben", seconds=120)
    room.hurries("ben", "say", text="#info Nobody asked for this")
    room.passes(seconds=60)
    room.says("ana", "/topic Releases")
    room.passes(minutes=5)

    assert room.record()["topics"][0]["entries"] == []


def test_a_name_that_slack_tells_after_the_session_is_shown_in_what_was_said(rooms: Callable[..., Room]) -> None:
    room = rooms()
    room.has_person("eve", "Eve Newcomer")
    room.says("ana", "/topic Releases")
    room.fails("ratelimited", method="users.info", times=1, retry_after=180)
    room.says("eve", "/decide We ship")
    room.says("ana", "/session end")
    room.passes(minutes=1)
    assert not any("Eve Newcomer" in text for text in room.texts())

    room.passes(minutes=5)
    (decision,) = [text for text in room.texts() if text.startswith("✅ Decision: We ship")]
    assert "recorded by Eve Newcomer" in decision
    assert "Eve Newcomer" in room.digests()[0]


def test_a_reason_whose_deletion_overtakes_it_does_not_come_back(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.says("ana", "/propose Ship on Friday")
    room.passes(seconds=30)
    ballot = room.ballot_message("Ship on Friday")["ts"]
    room.reacts("ben", "-1", to=ballot)
    room.fails("delay", event="message", by="ben", seconds=60, nth=1)
    room.hurries("ben", "say", text="Because I was angry", thread=ballot)
    reply = next(each["ts"] for each in room.stage.messages() if each.get("text") == "Because I was angry")
    room.hurries("ben", "delete", on=reply)
    room.passes(minutes=3)
    room.says("ana", "/session end")
    room.passes(minutes=2)

    assert "angry" not in room.stored()
    assert not any("angry" in text for text in room.texts())


def test_a_reason_whose_newer_wording_overtakes_an_older_one_stays_as_it_is(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.says("ana", "/propose Ship on Friday")
    room.passes(seconds=30)
    ballot = room.ballot_message("Ship on Friday")["ts"]
    reply = room.says("ben", "Because", thread=ballot)
    room.fails("delay", event="message", by="ben", seconds=60, nth=1)
    room.hurries("ben", "edit", on=reply, text="Because of the older words")
    room.passes(seconds=5)
    room.edits("ben", reply, "Because of the newer words")
    room.passes(minutes=2)

    assert "newer words" in room.stored()
    assert "older words" not in room.stored()


def told_late(room: Room, text: str) -> str:
    """Ben says something of which the bot is told a minute later; the message's name."""
    room.fails("delay", event="message", by="ben", seconds=60, nth=1)
    room.hurries("ben", "say", text=text)
    return str(next(each["ts"] for each in room.stage.messages() if each["text"].startswith(text[:20])))


def entries(room: Room) -> list[str]:
    return [each["text"] for topic in room.record()["topics"] for each in topic["entries"]]


def test_a_deletion_that_overtakes_its_message_wins(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(seconds=30)
    ts = told_late(room, "#info The branch is cut\n#topic Docs\nSlow: https://github.com/a/b/issues/1")
    room.passes(seconds=5)
    room.deletes("ben", ts)
    room.passes(minutes=2)

    assert entries(room) == []
    assert room.record()["links"] == []
    assert "Now: Releases" in room.card()
    assert {each["name"]: each["messages"] for each in room.record()["participants"]}["Ben Ortega"] == 1


def test_a_file_whose_message_is_gone_before_it_is_told_is_not_noted(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(seconds=30)
    room.fails("delay", event="message", by="ben", seconds=60, nth=1)
    room.hurries("ben", "upload", filename="plan.png", content="PNG", text="The plan")
    room.passes(seconds=5)
    room.deletes("ben", "The plan")
    room.passes(minutes=2)
    assert room.record()["files"] == []


def test_an_edit_that_overtakes_its_message_stands_and_the_message_moves_the_floor_all_the_same(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(seconds=30)
    ts = told_late(room, "#info The branch is cut\n#topic Docs")
    room.passes(seconds=5)
    room.edits("ben", ts, "#info The branch is not cut\n#topic Documents")
    room.passes(minutes=2)

    assert entries(room) == ["The branch is not cut"]
    assert [each["title"] for each in room.record()["topics"]] == ["Releases", "Docs"]


def test_an_edit_that_takes_the_tag_away_before_its_message_is_told_takes_it_away(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(seconds=30)
    ts = told_late(room, "#info The branch is cut")
    room.passes(seconds=5)
    room.edits("ben", ts, "The branch is cut")
    room.passes(minutes=2)
    assert entries(room) == []


def test_an_older_edit_that_comes_late_or_twice_replaces_no_newer_one(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.passes(seconds=30)
    ts = room.says("ben", "#info One")
    room.fails("delay", event="message", by="ben", seconds=60, nth=1)
    room.hurries("ben", "edit", on=ts, text="#info Two")
    room.passes(seconds=5)
    room.fails("double")
    room.edits("ben", ts, "#info Three")
    room.passes(minutes=2)

    assert entries(room) == ["Three"]
    assert "Two" not in room.says("ben", "/session history 1")
