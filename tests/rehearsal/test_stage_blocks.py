"""What the stage refuses in blocks and dialogs: each wrong thing, and where Slack would point."""

from typing import Any

import pytest
from stage_bot import HOME, Json, StageBot, actions, button, error_of, on_stage, section

from rehearsal.content import ContentRefused, checked_blocks
from rehearsal.server import Stage


def text(words: str = "words", kind: str = "plain_text", **more: Any) -> Json:
    return {"type": kind, "text": words, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def option(value: str) -> Json:
    return {"text": text(value), "value": value}


CONFIRM = {"title": text(), "text": text(), "confirm": text("Yes"), "deny": text("No")}
SELECT = {"type": "static_select", "action_id": "s", "options": [option("a"), option("b")]}

GOOD = [
    section(),
    {"type": "section", "fields": [text(), text(kind="mrkdwn")], "accessory": SELECT},
    {"type": "header", "text": text("Minutes")},
    {"type": "context", "elements": [text(kind="mrkdwn", verbatim=True), text(emoji=False)]},
    {"type": "divider"},
    actions(button("Go", "go", value="1", style="primary", confirm=CONFIRM), SELECT),
    rich(
        {"type": "text", "text": "a", "style": {"bold": True}},
        {"type": "user", "user_id": "U0ANA"},
        {"type": "link", "url": "https://example.org", "text": "b"},
        {"type": "emoji", "name": "tada"},
        {"type": "date", "timestamp": 1_776_171_600, "format": "{time}", "fallback": "13:00"},
    ),
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
    {"type": "input", "label": text(), "element": {"type": "plain_text_input", "action_id": "i"}},
    {"type": "markdown", "text": "# Minutes"},
]

WRONG = [
    ({"type": "section"}, "must define one of text, fields", "/blocks/0"),
    ({"type": "sectoin"}, "unsupported type: sectoin", "/blocks/0/type"),
    ({"text": text()}, "missing required field: type", "/blocks/0"),
    (section("x" * 3001), "must be less than 3001 characters", "/blocks/0/text/text"),
    (section(""), "must be more than 0 characters", "/blocks/0/text/text"),
    ({**section(), "colour": "red"}, "invalid additional property: colour", "/blocks/0"),
    ({"type": "section", "fields": [text()] * 11}, "no more than 10 items allowed", "/blocks/0/fields"),
    ({"type": "section", "fields": [text("x" * 2001)]}, "must be less than 2001", "/blocks/0/fields/0/text"),
    ({"type": "section", "text": text(verbatim=True)}, "additional property: verbatim", "/blocks/0/text"),
    (
        {"type": "section", "text": text(kind="mrkdwn", emoji=True)},
        "additional property: emoji",
        "/blocks/0/text",
    ),
    ({"type": "header", "text": text("x" * 151)}, "must be less than 151", "/blocks/0/text/text"),
    ({"type": "header", "text": text(kind="mrkdwn")}, "unsupported type: mrkdwn", "/blocks/0/text/type"),
    ({"type": "context", "elements": [text()] * 11}, "no more than 10 items", "/blocks/0/elements"),
    ({"type": "context", "elements": []}, "no fewer than 1 items", "/blocks/0/elements"),
    ({"type": "context", "elements": [button("A", "a")]}, "unsupported type", "/blocks/0/elements/0/type"),
    (actions(*[button("A", str(n)) for n in range(26)]), "no more than 25 items", "/blocks/0/elements"),
    (actions(button("A", "a"), button("B", "a")), "`action_id` a already exists", "/blocks/0/elements"),
    (actions(button("x" * 76, "a")), "must be less than 76", "/blocks/0/elements/0/text/text"),
    (actions(button("A", "a", value="")), "must be more than 0", "/blocks/0/elements/0/value"),
    (actions(button("A", "a", style="big")), "must be one of primary, danger", "/blocks/0/elements/0/style"),
    (
        actions(button("A", "a", confirm={**CONFIRM, "deny": text("x" * 31)})),
        "must be less than 31",
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    (actions({"type": "button", "text": text()}), "missing required field: action_id", "/blocks/0/elements/0"),
    (
        actions({**SELECT, "options": [option("a"), option("a")]}),
        "options must have distinct values",
        "/blocks/0/elements/0/options",
    ),
    (
        actions({**SELECT, "options": [option(str(n)) for n in range(101)]}),
        "no more than 100 items",
        "/blocks/0/elements/0/options",
    ),
    (actions({**SELECT, "initial_option": option("z")}), "must be one of the options", "/blocks/0/elements/0"),
    (rich({"type": "text", "text": ""}), "must be more than 0", "/blocks/0/elements/0/elements/0/text"),
    (rich(), "no fewer than 1 items", "/blocks/0/elements/0/elements"),
    (
        rich({"type": "text", "text": "a", "style": {"heavy": True}}),
        "invalid additional property: heavy",
        "/blocks/0/elements/0/elements/0/style",
    ),
    ({"type": "image", "image_url": "https://example.org"}, "missing required field: alt_text", "/blocks/0"),
]


def test_every_kind_of_block_is_taken_when_it_is_right() -> None:
    kept = checked_blocks(GOOD)
    assert all(block["block_id"] for block in kept)
    assert kept[0]["text"]["verbatim"] is False


@pytest.mark.parametrize(("block", "sentence", "pointer"), WRONG)
def test_a_wrong_block_is_refused_with_its_place(block: Json, sentence: str, pointer: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        checked_blocks([block])
    assert refused.value.code == "invalid_blocks"
    assert any(sentence in problem and f"json-pointer:{pointer}" in problem for problem in refused.value.problems)


def test_two_blocks_may_not_share_an_id() -> None:
    with pytest.raises(ContentRefused, match="invalid_blocks"):
        checked_blocks([{"type": "divider", "block_id": "one"}, {"type": "divider", "block_id": "one"}])


def test_there_may_be_50_blocks() -> None:
    assert len(checked_blocks([{"type": "divider"}] * 50)) == 50
    with pytest.raises(ContentRefused, match="msg_blocks_too_many"):
        checked_blocks([{"type": "divider"}] * 51)


def test_blocks_that_are_each_legal_may_be_too_long_together() -> None:
    assert checked_blocks([section("x" * 2_750)] * 4)
    with pytest.raises(ContentRefused, match="msg_blocks_too_long"):
        checked_blocks([section("x" * 2_751)] * 4)
    with pytest.raises(ContentRefused, match="msg_blocks_too_long"):
        checked_blocks([actions(button("A", "a", value="v" * 1_900), block_id=str(n)) for n in range(9)])


@on_stage()
async def test_the_refusal_comes_in_slacks_shape(stage: Stage, bot: StageBot) -> None:
    blocks = [{"type": "header", "text": text("")}]
    answer = await error_of(bot.api.chat_postMessage(channel=HOME, text="x", blocks=blocks))
    problem = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert answer == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [problem],
        "response_metadata": {"messages": [f"[ERROR] {problem}"]},
    }
    assert stage.messages() == []
