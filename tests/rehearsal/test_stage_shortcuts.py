"""Shortcuts of the stage, and choosing a conversation in a dialog."""

from pathlib import Path
from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient
from stage_bot import HOME, Json, StageBot, error_of, on_both, on_stage
from test_stage_dialogs import dialog, field, plain

from rehearsal.interactions.dialogs import Dialog
from rehearsal.server import ActFailed, Stage

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
WHERE: Json = {
    "type": "conversations_select",
    "default_to_current_conversation": True,
    "response_url_enabled": True,
    "filter": {"include": ["public", "private"], "exclude_bot_users": True},
}


def opening(bot: StageBot, view: Json) -> None:
    async def answer(body: Json) -> None:
        if body["type"] in ("shortcut", "message_action"):
            await bot.api.views_open(trigger_id=body["trigger_id"], view=view)

    bot.answer = answer


def top(stage: Stage) -> Dialog:
    found = stage.backstage.dialogs.top("U0BEN")
    assert found
    return found


def chosen(stage: Stage) -> Any:
    return top(stage).values["where"]["value"]["selected_conversation"]


@on_both(manifest=MANIFEST)
async def test_a_shortcut_on_a_message_tells_the_message_and_has_a_way_to_answer(stage: Stage, bot: StageBot) -> None:
    said = await stage.act({"as": "ana", "do": "say", "text": "It rains"})

    await stage.act({"as": "ben", "do": "shortcut", "name": "Record as…", "on": "It rains"})

    (body,) = [each for each in bot.deliveries if each["type"] == "message_action"]
    assert (body["callback_id"], body["user"]["id"], body["channel"]["id"]) == ("record_as", "U0BEN", HOME)
    assert body["message_ts"] == body["message"]["ts"] == said["ts"]
    assert (body["message"]["user"], body["message"]["text"]) == ("U0ANA", "It rains")
    await AsyncWebhookClient(body["response_url"]).send(text="Noted")
    assert [each["text"] for each in stage.messages(person="ben")] == ["It rains", "Noted"]


@on_both(manifest=MANIFEST)
async def test_a_global_shortcut_tells_neither_a_channel_nor_a_way_to_answer(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "ben", "do": "shortcut", "name": "start_session"})

    body = bot.deliveries[-1]
    assert (body["type"], body["callback_id"]) == ("shortcut", "start_session")
    assert body["trigger_id"]
    assert {"channel", "response_url", "message"} & set(body) == set()


@pytest.mark.parametrize(
    "act",
    [
        {"name": "Delete as…", "on": "It rains"},
        {"name": "Record as…"},
        {"name": "Propose", "on": "It rains"},
        {"name": "Record as…", "on": "Never said"},
    ],
)
def test_what_the_manifest_does_not_offer_there_cannot_be_chosen(act: Json) -> None:
    @on_stage(manifest=MANIFEST)
    async def scene(stage: Stage, bot: StageBot) -> None:
        await stage.act({"as": "ana", "do": "say", "text": "It rains"})
        with pytest.raises(ActFailed):
            await stage.act({"as": "ben", "do": "shortcut", **act})
        await stage.settle()
        assert [each["type"] for each in bot.deliveries] == ["event_callback"]

    scene()


@on_stage(manifest=MANIFEST)
async def test_nobody_finds_a_shortcut_on_what_only_they_see(stage: Stage, bot: StageBot) -> None:
    await bot.api.chat_postEphemeral(channel=HOME, user="U0BEN", text="Psst")

    with pytest.raises(ActFailed):
        await stage.act({"as": "ben", "do": "shortcut", "name": "Record as…", "on": "Psst"})


@on_stage()
async def test_a_dialog_begins_with_the_conversation_in_front_of_somebody(stage: Stage, bot: StageBot) -> None:
    stage.add_channel("garden")
    opening(bot, dialog(field("where", "Where", WHERE)))

    await stage.act({"as": "ben", "do": "shortcut", "name": "start", "channel": "garden"})

    assert chosen(stage) == "C0GARDEN"
    await stage.act({"as": "ben", "do": "submit", "fields": {"Where": "general-moot"}})
    (way,) = bot.deliveries[-1]["response_urls"]
    assert (way["block_id"], way["action_id"], way["channel_id"]) == ("where", "value", HOME)
    await AsyncWebhookClient(way["response_url"]).send(text="Here")
    assert [each["text"] for each in stage.messages(person="ben")] == ["Here"]


