"""Buttons, dialogs, response URLs and commands, as people meet them."""

from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient
from stage_bot import HOME, Json, StageBot, actions, button, error_of, on_stage, section

from rehearsal.delivery.carrier import PATIENCE_SECONDS
from rehearsal.interactions.triggers import TriggerRefused, Triggers
from rehearsal.server import ActFailed, Stage
from rehearsal.wire import Ids


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


def dialog(*fields: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Decide"), "submit": plain("Save"), "blocks": list(fields), **more}


REASON = field("reason", "Why?", {"type": "plain_text_input", "min_length": 3, "max_length": 9})
OUTCOME = field(
    "outcome",
    "Outcome",
    {
        "type": "static_select",
        "options": [{"text": plain("Adopted"), "value": "yes"}, {"text": plain("Rejected"), "value": "no"}],
    },
)
WHO = field("who", "Who", {"type": "multi_users_select", "max_selected_items": 2}, optional=True)


async def card(bot: StageBot) -> None:
    go = button("Decide", "decide", value="p1")
    await bot.api.chat_postMessage(channel=HOME, text="Proposal", blocks=[section("Proposal"), actions(go)])


def opening(bot: StageBot, view: Json, submitted: Json | None = None) -> None:
    """The bot opens a view when clicked, and answers its submission."""

    async def answer(body: Json) -> Json | None:
        if body["type"] == "block_actions":
            await bot.api.views_open(trigger_id=body["trigger_id"], view=view)
            return None
        return submitted

    bot.answer = answer


async def clicked(stage: Stage, **more: Any) -> None:
    await stage.act({"as": "ben", "do": "click", "on": "Proposal", "button": "Decide", **more})


def view_of(stage: Stage, person: str = "U0BEN") -> Json | None:
    top = stage.backstage.dialogs.top(person)
    return top.view if top else None


@on_stage()
async def test_a_click_tells_the_bot_who_clicked_what_and_where(stage: Stage, bot: StageBot) -> None:
    await card(bot)
    await clicked(stage)
    body = bot.deliveries[-1]
    assert body["type"] == "block_actions"
    assert body["user"]["id"] == "U0BEN"
    assert body["container"]["message_ts"] == body["message"]["ts"]
    [action] = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("decide", "buttons", "p1")


@on_stage()
async def test_a_dialog_is_filled_in_by_label_and_submitted(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON, OUTCOME, WHO, private_metadata="p1"))
    await card(bot)
    await clicked(stage)
    fields = {"Why?": "agreed", "outcome": "Adopted", "Who": ["@ana", "chen"]}
    await stage.act({"as": "ben", "do": "submit", "fields": fields})
    view = bot.deliveries[-1]["view"]
    assert view["private_metadata"] == "p1"
    values = view["state"]["values"]
    assert values["reason"]["value"] == {"type": "plain_text_input", "value": "agreed"}
    assert values["outcome"]["value"]["selected_option"]["value"] == "yes"
    assert values["who"]["value"]["selected_users"] == ["U0ANA", "U0CHEN"]
    assert view_of(stage) is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"Outcome": "yes"}, "Why?: Please complete this required field"),
        ({"Why?": "no", "Outcome": "yes"}, "at least 3 characters"),
        ({"Why?": "far too long", "Outcome": "yes"}, "at most 9 characters"),
        ({"Why?": "agreed", "Outcome": "maybe"}, "there are: Adopted, Rejected"),
        ({"Because": "agreed"}, "has no field 'Because'"),
        ({"Why?": "two\nlines"}, "one line only"),
        ({"Why?": "agreed", "Outcome": "yes", "Who": ["ana", "ben", "dia"]}, "choose at most 2"),
    ],
)
def test_the_client_sends_no_dialog_that_is_not_filled_in_right(fields: Json, sentence: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        opening(bot, dialog(REASON, OUTCOME, WHO))
        await card(bot)
        await clicked(stage)
        with pytest.raises(ActFailed) as failed:
            await stage.act({"as": "ben", "do": "submit", "fields": fields})
        assert sentence in str(failed.value)
        assert bot.deliveries[-1]["type"] == "block_actions"

    scene()


@on_stage()
async def test_the_bots_errors_stand_under_the_fields_and_the_dialog_stays(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON), {"response_action": "errors", "errors": {"reason": "Say more."}})
    await card(bot)
    await clicked(stage)
    done = await stage.act({"as": "ben", "do": "submit", "fields": {"Why?": "agreed"}})
    assert done["errors"] == {"reason": "Say more."}
    assert view_of(stage) is not None


