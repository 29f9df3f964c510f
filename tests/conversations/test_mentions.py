"""Mentions: whoever speaks to the bot in a message is understood as with a command, also in a thread."""

from itertools import permutations

import pytest

from tests.conversations.room import Room

BOT = "folkmoot"


def marks(room: Room, words: str) -> dict[str, list[str]]:
    """Who has put which emoji on the newest message with these words, the bot by its name."""
    found = [each for each in room.stage.messages() if words in each["text"]]
    names = {person.id: person.handle for person in room.stage.backstage.workspace.people.values()}
    return {each["name"]: [names[user] for user in each["users"]] for each in found[-1].get("reactions", ())}


def entries(room: Room) -> list[tuple[str, str, str]]:
    record = room.record()
    sections = [record["before_topics"], *record["topics"]]
    return [(each["kind"], each["text"], each["author"]) for section in sections for each in section["entries"]]


def test_a_whole_gathering_is_held_by_mentions(room: Room) -> None:
    room.says("ana", "@folkmoot session start Docs day at Zoom")
    room.says("ana", "@folkmoot topic Guides")
    room.says("ben", "@folkmoot note They are out of date")
    room.says("ben", "@folkmoot action @chen rewrites them by Friday")
    room.says("ana", "@folkmoot decide One guide is enough")
    room.says("ana", "@folkmoot propose Drop the old one")
    room.reacts("ben", "+1", to=room.ballot_message("Drop the old one")["ts"])
    room.says("ana", "@folkmoot session end")
    room.passes(minutes=1)

    digest = room.digests()[0]
    for words in ("Docs day", "1. Guides", "They are out of date", "rewrites them by Friday", "One guide is enough"):
        assert words in digest
    assert "Drop the old one" in digest
    assert room.whispers("ana") == room.whispers("ben") == []


