"""Bad input: hostile text comes out as typed, refusals help, and errors of ours leave nothing half-written."""

from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from tests.conversations.room import Room, shown

HOSTILE = (
    "<!channel> <!here|here> <@U0BEN> <#C1|moot> @here @channel @everyone",
    "<script>alert('x')</script> & &amp; &lt;b&gt; {{ 7 * 7 }} {% raw %} {# no #} ${x}",
    "```fenced``` `code` *bold* _italic_ ~struck~ :tada: :+1: 1. not a list > not a quote",
    "שלום עולם, ‏مرحبا‎ ‮abc‬ 🎉🇪🇺👩‍💻",
    '--- [label](javascript:alert(1)) # no heading \'; DROP TABLE entries; -- "quoted" \\ backslash',
)


def read(markdown: str) -> str:
    """What a reader of the page sees."""
    inlines = [token for token in MarkdownIt().parse(markdown) if token.type == "inline"]
    return "\n".join("".join(child.content for child in token.children or []) for token in inlines)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_out_as_typed_through_every_entrance(room: Room, text: str) -> None:
    room.says("ana", f"/session start Title {text}")
    room.says("ana", f"/topic Topic {text}")
    room.says("ana", f"/topic add Queued {text}")
    room.says("ana", f"/note Note {text}")
    room.says("ana", f"/action Action {text}")
    room.says("ana", f"/decide Decision {text}")
    room.says("ana", f"/propose Proposal {text}")
    room.says("ben", f"#info Info {text}\n#agreed Agreed {text}\n#help Help {text}")
    room.clicks("ben", "Sign in", on="planned until")
    assert room.fills("ben", Organisation=f"Org {text}") == {}
    room.clicks("ben", "Add a topic", on="planned until")
    assert room.fills("ben", title=f"Added {text}") == {}
    assert f"Queued {text}" in room.says("dia", "/topic list")
    assert f"Proposal {text}" in room.ballot("Proposal V1")
    assert f"Topic {text}" in room.card()
    assert f"Note {text}" in room.thread("brought by Ana Ruiz")[0]
    room.says("ana", "/session end")
    room.passes(seconds=20)

    everywhere = ("Title", "Topic", "Queued", "Note", "Action", "Decision", "Proposal", "Info", "Agreed", "Help")
    digest, page = room.digests()[0], read(room.recaps()[0])
    for kind in (*everywhere, "Added"):
        assert f"{kind} {text}" in digest
        assert f"{kind} {text}" in page or kind == "Title"
    assert f"Org {text}"[:60] in digest
    assert room.recaps()[0].count("\n---") == 1  # the end of the front matter
    assert room.record()["title"] == f"Title {text}"
    assert room.record()["organisations"] == [f"Org {text}"]


