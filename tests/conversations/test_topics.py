"""Topics: what `/topic` understands, and what comes of it on the floor and in the queue."""

import pytest

from tests.conversations.room import Room


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with an open session."""
    room.says("ana", "/session start Docs day")
    return room


def topics(room: Room) -> list[str]:
    """The first line of each topic's message."""
    return [text.split("\n")[0] for text in room.texts() if text.startswith("💬")]


def test_a_topic_takes_the_floor_and_ends_the_one_before(docs: Room) -> None:
    assert "On the floor now: topic 1, “Guides”" in docs.says("ana", "/topic Guides")
    docs.passes(minutes=20)
    assert "On the floor now: topic 2, “Tools and more”" in docs.says("ben", "/topic   Tools  and   more ")
    docs.passes(minutes=10)

    assert topics(docs) == ["💬 1. Guides", "💬 2. Tools and more"]
    assert "brought by Ana Ruiz" in docs.texts()[1]
    assert "Now: Tools and more" in docs.card()
    listed = docs.says("chen", "/topic list")
    assert "✔️ Guides" in listed
    assert "Now: “Tools and more”, since 13:20" in listed
    docs.says("ana", "/session end")
    assert "1. Guides · 20 min" in docs.digests()[0]
    assert "2. Tools and more · 10 min" in docs.digests()[0]


def test_the_queue_is_filled_taken_dropped_from_and_listed(docs: Room) -> None:
    assert "place 1: “Guides”" in docs.says("ana", "/topic add Guides")
    assert "place 2: “Tools”" in docs.says("ben", "/topic add Tools")
    assert "place 3: “Style”" in docs.says("ben", "/topic add Style")
    assert topics(docs) == []
    assert "“Tools”" in docs.says("ben", "/topic drop 2")
    assert "it has 1 to 2" in docs.says("ben", "/topic drop 3")
    assert "it has 1 to 2" in docs.says("ben", "/topic drop 0")

    assert "topic 1, “Guides”" in docs.says("ana", "/topic next")
    listed = docs.says("ana", "/topic list")
    assert "Now: “Guides”" in listed
    assert "1. Style" in listed
    assert "Tools" not in listed

    assert "Next in the queue: “Style”" in docs.says("ana", "/topic done")
    assert "no topic on the floor" in docs.card()
    assert "No topic is on the floor" in docs.says("ana", "/topic done")
    assert "topic 2, “Style”" in docs.says("ana", "/topic next")
    assert "No topic is waiting" in docs.says("ana", "/topic next")
    assert "none to drop" in docs.says("ana", "/topic drop 1")


def test_sub_commands_count_in_any_case_and_only_where_they_can_be_nothing_else(docs: Room) -> None:
    assert "“Translations”" in docs.says("ana", "/topic ADD Translations")
    assert "Added to the queue" in docs.says("ana", "/topic Add next")
    for title in (
        "next steps for the docs",
        "Drop the legacy agent",
        "list of open questions",
        "done is better than perfect",
        "drop",
        "additional maintainers",
        "renamed modules",
    ):
        assert f"“{title}”" in docs.says("ana", f"/topic {title}")
    assert len(topics(docs)) == 7
    assert "“Translations”" in docs.says("ana", "/topic NEXT")
    assert "Translations" in docs.says("ana", "/topic List")
    assert "Done: “Translations”" in docs.says("ana", "/topic Done")
    assert "“next”" in docs.says("ana", "/topic DROP 1")


def test_an_empty_topic_shows_how_it_is_used(docs: Room) -> None:
    for typed in ("/topic", "/topic help", "/topic add", "/topic rename", "/topic \u200b"):
        answer = docs.says("ana", typed)
        assert "/topic add Release plans" in answer
    assert topics(docs) == []


def test_a_title_of_more_than_200_characters_is_refused_and_one_of_200_is_not(docs: Room) -> None:
    assert "201 characters" in docs.says("ana", "/topic " + "x" * 201)
    assert "201 characters" in docs.says("ana", "/topic add " + "x" * 201)
    assert topics(docs) == []
    docs.says("ana", "/topic " + "x" * 200)
    assert topics(docs) == ["💬 1. " + "x" * 200]
    assert "300 characters" in docs.says("ana", "/topic rename " + "y" * 300)


