"""Entries by command: what they keep, where they appear, and how they are taken back."""

import pytest

from tests.conversations.room import Room, buttons


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with a session and a topic on its floor."""
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    return room


def posts(room: Room) -> int:
    """How many messages of the bot's the channel has, as everybody sees it."""
    return len(room.texts())


def test_the_channel_stays_quiet(docs: Room) -> None:
    assert posts(docs) == 2  # the card and the topic
    docs.says("ben", "/note Out of date")
    docs.says("ben", "/action @ana rewrites it")
    docs.says("ana", "/topic add Tools")
    docs.says("ana", "/session status")
    docs.says("ana", "/topic list")
    docs.says("ana", "/session extend 5m")
    assert posts(docs) == 2
    docs.says("ana", "/decide One guide is enough")
    assert posts(docs) == 3
    docs.says("ana", "/propose Drop the old one")
    assert posts(docs) == 4
    docs.says("ana", "/topic next")
    assert posts(docs) == 5


def test_notes_and_actions_stand_in_the_thread_of_their_topics_message(docs: Room) -> None:
    docs.says("ben", "/note Out of date")
    docs.says("ana", "/topic Tools")
    docs.says("chen", "/note Too many")
    docs.says("ben", "/action @ana writes a list")

    (guides,) = docs.thread("1. Guides")
    assert "Note: Out of date" in guides
    assert "recorded by Ben Ortega" in guides
    note, action = docs.thread("2. Tools")
    assert "Too many" in note
    assert "Action: @Ana Ruiz writes a list" in action


