"""The Web API of the stage, through Slack's own client."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from stage_bot import HOME, Json, StageBot, error_of, on_stage, section, send

from rehearsal.server import Stage
from rehearsal.web_api.faults import Fault


async def posted(bot: StageBot, text: str = "a card", **fields: object) -> str:
    answer = await bot.api.chat_postMessage(channel=HOME, text=text, **fields)
    return str(answer["ts"])


@on_stage()
async def test_the_bot_learns_who_it_is(stage: Stage, bot: StageBot) -> None:
    me = await bot.api.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0TEST", stage.bot.id, stage.bot.bot_id)


@on_stage()
async def test_a_wrong_token_a_missing_one_and_one_of_the_other_kind_are_refused(stage: Stage, bot: StageBot) -> None:
    wrong = AsyncWebClient(token="xoxb-wrong", base_url=bot.environment["SLACK_API_URL"])
    assert (await error_of(wrong.auth_test()))["error"] == "invalid_auth"
    _, answer = await send(f"{stage.url}/api/auth.test", "POST")
    assert answer == {"ok": False, "error": "not_authed"}
    app = AsyncWebClient(token=bot.environment["SLACK_APP_TOKEN"], base_url=bot.environment["SLACK_API_URL"])
    assert (await error_of(app.chat_postMessage(channel=HOME, text="x")))["error"] == "not_allowed_token_type"


@on_stage(unavailable_methods=frozenset({"reactions.get"}))
async def test_unknown_and_unavailable_methods_are_unknown(stage: Stage, bot: StageBot) -> None:
    assert (await error_of(bot.api.api_call("chat.shout")))["error"] == "unknown_method"
    assert (await error_of(bot.api.reactions_get(channel=HOME, timestamp="1.0")))["error"] == "unknown_method"


@on_stage()
async def test_missing_and_misspelt_arguments_are_named(stage: Stage, bot: StageBot) -> None:
    missing = await error_of(bot.api.api_call("chat.postMessage", json={"text": "x"}))
    assert missing["error"] == "invalid_arguments"
    assert missing["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    misspelt = await error_of(bot.api.api_call("chat.postMessage", json={"channel": HOME, "text": "x", "metdata": {}}))
    assert misspelt["response_metadata"]["messages"] == ["[ERROR] no such argument: metdata"]


@on_stage()
async def test_methods_that_read_do_not_read_json_bodies(stage: Stage, bot: StageBot) -> None:
    answer = await error_of(bot.api.api_call("users.info", json={"user": "U0ANA"}))
    assert answer["error"] == "invalid_arguments"
    assert (await bot.api.users_info(user="U0ANA"))["user"]["tz"] == "Europe/Madrid"


@on_stage()
async def test_errors_of_places_and_messages(stage: Stage, bot: StageBot) -> None:
    api = bot.api
    said = await stage.act({"as": "ana", "do": "say", "text": "hello"})
    cases = [
        (api.chat_postMessage(channel="C0NOWHERE", text="x"), "channel_not_found"),
        (api.chat_postMessage(channel="#general-moot", text="x"), "channel_not_found"),
        (api.chat_postMessage(channel="C0OTHER", text="x"), "not_in_channel"),
        (api.api_call("chat.postMessage", json={"channel": HOME}), "no_text"),
        (api.chat_postMessage(channel=HOME, text="x", thread_ts="1.000000"), "thread_not_found"),
        (api.chat_update(channel=HOME, ts="1.000000", text="x"), "message_not_found"),
        (api.chat_update(channel=HOME, ts=said["ts"], text="x"), "cant_update_message"),
        (api.chat_delete(channel=HOME, ts=said["ts"]), "cant_delete_message"),
        (api.chat_postEphemeral(channel=HOME, user="U0NOBODY", text="x"), "user_not_in_channel"),
        (api.reactions_add(channel=HOME, timestamp=said["ts"], name="no_such_emoji"), "invalid_name"),
        (api.reactions_add(channel=HOME, timestamp="soon", name="+1"), "bad_timestamp"),
        (api.reactions_remove(channel=HOME, timestamp=said["ts"], name="+1"), "no_reaction"),
        (api.conversations_replies(channel=HOME, ts="1.000000"), "thread_not_found"),
        (api.conversations_history(channel="C0OTHER"), "not_in_channel"),
        (api.users_info(user="U0NOBODY"), "user_not_found"),
    ]
    assert [(await error_of(call))["error"] for call, _ in cases] == [error for _, error in cases]


@on_stage()
async def test_reactions_and_pins_are_done_once(stage: Stage, bot: StageBot) -> None:
    ts = await posted(bot)
    await bot.api.reactions_add(channel=HOME, timestamp=ts, name="+1")
    again = bot.api.reactions_add(channel=HOME, timestamp=ts, name="thumbsup")
    assert (await error_of(again))["error"] == "already_reacted"
    await bot.api.pins_add(channel=HOME, timestamp=ts)
    assert (await error_of(bot.api.pins_add(channel=HOME, timestamp=ts)))["error"] == "already_pinned"
    [pin] = (await bot.api.pins_list(channel=HOME))["items"]
    assert pin["message"]["ts"] == ts
    await bot.api.pins_remove(channel=HOME, timestamp=ts)
    assert (await error_of(bot.api.pins_remove(channel=HOME, timestamp=ts)))["error"] == "no_pin"


@on_stage()
async def test_an_update_with_text_alone_takes_the_blocks_away_and_keeps_the_metadata(
    stage: Stage, bot: StageBot
) -> None:
    metadata = {"event_type": "folkmoot_outbox", "event_payload": {"key": "k1"}}
    ts = await posted(bot, blocks=[section()], metadata=metadata)
    await bot.api.chat_update(channel=HOME, ts=ts, text="changed")
    [message] = stage.messages()
    assert message["text"] == "changed"
    assert "blocks" not in message
    assert message["metadata"] == metadata
    assert message["edited"]["user"] == stage.bot.id


@on_stage()
async def test_metadata_comes_whole_only_when_asked_for(stage: Stage, bot: StageBot) -> None:
    metadata = {"event_type": "folkmoot_outbox", "event_payload": {"key": "k1"}}
    await posted(bot, metadata=metadata)
    [short] = (await bot.api.conversations_history(channel=HOME))["messages"]
    [whole] = (await bot.api.conversations_history(channel=HOME, include_all_metadata=True))["messages"]
    assert short["metadata"] == {"event_type": "folkmoot_outbox"}
    assert whole["metadata"] == metadata


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("words", "invalid_arguments"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {}, "more": 1}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"key": "k" * 1100}}, "metadata_too_large"),
    ],
)
def test_metadata_out_of_shape_is_refused(metadata: object, error: str) -> None:
    @on_stage()
    async def scene(stage: Stage, bot: StageBot) -> None:
        call = bot.api.api_call("chat.postMessage", json={"channel": HOME, "text": "x", "metadata": metadata})
        assert (await error_of(call))["error"] == error

    scene()


@on_stage()
async def test_long_texts_are_cut_when_posted_and_refused_when_updated(stage: Stage, bot: StageBot) -> None:
    answer = await bot.api.chat_postMessage(channel=HOME, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(stage.messages()[0]["text"]) == 40_000
    update = bot.api.chat_update(channel=HOME, ts=answer["ts"], text="x" * 4_001)
    assert (await error_of(update))["error"] == "msg_too_long"


@on_stage()
async def test_history_is_newest_first_and_replies_begin_with_the_parent(stage: Stage, bot: StageBot) -> None:
    first = await posted(bot, "one")
    second = await posted(bot, "two", thread_ts=first)
    third = await posted(bot, "three")
    history = await bot.api.conversations_history(channel=HOME)
    assert [message["ts"] for message in history["messages"]] == [third, first]
    assert history["messages"][1]["reply_count"] == 1
    replies = await bot.api.conversations_replies(channel=HOME, ts=first)
    assert [message["ts"] for message in replies["messages"]] == [first, second]
    alone = await bot.api.conversations_replies(channel=HOME, ts=second, latest=second, oldest=second, inclusive=True)
    assert [message["ts"] for message in alone["messages"]] == [second]
    since = await bot.api.conversations_history(channel=HOME, oldest=first)
    assert [message["ts"] for message in since["messages"]] == [third]
    including = await bot.api.conversations_history(channel=HOME, oldest=first, inclusive=True)
    assert [message["ts"] for message in including["messages"]] == [third, first]


@on_stage()
async def test_history_comes_in_pages(stage: Stage, bot: StageBot) -> None:
    sent = [await posted(bot, str(number)) for number in range(5)]
    page = await bot.api.conversations_history(channel=HOME, limit=3)
    rest = await bot.api.conversations_history(channel=HOME, limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert page["has_more"]
    assert not rest["has_more"]
    found = [message["ts"] for message in [*page["messages"], *rest["messages"]]]
    assert found == sent[::-1]


@on_stage()
async def test_a_deleted_parent_leaves_a_tombstone(stage: Stage, bot: StageBot) -> None:
    parent = await posted(bot, "one")
    await posted(bot, "two", thread_ts=parent)
    await bot.api.chat_delete(channel=HOME, ts=parent)
    assert stage.messages()[0]["subtype"] == "tombstone"


@on_stage()
async def test_a_file_is_uploaded_shared_and_read_back(stage: Stage, bot: StageBot) -> None:
    shared = await bot.api.files_upload_v2(
        channel=HOME, filename="minutes.md", content="# Minutes\n", initial_comment="Here they are"
    )
    [message] = stage.messages()
    assert message["text"] == "Here they are"
    [file] = message["files"]
    assert file["id"] == shared["files"][0]["id"]
    info = (await bot.api.files_info(file=file["id"]))["file"]
    assert info["shares"]["public"][HOME] == [{"ts": message["ts"]}]
    token = {"Authorization": f"Bearer {bot.environment['SLACK_BOT_TOKEN']}"}
    assert await send(file["url_private"], headers=token) == (200, "# Minutes\n")
    assert (await send(file["url_private"]))[0] == 404
    await stage.settle()
    assert bot.events[0]["subtype"] == "file_share"


@on_stage()
async def test_an_upload_must_be_as_long_as_was_said(stage: Stage, bot: StageBot) -> None:
    place = await bot.api.files_getUploadURLExternal(filename="a.md", length=3)
    assert (await send(place["upload_url"], "POST", data=b"four"))[0] == 400
    early = bot.api.files_completeUploadExternal(files=[{"id": place["file_id"]}], channel_id=HOME)
    assert (await error_of(early))["error"] == "file_not_found"


@on_stage()
async def test_a_direct_message_opens_a_conversation(stage: Stage, bot: StageBot) -> None:
    opened = await bot.api.conversations_open(users="U0ANA")
    sent = await bot.api.chat_postMessage(channel="U0ANA", text="hi")
    assert sent["channel"] == opened["channel"]["id"] == "D0ANA"


@on_stage()
async def test_a_conversation_is_opened_once_however_often_it_is_asked_for(stage: Stage, bot: StageBot) -> None:
    first = await bot.api.conversations_open(users=["U0ANA"])
    again = await bot.api.conversations_open(users="U0ANA", return_im=True)
    assert first.data == {"ok": True, "channel": {"id": "D0ANA"}}
    assert (again["already_open"], again["no_op"], again["channel"]["is_im"]) == (True, True, True)
    assert again["channel"]["id"] == "D0ANA"


@on_stage()
async def test_not_everybody_can_be_written_to_directly(stage: Stage, bot: StageBot) -> None:
    stage.add_person("robo", "Robo", is_bot=True)
    stage.add_person("gone", "Gone Away", deleted=True)
    for users, error in {
        "U0NOBODY": "user_not_found",
        stage.bot.id: "user_not_found",
        "U0ROBO": "cannot_dm_bot",
        "U0GONE": "user_disabled",
        "": "users_list_not_supplied",
    }.items():
        assert (await error_of(bot.api.conversations_open(users=users)))["error"] == error, users
    assert not [each for each in stage.backstage.workspace.channels.values() if each.kind == "im"]


@on_stage()
async def test_a_post_to_one_person_is_found_again_by_its_metadata(stage: Stage, bot: StageBot) -> None:
    place = (await bot.api.conversations_open(users="U0ANA"))["channel"]["id"]
    metadata = {"event_type": "reminder", "event_payload": {"key": "remind:7"}}
    ts = (await bot.api.chat_postMessage(channel=place, text="vote!", metadata=metadata))["ts"]
    [found] = (await bot.api.conversations_history(channel=place, include_all_metadata=True))["messages"]
    assert (found["ts"], found["metadata"]) == (ts, metadata)
    stage.access.withhold_scopes("im:history")
    refused = await error_of(bot.api.conversations_history(channel=place))
    assert (refused["error"], refused["needed"]) == ("missing_scope", "im:history")
    stage.access.withhold_scopes("im:write")
    assert (await error_of(bot.api.conversations_open(users="U0ANA")))["needed"] == "im:write"


@on_stage()
async def test_the_history_of_a_conversation_is_for_those_who_are_in_it(stage: Stage, bot: StageBot) -> None:
    secret = stage.add_channel("secret", private=True, with_bot=False)
    for channel, error in {
        "C0OTHER": "not_in_channel",
        secret.id: "channel_not_found",
        "D0BEN": "channel_not_found",
    }.items():
        assert (await error_of(bot.api.conversations_history(channel=channel)))["error"] == error, channel


@on_stage(enforce_rate_limits=True)
async def test_rate_limits_are_counted_in_play_time(stage: Stage, bot: StageBot) -> None:
    for _ in range(4):
        await posted(bot)
    headers = {"Authorization": f"Bearer {bot.environment['SLACK_BOT_TOKEN']}"}
    url, form = f"{stage.url}/api/chat.postMessage", {"channel": HOME, "text": "one more"}
    async with aiohttp.ClientSession() as session, session.post(url, data=form, headers=headers) as refused:
        assert refused.status == 429
        assert refused.headers["Retry-After"] == "4"
        assert (await refused.json())["error"] == "ratelimited"
    await stage.advance_to(stage.now_us + 4_000_000)
    await posted(bot)


@on_stage()
async def test_a_connection_may_drop_after_the_message_was_taken(stage: Stage, bot: StageBot) -> None:
    stage.web_api.faults.order("chat.postMessage", Fault("hang_up_after"))
    with pytest.raises(aiohttp.ClientError):
        await posted(bot)
    assert len(stage.messages()) == 1
    stage.web_api.faults.order("chat.postMessage", Fault("status", status=429, retry_after=7))
    assert (await error_of(bot.api.chat_postMessage(channel=HOME, text="x")))["error"] == "ratelimited"
    assert len(stage.messages()) == 1


@on_stage()
async def test_the_stage_remembers_the_calls_without_their_tokens(stage: Stage, bot: StageBot) -> None:
    await posted(bot, "remember me")
    record = stage.web_api.calls[-1]
    assert (record.method, record.arguments["text"], record.answer["ok"]) == (
        "chat.postMessage",
        "remember me",
        True,
    )
    assert "xoxb" not in str(record)


@on_stage()
async def test_people_channels_and_permalinks_can_be_looked_up(stage: Stage, bot: StageBot) -> None:
    ts = await posted(bot)
    members = (await bot.api.conversations_members(channel=HOME))["members"]
    assert members == ["U0ANA", "U0BEN", "U0CHEN", "U0DIA", stage.bot.id]
    listed: list[Json] = (await bot.api.conversations_list())["channels"]
    assert [(channel["name"], channel["is_member"]) for channel in listed] == [
        ("general-moot", True),
        ("other", False),
    ]
    assert (await bot.api.conversations_join(channel="C0OTHER"))["channel"]["is_member"]
    link = (await bot.api.chat_getPermalink(channel=HOME, message_ts=ts))["permalink"]
    assert link == f"https://testville.slack.com/archives/{HOME}/p{ts.replace('.', '')}"
    assert (await bot.api.team_info())["team"]["domain"] == "testville"
    assert len((await bot.api.users_list())["members"]) == 5