def test_a_title_that_was_on_the_floor_before_resumes_that_topic(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    docs.says("ben", "/note Out of date")
    docs.passes(minutes=10)
    docs.says("ana", "/topic Tools")
    docs.passes(minutes=10)
    assert "Back on the floor: topic 1, “Guides”" in docs.says("ana", "/topic  guides")
    docs.says("ben", "/note Still out of date")
    docs.passes(minutes=5)
    assert "is on the floor already" in docs.says("ana", "/topic GUIDES")

    assert topics(docs) == ["💬 1. Guides", "💬 2. Tools", "💬 1. Guides"]
    assert "Back on the floor" in docs.texts()[-1]
    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert digest.count("1. Guides · 15 min") == digest.count("1. Guides")
    assert digest.index("Out of date") < digest.index("Still out of date")


def test_a_title_is_not_queued_twice(docs: Room) -> None:
    docs.says("ana", "/topic add Guides")
    assert "in the queue already, at place 1" in docs.says("ben", "/topic add guides")
    docs.says("ana", "/topic next")
    assert "“Guides” is on the floor already" in docs.says("ben", "/topic add Guides")
    assert "The queue is empty" in docs.says("ben", "/topic list")


def test_a_topic_queued_again_waits_behind_the_others_and_is_then_resumed(docs: Room) -> None:
    docs.says("ana", "/topic Guides")
    docs.says("ana", "/topic add Tools")
    docs.says("ana", "/topic done")
    docs.passes(minutes=1)
    assert "place 2" in docs.says("ana", "/topic add Guides")
    assert "“Tools”" in docs.says("ana", "/topic next")
    docs.passes(minutes=2)
    assert "Back on the floor: topic 1, “Guides”" in docs.says("ana", "/topic next")


def test_a_queued_title_goes_to_the_floor_by_its_name_too(docs: Room) -> None:
    docs.says("ana", "/topic add Guides")
    docs.says("ana", "/topic add Tools")
    docs.says("ana", "/topic Tools")

    listed = docs.says("ana", "/topic list")
    assert "Now: “Tools”" in listed
    assert "1. Guides" in listed
    assert "2. " not in listed


def test_a_second_next_within_a_minute_asks_first(docs: Room) -> None:
    for title in ("Guides", "Tools", "Style"):
        docs.says("ana", f"/topic add {title}")
    docs.says("ana", "/topic Opening")
    assert "“Guides”" in docs.says("ana", "/topic next")  # the first one asks nothing
    docs.passes(seconds=20)
    assert "Go on to “Tools” already?" in docs.says("ben", "/topic next")
    assert "Now: Guides" in docs.card()

    docs.clicks("ben", "Next topic anyway", on="less than a minute ago")
    assert "On the floor now: topic 3, “Tools”" in docs.whispers("ben")[-1]
    assert "Now: Tools" in docs.card()
    docs.passes(seconds=61)
    assert "“Style”" in docs.says("ana", "/topic next")


def test_a_topic_is_renamed_wherever_it_stands(docs: Room) -> None:
    assert "No topic is on the floor" in docs.says("ana", "/topic rename Handbook")
    docs.says("ana", "/topic Guides")
    docs.says("ana", "/topic add Tools")
    assert "“Guides” is now “Handbook”" in docs.says("ben", "/topic rename Handbook")
    docs.passes(seconds=10)

    assert topics(docs) == ["💬 1. Handbook"]
    assert "Now: Handbook" in docs.card()
    assert "Another topic of this session is called “Tools”" in docs.says("ben", "/topic rename tools")
    assert "is on the floor already" in docs.says("ana", "/topic Handbook")
    docs.says("ana", "/topic rename HandBook")
    assert "Now: HandBook" in docs.card()


def test_a_topic_is_added_by_the_cards_button_and_its_dialog(docs: Room) -> None:
    docs.clicks("ben", "Add a topic", on="Docs day")
    docs.fills("ben", title="  Release   notes ")
    assert "Next: Release notes" in docs.card()
    assert "1. Release notes" in docs.says("ana", "/topic list")

    docs.says("ana", "/topic Guides")
    docs.clicks("ben", "Add a topic", on="Docs day")
    assert docs.fills("ben", title="   ") == {"title": "Write what the topic is."}
    assert docs.fills("ben", title="guides") == {"title": "“Guides” is on the floor already."}
    docs.fills("ben", title="Tools")
    assert "Next: Release notes (and 1 more)" in docs.card()


def test_who_is_mentioned_in_a_title_stands_there_by_name(docs: Room) -> None:
    docs.says("ana", "/topic Farewell to @ben")
    assert topics(docs) == ["💬 1. Farewell to @Ben Ortega"]


def test_two_who_press_next_at_the_same_time_skip_nothing(docs: Room) -> None:
    docs.says("ana", "/topic add Guides")
    docs.says("ana", "/topic add Tools")
    docs.says("ana", "/topic next")
    docs.says("ben", "/topic next")
    assert "Now: Guides" in docs.card()
    assert topics(docs) == ["💬 1. Guides"]
