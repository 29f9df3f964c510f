"""Following what people do with their messages: edits, deletions, and what Slack finds out about links."""

import pytest

from tests.conversations.room import Room

ISSUE = "https://github.com/kata-containers/kata-containers/issues/1711"


@pytest.fixture
def docs(room: Room) -> Room:
    """A room with a session and a topic on its floor."""
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    return room


def recorded(room: Room) -> list[str]:
    """What stands, topic by topic, as kind and text."""
    record = room.record()
    sections = [record["before_topics"], *record["topics"]]
    return [f"{each['kind']}: {each['text']}" for section in sections for each in section["entries"]]


def entry(room: Room, number: int) -> dict[str, object]:
    record = room.record()
    sections = [record["before_topics"], *record["topics"]]
    found: dict[str, object] = next(
        each for section in sections for each in section["entries"] if each["number"] == number
    )
    return found


def test_an_edited_line_is_edited_in_the_record_which_says_so(docs: Room) -> None:
    ts = docs.says("ben", "#info The guide is out of date")
    docs.says("ben", "#info Not touched")
    docs.passes(minutes=5)
    docs.edits("ben", ts, "#info The guide is four years out of date")

    assert recorded(docs) == ["note: The guide is four years out of date", "note: Not touched"]
    edited, other = entry(docs, 1), entry(docs, 2)
    assert edited["edited_by"] == "Ben Ortega"
    assert str(edited["edited_at"]).startswith("2026-04-14T13:05:")
    assert other["edited_by"] is None
    docs.says("ana", "/session end")
    assert "four years out of date — Ben Ortega, edited" in docs.digests()[0]
    assert "Not touched — Ben Ortega · #2" in docs.digests()[0]
    assert "four years out of date" in docs.recaps()[0]
    assert "** (Ben Ortega, edited): The guide is four years" in docs.recaps()[0]


def test_a_tag_that_is_taken_away_takes_the_entry_back_and_brings_it_again(docs: Room) -> None:
    ts = docs.says("ben", "#action @ana rewrites it by 20 April\n#info Out of date")
    docs.edits("ben", ts, "@ana rewrites it by 20 April\n#info Out of date")
    assert recorded(docs) == ["note: Out of date"]
    assert "0 actions · 1 note ·" in docs.card()

    docs.edits("ben", ts, "#action @ana rewrites it by 21 April\n#info Out of date")
    assert recorded(docs) == ["action: @Ana Ruiz rewrites it by 21 April", "note: Out of date"]
    action = entry(docs, 1)
    assert (action["owners"], action["due"]) == (["Ana Ruiz"], "2026-04-21")
    assert "1 action · 1 note ·" in docs.card()


def test_a_line_that_an_edit_adds_stands_under_the_topic_of_its_message(docs: Room) -> None:
    ts = docs.says("ben", "#info Out of date")
    docs.says("ana", "/topic Tools")
    docs.says("ben", "#info Too many")
    docs.edits("ben", ts, "#agreed One guide is enough\n#info Out of date")

    first, second = docs.record()["topics"]
    assert [(each["number"], each["text"]) for each in first["entries"]] == [
        (1, "Out of date"),
        (3, "One guide is enough"),
    ]
    assert [each["text"] for each in second["entries"]] == ["Too many"]


def test_who_is_named_in_what_an_edit_adds_is_who_they_are(docs: Room) -> None:
    ts = docs.says("ben", "#info Out of date")
    docs.edits("ben", ts, "#info Out of date\n#action @chen rewrites it with @dia")
    docs.passes(seconds=10)
    action = entry(docs, 2)
    assert (action["text"], action["owners"]) == ("@Chen Wei rewrites it with @Dia Sharma", ["Chen Wei"])
    assert len(docs.calls("users.info")) == len({call.arguments["user"] for call in docs.calls("users.info")}) <= 4


def test_a_message_that_only_an_edit_tags_is_recorded_where_it_was_said_and_acknowledged(docs: Room) -> None:
    ts = docs.says("ben", "We need a new guide")
    docs.says("ana", "/topic Tools")
    docs.edits("ben", ts, "#idea We need a new guide")

    assert [each["text"] for each in docs.record()["topics"][0]["entries"]] == ["We need a new guide"]
    docs.passes(seconds=5)
    message = next(each for each in docs.stage.messages() if each["ts"] == ts)
    assert [each["name"] for each in message["reactions"]] == ["memo"]


def test_another_tag_makes_another_kind_of_it(docs: Room) -> None:
    ts = docs.says("ben", "#info One guide is enough")
    docs.edits("ben", ts, "#agreed One guide is enough")
    assert recorded(docs) == ["decision: One guide is enough"]
    assert entry(docs, 1)["edited_by"] == "Ben Ortega"
    assert "1 decision · 0 actions · 0 notes" in docs.card()


def test_numbers_stay_with_their_lines_however_the_lines_move(docs: Room) -> None:
    ts = docs.says("ben", "#info Apples\n#info Pears are hard to sell\n#info Plums")
    docs.edits("ben", ts, "Fruit:\n#info Plums\n#info Pears are very hard to sell\n#info Cherries")
    assert {entry(docs, number)["text"] for number in (1, 2, 3)} == {
        "Cherries",
        "Pears are very hard to sell",
        "Plums",
    }
    assert entry(docs, 2)["text"] == "Pears are very hard to sell"
    assert entry(docs, 3)["text"] == "Plums"


