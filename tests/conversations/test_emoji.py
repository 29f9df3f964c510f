"""Recording by emoji: what people press on a message makes an entry of it, and taking it back takes that back."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from tests.conversations.hall import Hall
from tests.conversations.room import Room

NOTED = "memo"


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with a session of Ana's and a topic on its floor, over either delivery."""
    return opened(room)


def opened(room: Room) -> Room:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.passes(seconds=10)
    return room


def own_emoji(room: Room, ts: str) -> list[str]:
    """What the bot has put on that message."""
    message = next(each for each in room.stage.messages() if each["ts"] == ts)
    return [each["name"] for each in message.get("reactions", ()) if room.stage.bot.id in each["users"]]


def entries(room: Room) -> list[dict[str, Any]]:
    record = room.record()
    return [each for section in (record["before_topics"], *record["topics"]) for each in section["entries"]]


def test_each_emoji_records_the_message_as_what_it_stands_for(docs: Room) -> None:
    said = {}
    for emoji, kind in (
        ("pushpin", "note"),
        ("dart", "action"),
        ("white_check_mark", "decision"),
        ("question", "question"),
        ("parking", "parked"),
    ):
        ts = docs.says("ben", f"This is for {emoji}")
        docs.reacts("ana", emoji, to=ts)
        docs.passes(seconds=10)
        said[kind] = f"This is for {emoji}"
        assert own_emoji(docs, ts) == [NOTED]

    assert {each["kind"]: each["text"] for each in entries(docs)} == said
    assert {(each["said_by"], each["author"]) for each in entries(docs)} == {("Ben Ortega", "Ana Ruiz")}
    assert "1 decision · 1 action · 1 note · 1 open question · 1 parked" in docs.card()
    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    for line in (
        "📝 This is for pushpin — Ben Ortega, noted by Ana Ruiz",
        "🎯 This is for dart — no owner yet; Ben Ortega, noted by Ana Ruiz",
        "✅ This is for white_check_mark — said by Ben Ortega, recorded by Ana Ruiz, no vote",
        "❓ This is for question — Ben Ortega, noted by Ana Ruiz, topic 1",
        "🅿️ This is for parking — Ben Ortega, noted by Ana Ruiz, topic 1",
    ):
        assert line in digest