@on_stage()
async def test_errors_for_blocks_that_are_no_inputs_are_refused(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON), {"response_action": "errors", "errors": {"raeson": "Say more."}})
    await card(bot)
    await clicked(stage)
    with pytest.raises(ActFailed, match="by block_id of the inputs"):
        await stage.act({"as": "ben", "do": "submit", "fields": {"Why?": "agreed"}})


@on_stage()
async def test_a_submission_may_be_answered_with_another_view(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON), {"response_action": "push", "view": dialog(OUTCOME)})
    await card(bot)
    await clicked(stage)
    first = view_of(stage)
    await stage.act({"as": "ben", "do": "submit", "fields": {"Why?": "agreed"}})
    second = view_of(stage)
    assert first is not None
    assert second is not None
    assert second["previous_view_id"] == first["id"]
    await stage.act({"as": "ben", "do": "close"})
    assert view_of(stage) == first


@on_stage()
async def test_a_trigger_opens_one_dialog(stage: Stage, bot: StageBot) -> None:
    await card(bot)
    await clicked(stage)
    trigger = bot.deliveries[-1]["trigger_id"]
    await bot.api.views_open(trigger_id=trigger, view=dialog(REASON))
    again = await error_of(bot.api.views_open(trigger_id=trigger, view=dialog(REASON)))
    assert again["error"] == "exchanged_trigger_id"
    unknown = await error_of(bot.api.views_open(trigger_id="1.2.3", view=dialog(REASON)))
    assert unknown["error"] == "invalid_trigger_id"


def test_a_trigger_is_good_for_three_seconds() -> None:
    passed = [0.0]
    triggers = Triggers(Ids(), PATIENCE_SECONDS, lambda: passed[0])
    soon, late = triggers.new("T0TEST", "U0ANA"), triggers.new("T0TEST", "U0ANA")
    passed[0] = 2.9
    assert triggers.use("T0TEST", soon) == "U0ANA"
    passed[0] = 3.1
    with pytest.raises(TriggerRefused, match="expired_trigger_id"):
        triggers.use("T0TEST", late)


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        ({**dialog(REASON), "title": plain("x" * 25)}, "must be less than 25 characters"),
        ({**dialog(REASON), "submit": plain("x" * 25)}, "must be less than 25 characters"),
        ({key: value for key, value in dialog(REASON).items() if key != "submit"}, "required field: submit"),
        (dialog(REASON, private_metadata="x" * 3001), "must be less than 3001 characters"),
        (dialog(REASON, colour="red"), "invalid additional property: colour"),
        (dialog(), "no fewer than 1 items"),
        (dialog(REASON, REASON), "already exists"),
    ],
)
def test_a_view_out_of_shape_is_refused(view: Json, sentence: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        await card(bot)
        await clicked(stage)
        answer = await error_of(bot.api.views_open(trigger_id=bot.deliveries[-1]["trigger_id"], view=view))
        assert answer["error"] == "invalid_arguments"
        assert sentence in str(answer["response_metadata"]["messages"])

    scene()


@on_stage()
async def test_an_update_needs_the_hash_it_gives_and_keeps_what_was_typed(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON), {"response_action": "errors", "errors": {"reason": "No."}})
    await card(bot)
    await clicked(stage)
    await stage.act({"as": "ben", "do": "submit", "fields": {"Why?": "agreed"}})
    view = view_of(stage)
    assert view is not None
    stale = bot.api.views_update(view_id=view["id"], hash="0.0", view=dialog(REASON))
    assert (await error_of(stale))["error"] == "hash_conflict"
    await bot.api.views_update(view_id=view["id"], hash=view["hash"], view=dialog(REASON, OUTCOME))
    updated = view_of(stage)
    assert updated is not None
    assert updated["state"]["values"]["reason"]["value"]["value"] == "agreed"