@on_stage()
async def test_what_a_filter_leaves_out_is_neither_there_at_first_nor_can_be_chosen(
    stage: Stage, bot: StageBot
) -> None:
    stage.add_channel("garden", private=True)
    opening(bot, dialog(field("where", "Where", {**WHERE, "filter": {"include": ["public"]}})))

    await stage.act({"as": "ben", "do": "shortcut", "name": "start", "channel": "garden"})

    assert chosen(stage) is None
    with pytest.raises(ActFailed, match="not offered"):
        await stage.act({"as": "ben", "do": "submit", "fields": {"Where": "garden"}})


@on_stage()
async def test_a_private_channel_is_offered_only_to_those_who_are_in_it(stage: Stage, bot: StageBot) -> None:
    stage.add_channel("garden", private=True)
    await stage.act({"as": "ben", "do": "leave", "channel": "garden"})
    opening(bot, dialog(field("where", "Where", WHERE)))
    await stage.act({"as": "ben", "do": "shortcut", "name": "start"})

    with pytest.raises(ActFailed, match="does not see it"):
        await stage.act({"as": "ben", "do": "submit", "fields": {"Where": "garden"}})


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        ({"filter": {}}, "must define one of include"),
        ({"filter": {"include": ["secret"]}}, "must be one of im, mpim, private, public"),
        ({"filter": {"include": ["public"], "only_mine": True}}, "only_mine"),
        ({"response_url_enabled": "yes"}, "must be a boolean"),
    ],
)
def test_a_select_of_conversations_out_of_shape_is_refused(element: Json, sentence: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        errors: list[Json] = []

        async def answer(body: Json) -> None:
            view = dialog(field("where", "Where", {"type": "conversations_select", **element}))
            errors.append(await error_of(bot.api.views_open(trigger_id=body["trigger_id"], view=view)))

        bot.answer = answer
        await stage.act({"as": "ben", "do": "shortcut", "name": "start"})
        assert sentence in str(errors)

    scene()


@on_stage()
async def test_only_a_dialog_can_ask_for_a_way_to_answer(stage: Stage, bot: StageBot) -> None:
    select = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "actions", "elements": [select | {"placeholder": plain("Where")}]}

    error = await error_of(bot.api.chat_postMessage(channel=HOME, text="Where?", blocks=[block]))

    assert "response_url_enabled" in str(error)


@on_both(manifest=MANIFEST)
async def test_a_mention_is_told_beside_the_message_and_only_where_the_bot_is(stage: Stage, bot: StageBot) -> None:
    said = await stage.act({"as": "ana", "do": "say", "text": "Thanks @folkmoot"})
    await stage.act({"as": "ana", "do": "say", "text": "@folkmoot", "channel": "other"})
    await stage.act({"as": "ana", "do": "say", "text": "@folkmoot", "channel": "@folkmoot"})
    await stage.settle()

    (mention,) = bot.events_of("app_mention")
    assert (mention["ts"], mention["channel"], mention["user"]) == (said["ts"], HOME, "U0ANA")
    assert "channel_type" not in mention
    envelopes = [body for body in bot.deliveries if body["event"]["ts"] == said["ts"]]
    assert len({body["event_id"] for body in envelopes}) == 2


@on_both(manifest=MANIFEST)
async def test_a_mention_is_told_again_when_its_message_is_edited_which_slack_dates_by_the_second(
    stage: Stage, bot: StageBot
) -> None:
    said = await stage.act({"as": "ana", "do": "say", "text": "Hello"})
    await stage.act({"as": "ana", "do": "edit", "on": said["ts"], "text": "Thanks @folkmoot"})
    await stage.act({"as": "ana", "do": "edit", "on": said["ts"], "text": "Thanks"})
    await stage.settle()

    (mention,) = bot.events_of("app_mention")
    assert mention["ts"] == said["ts"] != mention["event_ts"]
    assert mention["edited"] == {"user": "U0ANA", "ts": f"{mention['event_ts'].partition('.')[0]}.000000"}
