"""What else becomes of messages, people and channels on the stage: unfurls, deleted files, and new names."""

import pytest
from stage_bot import HOME, Json, StageBot, on_stage

from rehearsal.server import ActFailed, Stage

PAGE = "https://example.org/plan?a=1&b=2"


async def does(stage: Stage, who: str, what: str, **how: object) -> Json:
    return await stage.act({"as": who, "do": what, **how})


@on_stage()
async def test_an_unfurl_changes_a_message_that_nobody_has_edited(stage: Stage, bot: StageBot) -> None:
    await does(stage, "ana", "say", text=f"see {PAGE}")
    await does(stage, "ana", "unfurl", on="see", url=PAGE, title="The <plan>")
    await stage.settle()
    changed = bot.events[-1]
    assert changed["subtype"] == "message_changed"
    assert "edited" not in changed["message"]
    assert "attachments" not in changed["previous_message"]
    (page,) = changed["message"]["attachments"]
    assert (page["from_url"], page["original_url"], page["title"]) == (PAGE, PAGE, "The &lt;plan&gt;")


@on_stage()
async def test_only_links_of_the_message_are_unfurled(stage: Stage, bot: StageBot) -> None:
    await does(stage, "ana", "say", text="no link")
    with pytest.raises(ActFailed, match="links that are in the message"):
        await does(stage, "ana", "unfurl", on="no link", url=PAGE, title="The plan")


@on_stage()
async def test_of_a_deleted_file_its_messages_keep_a_stone(stage: Stage, bot: StageBot) -> None:
    await does(stage, "ana", "upload", filename="plan.png", content="PNG", text="the plan")
    file = stage.messages()[-1]["files"][0]
    assert (file["mimetype"], file["mode"]) == ("image/png", "hosted")
    with pytest.raises(ActFailed, match="not ben's own"):
        await does(stage, "ben", "delete_file", on="the plan")
    await does(stage, "ana", "delete_file", on="the plan")
    await stage.settle()

    changed = bot.events[-1]
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert changed["previous_message"]["files"][0]["name"] == "plan.png"
    with pytest.raises(ActFailed, match="has no file"):
        await does(stage, "ana", "delete_file", on="the plan")


@on_stage()
async def test_a_reply_can_be_sent_to_the_channel_too(stage: Stage, bot: StageBot) -> None:
    first = await does(stage, "ana", "say", text="first")
    await does(stage, "ben", "say", text="aloud", thread="first", broadcast=True)
    await does(stage, "ben", "say", text="no reply", broadcast=True)
    await stage.settle()
    aloud, plain = bot.events[-2:]
    assert (aloud["subtype"], aloud["thread_ts"]) == ("thread_broadcast", first["ts"])
    assert "subtype" not in plain


@on_stage()
async def test_a_new_name_of_somebody_is_told_with_their_whole_profile(stage: Stage, bot: StageBot) -> None:
    await does(stage, "ana", "rename", name="Ana R.")
    await stage.settle()
    (changed,) = bot.events_of("user_change")
    assert (changed["user"]["id"], changed["user"]["profile"]["real_name"]) == ("U0ANA", "Ana R.")
    assert changed["event_ts"]
    with pytest.raises(ActFailed, match="80 characters"):
        await does(stage, "ana", "rename", name="A" * 81)


@on_stage()
async def test_a_new_name_of_a_channel_is_told_to_those_who_are_in_it(stage: Stage, bot: StageBot) -> None:
    await does(stage, "ana", "rename_channel", name="the-moot")
    await does(stage, "ana", "rename_channel", name="elsewhere", channel="other")
    await stage.settle()
    (renamed,) = bot.events_of("channel_rename")
    assert (renamed["channel"]["id"], renamed["channel"]["name"]) == (HOME, "the-moot")
    said = bot.events_of("message")[-1]
    assert (said["subtype"], said["text"]) == (
        "channel_name",
        'has renamed the channel from "general-moot" to "the-moot"',
    )


@pytest.mark.parametrize("name", ["The moot", "MOOT", "a" * 81, "other"])
def test_a_name_that_slack_does_not_take_is_refused(name: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        with pytest.raises(ActFailed):
            await does(stage, "ana", "rename_channel", name=name)

    scene()
