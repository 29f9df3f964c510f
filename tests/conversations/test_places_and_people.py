"""Every kind of place and of person: each does the sensible thing, or is told, privately, what to do."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.conversations.room import Room
from tests.conversations.votes import at_clock

TYPED = ("/topic Soup", "/session start", "/note Leek", "/action stir it", "/decide Soup", "/propose Soup", "/propose")
NEEDS_CHANNEL = "a gathering needs a channel"
INVITE = "/invite @Folkmoot"
Deed = Callable[[Room], Any]


class Case(NamedTuple):
    """A sentence, somebody's deed, and what is then so."""

    sentence: str
    deed: Deed
    then: Deed


def cases(*cases: Case) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(each, id=each.sentence) for each in cases])


@pytest.fixture
def village(room: Room) -> Room:
    """A session with a ballot, and one of each kind of person in the channel beside its people."""
    room.has_person("ci", "CI robot", is_bot=True)
    room.has_person("gus", "Gus Guest", is_guest=True)
    room.has_person("sam", "Sam Stranger", is_stranger=True)
    room.says("ana", "/session start Docs day")
    room.says("ana", "/propose Drop it")
    room.passes(seconds=5)
    return room


def entries(room: Room) -> list[str]:
    return [each["text"] for each in room.record()["before_topics"]["entries"]]


def taking_part(room: Room) -> list[str]:
    return [each["name"] for each in room.record()["participants"]]


def counted(room: Room) -> str:
    return str(room.record()["before_topics"]["votes"][0]["tally"])


BOTS = cases(
    Case(
        "what a bot says is no part of the record, whatever tag it has",
        lambda room: room.says("ci", "#info Built"),
        lambda room: entries(room) == [] and "CI robot" not in taking_part(room),
    ),
    Case(
        "what a bot answers below a ballot is no reason",
        lambda room: room.says("ci", "The tests are red", thread="Drop it"),
        lambda room: "The tests are red" not in room.stored(),
    ),
    Case(
        "what a bot makes of its own message is no part of the record either",
        lambda room: room.edits("ci", room.says("ci", "Building"), "#info Built"),
        lambda room: entries(room) == [],
    ),
    Case(
        "a bot's reaction is no vote",
        lambda room: room.reacts("ci", "+1", to="Drop it"),
        lambda room: "0 for, 0 against" in counted(room) and "CI robot" not in taking_part(room),
    ),
)
GUESTS = cases(
    Case(
        "a guest's tagged line is recorded",
        lambda room: room.says("gus", "#info Out of date"),
        lambda room: entries(room) == ["Out of date"] and "Gus Guest" in taking_part(room),
    ),
    Case(
        "a guest's command is carried out",
        lambda room: room.says("gus", "/note Out of date"),
        lambda room: entries(room) == ["Out of date"],
    ),
    Case(
        "a guest votes where everybody in the channel does",
        lambda room: room.reacts("gus", "+1", to="Drop it"),
        lambda room: "1 for, 0 against" in counted(room),
    ),
    Case(
        "a guest signs in",
        lambda room: (room.clicks("gus", "Sign in", on="planned until"), room.fills("gus", Organisation="Reed Hut")),
        lambda room: room.record()["organisations"] == ["Reed Hut"],
    ),
    Case(
        "a guest who writes to the bot alone is told where to go",
        lambda room: room.says("gus", "Hello?", channel="@folkmoot"),
        lambda room: NEEDS_CHANNEL in room.direct("gus")[0],
    ),
)
STRANGERS = cases(
    Case(
        "what a colleague from elsewhere says over Slack Connect is recorded",
        lambda room: room.says("sam", "#info Out of date"),
        lambda room: entries(room) == ["Out of date"],
    ),
    Case(
        "their reaction is a vote where everybody in the channel votes",
        lambda room: room.reacts("sam", "+1", to="Drop it"),
        lambda room: "1 for, 0 against" in counted(room),
    ),
    Case(
        "their click is carried out",
        lambda room: (room.clicks("sam", "Sign in", on="planned until"), room.fills("sam", Organisation="Reed Hut")),
        lambda room: room.record()["organisations"] == ["Reed Hut"],
    ),
)


@BOTS
def test_bots(village: Room, case: Case) -> None:
    case.deed(village)
    assert case.then(village), case.sentence


@GUESTS
def test_guests(village: Room, case: Case) -> None:
    case.deed(village)
    assert case.then(village), case.sentence


@STRANGERS
def test_colleagues_over_slack_connect(village: Room, case: Case) -> None:
    case.deed(village)
    assert case.then(village), case.sentence


@pytest.mark.parametrize("who", ["gus", "sam"])
def test_who_is_no_member_is_told_privately_that_their_vote_does_not_decide_where_a_roll_does(
    village: Room, who: str
) -> None:
    village.says("ana", "/propose roll=channel Keep it")
    village.passes(seconds=10)
    village.reacts(who, "+1", to="Keep it")
    village.passes(minutes=1)

    assert any("roll" in each for each in village.whispers(who))
    assert "0 for, 0 against" in str(village.record()["before_topics"]["votes"][1]["tally"])


# Places


