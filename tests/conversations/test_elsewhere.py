"""The room as it is in another workspace, where people and ids look like those here."""

from tests.conversations.room import Room


def test_the_room_in_another_workspace_has_people_and_messages_of_its_own(room: Room) -> None:
    elsewhere = room.has_workspace()
    room.says("ana", "/session start Village meeting")
    elsewhere.says("eva", "Nothing to do with you")

    assert elsewhere.home.id == room.home.id
    assert [each["text"] for each in elsewhere.channel()] == ["Nothing to do with you"]
    assert "Village meeting" in room.card()
    assert "Nothing to do with you" not in room.stored()
    assert room.of("Elsewhere") is elsewhere
    assert elsewhere.of("Testville") is room


def test_what_the_bot_asks_is_told_apart_by_workspace(room: Room) -> None:
    elsewhere = room.has_workspace()
    room.says("ana", "/topic The well")

    assert room.calls("chat.postMessage")
    assert elsewhere.calls("chat.postMessage") == []
