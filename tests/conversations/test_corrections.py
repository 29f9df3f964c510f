"""Putting the record right: entries by their numbers, taken back, put back and filed elsewhere; the queue in order."""

import pytest

from tests.conversations.room import Message, Room


@pytest.fixture
def docs(room: Room) -> Room:
    """Two topics with two notes each, by Ben and Chen, in a session of Ana's. Over either delivery."""
    room.says("ana", "/session start Docs day for 3h")
    for title in ("Guides", "Tools"):
        room.says("ana", f"/topic {title}")
        room.says("ben", f"/note Of {title} by Ben")
        room.says("chen", f"#info Of {title} by Chen")
    return room


def filed(room: Room) -> dict[str, list[str]]:
    """The texts of the record by topic."""
    record = room.record()
    sections: list[Message] = [record["before_topics"], *record["topics"]]
    return {each["title"]: [entry["text"] for entry in each["entries"]] for each in sections}


def queue(room: Room) -> list[str]:
    """What waits, as `/topic list` shows it."""
    lines = room.says("dia", "/topic list").splitlines()
    return [line for line in lines[: len(lines) // 2 + 1] if line[:1].isdigit()]


def test_entries_are_listed_with_their_numbers_the_newest_last(docs: Room) -> None:
    docs.says("ben", "/session undo 3")
    lines = docs.says("dia", "/session entries").splitlines()
    assert lines[:5] == [
        "Recorded in “Docs day”, the newest last:",
        "1. 📝 Note: Of Guides by Ben (Ben Ortega, topic 1)",
        "2. 📝 Note: Of Guides by Chen (Chen Wei, topic 1)",
        "3. 📝 Note: Of Tools by Ben (Ben Ortega, topic 2, taken back by Ben Ortega)",
        "4. 📝 Note: Of Tools by Chen (Chen Wei, topic 2)",
    ]
    assert lines[5].startswith("/session undo 4 takes number 4 back")

    docs.says("ana", "/session end")
    assert "Recorded in “Docs day”, which is over, the newest last:" in docs.says("dia", "/session entries 2")
    assert "Of Tools" not in docs.says("dia", "/session entries 2")
    docs.says("ana", "/session start Docs night")
    assert "Nothing is recorded in “Docs night”" in docs.says("dia", "/session entries")


def test_a_long_list_of_entries_shows_the_last_and_how_to_see_those_before(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ben", "\n".join(f"#info {number} " + "word " * 30 for number in range(1, 61)))
    answer = room.says("dia", "/session entries")
    assert "60. 📝 Note: 60 word" in answer
    first = int(answer.splitlines()[1].partition(".")[0])
    assert 20 <= first <= 45
    assert f"/session entries {first - 1} shows what came before these" in answer
    assert f"{first - 1}. 📝 Note" in room.says("dia", f"/session entries {first - 1}")
    assert "shows what came before" not in room.says("dia", "/session entries 3")


def test_nothing_is_listed_put_back_or_moved_where_nothing_was_ever_recorded(room: Room) -> None:
    for typed in ("/session entries", "/session redo 1", "/session move 1 to 2", "/session undo 1"):
        assert "Nothing has been recorded in this channel yet" in room.says("ana", typed)


def test_an_entry_without_acknowledgement_is_taken_back_by_its_number_and_put_back(docs: Room) -> None:
    answer = docs.says("chen", "/session undo 2")
    assert "Undone: note 2, “Of Guides by Chen”. It was recorded in “Docs day”." in answer
    assert "/session redo 2 puts it back" in answer
    assert filed(docs)["Guides"] == ["Of Guides by Ben"]
    assert "Put back: note 2, “Of Guides by Chen”" in docs.says("chen", "/session redo 2")
    assert filed(docs)["Guides"] == ["Of Guides by Ben", "Of Guides by Chen"]
    assert "It stands: nobody has taken it back" in docs.says("chen", "/session redo 2")
    assert "no such entry" in docs.says("chen", "/session redo 9")
    for _ in range(2):  # as often as somebody likes
        assert "Undone: note 2" in docs.says("chen", "/session undo 2")
        assert "Put back: note 2" in docs.says("chen", "/session redo")


def test_what_a_chair_took_back_is_not_for_its_author_to_put_back(docs: Room) -> None:
    docs.says("ana", "/session undo 1")
    assert docs.says("ben", "/session redo 1").startswith("Only Ana Ruiz, who took it back, or Ana Ruiz, who chairs")
    assert "You have taken nothing back here" in docs.says("ben", "/session redo")
    assert "Put back: note 1" in docs.says("ana", "/session redo")
    docs.passes(seconds=5)
    assert not any("Undone" in each for each in docs.thread("1. Guides"))


def test_numbers_are_those_of_the_latest_session_and_the_answer_names_it(docs: Room) -> None:
    docs.says("ana", "/session end")
    docs.passes(hours=3)
    assert "It was recorded in “Docs day”." in docs.says("chen", "/session undo 4")
    docs.passes(seconds=10)
    assert "Of Tools by Chen" not in docs.digests()[0]
    assert "It stands again in “Docs day”." in docs.says("chen", "/session redo 4")
    docs.passes(seconds=10)
    assert "Of Tools by Chen" in docs.digests()[0]

    docs.says("ana", "/session start Docs night")
    assert "no such entry" in docs.says("chen", "/session undo 4")


def test_an_entry_is_moved_to_the_topic_it_belongs_to_and_everything_follows(docs: Room) -> None:
    answer = docs.says("ben", "/session move 3 to 1")
    assert "Moved: note 3, “Of Tools by Ben”. In “Docs day” it is filed under “1. Guides” now." in answer
    docs.passes(seconds=5)
    assert "Moved: it is filed under topic 1. Guides." in docs.thread("2. Tools")[0]
    assert filed(docs)["Guides"] == ["Of Guides by Ben", "Of Guides by Chen", "Of Tools by Ben"]
    assert "Before the first topic" not in docs.folkmoot("recap")

    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert digest.index("Of Tools by Ben") < digest.index("2. Tools") < digest.index("Of Tools by Chen")
    assert "before the first topic" in docs.says("ana", "/session move 2 to 0")
    docs.passes(seconds=10)
    digest = docs.digests()[0]
    assert digest.index("Before the first topic") < digest.index("Of Guides by Chen") < digest.index("1. Guides")


def test_an_entry_that_is_moved_back_says_nothing_of_it_any_more(docs: Room) -> None:
    docs.says("ben", "/session move 3 to 1")
    docs.says("ben", "/session move 3 to 2")
    docs.passes(seconds=5)
    assert "Moved" not in docs.thread("2. Tools")[0]


def test_nothing_is_moved_nowhere_twice_or_by_just_anybody(docs: Room) -> None:
    for typed, refused in (
        ("/session move 3 to 2", "It is filed there already"),
        ("/session move 3 to 7", "There is no topic 7: they are numbered 1 to 2, and 0 is before the first"),
        ("/session move 9 to 1", "no such entry"),
        ("/session move 3", "`/session move 7 to 2`".strip("`")),
        ("/session move 4 to 1", "Only Chen Wei, who recorded it, or Ana Ruiz, who chairs, can move it."),
    ):
        assert refused in docs.says("ben", typed), typed
    docs.says("ben", "/session undo 3")
    assert "It was taken back. Put it back first" in docs.says("ben", "/session move 3 to 1")
    assert "Moved: note 4" in docs.says("ana", "/session move 4 to 1")


def test_before_any_topic_there_is_none_to_move_to(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/note Hello")
    room.says("ana", "/topic add Guides")
    assert "No topic was on the floor yet" in room.says("ana", "/session move 1 to 1")


def test_the_queue_is_rearranged_by_its_places(docs: Room) -> None:
    for title in ("Style", "Links", "Fonts"):
        docs.says("ben", f"/topic add {title}")
    assert "Moved: “Fonts” is at place 1 of the queue now." in docs.says("chen", "/topic move 3 to 1")
    assert queue(docs) == ["1. Fonts", "2. Style", "3. Links"]
    docs.says("ben", "/topic add Colours")
    assert "“Style” is at place 4" in docs.says("chen", "/topic move 2 to 4")
    assert queue(docs) == ["1. Fonts", "2. Links", "3. Colours", "4. Style"]
    docs.passes(seconds=5)
    assert "Next: Fonts (and 3 more)" in docs.card()
    assert "“Fonts”" in docs.says("ana", "/topic next")
    docs.says("ana", "/topic drop 3")
    docs.says("ana", "/topic add Style")
    assert queue(docs) == ["1. Links", "2. Colours", "3. Style"]


def test_nothing_in_the_queue_is_moved_to_where_it_is_or_where_nothing_is(docs: Room) -> None:
    assert "none to move" in docs.says("ben", "/topic move 1 to 2")
    docs.says("ben", "/topic add Style")
    docs.says("ben", "/topic add Links")
    for typed, refused in (
        ("/topic move 1 to 1", "“Style” is at place 1 already"),
        ("/topic move 3 to 1", "There is no number 3 in the queue: it has 1 to 2"),
        ("/topic move 1 to 0", "There is no number 0 in the queue"),
        ("/topic move -1 to 1", "There is no number -1 in the queue"),
    ):
        assert refused in docs.says("chen", typed), typed
    assert queue(docs) == ["1. Style", "2. Links"]


def test_what_went_with_its_message_is_not_put_back(docs: Room) -> None:
    docs.says("chen", "/session undo 2")
    docs.deletes("chen", "#info Of Guides by Chen")
    docs.edits("chen", "#info Of Tools by Chen", "Never mind")
    for number in (2, 4):
        assert "It went with its message" in docs.says("chen", f"/session redo {number}")
    assert filed(docs) == {"": [], "Guides": ["Of Guides by Ben"], "Tools": ["Of Tools by Ben"]}


def test_a_history_tells_what_was_undone_moved_and_put_back(docs: Room) -> None:
    docs.says("ana", "/session undo 1")
    docs.says("ana", "/session redo 1")
    docs.says("ben", "/session move 1 to 2")
    history = docs.says("ben", "/session history 1")
    assert "undone by Ana Ruiz" in history
    assert history.index("undone by Ana Ruiz") < history.index("put back by Ana Ruiz")
    assert history.index("put back by Ana Ruiz") < history.index("changed by Ben Ortega")
    assert docs.says("chen", "/session history 1").startswith("Only Ben Ortega, who recorded it, or Ana Ruiz")
