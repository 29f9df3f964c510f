"""Off the record: nothing of such a message is kept, and what was kept of it is erased; and back again."""

from typing import Any

import pytest

from tests.conversations.room import Room
from tests.conversations.test_emoji import entries, opened, own_emoji, pressed

SECRET = "xylophonist"
UNSEEN = "see_no_evil"


@pytest.fixture
def docs(room: Room) -> Room:
    return opened(room)


def marked(room: Room, ts: str) -> dict[str, Any]:
    """What was pressed on that message, by whom."""
    message = next(each for each in room.stage.messages() if each["ts"] == ts)
    return {each["name"]: each["users"] for each in message.get("reactions", ())}


def test_its_author_takes_a_message_off_the_record_and_no_word_of_it_is_left(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late\n#action @chen asks the {SECRET} by Friday")
    docs.reacts("ana", "parking", to=ts)
    docs.passes(seconds=10)
    assert "1 action · 1 note · 1 parked" in docs.card()

    docs.reacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert "0 actions · 0 notes" in docs.card()
    assert SECRET not in docs.stored()
    assert own_emoji(docs, ts) == [UNSEEN]
    docs.says("ana", "/session end")
    assert SECRET not in docs.digests()[0]
    assert SECRET not in docs.recaps()[0]


def test_a_chair_can_and_nobody_else_and_they_are_told(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late")
    docs.reacts("chen", "mute", to=ts)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == [f"The {SECRET} was late"]
    (hint,) = docs.whispers("chen")
    whose = "Ben Ortega, who wrote it, or whoever chairs, Ana Ruiz,"
    assert f"Only {whose} can take that message off the record." in hint

    docs.reacts("ana", "mute", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert own_emoji(docs, ts) == [UNSEEN]
    docs.unreacts("chen", "mute", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []


def test_of_the_chairs_own_message_nobody_else_is_named(docs: Room) -> None:
    ts = docs.says("ana", f"#info The {SECRET} was late")
    docs.reacts("chen", "mute", to=ts)
    docs.passes(seconds=10)
    assert "Only Ana Ruiz can take that message off the record." in docs.whispers("chen")[-1]


def test_nothing_is_recorded_of_it_while_it_is_off_and_all_again_when_it_is_back(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late\nSee https://github.com/a/b/issues/1")
    docs.reacts("ben", "mute", to=ts)
    docs.reacts("ana", "question", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert docs.record()["links"] == []
    assert SECRET not in docs.stored()

    docs.unreacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert [(each["kind"], each["author"], each["number"]) for each in entries(docs)] == [
        ("note", "Ben Ortega", 1),
        ("question", "Ana Ruiz", 2),
    ]
    assert [each["url"] for each in docs.record()["links"]] == ["https://github.com/a/b/issues/1"]
    assert own_emoji(docs, ts) == ["memo"]


def test_two_hold_it_off_until_both_let_go(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late")
    docs.reacts("ben", "mute", to=ts)
    docs.reacts("ana", "mute", to=ts)
    docs.unreacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    docs.unreacts("ana", "mute", to=ts)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == [f"The {SECRET} was late"]


def test_an_emoji_that_overtakes_its_message_keeps_it_out_of_the_record(docs: Room) -> None:
    docs.fails("delay", event="message", by="ben", seconds=20)
    docs.hurries("ben", "say", text=f"#info The {SECRET} was late, https://github.com/a/b/issues/1")
    ts = next(each["ts"] for each in docs.stage.messages() if SECRET in each["text"])
    docs.reacts("ben", "mute", to=ts)
    docs.passes(minutes=1)
    assert SECRET not in docs.stored()
    assert docs.record()["links"] == []

    docs.unreacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert [each["author"] for each in entries(docs)] == ["Ben Ortega"]


def test_after_the_end_the_digest_is_put_right(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late")
    docs.says("ben", "#info We ship")
    docs.says("ana", "/session end")
    docs.passes(seconds=10)
    assert SECRET in docs.digests()[0]
    docs.passes(hours=2)
    docs.reacts("ben", "mute", to=ts)
    docs.passes(seconds=20)
    (digest,) = docs.digests()
    assert SECRET not in digest
    assert "We ship" in digest
    assert SECRET not in docs.stored()


def test_a_reason_below_a_ballot_is_taken_off_too_and_its_edits_do_not_bring_it_back(docs: Room) -> None:
    docs.says("ana", "/propose Ship on Friday")
    docs.passes(seconds=30)
    ballot = docs.ballot_message("Ship on Friday")["ts"]
    docs.reacts("ben", "-1", to=ballot)
    reply = docs.says("ben", f"Because the {SECRET} is late", thread=ballot)
    assert SECRET in docs.stored()
    docs.reacts("ben", "mute", to=reply)
    docs.passes(seconds=10)
    assert SECRET not in docs.stored()
    docs.edits("ben", reply, f"Because the {SECRET} is very late")
    docs.passes(seconds=10)
    assert SECRET not in docs.stored()


def test_what_it_did_to_the_floor_stays(docs: Room) -> None:
    ts = docs.says("ben", f"#topic Tools\n#info The {SECRET} was late")
    docs.reacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert "Now: Tools" in docs.card()
    assert SECRET not in docs.stored()
    assert marked(docs, ts).keys() == {"memo", "mute", UNSEEN}


def test_what_was_taken_back_by_hand_stays_so(docs: Room) -> None:
    ts = docs.says("ben", f"#info The {SECRET} was late")
    docs.says("ben", "/session undo")
    docs.reacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert SECRET not in docs.stored()
    docs.unreacts("ben", "mute", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []


def test_the_order_in_which_slack_tells_makes_no_difference(room: Room) -> None:
    docs = opened(room)
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)):
        ts = docs.says("ben", f"Told in the order {order}")
        at = float(ts)
        presses = [
            pressed("reaction_added", "U0BEN", "mute", docs, ts, at + 1),
            pressed("reaction_added", "U0ANA", "pushpin", docs, ts, at + 2),
            pressed("reaction_removed", "U0BEN", "mute", docs, ts, at + 3),
        ]
        for number in order:
            docs.hears_event(presses[number])
        docs.passes(seconds=10)
        assert [each["author"] for each in entries(docs) if str(order) in each["text"]] == ["Ana Ruiz"], order


def test_files_go_too_and_neither_by_number_nor_by_shortcut_does_any_of_it_come_back(docs: Room) -> None:
    docs.does("ben", "upload", filename=f"{SECRET}.png", content="the picture", text=f"#info See the {SECRET}")
    ts = docs.message(f"See the {SECRET}")["ts"]
    docs.says("ana", "/session undo 1")
    docs.reacts("ben", "mute", to=ts)
    docs.passes(seconds=10)

    assert docs.record()["files"] == []
    assert "taken off the record" in docs.says("ana", "/session redo 1")
    docs.does("chen", "shortcut", name="Record as…", on=ts)
    assert "off the record" in docs.fills("chen", kind="Note")["text"]
    docs.edits("ben", ts, f"#info The {SECRET} again")
    assert entries(docs) == []
    assert SECRET not in docs.stored()
