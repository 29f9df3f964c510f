"""Threads and files: what is said or shared below a topic belongs to it, and where each thing can be read again."""

import pytest

from tests.conversations.room import Room

Record = dict[str, object]


@pytest.fixture
def docs(room: Room) -> Room:
    """A room in which two topics have been on the floor, and the third one is."""
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    room.says("ben", "#topic Tools")
    room.says("ben", "#agreed Fewer tools")
    room.says("ana", "/topic Last")
    return room


def by_topic(room: Room) -> dict[str, list[str]]:
    record = room.record()
    return {each["title"]: [entry["text"] for entry in each["entries"]] for each in record["topics"]}


def test_a_line_below_a_topics_message_belongs_to_that_topic(docs: Room) -> None:
    docs.says("chen", "#action @ben rewrites it", thread="1. Guides")
    docs.says("chen", "#info Elsewhere", thread=docs.says("dia", "By the way"))
    assert by_topic(docs) == {"Guides": ["@Ben Ortega rewrites it"], "Tools": ["Fewer tools"], "Last": ["Elsewhere"]}


def test_a_line_below_an_entry_or_what_put_a_topic_on_the_floor_belongs_to_that_topic(docs: Room) -> None:
    docs.says("chen", "#info Below the entry", thread="#agreed Fewer tools")
    docs.says("chen", "#info Below the message", thread="#topic Tools")
    docs.says("chen", "/decide None at all")
    docs.says("ana", "/topic After that")
    docs.says("chen", "#info Below the decision", thread="None at all")
    docs.says("chen", "#idea Below the card", thread="planned until")
    found = by_topic(docs)
    assert found["Tools"] == ["Fewer tools", "Below the entry", "Below the message"]
    assert found["Last"] == ["None at all", "Below the decision"]
    assert found["After that"] == ["Below the card"]


def test_a_line_below_a_ballot_belongs_to_the_topic_of_the_vote(docs: Room) -> None:
    docs.says("ana", "/propose Drop it")
    docs.says("ana", "/topic After that")
    docs.says("chen", "#action @ben drops it", thread=docs.ballot_message("Drop it")["ts"])
    assert by_topic(docs)["Last"] == ["@Ben Ortega drops it"]


def test_the_thread_of_an_older_session_is_nothing_to_the_new_one(docs: Room) -> None:
    docs.says("ana", "/session end")
    docs.passes(minutes=1)
    docs.says("ana", "/topic Another day")
    docs.says("chen", "#info Below an old topic", thread="1. Guides")
    assert by_topic(docs) == {"Another day": ["Below an old topic"]}


def test_links_and_files_in_a_thread_belong_to_its_topic(docs: Room) -> None:
    docs.says("chen", "Slow: https://github.com/a/b/issues/1", thread="1. Guides")
    docs.does("chen", "upload", filename="guide.png", content="PNG", thread="1. Guides")
    record = docs.record()
    assert [each["topic"] for each in (*record["links"], *record["files"])] == [1, 1]


def test_a_reply_that_is_also_sent_to_the_channel_counts_once(docs: Room) -> None:
    ts = docs.says("chen", "Nothing", thread="1. Guides")
    docs.does("dia", "say", text="#info Aloud", thread="1. Guides", broadcast=True)
    said = next(each for each in docs.stage.messages() if each["text"] == "#info Aloud")
    assert said["subtype"] == "thread_broadcast"
    docs.hears_event(said | {"channel": docs.home.id, "channel_type": "channel", "event_ts": said["ts"]})
    docs.hears_event({name: value for name, value in said.items() if name != "subtype"} | {"channel": docs.home.id})

    assert by_topic(docs)["Guides"] == ["Aloud"]
    spoken = {each["name"]: each["messages"] for each in docs.record()["participants"]}
    assert (spoken["Chen Wei"], spoken["Dia Sharma"]) == (1, 1)
    assert ts


def test_an_edit_in_a_thread_adds_to_the_topic_of_the_thread(docs: Room) -> None:
    ts = docs.says("chen", "Out of date", thread="1. Guides")
    docs.edits("chen", ts, "#info Out of date")
    assert by_topic(docs)["Guides"] == ["Out of date"]


