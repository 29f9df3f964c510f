"""A gathering from its first topic to its digest."""

from tests.conversations.room import Room


def test_a_topic_opens_a_session_and_stands_on_its_card(room: Room) -> None:
    answer = room.says("ana", "/topic Observability")

    assert "Observability" in answer
    assert "Observability" in room.card()
    assert [text for text in room.texts() if "1. Observability" in text]


def test_notes_and_actions_go_into_the_thread_of_their_topic(room: Room) -> None:
    room.says("ana", "/topic Observability")
    room.says("ben", "/note Traces are missing")
    room.says("ben", "/action @ana writes the guide by 20 April")

    note, action = room.thread("1. Observability")
    assert "Traces are missing" in note
    assert "Ana" in action
    assert "20 April" in action


def test_a_decision_has_a_line_of_its_own_in_the_channel(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.says("ana", "/decide We ship on Friday")

    assert any("We ship on Friday" in text and "no vote" in text for text in room.texts())


def test_a_vote_is_counted_from_emoji_and_becomes_a_decision(room: Room) -> None:
    room.says("ana", "/topic Releases")
    room.says("ana", "/propose Ship on Friday for 10m")
    room.reacts("ben", "+1", to="Ship on Friday")
    room.reacts("chen", "thumbsup", to="Ship on Friday")
    room.reacts("dia", "-1", to="Ship on Friday")
    room.passes(seconds=5)
    assert "2 for, 1 against" in room.ballot("Ship on Friday")

    room.passes(minutes=10)

    assert any("Decision" in text and "2 for, 1 against" in text for text in room.texts())


def test_a_session_ends_by_itself_and_posts_its_digest(room: Room) -> None:
    room.says("ana", '/session start Docs day for 1h at "Room 5"')
    room.says("ana", "/topic Guides")
    room.says("ben", "/note The guide is out of date")
    room.passes(minutes=54)
    assert not [text for text in room.texts() if "5 minutes" in text or "five minutes" in text]
    room.passes(minutes=2)
    room.passes(minutes=5)

    digest = room.texts()[-1]
    assert "Docs day" in digest
    assert "Guides" in digest
    assert "The guide is out of date" in digest
