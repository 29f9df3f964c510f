"""What people can do on the stage, what Slack makes of what they type, and how messages are pointed at."""

import pytest
from stage_bot import HOME, Json, StageBot, actions, button, on_stage, section

from rehearsal.server import ActFailed, Stage


async def says(stage: Stage, who: str, text: str, **more: object) -> str:
    return str((await stage.act({"as": who, "do": "say", "text": text, **more}))["ts"])


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("  a < b && c > d  ", "a &lt; b &amp;&amp; c &gt; d"),
        ("@ben, @dia.", "<@U0BEN>, <@U0DIA>."),
        ("me@ben.org @nobody", "me@ben.org @nobody"),
        ("see #other and #nowhere", "see <#C0OTHER|other> and #nowhere"),
        ("https://x.org/a?b=1&c=2.", "<https://x.org/a?b=1&amp;c=2>."),
        ("(https://x.org/a_(b)", "(<https://x.org/a_(b>)"),
        ("[the notes](https://x.org/n)", "<https://x.org/n|the notes>"),
        ("@here :tada:", "<!here> :tada:"),
        ("`@ben https://x.org <b>`", "`@ben https://x.org &lt;b&gt;`"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_typed_text_goes_through_slacks_composer(typed: str, sent: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        await says(stage, "ana", typed)
        assert stage.messages()[0]["text"] == sent

    scene()


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ({"as": "zoe", "do": "say", "text": "x"}, "There is nobody called 'zoe'."),
        ({"as": "ana", "do": "shout", "text": "x"}, "'shout' is not something to do"),
        ({"as": "ana", "do": "say"}, "To say takes text."),
        ({"as": "ana", "do": "say", "text": "x", "channel": "#nowhere"}, "There is no channel #nowhere."),
        ({"as": "ana", "do": "say", "text": "/topic x"}, "would take /topic for a command"),
        ({"as": "ana", "do": "say", "text": "x" * 12_001}, "12000 characters at most"),
        ({"as": "ana", "do": "command", "text": "topic"}, "'topic' is not a command"),
        ({"as": "ana", "do": "react", "on": "hello", "emoji": "smlie"}, "There is no emoji :smlie:."),
        ({"as": "ana", "do": "react", "on": "goodbye", "emoji": "+1"}, "sees no message with 'goodbye'"),
        ({"as": "ana", "do": "unreact", "on": "hello", "emoji": "+1"}, "has not reacted with :+1:"),
        ({"as": "ana", "do": "edit", "on": "hello", "text": "x"}, "not ana's own"),
        ({"as": "ana", "do": "submit"}, "ana has no dialog open."),
        ({"as": "ana", "do": "join"}, "ana is in #general-moot already."),
        ({"as": "ana", "do": "click", "on": "hello", "button": "Go"}, "sees no message with 'hello'"),
    ],
)
def test_what_cannot_be_done_fails_with_a_sentence(act: Json, sentence: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        await says(stage, "ben", "hello")
        with pytest.raises(ActFailed) as failed:
            await stage.act(act)
        assert sentence in str(failed.value)

    scene()


@on_stage()
async def test_a_message_is_pointed_at_by_its_newest_words_its_ts_or_its_thread(stage: Stage, bot: StageBot) -> None:
    first = await says(stage, "ana", "Shall we merge it, @ben?")
    second = await says(stage, "ana", "Shall we split it?")
    reply = await says(stage, "ben", "Yes", thread="merge it, @ben")
    await bot.api.chat_postMessage(channel=HOME, text="fallback", blocks=[section("*Proposal* by <@U0ANA>")])

    async def meant(selector: object) -> str:
        done = await stage.act({"as": "dia", "do": "react", "on": selector, "emoji": "eyes"})
        await stage.act({"as": "dia", "do": "unreact", "on": done["ts"], "emoji": "eyes"})
        return str(done["ts"])

    last = stage.messages()[-1]["ts"]
    assert await meant("Shall we") == second
    assert await meant({"text": "merge"}) == first
    assert await meant(first) == first
    assert await meant({"thread": first}) == reply
    assert await meant("by @ana") == last
    assert await meant("last") == last


@on_stage()
async def test_an_answer_to_a_reply_stays_in_its_thread(stage: Stage, bot: StageBot) -> None:
    parent = await says(stage, "ana", "question")
    await says(stage, "ben", "answer", thread="question")
    await says(stage, "ana", "thanks", thread="answer")
    assert stage.messages()[2]["thread_ts"] == parent
    assert [message["text"] for message in stage.channel_export()] == ["question", "answer", "thanks"]


@on_stage()
async def test_an_emoji_has_one_name_whatever_it_was_called(stage: Stage, bot: StageBot) -> None:
    await says(stage, "ana", "hello")
    await stage.act({"as": "ben", "do": "react", "on": "hello", "emoji": ":thumbsup:"})
    await stage.act({"as": "dia", "do": "react", "on": "hello", "emoji": "+1"})
    await stage.act({"as": "dia", "do": "react", "on": "hello", "emoji": "wave::skin-tone-3"})
    assert stage.messages()[0]["reactions"] == [
        {"name": "+1", "users": ["U0BEN", "U0DIA"], "count": 2},
        {"name": "wave::skin-tone-3", "users": ["U0DIA"], "count": 1},
    ]
    with pytest.raises(ActFailed, match="already reacted"):
        await stage.act({"as": "dia", "do": "react", "on": "hello", "emoji": "thumbsup"})


@on_stage()
async def test_somebody_new_joins_the_channel_and_is_seen_to(stage: Stage, bot: StageBot) -> None:
    stage.add_person("eve", "Eve Adams", tz="Europe/Paris")
    await stage.act({"as": "eve", "do": "leave"})
    with pytest.raises(ActFailed, match="eve is not in #general-moot"):
        await says(stage, "eve", "hello")
    await stage.act({"as": "eve", "do": "join"})
    await says(stage, "eve", "hello")
    await stage.settle()
    kinds = [event.get("subtype") or event["type"] for event in bot.events]
    assert sorted(kinds[:2]) == ["channel_leave", "member_left_channel"]
    assert sorted(kinds[2:]) == ["channel_join", "member_joined_channel", "message"]


@on_stage()
async def test_a_bot_that_is_taken_out_hears_and_may_say_nothing_more(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "folkmoot", "do": "leave"})
    await stage.settle()
    heard = len(bot.deliveries)
    await says(stage, "ana", "hello")
    await stage.settle()
    assert len(bot.deliveries) == heard


