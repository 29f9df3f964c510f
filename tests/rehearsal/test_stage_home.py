"""Home, and where people are, as a bot meets them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from stage_bot import HOME, Json, StageBot, actions, button, error_of, on_stage, section, until

from rehearsal.server import ActFailed, Stage

DONE = actions(button("Done", "done", value="12:7"))
SEARCH = {
    "type": "input",
    "block_id": "search",
    "dispatch_action": True,
    "label": {"type": "plain_text", "text": "Search"},
    "element": {"type": "plain_text_input", "action_id": "words"},
}


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


@on_stage()
async def test_whoever_opens_home_is_told_of_with_what_they_see_there(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "ben", "do": "open_home"})
    await bot.api.views_publish(user_id="U0BEN", view=home(section("yours")))
    await stage.act({"as": "ben", "do": "open_home"})
    await stage.act({"as": "ben", "do": "open_home", "tab": "messages"})

    await until(lambda: len(bot.events_of("app_home_opened")) == 3)
    first, second, third = bot.events_of("app_home_opened")
    assert (first["user"], first["channel"], first["tab"]) == ("U0BEN", "D0BEN", "home")
    assert "view" not in first
    assert second["view"]["blocks"][0]["text"]["text"] == "yours"
    assert (third["tab"], "view" in third) == ("messages", False)


@on_stage()
async def test_a_click_in_home_comes_without_a_channel_and_a_way_to_answer(stage: Stage, bot: StageBot) -> None:
    answer = await bot.api.views_publish(user_id="U0BEN", view=home(DONE, SEARCH))
    await stage.act({"as": "ben", "do": "click", "home": True, "button": "Done"})
    await stage.act({"as": "ben", "do": "click", "home": True, "button": "words", "choose": "pump"})

    click, search = bot.deliveries[-2:]
    assert click["container"] == {"type": "view", "view_id": answer["view"]["id"]}
    assert not {"channel", "message", "response_url"} & set(click)
    assert (click["actions"][0]["value"], click["user"]["id"]) == ("12:7", "U0BEN")
    assert search["actions"][0]["value"] == "pump"
    assert search["view"]["state"]["values"]["search"]["words"]["value"] == "pump"


@on_stage()
async def test_everybody_has_one_home_and_no_other_is_seen_in_it(stage: Stage, bot: StageBot) -> None:
    first = await bot.api.views_publish(user_id="U0BEN", view=home(DONE))
    second = await bot.api.views_publish(user_id="U0BEN", view=home(section("anew")))

    assert first["view"]["id"] == second["view"]["id"]
    with pytest.raises(ActFailed, match="Home has no button 'Done'"):
        await stage.act({"as": "ben", "do": "click", "home": True, "button": "Done"})
    with pytest.raises(ActFailed, match="ana's Home is empty"):
        await stage.act({"as": "ana", "do": "click", "home": True, "button": "Done"})


@on_stage()
async def test_who_publishes_by_an_old_state_is_told(stage: Stage, bot: StageBot) -> None:
    first = await bot.api.views_publish(user_id="U0BEN", view=home(section("one")), hash="")
    state = first["view"]["hash"]
    await bot.api.views_publish(user_id="U0BEN", view=home(section("two")), hash=state)

    refused = await error_of(bot.api.views_publish(user_id="U0BEN", view=home(section("three")), hash=state))

    assert refused["error"] == "hash_conflict"
    nobody = await error_of(bot.api.views_publish(user_id="U0ANA", view=home(section("one")), hash=state))
    assert nobody["error"] == "hash_conflict"


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (home(*[section()] * 101), "invalid_arguments"),
        (home(section(), title={"type": "plain_text", "text": "Home"}), "invalid_arguments"),
        ({"type": "modal", "blocks": [section()], "title": {"type": "plain_text", "text": "x"}}, "invalid_arguments"),
        (home(*[section("ж" * 2_900)] * 60), "view_too_large"),
        (home(DONE, DONE), "invalid_arguments"),
    ],
)
def test_a_home_beyond_slacks_limits_is_refused(view: Json, error: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        refused = await error_of(bot.api.views_publish(user_id="U0BEN", view=view))
        assert refused["error"] == error

    scene()


@on_stage()
async def test_home_is_for_people_of_the_workspace(stage: Stage, bot: StageBot) -> None:
    stage.add_person("zoe", "Zoe", is_stranger=True)
    for user in ("U0NOBODY", stage.bot.id, "U0ZOE"):
        refused = await error_of(bot.api.views_publish(user_id=user, view=home(section())))
        assert refused["error"] == "user_not_found"


def test_an_app_that_has_not_switched_home_on_has_none(tmp_path: Path) -> None:
    manifest = {"features": {"app_home": {"home_tab_enabled": False}}, "settings": {"socket_mode_enabled": True}}
    (tmp_path / "manifest.yaml").write_text(yaml.safe_dump(manifest), encoding="utf-8")

    @on_stage(manifest=tmp_path / "manifest.yaml")
    async def scene(stage: Stage, bot: StageBot) -> None:
        refused = await error_of(bot.api.views_publish(user_id="U0BEN", view=home(section())))
        assert refused["error"] == "not_enabled"
        with pytest.raises(ActFailed, match="has no Home"):
            await stage.act({"as": "ben", "do": "open_home"})

    scene()


async def where(bot: StageBot, **asked: Any) -> list[str]:
    return [each["id"] for each in (await bot.api.users_conversations(**asked))["channels"]]


@on_stage()
async def test_slack_tells_where_somebody_is_and_of_private_channels_only_those_of_the_bot(
    stage: Stage, bot: StageBot
) -> None:
    stage.add_channel("council", private=True)
    stage.add_channel("secret", private=True, with_bot=False)
    await stage.act({"as": "ben", "do": "leave", "channel": "other"})
    await stage.act({"as": "ana", "do": "archive", "channel": "council"})
    both = "public_channel,private_channel"

    assert await where(bot, user="U0BEN") == [HOME]
    assert await where(bot, user="U0ANA") == [HOME, "C0OTHER"]
    assert await where(bot, user="U0BEN", types=both) == [HOME, "C0COUNCIL"]
    assert await where(bot, user="U0BEN", types=both, exclude_archived=True) == [HOME]
    assert await where(bot, types=both) == [HOME, "C0COUNCIL"]
    page = await bot.api.users_conversations(user="U0ANA", limit=1)
    assert await where(bot, user="U0ANA", cursor=page["response_metadata"]["next_cursor"]) == ["C0OTHER"]
    assert not {"is_member", "num_members"} & set(page["channels"][0])
    assert (await error_of(bot.api.users_conversations(user="U0NOBODY")))["error"] == "user_not_found"
    assert (await error_of(bot.api.users_conversations(types="all")))["error"] == "invalid_types"


@on_stage()
async def test_a_day_is_filled_in_as_a_day(stage: Stage, bot: StageBot) -> None:
    picker = {"type": "datepicker", "action_id": "day", "initial_date": "2026-05-01"}
    asked = {"type": "input", "block_id": "day", "label": {"type": "plain_text", "text": "Until"}, "element": picker}
    words = {name: {"type": "plain_text", "text": "Later"} for name in ("title", "submit")}

    async def answer(body: Json) -> None:
        if body["type"] == "block_actions":
            view = {"type": "modal", "blocks": [asked], **words}
            await bot.api.views_open(trigger_id=body["trigger_id"], view=view)

    bot.answer = answer
    await bot.api.views_publish(user_id="U0BEN", view=home(DONE))
    await stage.act({"as": "ben", "do": "click", "home": True, "button": "Done"})
    with pytest.raises(ActFailed, match="it is not a day"):
        await stage.act({"as": "ben", "do": "submit", "fields": {"Until": "soon"}})
    await stage.act({"as": "ben", "do": "submit", "fields": {"Until": "2026-05-31"}})
    assert bot.deliveries[-1]["view"]["state"]["values"]["day"]["day"]["selected_date"] == "2026-05-31"
