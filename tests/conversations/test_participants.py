"""Participants: who counts as having been there, and what they tell of themselves."""

import pytest

from tests.conversations.room import Message, Room


@pytest.fixture
def docs(room: Room) -> Room:
    room.says("ana", "/session start Docs day")
    return room


def initial(dialog: Message) -> list[str | None]:
    """What stands in the dialog's two fields when it opens."""
    organisation, country = (block["element"] for block in dialog["blocks"])
    return [organisation.get("initial_value"), country.get("initial_option", {}).get("text", {}).get("text")]


def test_sign_in_opens_a_dialog_with_organisation_and_country_both_optional(docs: Room) -> None:
    docs.clicks("ben", "Sign in", on="Docs day")
    dialog = docs.dialog("ben")
    assert [block["label"]["text"] for block in dialog["blocks"]] == ["Organisation", "Country"]
    assert all(block["optional"] for block in dialog["blocks"])
    groups = dialog["blocks"][1]["element"]["option_groups"]
    names = {group["label"]["text"]: [option["text"]["text"] for option in group["options"]] for group in groups}
    assert "Germany" in names["G"]
    assert "Spain" in names["S"]
    assert all(name.upper().startswith(letter) for letter, found in names.items() for name in found if name.isascii())

    assert docs.fills("ben") == {}
    assert "2 people" in docs.card()
    (ben,) = [each for each in docs.record()["participants"] if each["name"] == "Ben Ortega"]
    assert ben["signed_in"]
    assert docs.record()["organisations"] == []


def test_what_somebody_told_is_remembered_for_the_next_time(docs: Room) -> None:
    docs.clicks("ben", "Sign in", on="Docs day")
    assert initial(docs.dialog("ben")) == [None, None]
    docs.fills("ben", Organisation="Red Hat", Country="Germany")
    docs.says("ana", "/session end")
    docs.says("ana", "/session start Code day")
    docs.clicks("ben", "Sign in", on="Code day")
    assert initial(docs.dialog("ben")) == ["Red Hat", "Germany"]
    docs.fills("ben", Organisation="IBM")
    docs.clicks("ben", "Sign in", on="Code day")
    assert initial(docs.dialog("ben")) == ["IBM", "Germany"]


def test_it_is_shown_as_counts_and_names_of_organisations_only(docs: Room) -> None:
    for who, organisation, country in (
        ("ana", "Red Hat", "Spain"),
        ("ben", "red hat", "Germany"),
        ("chen", "IBM", "China"),
        ("dia", "", "Germany"),
    ):
        docs.clicks(who, "Sign in", on="Docs day")
        docs.fills(who, Organisation=organisation, Country=country)
    docs.says("ana", "/session end")

    digest, recap = docs.digests()[0], docs.recaps()[0]
    assert "4 people" in digest
    assert "IBM and Red Hat" in digest
    assert "four community members from three countries and two organizations including IBM and Red Hat" in recap
    for text in (digest, recap, docs.folkmoot("recap", "--format", "json"), *docs.texts()):
        for country in ("Germany", "Spain", "China", '"DE"'):
            assert country not in text
    assert docs.record()["countries"] == 3


def test_what_somebody_tells_later_changes_nothing_of_a_session_that_is_over(docs: Room) -> None:
    docs.says("ben", "Good morning")
    docs.clicks("chen", "Sign in", on="Docs day")
    docs.fills("chen", Organisation="IBM", Country="China")
    docs.says("ana", "/session end")
    before = (docs.digests(), docs.record())

    docs.says("ana", "/session start Code day")
    for who in ("ben", "chen"):
        docs.clicks(who, "Sign in", on="Code day")
        docs.fills(who, Organisation="Red Hat", Country="Germany")

    assert docs.record()["organisations"] == ["Red Hat"]
    assert (docs.digests(), docs.record(1)) == before


def test_who_told_it_before_is_counted_with_it_without_signing_in_again(docs: Room) -> None:
    docs.clicks("chen", "Sign in", on="Docs day")
    docs.fills("chen", Organisation="IBM", Country="China")
    docs.says("ana", "/session end")
    docs.says("ana", "/session start Code day")
    docs.says("chen", "Good afternoon")

    assert docs.record()["organisations"] == ["IBM"]


def test_whoever_signed_in_spoke_or_voted_took_part_and_how_often_they_spoke_is_counted(docs: Room) -> None:
    docs.has_person("ci", "CI robot", is_bot=True)
    docs.has_person("eve", "Eve Silent")
    docs.says("ana", "/propose Drop it")
    docs.says("ben", "One")
    docs.says("ben", "Two")
    docs.says("ben", "Three", thread="planned until")
    docs.reacts("chen", "-1", to="Drop it")
    docs.clicks("dia", "Sign in", on="planned until")
    docs.fills("dia")
    docs.says("ci", "Build finished")
    docs.reacts("ci", "+1", to="Drop it")
    docs.passes(seconds=10)

    found = {
        each["name"]: (each["messages"], each["voted"], each["signed_in"]) for each in docs.record()["participants"]
    }
    assert found == {
        "Ana Ruiz": (0, False, False),
        "Ben Ortega": (3, False, False),
        "Chen Wei": (0, True, False),
        "Dia Sharma": (0, False, True),
    }


def test_thanks_go_to_those_who_took_notes_the_busiest_first(docs: Room) -> None:
    docs.says("ana", "/note One")
    docs.says("ben", "#info Two")
    docs.says("ben", "/note Three")
    docs.says("chen", "/action @ana does it")
    docs.says("ana", "/session end")
    assert "for the notes: Ben Ortega and Ana Ruiz." in docs.digests()[0]
    assert "Special thanks to Ben Ortega and Ana Ruiz for taking the notes" in docs.recaps()[0]


def test_joining_leaving_and_editing_is_not_speaking(docs: Room) -> None:
    docs.has_person("eve", "Eve Silent")
    docs.does("eve", "leave")
    docs.joins("eve")
    docs.says("ben", "Hello")
    docs.edits("ben", "Hello", "Hello all")
    found = {each["name"]: each["messages"] for each in docs.record()["participants"]}
    assert found == {"Ana Ruiz": 0, "Ben Ortega": 1}


def test_a_newcomer_is_news_to_the_session_that_they_come_to_and_to_no_other(docs: Room) -> None:
    docs.has_channel("elsewhere")
    docs.says("ana", "/session start Code day", channel="elsewhere")
    docs.passes(minutes=5)
    drawn = len(docs.calls("chat.update"))

    docs.says("ben", "Hello", channel="elsewhere")
    docs.passes(minutes=5)
    channels = docs.stage.backstage.workspace.channels
    where = {channels[call.arguments["channel"]].name for call in docs.calls("chat.update")[drawn:]}
    assert where == {"elsewhere"}


def test_whoever_is_only_mentioned_is_shown_by_name_once_that_is_known(docs: Room) -> None:
    docs.says("ana", "/topic What @dia told us")
    docs.passes(minutes=5)
    assert "@Dia" in docs.card()