def test_a_file_is_noted_with_its_name_kind_address_and_who_shared_it_and_never_its_content(docs: Room) -> None:
    docs.does("ben", "upload", filename="guide.png", content="the picture itself", text="Look")
    docs.does("chen", "upload", filename="notes.txt", content="the notes themselves", text="#info See the notes")
    image, text = docs.record()["files"]
    assert (image["name"], image["kind"], image["shared_by"], image["topic"]) == ("guide.png", "image", "Ben Ortega", 3)
    assert image["permalink"].startswith("https://testville.slack.com/files/U0BEN/")
    assert (text["name"], text["kind"]) == ("notes.txt", "file")
    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert digest.index("📎 Files") < digest.index("guide.png — image, Ben Ortega, topic 3") < digest.index("notes.txt")
    assert "[guide.png](https://testville.slack.com/files/U0BEN/" in docs.recaps()[0]
    assert "themselves" not in docs.stored()
    assert "the picture itself" not in docs.stored()


def test_a_file_that_is_deleted_or_whose_message_is_is_struck_out(docs: Room) -> None:
    docs.does("ben", "upload", filename="one.png", content="1", text="First")
    docs.does("ben", "upload", filename="two.png", content="2", text="Second")
    docs.does("ben", "upload", filename="three.png", content="3", text="Third")
    docs.does("ben", "delete_file", on="First")
    docs.deletes("ben", "Second")
    docs.edits("ben", "Third", "The third one")
    assert [each["name"] for each in docs.record()["files"]] == ["three.png"]
    docs.says("ana", "/session end")
    docs.deletes("ben", "The third one")
    docs.passes(seconds=10)
    assert "three.png" not in docs.digests()[0]


def test_names_of_files_are_hostile_and_of_a_hundred_the_digest_lists_the_first(docs: Room) -> None:
    name = "<!channel> *bold* [x](https://evil.example) " + "long " * 60 + ".png"
    docs.does("ben", "upload", filename=name, content="1")
    for number in range(25):
        docs.does("ben", "upload", filename=f"picture-{number}.png", content="1")
    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert "<!channel> *bold* [x](https://evil.example) long" in digest
    assert "picture-18.png" in digest
    assert "picture-19.png" not in digest
    assert "… and 6 more, in the recap" in digest
    assert "picture-24.png" in docs.recaps()[0]
    assert "[x](https://evil.example)" not in docs.recaps()[0]


def test_outside_of_a_session_files_are_not_noted(room: Room) -> None:
    room.does("ben", "upload", filename="guide.png", content="1", text="Look")
    assert "guide.png" not in room.stored()


def test_every_entry_names_the_message_that_it_came_from(docs: Room) -> None:
    channel = f"https://testville.slack.com/archives/{docs.home.id}"
    said = docs.says("chen", "#info In the channel")
    replied = docs.says("chen", "#info In a thread", thread="1. Guides")
    docs.says("chen", "/note By command")
    docs.says("chen", "/decide In the channel by command")
    docs.says("ana", "/propose Drop it")
    record = docs.record()
    found = {entry["text"]: entry["permalink"] for each in record["topics"] for entry in each["entries"]}
    guides, last = (docs.message(words)["ts"] for words in ("1. Guides", "3. Last"))
    posted = next(each["ts"] for each in docs.stage.messages() if each.get("thread_ts") == last and each["ts"] != last)

    assert found["In the channel"] == f"{channel}/p{said.replace('.', '')}"
    assert found["In a thread"] == f"{channel}/p{replied.replace('.', '')}?thread_ts={guides}&cid={docs.home.id}"
    assert found["By command"] == f"{channel}/p{posted.replace('.', '')}?thread_ts={last}&cid={docs.home.id}"
    decided = docs.message("In the channel by command")["ts"]
    assert found["In the channel by command"] == f"{channel}/p{decided.replace('.', '')}"
    ballot = docs.ballot_message("Drop it")["ts"]
    assert record["topics"][2]["votes"][0]["permalink"] == f"{channel}/p{ballot.replace('.', '')}"

    docs.says("ana", "/session end")
    assert f"**[Note]({channel}/p{said.replace('.', '')})** (Chen Wei): In the channel\n" in docs.recaps()[0]
    links = [part["url"] for part in _parts(docs.message("Thank you for taking part")) if part["type"] == "link"]
    assert set(found.values()) <= set(links)


def _parts(message: Record) -> list[dict[str, str]]:
    """The pieces of rich text in a message."""

    def inside(value: object) -> list[dict[str, str]]:
        if isinstance(value, list):
            return [part for each in value for part in inside(each)]
        if not isinstance(value, dict):
            return []
        return [value, *inside(value.get("elements", []))]

    return inside(message["blocks"])
