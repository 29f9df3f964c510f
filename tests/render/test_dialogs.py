"""Tests of the dialogs: what they ask, within Slack's limits."""

import json
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from bot.render import dialogs, forms
from bot.render.countries import countries_by_letter
from minutes.rules import parse_rule
from rehearsal.blocks.schema import view_problems


def iso_countries() -> set[str]:
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


def sign_in(organisation: str | None = None, country: str | None = None) -> dict[str, dict[str, object]]:
    """The elements of the dialog by name."""
    blocks = dialogs.sign_in(organisation, country, 7, "C1")["blocks"]
    return {block["block_id"]: block["element"] for block in blocks}


def test_every_country_of_the_world_can_be_chosen_once() -> None:
    offered = [option["value"] for group in sign_in()["country"]["option_groups"] for option in group["options"]]  # type: ignore[attr-defined]
    assert len(offered) == len(set(offered))
    assert set(offered) - {"XK"} == iso_countries()


def test_countries_are_grouped_by_letter_without_accents_and_within_the_limits_of_slack() -> None:
    groups = sign_in()["country"]["option_groups"]
    assert isinstance(groups, list)
    assert len(groups) <= 100
    assert [group["label"]["text"] for group in groups] == sorted(countries_by_letter())
    for group in groups:
        assert len(group["options"]) <= 100
        assert all(len(option["text"]["text"]) <= 75 for option in group["options"])
    assert "AX" in countries_by_letter()["A"]


def test_what_somebody_told_before_is_filled_in() -> None:
    elements = sign_in("Mill", "BR")
    assert elements["organisation"]["initial_value"] == "Mill"
    assert elements["country"]["initial_option"] == {
        "text": {"type": "plain_text", "text": "Brazil", "emoji": False},
        "value": "BR",
    }


@pytest.mark.parametrize("country", [None, "", "ZZ", "nowhere"])
def test_nothing_is_filled_in_where_nothing_is_known(country: str | None) -> None:
    elements = sign_in(None, country)
    assert "initial_value" not in elements["organisation"]
    assert "initial_option" not in elements["country"]


def test_both_questions_are_optional_and_the_dialog_knows_its_session() -> None:
    view = dialogs.sign_in(None, None, 7, "C1")
    assert all(block["optional"] for block in view["blocks"])
    assert json.loads(view["private_metadata"]) == {"session": 7, "channel": "C1"}
    assert all(block["element"]["action_id"] == block["block_id"] for block in view["blocks"])


LONG = "\U0001f9d1 <!channel> & " * 700
URL = "https://example.org/" + "a" * 200
PEOPLE = {f"@{LONG[:40]} {number}": f"U{number:010}" for number in range(100)}
DRAFT = forms.MessageDraft(
    7, "C1", "1776171600.000100", "U1", "1776171900.000000", LONG, PEOPLE, tuple(PEOPLE.values()), date(2026, 4, 20)
)
VIEWS = [
    dialogs.sign_in(LONG, "BR", 7, "C1"),
    dialogs.add_topic(7, "C1"),
    dialogs.propose("C1", LONG, rule="60%", quorum="5", roll="channel"),
    forms.record_message(DRAFT, URL),
    forms.record_message(forms.MessageDraft(7, "C1", "1776171600.000100", None, None, "")),
    forms.add_action(7, "C1", URL),
    forms.start_session("C1", LONG, URL),
    forms.start_session(None),
    forms.propose_where(),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view["callback_id"])
def test_dialogs_are_within_the_limits_of_slack(view: dict[str, Any]) -> None:
    assert view_problems(view) == []
    assert len(json.dumps(view).encode()) <= 250_000


def test_a_country_is_named_in_english_and_an_unknown_code_stays() -> None:
    assert dialogs.country_name("br") == "Brazil"
    assert dialogs.country_name("QQ") == "QQ"


def asked(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"]}


def test_a_proposal_asks_for_its_text_and_has_an_answer_ready_for_all_the_rest() -> None:
    view = dialogs.propose("C1", "Buy a new pump")
    assert json.loads(view["private_metadata"]) == {"channel": "C1"}
    assert [block["block_id"] for block in view["blocks"]] == [
        "text", "rule", "quorum", "roll", "people", "recused", "minutes",
    ]  # fmt: skip
    assert [block["block_id"] for block in view["blocks"] if not block["optional"]] == ["text", "rule", "roll"]
    elements = asked(view)
    assert elements["text"]["initial_value"] == "Buy a new pump"
    assert elements["rule"]["initial_option"]["value"] == "majority"
    assert elements["roll"]["initial_option"]["value"] == "none"
    assert all(element["action_id"] == name for name, element in elements.items())


def test_an_empty_proposal_fills_nothing_in_and_a_long_one_as_much_as_it_may_hold() -> None:
    assert "initial_value" not in asked(dialogs.propose("C1"))["text"]
    assert len(asked(dialogs.propose("C1", "word " * 1000))["text"]["initial_value"]) <= 2_000


def test_the_answers_to_choose_from_are_what_the_command_understands() -> None:
    elements = asked(dialogs.propose("C1"))
    rules = [option["value"] for option in elements["rule"]["options"]]
    assert rules == ["majority", "two-thirds", "three-quarters", "unanimous", "absolute-majority"]
    assert all(parse_rule(rule) for rule in rules)
    assert [option["value"] for option in elements["roll"]["options"]] == ["none", "session", "channel", "people"]
    assert (elements["minutes"]["min_value"], elements["minutes"]["max_value"]) == ("1", "10080")


def test_the_channels_ways_are_filled_in_and_can_be_sent_as_they_are() -> None:
    elements = asked(dialogs.propose("C1", rule="60%-of-roll", quorum="50%", roll="session"))
    assert elements["rule"]["initial_option"] == elements["rule"]["options"][-1]
    assert parse_rule(elements["rule"]["initial_option"]["value"]) == parse_rule("60% of the roll")
    assert elements["quorum"]["initial_value"] == "50%"
    assert elements["roll"]["initial_option"]["value"] == "session"
    none = asked(dialogs.propose("C1", rule="unanimous", quorum="none", roll="none"))
    assert none["rule"]["initial_option"]["value"] == "unanimous"
    assert len(none["rule"]["options"]) == len(elements["rule"]["options"]) - 1
    assert "initial_value" not in none["quorum"]