def test_the_entry_goes_with_the_last_emoji_and_comes_back_with_a_new_one(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("ana", "pushpin", to=ts)
    docs.reacts("chen", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["author"] for each in entries(docs)] == ["Ana Ruiz"]

    docs.unreacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["author"] for each in entries(docs)] == ["Chen Wei"]
    assert own_emoji(docs, ts) == [NOTED]

    docs.unreacts("chen", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert "0 notes" in docs.card()
    assert own_emoji(docs, ts) == []

    docs.reacts("dia", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [(each["number"], each["author"]) for each in entries(docs)] == [(1, "Dia Sharma")]
    assert own_emoji(docs, ts) == [NOTED]


def test_ones_own_message_is_ones_own_entry(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("ben", "pushpin", to=ts)
    docs.passes(seconds=10)
    (entry,) = entries(docs)
    assert (entry["author"], entry["said_by"]) == ("Ben Ortega", None)


def test_other_emoji_of_the_same_look_count_the_same(docs: Room) -> None:
    first, second = docs.says("ben", "We ship"), docs.says("ben", "Who has the key?")
    docs.reacts("ana", "heavy_check_mark", to=first)
    docs.reacts("chen", "grey_question", to=second)
    docs.reacts("dia", "question", to=second)
    docs.passes(seconds=10)
    assert [each["kind"] for each in entries(docs)] == ["decision", "question"]


def test_it_stands_under_the_topic_of_the_moment_when_it_was_said(docs: Room) -> None:
    docs.passes(minutes=1)
    ts = docs.says("ben", "The guide is out of date")
    docs.passes(minutes=1)
    docs.says("ana", "/topic Tools")
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    guides, tools = docs.record()["topics"]
    assert [each["text"] for each in guides["entries"]] == ["The guide is out of date"]
    assert guides["entries"][0]["ts"] == ts
    assert tools["entries"] == []


def test_owners_and_day_are_read_in_the_zone_of_whoever_said_it(room: Room) -> None:
    room.until("17:30")  # in Shanghai it is tomorrow already
    docs = opened(room)
    docs.says("chen", "Good evening")
    docs.passes(seconds=10)
    ts = docs.says("chen", "@ben and @dia: write it by tomorrow")
    docs.reacts("ana", "dart", to=ts)
    docs.passes(seconds=10)
    (entry,) = entries(docs)
    assert (entry["owners"], entry["due"]) == (["Ben Ortega", "Dia Sharma"], "2026-04-16")
    assert entry["text"] == "@Ben Ortega and @Dia Sharma: write it by tomorrow"


def test_messages_in_a_thread_are_recorded_too(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date", thread="1. Guides")
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == ["The guide is out of date"]


def test_one_message_can_be_several_things(docs: Room) -> None:
    ts = docs.says("ben", "We need a key")
    docs.reacts("ana", "question", to=ts)
    docs.reacts("chen", "dart", to=ts)
    docs.passes(seconds=10)
    assert {each["kind"] for each in entries(docs)} == {"question", "action"}
    docs.unreacts("ana", "question", to=ts)
    docs.passes(seconds=10)
    assert {each["kind"] for each in entries(docs)} == {"action"}
    assert own_emoji(docs, ts) == [NOTED]


def test_only_a_chairs_check_mark_decides_and_others_are_told_so_once(docs: Room) -> None:
    first, second = docs.says("ben", "We ship on Friday"), docs.says("ben", "And celebrate")
    docs.reacts("chen", "white_check_mark", to=first)
    docs.reacts("chen", "white_check_mark", to=second)
    docs.unreacts("chen", "white_check_mark", to=second)
    docs.passes(seconds=10)
    assert entries(docs) == []
    (hint,) = docs.whispers("chen")
    assert "that is for whoever chairs this session: Ana Ruiz" in hint
    assert "/decide" in hint

    docs.reacts("ana", "white_check_mark", to=first)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == ["We ship on Friday"]
    docs.unreacts("chen", "white_check_mark", to=first)
    docs.passes(seconds=10)
    assert [each["author"] for each in entries(docs)] == ["Ana Ruiz"]


def test_nobody_decides_by_pressing_what_the_bot_has_pressed(docs: Room) -> None:
    ts = docs.says("ben", "#info The guide is out of date")
    docs.passes(seconds=10)
    assert own_emoji(docs, ts) == [NOTED]
    docs.reacts("ana", NOTED, to=ts)
    docs.passes(seconds=10)
    assert [each["kind"] for each in entries(docs)] == ["note"]


def test_a_message_with_tagged_lines_says_itself_what_it_is(docs: Room) -> None:
    ts = docs.says("ben", "#action @chen writes the guide")
    docs.reacts("ana", "white_check_mark", to=ts)  # a tick: it is done
    docs.reacts("dia", "dart", to=ts)
    docs.passes(seconds=10)
    assert [(each["kind"], each["text"]) for each in entries(docs)] == [("action", "@Chen Wei writes the guide")]

    docs.reacts("dia", "question", to=ts)
    docs.passes(seconds=10)
    assert {each["kind"] for each in entries(docs)} == {"action", "question"}
    docs.unreacts("dia", "question", to=ts)
    docs.passes(seconds=10)
    assert own_emoji(docs, ts) == [NOTED]


def test_an_emoji_on_what_the_bot_says_records_nothing(docs: Room) -> None:
    docs.says("ana", "/propose Ship on Friday")
    docs.says("ben", "/decide One guide is enough")
    docs.passes(seconds=10)
    for what in (docs.ballot_message("Ship on Friday")["ts"], docs.message("One guide is enough")["ts"]):
        docs.reacts("ana", "white_check_mark", to=what)
        docs.reacts("ana", "pushpin", to=what)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == ["One guide is enough"]
    assert "pushpin" not in docs.stored()


def test_what_bots_press_and_say_counts_for_nothing(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    ts = docs.says("ben", "The build is green")
    docs.reacts("ci", "pushpin", to=ts)
    theirs = docs.says("ci", "The build is red")
    docs.reacts("ana", "pushpin", to=theirs)
    docs.passes(seconds=30)
    assert entries(docs) == []
    assert own_emoji(docs, ts) == own_emoji(docs, theirs) == []

    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["author"] for each in entries(docs)] == ["Ana Ruiz"]


def test_without_a_session_nothing_is_kept_and_nothing_asked(room: Room) -> None:
    ts = room.says("ben", "The guide is out of date")
    room.reacts("ana", "pushpin", to=ts)
    room.unreacts("ana", "pushpin", to=ts)
    room.passes(seconds=30)
    assert "pushpin" not in room.stored()
    assert room.calls("conversations.replies") == []
    assert room.whispers("ana") == []


def test_what_was_said_before_the_session_is_not_recorded_and_that_is_told_once(room: Room) -> None:
    first, second = room.says("ben", "Shall we begin?"), room.says("ben", "Now?")
    room.passes(minutes=1)
    docs = opened(room)
    docs.reacts("chen", "pushpin", to=first)
    docs.reacts("chen", "dart", to=second)
    docs.reacts("chen", "eyes", to=second)
    docs.passes(seconds=10)
    assert entries(docs) == []
    (hint,) = docs.whispers("chen")
    assert "that message is older" in hint


def test_after_the_end_the_emoji_can_be_taken_back_and_none_records_any_more(docs: Room) -> None:
    first, second = docs.says("ben", "The guide is out of date"), docs.says("ben", "We need a key")
    docs.reacts("ana", "pushpin", to=first)
    docs.passes(seconds=10)
    docs.says("ana", "/session end")
    docs.passes(seconds=10)
    assert "out of date" in docs.digests()[0]
    docs.reacts("chen", "pushpin", to=second)
    docs.unreacts("ana", "pushpin", to=first)
    docs.passes(seconds=30)
    (digest,) = docs.digests()
    assert "out of date" not in digest
    assert "a key" not in digest
    assert entries(docs) == []


def test_what_was_taken_back_by_hand_comes_back_only_with_a_newer_emoji(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert "Undone: note 1" in docs.says("ana", "/session undo")
    docs.passes(seconds=10)
    assert own_emoji(docs, ts) == []

    docs.reacts("chen", "question", to=ts)
    docs.passes(seconds=10)
    assert [each["kind"] for each in entries(docs)] == ["question"]
    docs.reacts("dia", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert {each["kind"] for each in entries(docs)} == {"question", "note"}


def test_what_has_no_words_is_not_recorded_and_that_is_told(docs: Room) -> None:
    docs.does("ben", "upload", filename="plan.png", content="A")
    ts = docs.channel()[-1]["ts"]
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert "no words" in docs.whispers("ana")[-1]


def test_a_long_message_is_recorded_whole(docs: Room) -> None:
    long = ("sentence after sentence " * 490).strip()
    ts = docs.says("ben", long)
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)
    assert [each["text"] for each in entries(docs)] == [long]


def test_every_workspace_can_set_its_own_emoji(docs: Room) -> None:
    shown = docs.says("ana", "/session emoji")
    assert "note: :pushpin: – records it as a note" in shown
    answer = docs.says("ben", "/session emoji note=:paperclip:,📍 decision=✔️ parked=off")
    assert "note: :paperclip: or :round_pushpin:" in answer
    assert "parked: switched off" in answer

    ts = docs.says("ben", "The guide is out of date")
    for emoji in ("pushpin", "parking", "white_check_mark"):
        docs.reacts("ana", emoji, to=ts)
    docs.passes(seconds=10)
    assert entries(docs) == []
    docs.reacts("chen", "paperclip", to=ts)
    docs.passes(seconds=10)
    assert [each["kind"] for each in entries(docs)] == ["note"]

    assert "decision: :white_check_mark: or" in docs.says("ben", "/session emoji decision=usual")
    assert ":round_pushpin:" in docs.says("ben", "/session emoji")


def test_emoji_that_mean_something_else_are_refused(docs: Room) -> None:
    for typed in ("note=👍", "note=:thumbsdown:", "note=:memo:", "off-record=🙈"):
        assert "something else already" in docs.says("ben", f"/session emoji {typed}"), typed
    assert "cannot say two things, note and action" in docs.says("ben", "/session emoji action=📌")
    assert "I do not know “paperclip”" in docs.says("ben", "/session emoji note=paperclip")
    assert "Write what to set" in docs.says("ben", "/session emoji lunch=🍕")
    assert "note: :pushpin: –" in docs.says("ben", "/session emoji action=📌 note=off action=usual note=usual")


ORDERS = [order for order in permutations(range(4)) if order[0] < order[-1]]


def test_the_order_in_which_slack_tells_makes_no_difference(room: Room) -> None:
    docs = opened(room)
    for order in ORDERS:
        ts = docs.says("ben", f"Told in the order {order}")
        at = float(ts)
        presses = [
            pressed("reaction_added", "U0ANA", "pushpin", docs, ts, at + 1),
            pressed("reaction_added", "U0CHEN", "pushpin", docs, ts, at + 2),
            pressed("reaction_removed", "U0ANA", "pushpin", docs, ts, at + 3),
            pressed("reaction_added", "U0DIA", "dart", docs, ts, at + 4),
        ]
        for number in order:
            docs.hears_event(presses[number])
            docs.hears_event(presses[number])
        docs.passes(seconds=10)
        found = {(each["kind"], each["author"]) for each in entries(docs) if str(order) in each["text"]}
        assert found == {("note", "Chen Wei"), ("action", "Dia Sharma")}, order


def pressed(what: str, user: str, emoji: str, room: Room, ts: str, at: float) -> dict[str, Any]:
    item = {"type": "message", "channel": room.home.id, "ts": ts}
    told = {"type": what, "user": user, "item_user": "U0BEN", "reaction": emoji, "item": item}
    return told | {"event_ts": f"{at:.6f}"}


def test_a_removal_that_overtakes_its_addition_leaves_nothing(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.hears_event(pressed("reaction_removed", "U0ANA", "pushpin", docs, ts, float(ts) + 2))
    docs.hears_event(pressed("reaction_added", "U0ANA", "pushpin", docs, ts, float(ts) + 1))
    docs.passes(seconds=10)
    assert entries(docs) == []
    assert own_emoji(docs, ts) == []


def test_whatever_slack_delivers_twice_counts_once(docs: Room) -> None:
    docs.fails("double")
    ts = docs.says("ben", "The guide is out of date")
    docs.reacts("ana", "pushpin", to=ts)
    docs.reacts("chen", "dart", to=ts)
    docs.unreacts("chen", "dart", to=ts)
    docs.passes(seconds=30)
    assert [(each["kind"], each["number"]) for each in entries(docs)] == [("note", 1)]


def test_an_emoji_of_which_slack_tells_late_counts_in_the_session_in_which_it_was_pressed(docs: Room) -> None:
    ts = docs.says("ben", "The guide is out of date")
    docs.fails("delay", event="reaction_added", by="ana", seconds=120)
    docs.hurries("ana", "react", emoji="pushpin", on=ts)
    docs.passes(seconds=10)
    docs.says("ana", "/session end")
    docs.passes(minutes=1)
    assert "out of date" not in docs.digests()[0]
    docs.passes(minutes=3)
    (digest,) = docs.digests()
    assert "📝 The guide is out of date — Ben Ortega, noted by Ana Ruiz" in digest


@pytest.mark.engine("postgres")
def test_several_processes_keep_one_record_of_what_is_pressed(halls: Callable[..., Hall]) -> None:
    hall = halls(webs=1, workers=2)
    opened(hall)
    said = [hall.says("ben", f"Sentence {number}") for number in range(6)]
    for ts in said:
        for who in ("ana", "chen", "dia"):
            hall.hurries(who, "react", emoji="pushpin", on=ts)
    hall.passes(seconds=30)
    assert sorted(each["text"] for each in entries(hall)) == [f"Sentence {number}" for number in range(6)]
    for ts in said[:3]:
        for who in ("chen", "ana", "dia"):
            hall.hurries(who, "unreact", emoji="pushpin", on=ts)
    hall.passes(minutes=1)
    assert sorted(each["text"] for each in entries(hall)) == [f"Sentence {number}" for number in range(3, 6)]
    assert [own_emoji(hall, ts) for ts in said] == [[]] * 3 + [[NOTED]] * 3


def test_presses_are_erased_with_their_session(rooms: Callable[..., Room]) -> None:
    room = opened(rooms(settings={"RETENTION_DAYS": "30"}))
    ts = room.says("ben", "The guide is out of date")
    room.reacts("ana", "pushpin", to=ts)
    room.passes(seconds=10)
    room.says("ana", "/session end")
    assert "pushpin" in room.stored()
    room.passes(hours=32 * 24)
    assert "pushpin" not in room.stored()
    assert ts not in room.stored()


def test_what_an_emoji_has_recorded_follows_the_edits_of_its_message(docs: Room) -> None:
    ts = docs.says("ben", "The well is dry")
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)

    docs.edits("ben", ts, "The well is full")

    (entry,) = entries(docs)
    assert (entry["text"], entry["author"], entry["said_by"]) == ("The well is full", "Ana Ruiz", "Ben Ortega")
    assert entry["edited_by"] == "Ben Ortega"
    docs.deletes("ben", ts)
    assert entries(docs) == []


def test_what_is_pressed_in_the_thread_of_a_topic_is_of_that_topic(docs: Room) -> None:
    ts = docs.says("ben", "They are out of date", thread="1. Guides")
    docs.says("ana", "/topic Tools")
    docs.reacts("ana", "pushpin", to=ts)
    docs.passes(seconds=10)

    by_topic = {each["title"]: [entry["text"] for entry in each["entries"]] for each in docs.record()["topics"]}
    assert by_topic == {"Guides": ["They are out of date"], "Tools": []}


def test_a_chair_who_was_named_decides_by_emoji_as_well(docs: Room) -> None:
    docs.says("ana", "/session chairs @ben")
    ts = docs.says("chen", "One guide is enough")
    docs.reacts("ben", "white_check_mark", to=ts)
    docs.passes(seconds=10)

    assert [(each["kind"], each["author"]) for each in entries(docs)] == [("decision", "Ben Ortega")]