@on_stage()
async def test_two_messages_of_one_moment_have_two_timestamps_in_order(stage: Stage, bot: StageBot) -> None:
    sent = [await says(stage, "ana", str(number)) for number in range(50)]
    assert sent == sorted(set(sent))


@on_stage()
async def test_the_same_button_in_two_blocks_is_told_apart_by_its_block(stage: Stage, bot: StageBot) -> None:
    blocks = [actions(button("Go", "go", value=name), block_id=name) for name in ("first", "second")]
    await bot.api.chat_postMessage(channel=HOME, text="Choose", blocks=blocks)
    click = {"as": "ana", "do": "click", "on": "last", "button": "go"}
    with pytest.raises(ActFailed, match="has 2 buttons"):
        await stage.act(click)
    await stage.act({**click, "block_id": "second"})
    assert bot.deliveries[-1]["actions"][0]["value"] == "second"


@on_stage()
async def test_a_person_shares_a_file(stage: Stage, bot: StageBot) -> None:
    act = {"as": "ana", "do": "upload", "filename": "notes.txt", "content": "héllo", "text": "see"}
    await stage.act(act)
    await stage.settle()
    [event] = bot.events
    assert event["subtype"] == "file_share"
    assert event["files"][0]["size"] == 6


@on_stage()
async def test_a_group_dm_is_no_channel(stage: Stage, bot: StageBot) -> None:
    group = stage.add_group_direct("ana", "ben", "folkmoot")
    await stage.act({"as": "ana", "do": "say", "text": "hello", "channel": group.name})
    await stage.act({"as": "ana", "do": "command", "text": "/topic Soup", "channel": group.name})
    await stage.settle()

    assert (group.id[0], group.name) == ("G", "mpdm-ana--ben--folkmoot-1")
    assert [event["channel_type"] for event in bot.events] == ["mpim"]
    assert [each["channel_name"] for each in bot.deliveries if "command" in each] == [group.name]
    told = (await bot.api.conversations_info(channel=group.id))["channel"]
    assert (told["is_mpim"], told["is_private"], told["is_channel"]) == (True, True, False)
    for act in ("archive", "join"):
        with pytest.raises(ActFailed, match=r"[Dd]irect messages"):
            await stage.act({"as": "chen" if act == "join" else "ana", "do": act, "channel": group.name})