def test_before_the_first_topic_they_are_filed_under_the_session(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    answer = room.says("ben", "/note Everybody is here")
    assert "before its first topic" in answer
    assert "Everybody is here" in room.thread("planned until")[0]

    room.says("ana", "/topic Guides")
    room.says("ana", "/session end")
    digest = room.digests()[0]
    assert digest.index("Before the first topic") < digest.index("Everybody is here") < digest.index("1. Guides")


def test_a_decision_has_a_line_of_its_own_and_says_that_there_was_no_vote(docs: Room) -> None:
    answer = docs.says("ben", "/decide One guide is enough")
    assert "Decision 1 is recorded under “Guides”: One guide is enough" in answer

    line = docs.texts()[-1]
    assert "Decision: One guide is enough" in line
    assert "recorded by Ben Ortega, no vote" in line
    assert docs.thread("1. Guides") == []
    docs.says("ana", "/session end")
    assert "One guide is enough — recorded by Ben Ortega, no vote" in docs.digests()[0]


def test_owners_and_date_of_an_action_are_read_in_the_speakers_time_zone(docs: Room) -> None:
    docs.until("17:30")  # in Shanghai it is tomorrow already
    docs.says("ana", "/session start Late day")
    docs.says("chen", "/action @ben writes it by tomorrow")
    docs.says("ana", "/action @chen and @ben read it by tomorrow")
    docs.says("ben", "/action @dia prints it by Friday")
    docs.passes(seconds=10)

    shanghai, madrid, new_york = docs.thread("Late day")
    assert "Ben Ortega, by 16 April 2026" in shanghai
    assert "Chen Wei and Ben Ortega, by 15 April 2026" in madrid
    assert "Dia Sharma, by 17 April 2026" in new_york
    assert "Action: @Ben Ortega writes it by tomorrow" in shanghai  # the text stays as typed


def test_owners_and_dates_that_are_not_clear_are_left_alone(docs: Room) -> None:
    docs.says("ben", "/action look at @ana's patch next Friday")
    docs.says("ben", "/action @ana or @chen writes it by 03/04")

    for reply in docs.thread("1. Guides"):
        assert "no owner yet" in reply
        assert "2026" not in reply


def test_the_author_gets_a_private_answer_with_undo(docs: Room) -> None:
    answer = docs.says("ben", "/note Out of date")
    assert "Note 1 is recorded under “Guides”: Out of date" in answer
    message = next(each for each in docs.stage.messages(person="ben") if each.get("is_ephemeral"))
    assert buttons(message) == ["Undo"]

    docs.clicks("ben", "Undo", on="Note 1 is recorded")
    docs.passes(seconds=5)
    assert "Undone: note 1" in docs.whispers("ben")[-1]
    assert "Undone by Ben Ortega" in docs.thread("1. Guides")[0]
    assert "0 notes" in docs.card()
    docs.says("ana", "/session end")
    assert "Out of date" not in docs.digests()[0]


def test_own_entries_can_be_taken_back_after_the_end_and_the_digest_is_put_right(docs: Room) -> None:
    docs.says("ben", "/note Out of date")
    docs.says("ben", "/note Too long")
    docs.says("ana", "/session end")
    assert "Out of date" in docs.digests()[0]
    docs.passes(hours=2)
    docs.clicks("ben", "Undo", on="Note 1 is recorded")
    docs.passes(seconds=10)

    (digest,) = docs.digests()
    assert "Out of date" not in digest
    assert "Too long" in digest
    assert [each["text"] for each in docs.record()["topics"][0]["entries"]] == ["Too long"]


def test_only_its_author_and_the_chair_can_take_an_entry_back(docs: Room) -> None:
    docs.says("ben", "/note Out of date")
    docs.clicks_unseen("chen", "Undo", on="Note 1 is recorded", shown_to="ben")
    assert "Only Ben Ortega, who recorded it, or Ana Ruiz, who chairs, can take it back." in docs.whispers("chen")[-1]
    assert "1 note ·" in docs.card()

    docs.clicks_unseen("ana", "Undo", on="Note 1 is recorded", shown_to="ben")
    docs.passes(seconds=5)
    assert "Undone: note 1" in docs.whispers("ana")[-1]
    assert "Undone by Ana Ruiz" in docs.thread("1. Guides")[0]
    docs.clicks("ben", "Undo", on="Note 1 is recorded")
    assert "taken back already" in docs.whispers("ben")[-1]


def test_entries_are_taken_back_by_command_too_by_their_number_or_the_last_one_of_ones_own(docs: Room) -> None:
    docs.says("ben", "/note First")
    docs.says("ben", "/note Second")
    docs.says("chen", "/note Third")
    assert "Undone: note 2, “Second”" in docs.says("ben", "/session undo")
    assert "Undone: note 1" in docs.says("ana", "/session undo 1")
    assert "Only Chen Wei" in docs.says("ben", "/session undo 3")
    assert "nothing of yours" in docs.says("ben", "/session undo")
    assert "no such entry" in docs.says("ben", "/session undo 7")
    assert "/session undo 7" in docs.says("ben", "/session undo everything")

    docs.says("ana", "/session end")
    assert "Undone: note 3" in docs.says("chen", "/session undo")
    docs.passes(seconds=10)
    for text in ("First", "Second", "Third"):
        assert text not in docs.digests()[0]


def test_a_decision_that_is_taken_back_is_struck_out_where_it_stands(docs: Room) -> None:
    docs.says("ben", "/decide One guide is enough")
    docs.clicks("ben", "Undo", on="Decision 1 is recorded")
    docs.passes(seconds=5)
    assert "Undone by Ben Ortega" in docs.texts()[-1]
    assert "0 decisions" in docs.card()


def test_what_is_taken_back_stays_in_the_record_with_who_and_when(docs: Room) -> None:
    docs.says("ben", "/note Out of date")
    docs.passes(minutes=5)
    docs.clicks("ben", "Undo", on="Note 1 is recorded")
    stored = docs.stored()
    assert stored.count("'Out of date'") == 2  # the first revision, and the one that takes it back
    assert "13:05:" in stored


def test_an_entry_without_words_is_refused(docs: Room) -> None:
    for typed in ("/note", "/note   ", "/note \u200b\u200b"):
        assert "what to note" in docs.says("ben", typed)
    assert "what is to be done" in docs.says("ben", "/action \u200b")
    assert "what was decided" in docs.says("ben", "/decide")
    assert docs.thread("1. Guides") == []


def test_a_name_that_was_not_known_when_it_was_posted_is_put_right(room: Room) -> None:
    room.says("chen", "/topic Guides, for @dia")
    room.says("ben", "/note Ask @dia")
    room.passes(seconds=10)

    assert "brought by Chen Wei" in room.texts()[1]
    assert "Guides, for @Dia Sharma" in room.texts()[1]
    assert "Ask @Dia Sharma" in room.thread("1. Guides")[0]
    assert "recorded by Ben Ortega" in room.thread("1. Guides")[0]
