"""The habits of IRC meetings: lines that begin with `#topic` and the like, in ordinary messages."""

import pytest

from tests.conversations.room import Room


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    return room


def acknowledged(room: Room, ts: str) -> bool:
    """Whether the bot has put its emoji on that message."""
    message = next(each for each in room.stage.messages() if each["ts"] == ts)
    marks = {each["name"]: each["users"] for each in message.get("reactions", ())}
    return marks.get("memo") == [room.stage.bot.id]


def test_every_kind_of_line_is_kept_and_acknowledged_by_an_emoji(docs: Room) -> None:
    before = len(docs.texts())
    for line in (
        "#info The guide is out of date",
        "#action @ben rewrites it by 20 April",
        "#agreed One guide is enough",
        "#idea Generate it from the code",
        "#help Who knows Sphinx?",
        "#link https://example.org/style-guide the style guide",
    ):
        ts = docs.says("chen", line)
        docs.passes(seconds=5)
        assert acknowledged(docs, ts), line
    assert len(docs.texts()) == before
    assert docs.thread("1. Guides") == []
    assert "1 decision · 1 action · 4 notes" in docs.card()

    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    for expected in (
        "The guide is out of date — Chen Wei",
        "@Ben Ortega rewrites it by 20 April — Ben Ortega, by 20 April 2026",
        "One guide is enough — recorded by Chen Wei, no vote",
        "Generate it from the code",
        "Who knows Sphinx?",
        "the style guide",
    ):
        assert expected in digest
    assert digest.index("Open questions") < digest.index("Who knows Sphinx?")


def test_questions_are_open_and_what_is_parked_waits_in_the_parking_lot(docs: Room) -> None:
    docs.says("chen", "#question Who has the key?")
    docs.says("ben", "#park The old guide\n#parked: the logo")
    assert "0 notes · 1 open question · 2 parked" in docs.card()

    docs.says("ana", "/session end")
    digest = docs.digests()[0]
    assert digest.index("Open questions") < digest.index("❓ Who has the key? — Chen Wei, topic 1")
    assert digest.index("Parking lot") < digest.index("🅿️ The old guide — Ben Ortega, topic 1")
    assert digest.index("The old guide") < digest.index("the logo")
    (recap,) = docs.recaps()
    assert recap.index("**[Question](") < recap.index(")** (Chen Wei, topic 1): Who has the key?")
    assert recap.index("## Parking lot") < recap.index(")** (Ben Ortega, topic 1): The old guide")


def test_topic_puts_a_topic_on_the_floor(docs: Room) -> None:
    ts = docs.says("ben", "#topic Tools")
    assert "Now: Tools" in docs.card()
    assert "💬 2. Tools" in docs.texts()[-1]
    assert acknowledged(docs, ts)


def test_several_lines_of_one_message_count_each_in_their_order(docs: Room) -> None:
    docs.says(
        "ben", "Summing up:\n#info First\n  #INFO: second\nnot this one\n#topic Tools\n#action @ana buys some\n#info"
    )
    docs.says("ana", "/session end")
    digest = docs.digests()[0]

    assert digest.index("1. Guides") < digest.index("First") < digest.index("second") < digest.index("2. Tools")
    assert digest.index("2. Tools") < digest.index("@Ana Ruiz buys some")
    assert "not this one" not in digest
    assert "2 notes" in digest


def test_help_counts_also_where_slack_has_made_it_a_link_to_a_channel(docs: Room) -> None:
    docs.has_channel("help")
    docs.has_channel("info")
    ts = docs.says("ben", "#help Who can test on s390x?\n#info Nobody has one")
    assert "<#C0HELP|help>" in next(each["text"] for each in docs.stage.messages() if each["ts"] == ts)

    docs.says("ana", "/session end")
    assert "Who can test on s390x?" in docs.digests()[0]
    assert "Nobody has one" in docs.digests()[0]


def test_lines_in_the_middle_quoted_or_in_a_code_block_do_not_count(docs: Room) -> None:
    for text in (
        "I would say #info this is nothing",
        "```\n#info in a block\n```",
        "> #info quoted",
        "#information is free",
        "#infos are many",
        "#info",
        "# info with a space",
    ):
        ts = docs.says("ben", text)
        assert not acknowledged(docs, ts), text
    assert "0 notes" in docs.card()


def test_startmeeting_opens_a_session_and_endmeeting_ends_it(room: Room) -> None:
    ts = room.says("ana", "#startmeeting Docs weekly for 2h at https://zoom.us/j/42")
    assert "Docs weekly" in room.card()
    assert "https://zoom.us/j/42" in room.card()
    assert acknowledged(room, ts)
    again = room.says("ben", "#startmeeting Another one")
    assert not acknowledged(room, again)
    room.says("ben", "#topic Guides")
    room.says("ben", "#info Out of date")
    end = room.says("ben", "#endmeeting")

    assert acknowledged(room, end)
    (digest,) = room.digests()
    assert "Docs weekly" in digest
    assert "Out of date" in digest
    assert {each["name"] for each in room.record()["participants"]} == {"Ana Ruiz", "Ben Ortega"}


def test_a_bare_startmeeting_names_the_session_after_its_channel(room: Room) -> None:
    room.has_channel("kitchen")
    room.says("ana", "#startmeeting", channel="kitchen")
    room.passes(seconds=5)
    assert "🗒 kitchen" in room.texts("kitchen")[0]


def test_a_whole_meeting_in_one_message_is_a_meeting(room: Room) -> None:
    room.says("ana", "#startmeeting Short one\n#topic Only one\n#agreed Done\n#endmeeting")
    (digest,) = room.digests()
    assert "Short one" in digest
    assert "Done — recorded by Ana Ruiz, no vote" in digest
    assert room.record()["participants"][0]["messages"] == 1


def test_outside_of_a_session_the_other_lines_are_nothing(room: Room) -> None:
    ts = room.says("ana", "#topic Guides\n#info Out of date\n#action @ben rewrites it\n#endmeeting")
    assert not acknowledged(room, ts)
    assert room.texts() == []
    assert "Out of date" not in room.stored()


def test_lines_in_a_thread_count(docs: Room) -> None:
    ts = docs.says("ben", "#info From the thread", thread="1. Guides")
    assert acknowledged(docs, ts)
    assert "1 note ·" in docs.card()


def test_lines_beside_a_file_count(docs: Room) -> None:
    docs.does("ben", "upload", filename="a.txt", content="A", text="#info See the file")
    assert "1 note ·" in docs.card()


def test_lines_are_taken_back_by_their_author(docs: Room) -> None:
    docs.says("ben", "#info Out of date")
    docs.says("ben", "#action @ana rewrites it")
    assert "Undone: action 2" in docs.says("ben", "/session undo")
    assert "Undone: note 1" in docs.says("ana", "/session undo 1")
    assert "0 actions · 0 notes" in docs.card()


def test_what_a_bot_says_is_not_minuted(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    ts = docs.says("ci", "#info The build is green")
    assert not acknowledged(docs, ts)
    assert "The build is green" not in docs.stored()


def test_a_long_title_is_cut_visibly_and_a_long_note_not_at_all(docs: Room) -> None:
    docs.says("ben", "#topic " + "word " * 60)
    assert "word …" in docs.texts()[-1] or "word…" in docs.texts()[-1]
    long = "sentence after sentence " * 200
    ts = docs.says("ben", f"#info {long}")
    assert acknowledged(docs, ts)
    assert docs.record()["topics"][1]["entries"][0]["text"] == long.strip()