def test_what_was_undone_stays_undone_whatever_becomes_of_its_message(docs: Room) -> None:
    ts = docs.says("ben", "#info Out of date\n#info Too long")
    docs.says("ben", "/session undo 1")
    docs.edits("ben", ts, "#info Out of date!\n#info Far too long")
    assert recorded(docs) == ["note: Far too long"]
    docs.deletes("ben", ts)
    assert recorded(docs) == []


def test_an_edit_moves_neither_the_floor_nor_the_session(docs: Room) -> None:
    ts = docs.says("ben", "#topic Tools")
    docs.says("ben", "#topic Last")
    docs.edits("ben", ts, "#topic Instruments\n#endmeeting")
    assert [each["title"] for each in docs.record()["topics"]] == ["Guides", "Tools", "Last"]
    assert "Now: Last" in docs.card()
    assert docs.digests() == []


def test_after_the_end_the_digest_follows_an_edit_and_a_deletion(docs: Room) -> None:
    first = docs.says("ben", "#info Out of date")
    second = docs.says("ben", f"#info Too long\nRewrite the guide: {ISSUE}")
    docs.says("ana", "/session end")
    docs.passes(hours=2)
    docs.edits("ben", first, "#info Out of fashion")
    docs.deletes("ben", second)
    docs.passes(seconds=10)

    (digest,) = docs.digests()
    assert "Out of fashion — Ben Ortega, edited" in digest
    for gone in ("Out of date", "Too long", "Rewrite the guide"):
        assert gone not in digest
    assert docs.record()["links"] == []


def test_a_deleted_message_is_struck_out_also_by_an_admin(docs: Room) -> None:
    docs.deletes("ben", docs.says("ben", "#info Out of date"))
    docs.admin_deletes("ana", docs.says("ben", "#agreed One guide is enough"))
    assert recorded(docs) == []
    assert "0 decisions · 0 actions · 0 notes" in docs.card()
    assert "taken back already" in docs.says("ben", "/session undo 1")
    assert {each["name"]: each["messages"] for each in docs.record()["participants"]}["Ben Ortega"] == 2


def test_what_had_replies_leaves_a_stone_and_no_entry(docs: Room) -> None:
    ts = docs.says("ben", "#info Out of date")
    docs.says("chen", "#info Since 2019", thread=ts)
    docs.deletes("ben", ts)
    assert recorded(docs) == ["note: Since 2019"]


def test_a_link_stays_while_another_message_mentions_it(docs: Room) -> None:
    first = docs.says("ben", f"Rewrite the guide: {ISSUE}")
    docs.says("chen", f"{ISSUE} again")
    docs.deletes("ben", first)
    assert [each["url"] for each in docs.record()["links"]] == [ISSUE]
    docs.edits("chen", f"{ISSUE} again", "Never mind")
    assert docs.record()["links"] == []


def test_slacks_unfurls_give_titles_to_links_that_have_none_and_nothing_else(docs: Room) -> None:
    titled = docs.says("ben", f"#info Rewrite the guide: {ISSUE}")
    bare = docs.says("ben", "https://github.com/kata-containers/kata-containers/pull/1710")
    docs.does("ben", "unfurl", on=titled, url=ISSUE, title="Another title")
    page = "Generate <@U0ANA> a new image · Pull Request #1710 · kata-containers/kata-containers\n#info and more"
    pull = "https://github.com/kata-containers/kata-containers/pull/1710"
    docs.does("ben", "unfurl", on=bare, url=pull, title=page)
    docs.does("ben", "unfurl", on=bare, url=pull, title=page)

    titles = [each["title"] for each in docs.record()["links"]]
    assert titles == ["Rewrite the guide", "Generate <@U0ANA> a new image"]
    assert recorded(docs) == [f"note: Rewrite the guide: {ISSUE}"]
    assert entry(docs, 1)["edited_by"] is None
    docs.says("ana", "/session end")
    assert "Generate <@U0ANA> a new image" in docs.digests()[0]


def test_the_history_of_an_entry_is_for_its_author_and_the_chair(docs: Room) -> None:
    ts = docs.says("ben", "#info The guide is out of date")
    docs.passes(minutes=5)
    docs.edits("ben", ts, "#agreed The guide is out of fashion")
    docs.edits("ben", ts, "The guide is out of fashion")
    docs.edits("ben", ts, "#agreed The guide is out of fashion")
    docs.deletes("ben", ts)

    told = docs.says("ana", "/session history 1")
    for line in (
        "Decision 1, no longer in the record:",
        "recorded by Ben Ortega: note, “The guide is out of date”",
        "edited by Ben Ortega: decision, “The guide is out of fashion”",
        "struck out: Ben Ortega has taken it out of the message",
        "struck out: its message was deleted",
    ):
        assert line in told
    assert docs.says("ben", "/session history #1") == told
    assert "Only Ben Ortega, who recorded it, or Ana Ruiz" in docs.says("chen", "/session history 1")
    assert "no such entry" in docs.says("ana", "/session history 7")
    assert "/session history 7" in docs.says("ana", "/session history")


def test_edits_outside_of_a_session_are_nobodys_concern(room: Room) -> None:
    before = room.says("ana", "Hello")
    room.passes(minutes=1)
    room.says("ana", "/session start Docs day")
    room.edits("ana", before, "#info Hello")
    room.deletes("ana", before)
    assert recorded(room) == []
    assert before not in room.stored()