def test_what_was_recorded_is_acknowledged_on_the_message_and_nothing_more_is_said(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    before = len(room.texts())

    room.says("ben", "@folkmoot note Out of date")

    assert marks(room, "note Out of date") == {"memo": [BOT]}
    assert entries(room) == [("note", "Out of date", "Ben Ortega")]
    assert len(room.texts()) == before
    assert room.whispers("ben") == []


def test_in_a_thread_it_works_too_and_is_answered_there(room: Room) -> None:
    room.says("ana", "/topic Guides")
    topic = room.message("1. Guides")["ts"]

    room.says("ben", "@folkmoot: note Out of date", thread=topic)
    room.says("ben", "@folkmoot topic list", thread=topic)

    assert entries(room) == [("note", "Out of date", "Ben Ortega")]
    assert "Out of date" not in "".join(room.texts())
    told = [each for each in room.stage.messages(person="ben") if each.get("is_ephemeral")]
    assert [each["thread_ts"] for each in told] == [topic]
    assert "Now: “Guides”" in room.whispers("ben")[0]


def test_in_the_thread_of_a_topic_it_is_of_that_topic(room: Room) -> None:
    room.says("ana", "/topic Guides")
    guides = room.message("1. Guides")["ts"]
    room.says("ana", "/topic Tools")

    room.says("ben", "@folkmoot note Out of date", thread=guides)

    by_topic = {each["title"]: [entry["text"] for entry in each["entries"]] for each in room.record()["topics"]}
    assert by_topic == {"Guides": ["Out of date"], "Tools": []}


def test_what_needs_slacks_word_first_is_answered_in_the_thread_when_that_has_come(room: Room) -> None:
    room.says("ana", "/topic Pumps")
    room.says("ana", "/note The blue pump")

    room.says("chen", "@folkmoot session search blue", thread=room.message("1. Pumps")["ts"])

    looking, found = room.whispers("chen")
    assert "I ask Slack first" in looking
    assert "The blue pump" in found
    told = [each for each in room.stage.messages(person="chen") if each.get("is_ephemeral")]
    assert {each["thread_ts"] for each in told} == {room.message("1. Pumps")["ts"]}


def test_an_entry_follows_its_mention_when_that_is_edited_and_goes_when_it_is_deleted(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    said = room.says("ben", "@folkmoot note Out of date")

    room.does("ben", "edit", on=said, text="@folkmoot note Out of date since May")
    assert entries(room) == [("note", "Out of date since May", "Ben Ortega")]
    assert "edited by Ben Ortega: note, “Out of date since May”" in room.says("ben", "/session history 1")

    room.does("ben", "edit", on=said, text="never mind")
    assert entries(room) == []
    assert marks(room, "never mind") == {}

    room.does("ben", "edit", on=said, text="@folkmoot decide It goes")
    assert entries(room) == [("decision", "It goes", "Ben Ortega")]

    room.does("ben", "delete", on=said)
    assert entries(room) == []


def test_owner_and_day_of_an_action_follow_its_mention(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    said = room.says("ben", "@folkmoot action @chen rewrites it by Friday")

    room.does("ben", "edit", on=said, text="@folkmoot action @dia rewrites it by Thursday")

    (action,) = room.record()["before_topics"]["entries"]
    assert (action["owners"], action["due"]) == (["Dia Sharma"], "2026-04-16")


@pytest.mark.parametrize("edit", ["@folkmoot topic Tools", "@folkmoot session end", "@folkmoot action list"])
def test_an_edit_carries_out_no_command_and_takes_back_what_is_not_said_any_more(room: Room, edit: str) -> None:
    room.says("ana", "/session start Docs day")
    said = room.says("ben", "@folkmoot note Out of date")

    room.does("ben", "edit", on=said, text=edit)

    assert entries(room) == []
    assert room.record()["topics"] == []
    assert room.record()["state"] == "open"


@pytest.mark.parametrize("order", list(permutations(["message", "app_mention", "message_changed"])), ids=", ".join)
def test_a_mention_and_its_edit_may_come_in_any_order_and_twice(room: Room, order: tuple[str, ...]) -> None:
    room.says("ana", "/session start Docs day")
    workspace = room.stage.backstage.workspace
    ben, ts, later = workspace.person_called("ben"), room.stage.clock.new_ts(), room.stage.clock.new_ts()
    assert ben
    said = {"user": ben.id, "ts": ts, "text": f"<@{workspace.bot.id}> note Out of date"}
    edited = said | {"text": f"<@{workspace.bot.id}> note Up to date", "edited": {"user": ben.id, "ts": later}}
    here = {"channel": room.home.id, "event_ts": ts}
    changed = {"subtype": "message_changed", "message": edited, "previous_message": said, "ts": later}
    events = {
        "message": said | here | {"type": "message"},
        "app_mention": said | here | {"type": "app_mention"},
        "message_changed": changed | here | {"type": "message", "event_ts": later},
    }

    for each in [*order, *order]:
        room.hears_event(events[each])

    assert entries(room) == [("note", "Up to date", "Ben Ortega")]


@pytest.mark.parametrize("before", ["Hello", "@folkmoot sesion end", "@folkmoot session end"])
def test_a_command_that_is_edited_into_a_message_is_not_carried_out_and_its_author_is_told(
    room: Room, before: str
) -> None:
    said = room.says("ben", before)
    room.says("ana", "/session start Docs day")

    room.does("ben", "edit", on=said, text="@folkmoot session  end")

    assert room.record()["state"] == "open"
    assert any("edited into a message. Say it again in a new one." in each for each in room.whispers("ben"))
    assert marks(room, "session  end") == {}


def test_what_is_asked_by_an_edit_is_answered_and_an_edit_of_what_was_carried_out_moves_nothing(room: Room) -> None:
    asked = room.says("ben", "@folkmoot hlep")
    carried_out = room.says("ana", "@folkmoot topic Guides")

    room.does("ben", "edit", on=asked, text="@folkmoot help")
    room.does("ana", "edit", on=carried_out, text="@folkmoot topic Tools")

    assert "/session start" in room.whispers("ben")[-1]
    assert [each["title"] for each in room.record()["topics"]] == ["Guides"]
    assert any("Say it again in a new one" in each for each in room.whispers("ana"))


def test_a_command_and_its_edit_may_come_in_the_wrong_order(room: Room) -> None:
    workspace = room.stage.backstage.workspace
    ben, ts, later = workspace.person_called("ben"), room.stage.clock.new_ts(), room.stage.clock.new_ts()
    assert ben
    said = {"type": "app_mention", "user": ben.id, "ts": ts, "channel": room.home.id}
    first = said | {"text": f"<@{workspace.bot.id}> topic Guides", "event_ts": ts}
    edit = {"text": f"<@{workspace.bot.id}> topic Tools", "edited": {"user": ben.id, "ts": later}, "event_ts": later}

    for each in (said | edit, first, said | edit, first):
        room.hears_event(each)

    assert [each["title"] for each in room.record()["topics"]] == ["Guides"]


def test_what_was_taken_back_stays_so_when_its_mention_is_edited(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    said = room.says("ben", "@folkmoot note Out of date")
    room.says("ben", "/session undo 1")

    room.does("ben", "edit", on=said, text="@folkmoot note Out of date since May")

    assert entries(room) == []


def test_what_is_asked_is_answered_to_the_asker_alone(room: Room) -> None:
    room.says("ana", "/session start Docs day")

    room.says("ben", "@folkmoot session status")
    room.says("ben", "@folkmoot help")
    room.says("ben", "@folkmoot help topic")

    status, everything, topic = room.whispers("ben")
    assert "Docs day" in status
    assert "/session start" in everything
    assert "/propose" not in topic
    assert room.whispers("chen") == []
    assert marks(room, "session status") == {}


def test_a_refusal_is_told_privately_with_its_reason(room: Room) -> None:
    room.says("ben", "@folkmoot note Out of date")
    room.says("ana", "@folkmoot topic done")

    assert "No session is open in this channel" in room.whispers("ben")[0]
    assert "No session is open in this channel" in room.whispers("ana")[0]
    assert marks(room, "note Out of date") == {}

    room.clicks("ben", "Start a session", on="No session is open")
    assert "planned until" in room.card()


def test_a_topic_that_has_opened_a_session_says_so_and_can_be_taken_back(room: Room) -> None:
    room.says("ana", "@folkmoot topic Lunch")

    assert "On the floor now: topic 1, “Lunch”" in room.whispers("ana")[0]
    assert marks(room, "topic Lunch") == {"memo": [BOT]}
    room.clicks("ana", "Discard", on="this has opened one", sure=True)
    assert "Discarded" in room.card()


def test_what_is_no_command_gets_one_friendly_hint_and_no_second_one(room: Room) -> None:
    room.says("ana", "/session start Docs day")

    room.says("ben", "thanks @folkmoot!")
    room.says("ben", "@folkmoot you are great")
    room.says("chen", "I like @folkmoot", thread=room.message("thanks")["ts"])

    assert len(room.whispers("ben")) == 1
    assert "@Folkmoot note" in room.whispers("ben")[0]
    assert len(room.whispers("chen")) == 1
    assert entries(room) == []


@pytest.mark.parametrize("first", ["message", "app_mention"])
def test_message_and_mention_may_come_in_any_order_and_twice_and_count_once(room: Room, first: str) -> None:
    room.says("ana", "/session start Docs day")
    workspace = room.stage.backstage.workspace
    ben, ts = workspace.person_called("ben"), room.stage.clock.new_ts()
    assert ben
    words = f"<@{workspace.bot.id}> note Out of date\n#info Of 2019\n#action <@{ben.id}> rewrites it"
    said = {"user": ben.id, "ts": ts, "channel": room.home.id, "text": words, "event_ts": ts}
    kinds = ["message", "app_mention"] if first == "message" else ["app_mention", "message"]

    for kind in [*kinds, *kinds]:
        room.hears_event(said | {"type": kind})

    assert sorted(text for _, text, _ in entries(room)) == ["@Ben Ortega rewrites it", "Of 2019", "Out of date"]
    (ben_was_there,) = [each for each in room.record()["participants"] if each["name"] == "Ben Ortega"]
    assert ben_was_there["messages"] == 1
    assert room.whispers("ben") == []


@pytest.mark.parametrize("command", ["session start Docs day", "session end", "topic Lunch"])
@pytest.mark.parametrize("first", ["message", "app_mention"])
def test_what_opens_or_ends_a_session_counts_in_it_once_in_either_order(room: Room, first: str, command: str) -> None:
    if command == "session end":
        room.says("ana", "/session start Docs day")
    workspace = room.stage.backstage.workspace
    ben, ts = workspace.person_called("ben"), room.stage.clock.new_ts()
    assert ben
    said = {"user": ben.id, "ts": ts, "channel": room.home.id, "text": f"<@{workspace.bot.id}> {command}"}
    kinds = ["message", "app_mention"] if first == "message" else ["app_mention", "message"]

    for kind in [*kinds, *kinds]:
        room.hears_event(said | {"type": kind, "event_ts": ts})

    spoke = {each["name"]: each["messages"] for each in room.record()["participants"]}
    assert spoke["Ben Ortega"] == 1


def test_a_refused_mention_that_is_delivered_again_is_not_carried_out_then(room: Room) -> None:
    workspace = room.stage.backstage.workspace
    ben, ts = workspace.person_called("ben"), room.stage.clock.new_ts()
    assert ben
    words = f"<@{workspace.bot.id}> note Out of date"
    event = {"type": "app_mention", "user": ben.id, "ts": ts, "channel": room.home.id, "text": words, "event_ts": ts}

    room.hears_event(event)
    room.says("ana", "/session start Docs day")
    room.hears_event(event)

    assert entries(room) == []
    assert len(room.whispers("ben")) == 1


def test_a_mention_that_comes_late_is_kept_where_it_was_said_and_moves_nothing(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    workspace = room.stage.backstage.workspace
    ben, then = workspace.person_called("ben"), room.stage.clock.new_ts()
    later = room.stage.clock.new_ts()
    assert ben
    room.passes(minutes=1)
    room.says("ana", "/session end")
    room.passes(minutes=1)
    room.says("ana", "/session start Next day")
    said = {"type": "app_mention", "user": ben.id, "channel": room.home.id}
    name = f"<@{workspace.bot.id}>"
    room.passes(minutes=1)

    room.hears_event(said | {"ts": then, "event_ts": then, "text": f"{name} note Out of date"})
    room.hears_event(said | {"ts": later, "event_ts": later, "text": f"{name} session end"})

    assert "Out of date" in room.digests()[0]
    assert "planned until" in room.card()
    assert "only now" in room.whispers("ben")[0]


@pytest.mark.parametrize(
    "words",
    ["> @folkmoot note Out of date", "#info @folkmoot note Out of date", "Our bot is @folkmoot", "@folkmoot"],
)
def test_a_mention_that_is_quoted_tagged_or_alone_is_no_command(room: Room, words: str) -> None:
    room.says("ana", "/session start Docs day")

    room.says("ben", words)

    assert [kind for kind, text, _ in entries(room) if text == "Out of date"] == []


def test_hostile_words_ping_nobody_in_an_answer(room: Room) -> None:
    room.says("ana", "/session start Docs day")

    room.says("ben", "@folkmoot topic rename @here <!channel> & *bold*")
    room.says("ben", "@folkmoot session @everyone")

    assert "I do not know “@everyone”" in room.whispers("ben")[1]


def test_private_words_are_forgotten_when_they_are_said(room: Room) -> None:
    room.says("ana", "/session start Docs day")

    room.says("ben", "@folkmoot session start Secret garden")

    assert "already open" in room.whispers("ben")[0]
    room.says("ben", "@folkmoot session sekrit")
    assert "sekrit" in room.whispers("ben")[1]
    assert "sekrit" not in room.stored()


def test_alone_with_the_bot_help_needs_no_mention(room: Room) -> None:
    room.says("ana", "help", channel="@folkmoot")
    assert "Here is what you can type" in room.direct("ana")[0]

    room.says("ben", "@folkmoot topic Lunch", channel="@folkmoot")
    assert "a gathering needs a channel" in room.direct("ben")[0]