def test_what_slack_makes_a_broadcast_of_was_typed_as_a_name(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ben", "#info Ask @here and @channel about it")
    room.says("ana", "/session end")
    assert "Ask @here and @channel about it" in room.digests()[0]


def test_endless_text_is_kept_whole_or_refused_with_what_to_do(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic Guides")
    long = "word " * 2_000 + "end of it"
    for command in ("/note", "/action", "/decide"):
        room.says("ana", f"{command} {command} {long}")
    room.says("ben", f"#info hash {long}")
    room.passes(seconds=10)
    for command in ("/topic", "/topic add", "/propose", "/session start"):
        assert "make it shorter" in room.says("ana", f"{command} {long}")
    assert "more characters are in the record" in room.thread("1. Guides")[0]
    assert "1 action · 2 notes" in room.card()

    room.says("ana", "/session end")
    room.passes(minutes=2)
    page = room.recaps()[0]
    for start in ("/note", "/action", "/decide", "hash"):
        assert f"{start} {long}" in page
    first = next(each for each in room.channel() if "Continued in the thread." in str(each.get("blocks")))
    whole = "\n".join([shown(first), *room.thread_of(first["ts"])])
    assert whole.count("end of it") >= 4


def test_an_endless_word_breaks_nothing(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/topic " + "x" * 200)
    room.says("ana", "/note " + "🎉" * 3_000)
    room.says("ana", "/propose " + "\u0301" * 1_000 + "x")
    room.says("ben", "`" * 5_000)
    room.says("ana", "/session end")
    room.passes(minutes=1)
    assert "🎉" * 3_000 in room.recaps()[0]
    assert any("🎉" * 100 in text for text in room.texts())


def test_an_unknown_sub_command_answers_with_the_help_that_fits(room: Room) -> None:
    answer = room.says("ana", "/session strat Docs day")
    assert "I do not know “strat”" in answer
    assert "/session start" in answer
    assert "/topic" not in answer
    assert room.texts() == []


def test_a_sub_command_that_takes_nothing_does_nothing_with_words_behind_it(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    assert "Nothing goes after" in room.says("ana", "/session end of the world")
    assert "Nothing goes after" in room.says("ana", "/session reopen please")
    assert "by how much" in room.says("ana", "/session extend the deadline")
    assert room.digests() == []


def test_a_refusal_is_one_private_sentence_that_says_what_to_do(room: Room) -> None:
    before = len(room.texts())
    answer = room.says("ben", "/note Anything")
    assert "Start one, then say it again." in answer
    assert len(room.texts()) == before


def test_where_the_bot_is_not_in_the_channel_it_asks_to_be_invited_and_then_posts_what_was_owed(room: Room) -> None:
    room.has_channel("kitchen", with_bot=False)
    room.says("ana", "/topic Soup", channel="kitchen")
    assert "/invite @Folkmoot" in room.whispers("ana", "kitchen")[-1]
    room.says("ben", "/note Leek", channel="kitchen")
    assert "/invite @Folkmoot" in room.whispers("ben", "kitchen")[-1]
    assert room.texts("kitchen") == []

    room.joins("folkmoot", channel="kitchen")
    room.passes(seconds=10)
    card, topic = room.texts("kitchen")
    assert "🗒 kitchen" in card
    assert "1. Soup" in topic
    assert "1 note ·" in card
    room.says("ana", "/session end", channel="kitchen")
    assert "Leek" in room.digests("kitchen")[0]


def test_a_bot_that_is_thrown_out_and_let_in_again_catches_up(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.says("ana", "/propose Drop it for 10m")
    room.passes(seconds=10)
    room.does("folkmoot", "leave")
    room.says("ana", "/topic Guides")
    assert "/invite @Folkmoot" in room.whispers("ana")[-1]
    room.says("ana", "/note Out of date")
    room.passes(minutes=15)
    assert "no topic on the floor" in room.card()

    room.joins("folkmoot")
    room.passes(seconds=20)
    assert "Now: Guides" in room.card()
    assert "1 note ·" in room.card()
    assert "nobody voted" in room.ballot("Drop it")
    assert "Out of date" in room.thread("1. Guides")[0]


def test_a_slack_that_knows_little_still_has_its_minutes(
    rooms: Callable[..., Room], caplog: pytest.LogCaptureFixture
) -> None:
    room = rooms(
        unavailable_methods=frozenset(
            {
                "pins.add",
                "views.open",
                "reactions.add",
                "users.info",
                "chat.postEphemeral",
                "conversations.info",
                "conversations.history",
                "files.getUploadURLExternal",
            }
        )
    )
    room.says("ana", "/session start Docs day")
    room.clicks("ben", "Sign in", on="planned until")
    assert "went wrong" in room.whispers("ben")[-1]
    room.says("ana", "/topic Guides")
    room.says("ben", "#info Out of date\n#action @ana rewrites it")
    room.says("ben", "#info Too long")
    room.says("ana", "/propose Drop it")
    room.reacts("chen", "+1", to="Drop it")
    room.says("ana", "/topic Tools")
    room.says("ana", "/session end")
    room.passes(seconds=30)

    digest = room.digests()[0]
    for expected in ("Guides", "Out of date", "rewrites it", "Drop it — V1: 1 for, 0 against"):
        assert expected in digest
    assert room.recaps() == []
    told = [record.getMessage() for record in caplog.records if "that feature is left out" in record.getMessage()]
    assert len(told) == len(set(told)) == 5  # pin, react, person, hint, file
    assert not [record for record in caplog.records if record.exc_info]


def test_an_error_of_ours_is_apologised_for_and_leaves_nothing_half_written(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    # Somebody has taken a table away: the topic's session, card and queue are written before that is noticed.
    room.alters_database("ALTER TABLE spells RENAME TO taken_away")
    assert "Sorry, something went wrong on my side, and nothing was changed" in room.says("ana", "/topic Guides")
    assert "spells" in caplog.text, "the log gets the cause"
    room.alters_database("ALTER TABLE taken_away RENAME TO spells")
    assert room.texts() == []
    assert "Guides" not in room.stored()
    assert "No session is open" in room.says("ana", "/topic list")

    assert "topic 1, “Guides”" in room.says("ana", "/topic Guides")
    assert len(room.texts()) == 2


def test_an_error_behind_a_button_or_a_dialog_is_apologised_for_too(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.clicks("ben", "Sign in", on="planned until")
    room.says("ben", "/note Out of date")
    room.alters_database("ALTER TABLE participations RENAME TO participations_away")
    assert "Something went wrong" in room.fills("ben", Organisation="Red Hat")["organisation"]
    room.alters_database("ALTER TABLE entries RENAME TO entries_away")
    room.clicks("ben", "Undo", on="Note 1 is recorded")
    assert "Sorry, something went wrong" in room.whispers("ben")[-1]
    room.alters_database("ALTER TABLE people RENAME TO people_away")
    room.clicks("ana", "Sign in", on="planned until")
    assert "Sorry, something went wrong" in room.whispers("ana")[-1]
    for table in ("participations", "entries", "people"):
        room.alters_database(f"ALTER TABLE {table}_away RENAME TO {table}")

    assert "Red Hat" not in room.stored()
    assert room.fills("ben", Organisation="Red Hat") == {}
    assert room.record()["organisations"] == ["Red Hat"]
    room.clicks("ana", "Sign in", on="planned until")
    assert room.dialog("ana")["callback_id"] == "sign_in"


def test_a_payload_without_what_we_need_changes_nothing(rooms: Callable[..., Room]) -> None:
    room = rooms(delivery="http", retry_delays=())
    room.says("ana", "/session start Docs day")
    room.says("ana", "/propose Drop it")
    ballot = room.ballot_message("Drop it")
    item = {"type": "message", "channel": room.home.id, "ts": ballot["ts"]}
    for event in (
        {"type": "reaction_added", "user": "U0BEN", "reaction": "+1", "item": item, "event_ts": "poison"},
        {"type": "reaction_added", "user": "U0BEN", "reaction": "+1"},
        {"type": "message", "user": "U0BEN", "text": "#info Poison", "channel": item["channel"], "ts": "poison"},
        {"type": "something_new"},
    ):
        room.hears_event({"event_ts": "1.1", **event})
    assert "0 for, 0 against" in room.ballot("Drop it")
    assert "oison" not in room.stored()
    room.reacts("ben", "+1", to="Drop it")
    room.passes(seconds=10)
    assert "1 for, 0 against" in room.ballot("Drop it")


def test_control_characters_and_line_breaks_in_titles_are_tidied(room: Room) -> None:
    room.says("ana", "/session start Docs\u0007 day")
    room.says("ana", "/topic Two\nlines\tand \u0000more")
    assert "🗒 Docs day" in room.card()
    assert "1. Two lines and more" in room.texts()[-1]


def test_control_characters_and_line_breaks_in_names_are_tidied_too(room: Room) -> None:
    room.has_person("eve", "Eve\u0000 Mor\nris")
    room.says("eve", "/session start Docs day")
    room.passes(seconds=10)
    assert [each["name"] for each in room.record()["participants"]] == ["Eve Mor ris"]