@pytest.mark.parametrize("typed", TYPED)
def test_every_command_in_direct_messages_is_answered_with_where_to_go(room: Room, typed: str) -> None:
    assert NEEDS_CHANNEL in room.says("ana", typed, channel="@folkmoot")
    assert room.folkmoot("sessions").strip() == "No session is stored yet."


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("with_bot", [True, False])
def test_every_command_in_a_group_dm_is_answered_with_where_to_go(room: Room, typed: str, with_bot: bool) -> None:
    group = room.has_group_direct("ana", "ben", *(["folkmoot"] if with_bot else []))

    assert NEEDS_CHANNEL in room.says("ana", typed, channel=group)
    assert room.folkmoot("sessions").strip() == "No session is stored yet."
    assert room.texts(group) == []


def test_what_is_said_in_a_group_dm_is_nobodys_business(room: Room) -> None:
    group = room.has_group_direct("ana", "ben", "folkmoot")
    ts = room.says("ana", "#startmeeting Soup", channel=group)
    room.edits_in(group, "ana", ts, "#info Leek")
    room.reacts_in(group, "ben", "+1", to=ts)

    assert room.texts(group) == []
    assert "Soup" not in room.stored()
    assert "Leek" not in room.stored()


def test_whatever_somebody_says_to_the_bot_alone_is_answered_with_where_to_go_and_not_kept(room: Room) -> None:
    ts = room.says("ana", "#startmeeting Soup", channel="@folkmoot")
    room.does("ana", "upload", filename="soup.png", content="a picture", channel="@folkmoot")
    room.edits_in("@folkmoot", "ana", ts, "#info Leek")
    room.reacts_in("@folkmoot", "ana", "+1", to=ts)

    assert [NEEDS_CHANNEL in each for each in room.direct("ana")] == [True, True]
    for unkept in ("Soup", "soup.png", "Leek"):
        assert unkept not in room.stored()


def test_a_private_channel_has_its_gathering_as_a_public_one_has(room: Room) -> None:
    room.has_channel("council", private=True)
    for typed in ("/session start", "/topic Soup", "/note Leek", "/propose Stir it"):
        room.says("ana", typed, channel="council")
    room.says("ben", "#info Out of date", channel="council")
    room.says("ana", "/session end", channel="council")
    room.passes(minutes=1)

    assert "Leek" in room.digests("council")[0]
    assert "Out of date" in room.digests("council")[0]
    assert room.texts() == []


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("typed", ["/topic Soup", "/session start"])
def test_where_the_bot_is_no_member_whoever_types_is_told_to_invite_it(room: Room, typed: str, private: bool) -> None:
    room.has_channel("kitchen", private=private, with_bot=False)
    room.says("ana", typed, channel="kitchen")

    assert INVITE in room.whispers("ana", "kitchen")[-1]
    room.joins("folkmoot", channel="kitchen")
    room.passes(seconds=10)
    assert "🗒" in room.texts("kitchen")[0]


def test_where_the_bot_is_no_member_who_sends_a_dialog_is_told_to_invite_it(room: Room) -> None:
    room.has_channel("kitchen", with_bot=False)
    room.says("ana", "/session start", channel="kitchen")
    room.says("ben", "/propose", channel="kitchen")

    assert room.fills("ben", text="Stir it") == {}
    assert INVITE in room.whispers("ben", "kitchen")[-1]


def test_where_the_bot_was_thrown_out_who_clicks_is_told_to_invite_it(room: Room) -> None:
    room.says("ana", "/session start Docs day")
    room.does("folkmoot", "leave")
    room.clicks("ana", "End", on="planned until", sure=True)

    assert INVITE in room.whispers("ana")[-1]


def test_where_the_bot_was_thrown_out_nothing_is_heard_and_the_session_ends_all_the_same(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.does("folkmoot", "leave")
    room.says("ben", "#info Nobody hears this")
    room.passes(hours=3)

    assert at_clock(room.record()["ended_at"]) == "14:00"
    assert "Nobody hears this" not in room.stored()
    assert room.digests() == []
    room.joins("folkmoot")
    room.passes(minutes=1)
    assert len(room.digests()) == 1


def test_a_session_in_a_channel_that_is_archived_ends_and_is_told_when_that_is_open_again(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.says("ana", "/topic Guides")
    room.says("ana", "/note Out of date")
    before = len(room.texts())
    room.does("ana", "archive")
    room.passes(hours=3)

    assert at_clock(room.record()["ended_at"]) == "14:00"
    assert "Out of date" in room.folkmoot("recap")
    assert len(room.texts()) == before
    assert not [each for each in room.whispers("ana") if INVITE in each], "nobody is invited to what is archived"

    room.does("ben", "unarchive")
    room.passes(minutes=1)
    assert "Out of date" in room.digests()[0]
    assert not [text for text in room.texts()[before:] if "ends at" in text], "a warning that is past warns of nothing"
    assert "planned until" not in room.card()


def test_a_channel_that_is_archived_and_opened_again_in_time_goes_on(room: Room) -> None:
    room.says("ana", "/session start Docs day for 1h")
    room.does("ana", "archive")
    room.passes(minutes=10)
    room.does("ana", "unarchive")
    room.says("ana", "/topic Guides")

    assert "Now: Guides" in room.card()
