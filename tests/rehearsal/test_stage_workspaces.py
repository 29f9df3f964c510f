"""Several workspaces on one stage: one app serves them all, and none knows anything of another."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from stage_bot import HOME, Json, StageBot, actions, button, error_of, on_both, on_stage, section, send

from rehearsal.server import ActFailed, Stage
from rehearsal.site import Site

VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Words"}, "blocks": [section()]}


def api_of(site: Site) -> AsyncWebClient:
    url = f"{site.backstage.workspace.url}/api/"
    return AsyncWebClient(token=site.backstage.bot_token, base_url=url, retry_handlers=[])


async def says(site: Site, text: str, who: str = "ana") -> str:
    return str((await site.act({"as": who, "do": "say", "text": text}))["ts"])


@on_stage()
async def test_a_second_workspace_has_a_team_people_and_ids_of_its_own(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(installed=True)
    here, there = await bot.api.auth_test(), await api_of(elsewhere).auth_test()
    assert (here["team_id"], here["team"]) == ("T0TEST", "Testville")
    assert (there["team_id"], there["team"]) == ("T0ELSEWHERE", "Elsewhere")
    assert here["user_id"] != there["user_id"]
    assert here["bot_id"] != there["bot_id"]
    assert stage.home.id != elsewhere.home.id
    people = [{each["id"] for each in (await api.users_list())["members"]} for api in (bot.api, api_of(elsewhere))]
    assert people[0].isdisjoint(people[1])


@on_stage()
async def test_a_token_sees_nothing_of_another_workspace(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(installed=True)
    api, ts = api_of(elsewhere), await says(stage, "hello")
    group = stage.add_group("everybody", "ana", "ben")
    file = (await stage.act({"as": "ana", "do": "upload", "filename": "a.txt", "content": "words"}))["file"]
    cases = [
        (api.conversations_info(channel=HOME), "channel_not_found"),
        (api.conversations_history(channel=HOME), "channel_not_found"),
        (api.chat_postMessage(channel=HOME, text="x"), "channel_not_found"),
        (api.chat_postEphemeral(channel=HOME, user="U0ANA", text="x"), "channel_not_found"),
        (api.reactions_get(channel=HOME, timestamp=ts), "channel_not_found"),
        (api.users_info(user="U0BEN"), "user_not_found"),
        (api.conversations_open(users="U0BEN"), "user_not_found"),
        (api.usergroups_users_list(usergroup=group.id), "no_such_subteam"),
        (api.files_info(file=file), "file_not_found"),
        (api.team_info(team="T0TEST"), "team_not_found"),
    ]
    assert [(await error_of(call))["error"] for call, _ in cases] == [error for _, error in cases]
    listed = (await api.conversations_list())["channels"]
    assert [channel["name"] for channel in listed] == ["town-hall"]
    url = f"{stage.url}/files/{file}/a.txt"
    tokens = [bot.environment["SLACK_BOT_TOKEN"], elsewhere.backstage.bot_token]
    got = [await send(url, headers={"Authorization": f"Bearer {token}"}) for token in tokens]
    assert [status for status, _ in got] == [200, 404]


@on_stage()
async def test_in_workspaces_that_look_alike_the_same_ids_mean_different_things(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    api = api_of(elsewhere)
    here, there = await says(stage, "hello here"), await says(elsewhere, "hello there")
    assert here == there
    assert (elsewhere.home.id, elsewhere.bot.id) == (HOME, stage.bot.id)
    names = [(await each.users_info(user="U0ANA"))["user"]["real_name"] for each in (bot.api, api)]
    assert names == ["Ana Ruiz", "Ana Lindqvist"]
    told = [(await each.conversations_history(channel=HOME))["messages"] for each in (bot.api, api)]
    assert [[each["text"] for each in messages] for messages in told] == [["hello here"], ["hello there"]]
    await api.reactions_add(channel=HOME, timestamp=there, name="+1")
    assert "reactions" not in stage.messages()[0]
    assert elsewhere.messages()[0]["reactions"][0]["users"] == [elsewhere.bot.id]
    assert (await error_of(api.users_info(user="U0BEN")))["error"] == "user_not_found"


@on_both()
async def test_all_that_happens_names_its_workspace_and_comes_the_same_way(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    for site, api in ((stage, bot.api), (elsewhere, api_of(elsewhere))):
        await says(site, "hello")
        await api.chat_postMessage(channel=HOME, text="x", blocks=[actions(button("Press", "press"))])
        await site.act({"as": "ana", "do": "command", "text": "/topic Well"})
        await site.act({"as": "ana", "do": "click", "button": "Press", "on": "last"})
    await stage.settle()
    teams: dict[str, list[str]] = {"T0TEST": [], "T0ELSEWHERE": []}
    for body in bot.deliveries:
        team = body["team_id"] if "team_id" in body else body["team"]["id"]
        teams[team].append(body.get("command") or body["type"])
        for each in body.get("authorizations", ()):
            assert each["team_id"] == team
        assert body["api_app_id"] == "A0FOLKMOOT"
    came = ["/topic", "block_actions", "event_callback", "event_callback"]
    assert [sorted(each) for each in teams.values()] == [came, came]
    events = [body["event_id"] for body in bot.deliveries if "event_id" in body]
    assert len(set(events)) == len(events)


@on_stage()
async def test_a_trigger_opens_a_dialog_in_its_own_workspace_only(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    refused: list[str] = []

    async def answer(body: Json) -> Any:
        wrong = await error_of(bot.api.views_open(trigger_id=body["trigger_id"], view=VIEW))
        refused.append(wrong["error"])
        await api_of(elsewhere).views_open(trigger_id=body["trigger_id"], view=VIEW)

    bot.answer = answer
    await elsewhere.act({"as": "ana", "do": "command", "text": "/topic"})
    assert refused == ["invalid_trigger_id"]
    assert stage.backstage.dialogs.top("U0ANA") is None
    view = elsewhere.backstage.dialogs.top("U0ANA")
    assert view is not None
    assert view.view["team_id"] == "T0ELSEWHERE"
    other = await error_of(bot.api.views_update(view_id=view.id, view=VIEW))
    assert other["error"] == "not_found"


@on_stage()
async def test_a_response_url_answers_where_it_was_given(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    urls: list[str] = []

    async def answer(body: Json) -> None:
        urls.append(body["response_url"])

    bot.answer = answer
    await elsewhere.act({"as": "ana", "do": "command", "text": "/topic"})
    assert await send(urls[0], "POST", json={"text": "for you"}) == (200, "ok")
    assert [each["text"] for each in elsewhere.messages(person="ana")] == ["for you"]
    assert stage.messages(person="ana") == []


@on_stage()
async def test_files_are_uploaded_into_the_tokens_workspace(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    await api_of(elsewhere).files_upload_v2(channel=HOME, content="words", filename="recap.md")
    assert stage.messages() == []
    assert [file["name"] for message in elsewhere.messages() for file in message["files"]] == ["recap.md"]


@on_stage(enforce_rate_limits=True)
async def test_each_workspace_has_limits_of_its_own(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    for _ in range(4):
        await bot.api.chat_postMessage(channel=HOME, text="x")
    assert (await error_of(bot.api.chat_postMessage(channel=HOME, text="x")))["error"] == "ratelimited"
    assert (await api_of(elsewhere).chat_postMessage(channel=HOME, text="x"))["ok"]


@on_stage()
async def test_rules_and_the_clock_are_of_the_whole_stage(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(installed=True)
    rule = stage.faults.add("drop", event="message", channel="town-hall")
    late = stage.faults.add("delay", event="message", by="ben", seconds=60)
    await says(elsewhere, "unheard")
    await says(stage, "heard late", "ben")
    await stage.settle()
    assert (rule.fired, late.fired, bot.events) == (1, 1, [])
    await stage.advance_to(stage.now_us + 61_000_000)
    assert [event["text"] for event in bot.events] == ["heard late"]
    stage.faults.add("error", method="chat.postMessage", channel="town-hall", error="fatal_error")
    failed = api_of(elsewhere).chat_postMessage(channel=elsewhere.home.id, text="x")
    assert (await error_of(failed))["error"] == "fatal_error"
    assert (await bot.api.chat_postMessage(channel=HOME, text="x"))["ok"]


@on_stage()
async def test_a_rule_may_be_about_one_workspace(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    stage.faults.add("error", method="users.info", workspace="Elsewhere", error="fatal_error")
    stage.faults.add("drop", workspace="T0ELSEWHERE", event="message")
    assert (await error_of(api_of(elsewhere).users_info(user="U0ANA")))["error"] == "fatal_error"
    assert (await bot.api.users_info(user="U0ANA"))["ok"]
    await says(elsewhere, "unheard")
    await says(stage, "heard")
    await stage.settle()
    assert [event["text"] for event in bot.events] == ["heard"]


@on_stage()
async def test_acts_may_name_their_workspace(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace()
    await stage.act({"workspace": "Elsewhere", "as": "eva", "do": "say", "text": "by name"})
    await stage.act({"workspace": "T0ELSEWHERE", "as": "eva", "do": "say", "text": "by id"})
    await stage.act({"workspace": "Testville", "as": "ben", "do": "say", "text": "at home"})
    assert [each["text"] for each in elsewhere.messages()] == ["by name", "by id"]
    assert [each["text"] for each in stage.messages()] == ["at home"]
    with pytest.raises(ActFailed, match="There is no workspace 'Nowhere'"):
        await stage.act({"workspace": "Nowhere", "as": "eva", "do": "say", "text": "x"})
    with pytest.raises(ValueError, match="There is a workspace Elsewhere already"):
        stage.add_workspace()


@on_stage()
async def test_where_the_app_is_not_installed_it_hears_nothing_and_has_no_command(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace()
    await says(elsewhere, "unheard")
    with pytest.raises(ActFailed, match="/topic is not a valid command"):
        await elsewhere.act({"as": "ana", "do": "command", "text": "/topic x"})
    await stage.settle()
    assert bot.deliveries == []
    elsewhere.access.install()
    await says(elsewhere, "heard")
    await stage.settle()
    assert [body["team_id"] for body in bot.deliveries] == ["T0ELSEWHERE"]


@on_stage()
async def test_calls_are_remembered_with_their_workspace(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(installed=True)
    await bot.api.auth_test()
    await api_of(elsewhere).auth_test()
    assert [call.team for call in stage.web_api.calls if call.method == "auth.test"] == ["T0TEST", "T0ELSEWHERE"]


@on_stage()
async def test_the_page_shows_the_first_workspace_and_says_so(stage: Stage, bot: StageBot) -> None:
    stage.add_workspace(installed=True)
    _, state = await send(f"{stage.url}/stage/state")
    assert (state["team"]["name"], state["others"]) == ("Testville", ["Elsewhere"])
    act = {"workspace": "Elsewhere", "as": "eva", "do": "say", "text": "hello"}
    await send(f"{stage.url}/stage/act", "POST", json=act)
    await stage.settle()
    assert [event["user"] for event in bot.events] == ["U0ELSEWHEREEVA"]


@on_stage()
async def test_the_pages_stream_tells_of_the_first_workspace_only(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(alike=True)
    async with aiohttp.ClientSession() as session, session.get(f"{stage.url}/stage/stream") as stream:
        await stream.content.readuntil(b"\n\n")
        await says(elsewhere, "private matters")
        await says(stage, "hello")
        async with asyncio.timeout(10):
            told = await stream.content.readuntil(b"\n\n")
    assert b"hello" in told
    assert b"private matters" not in told