@on_stage()
async def test_a_closed_dialog_is_reported_when_it_asked_for_it(stage: Stage, bot: StageBot) -> None:
    opening(bot, dialog(REASON, notify_on_close=True))
    await card(bot)
    await clicked(stage)
    await stage.act({"as": "ben", "do": "close"})
    assert bot.deliveries[-1]["type"] == "view_closed"


@on_stage()
async def test_a_button_that_asks_first_is_pressed_with_confirm(stage: Stage, bot: StageBot) -> None:
    sure = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
    blocks = [actions(button("Withdraw", "withdraw", confirm=sure))]
    await bot.api.chat_postMessage(channel=HOME, text="Proposal", blocks=blocks)
    click = {"as": "ana", "do": "click", "on": "last", "button": "Withdraw"}
    with pytest.raises(ActFailed, match="confirm: true"):
        await stage.act(click)
    await stage.act({**click, "confirm": True})
    with pytest.raises(ActFailed, match="has no button 'Adopt'; it has: Withdraw"):
        await stage.act({**click, "button": "Adopt"})


@on_stage()
async def test_a_command_is_escaped_and_answered_to_that_person_alone(stage: Stage, bot: StageBot) -> None:
    async def answer(body: Json) -> Json:
        return {"text": "On the floor.", "blocks": [section("On the floor.")]}

    bot.answer = answer
    done = await stage.act({"as": "ana", "do": "command", "text": "/topic @ben on #other <now>"})
    command = bot.deliveries[-1]
    assert command["text"] == "<@U0BEN> on <#C0OTHER|other> &lt;now&gt;"
    assert (command["command"], command["channel_name"]) == ("/topic", "general-moot")
    assert done["answer"]["is_ephemeral"]
    assert [message["text"] for message in stage.messages(person="ana")] == ["On the floor."]
    assert stage.messages(person="ben") == []


@on_stage()
async def test_a_command_in_a_direct_message_says_so_and_in_a_thread_does_not_exist(
    stage: Stage, bot: StageBot
) -> None:
    await stage.act({"as": "ana", "do": "command", "text": "/topic", "channel": "@folkmoot"})
    assert bot.deliveries[-1]["channel_name"] == "directmessage"
    with pytest.raises(ActFailed, match="cannot be used in threads"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic", "thread": "last"})


@on_stage()
async def test_a_response_url_takes_five_answers_in_thirty_minutes(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    respond = AsyncWebhookClient(bot.deliveries[-1]["response_url"])
    for number in range(5):
        assert (await respond.send(text=f"answer {number}")).status_code == 200
    assert "used_url" in (await respond.send(text="one more")).body
    assert len(stage.messages(person="ana")) == 5
    await stage.act({"as": "ana", "do": "command", "text": "/topic y"})
    late = AsyncWebhookClient(bot.deliveries[-1]["response_url"])
    await stage.advance_to(stage.now_us + 31 * 60 * 1_000_000)
    assert "expired_url" in (await late.send(text="late")).body


@on_stage()
async def test_a_response_url_replaces_and_deletes_the_message_that_was_clicked(stage: Stage, bot: StageBot) -> None:
    await card(bot)
    await clicked(stage)
    respond = AsyncWebhookClient(bot.deliveries[-1]["response_url"])
    await respond.send(text="Decided.", replace_original=True)
    assert [message["text"] for message in stage.messages()] == ["Decided."]
    await respond.send(delete_original=True)
    assert stage.messages() == []
    wrong = await respond.send(text="x", blocks=[{"type": "header"}])
    assert (wrong.status_code, "invalid_blocks" in wrong.body) == (404, True)


@on_stage()
async def test_a_button_on_an_ephemeral_message_works_for_whom_it_was_shown_to(stage: Stage, bot: StageBot) -> None:
    blocks = [actions(button("Undo", "undo"))]
    await bot.api.chat_postEphemeral(channel=HOME, user="U0ANA", text="Noted.", blocks=blocks)
    await stage.act({"as": "ana", "do": "click", "on": "Noted", "button": "Undo"})
    body = bot.deliveries[-1]
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    await AsyncWebhookClient(body["response_url"]).send(text="Undone.", replace_original=True)
    assert [message["text"] for message in stage.messages(person="ana")] == ["Undone."]
    with pytest.raises(ActFailed, match="ben sees no message"):
        await stage.act({"as": "ben", "do": "click", "on": "Undone", "button": "Undo"})
