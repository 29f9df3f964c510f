"""How the app gets into workspaces and out again: the page that asks, the code, the token, and its end."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient
from stage_bot import HOME, Json, StageBot, error_of, on_both, on_stage, send

from rehearsal.server import ActFailed, Stage
from rehearsal.site import Site

BACK = "http://127.0.0.1:9/slack/oauth_redirect"
MINUTE = 60_000_000
with_oauth = on_stage(redirect_urls=[BACK], installed=False)


def url_of(stage: Stage, **changed: str | None) -> str:
    query = {
        "client_id": stage.bot_environment(oauth=True)["SLACK_CLIENT_ID"],
        "scope": "chat:write,commands",
        "state": "a b&c",
        "redirect_uri": BACK,
    } | changed
    given = {name: value for name, value in query.items() if value is not None}
    return f"{stage.url}/oauth/v2/authorize?{urlencode(given)}"


def said(url: str) -> dict[str, str]:
    """What a redirect tells the app."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def code_for(site: Site, stage: Stage, **changed: str | None) -> str:
    return said(await site.install(url_of(stage, **changed)))["code"]


async def exchanged(stage: Stage, code: str, **changed: Any) -> Json:
    """The answer to the app's exchange of a code, by the SDK."""
    environment = stage.bot_environment(oauth=True)
    client = {"client_id": environment["SLACK_CLIENT_ID"], "client_secret": environment["SLACK_CLIENT_SECRET"]}
    api = AsyncWebClient(base_url=environment["SLACK_API_URL"])
    answer = await api.oauth_v2_access(**{**client, "code": code, "redirect_uri": BACK, **changed})
    assert isinstance(answer.data, dict)
    return answer.data


def api_of(stage: Stage, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=f"{stage.url}/api/", retry_handlers=[])


async def refusal(stage: Stage, token: str) -> str:
    return str((await error_of(api_of(stage, token).auth_test()))["error"])


@with_oauth
async def test_a_bot_that_is_installed_by_oauth_has_no_token_to_begin_with(stage: Stage, bot: StageBot) -> None:
    environment = stage.bot_environment(oauth=True)
    assert environment.keys() >= {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"}
    assert "SLACK_BOT_TOKEN" not in environment
    assert "SLACK_CLIENT_ID" not in stage.bot_environment()


@with_oauth
async def test_whoever_allows_it_is_sent_back_with_a_code_that_is_worth_a_token(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace()
    url = await elsewhere.install(url_of(stage), by="eva")
    assert url.startswith(f"{BACK}?code=")
    assert said(url)["state"] == "a b&c"
    answer = await exchanged(stage, said(url)["code"])
    assert answer == {
        "ok": True,
        "app_id": "A0FOLKMOOT",
        "authed_user": {"id": "U0ELSEWHEREEVA"},
        "scope": "chat:write,commands",
        "token_type": "bot",
        "access_token": elsewhere.backstage.bot_token,
        "bot_user_id": elsewhere.bot.id,
        "team": {"id": "T0ELSEWHERE", "name": "Elsewhere"},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    api = api_of(stage, answer["access_token"])
    assert (await api.auth_test())["team_id"] == "T0ELSEWHERE"
    assert (await error_of(api.users_info(user=elsewhere.bot.id)))["needed"] == "users:read"
    assert not stage.backstage.installed


@with_oauth
async def test_the_sdks_own_url_is_understood(stage: Stage, bot: StageBot) -> None:
    client = stage.bot_environment(oauth=True)["SLACK_CLIENT_ID"]
    page = f"{stage.url}/oauth/v2/authorize"
    made = AuthorizeUrlGenerator(client_id=client, redirect_uri=BACK, scopes=["chat:write"], authorization_url=page)
    answer = said(await stage.install(made.generate("the state", "T0TEST")))
    assert answer["state"] == "the state"
    assert (await exchanged(stage, answer["code"]))["team"]["name"] == "Testville"


@with_oauth
async def test_a_code_is_good_once_and_for_ten_minutes(stage: Stage, bot: StageBot) -> None:
    used, old = await code_for(stage, stage), await code_for(stage, stage)
    await exchanged(stage, used)
    assert (await error_of(exchanged(stage, used)))["error"] == "code_already_used"
    await stage.advance_to(stage.now_us + 10 * MINUTE)
    assert (await exchanged(stage, old))["ok"]
    late = await code_for(stage, stage)
    await stage.advance_to(stage.now_us + 10 * MINUTE + 1)
    assert (await error_of(exchanged(stage, late)))["error"] == "invalid_code"


@with_oauth
async def test_an_exchange_must_be_right_in_every_point(stage: Stage, bot: StageBot) -> None:
    code = await code_for(stage, stage)
    wrong = [
        ({"code": "1.2.3"}, "invalid_code"),
        ({"code": None}, "invalid_code"),
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "guessed"}, "bad_client_secret"),
        ({"redirect_uri": f"{BACK}/"}, "bad_redirect_uri"),
        ({"redirect_uri": None}, "bad_redirect_uri"),
        ({"grant_type": "refresh_token"}, "invalid_grant_type"),
        ({"team": "T0TEST"}, "invalid_arguments"),
    ]
    for changed, error in wrong:
        assert (await error_of(exchanged(stage, **{"code": code, **changed})))["error"] == error, changed
    assert not stage.backstage.installed
    assert (await exchanged(stage, code))["ok"]


@with_oauth
async def test_id_and_secret_may_come_in_the_form(stage: Stage, bot: StageBot) -> None:
    environment, code = stage.bot_environment(oauth=True), await code_for(stage, stage)
    form = {"code": code, "redirect_uri": BACK, "client_id": environment["SLACK_CLIENT_ID"]}
    _, refused = await send(f"{stage.url}/api/oauth.v2.access", "POST", data=form)
    assert refused["error"] == "bad_client_secret"
    form["client_secret"] = environment["SLACK_CLIENT_SECRET"]
    _, answer = await send(f"{stage.url}/api/oauth.v2.access", "POST", data=form)
    assert answer["access_token"] == stage.backstage.bot_token
    assert environment["SLACK_CLIENT_SECRET"] not in str([call.arguments for call in stage.web_api.calls])


@with_oauth
async def test_without_a_redirect_uri_it_is_the_first_of_the_manifest_in_both_places(
    stage: Stage, bot: StageBot
) -> None:
    url = await stage.install(url_of(stage, redirect_uri=None, state=None))
    assert url.startswith(BACK)
    assert said(url).keys() == {"code"}
    code = said(url)["code"]
    assert (await error_of(exchanged(stage, code)))["error"] == "bad_redirect_uri"
    assert (await exchanged(stage, code, redirect_uri=None))["ok"]


@with_oauth
async def test_who_cancels_is_sent_back_without_a_code(stage: Stage, bot: StageBot) -> None:
    url = await stage.install(url_of(stage), allow=False)
    assert said(url) == {"error": "access_denied", "state": "a b&c"}


def test_the_page_refuses_what_the_manifest_does_not_have(tmp_path: Any) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        "oauth_config:\n"
        "  redirect_urls: ['https://bot.example/slack']\n"
        "  scopes: {bot: [chat:write, commands]}\n"
        "settings: {event_subscriptions: {bot_events: [message.channels]}}\n"
    )
    below = "https://bot.example/slack/oauth_redirect"

    @on_stage(manifest=manifest, installed=False)
    async def scene(stage: Stage, bot: StageBot) -> None:
        assert (await stage.install(url_of(stage, redirect_uri=below))).startswith(below)
        wrong: list[tuple[dict[str, str | None], str]] = [
            ({"client_id": "1.2"}, "invalid_client_id"),
            ({"scope": "chat:write,admin"}, "invalid_scope"),
            ({"scope": ""}, "no_scopes"),
            ({"user_scope": "search:read"}, "invalid_scope"),
            ({"redirect_uri": "https://bot.example/slackers"}, "bad_redirect_uri"),
            ({"redirect_uri": "https://bot.example/slack/../evil"}, "bad_redirect_uri"),
            ({"redirect_uri": "https://bot.example@evil.example/slack"}, "bad_redirect_uri"),
            ({"redirect_uri": "http://bot.example/slack"}, "bad_redirect_uri"),
            ({"redirect_url": below}, "invalid_arguments"),
        ]
        for changed, error in wrong:
            url = url_of(stage, **{"redirect_uri": below, **changed})
            with pytest.raises(ActFailed, match=error):
                await stage.install(url)
            status, text = await send(url)
            assert (status, error in text) == (400, True), changed
        with pytest.raises(ActFailed, match="given twice"):
            await stage.install(f"{url_of(stage, redirect_uri=below)}&scope=commands")

    scene()


@on_stage(redirect_urls=["http://bot.example/slack"])
async def test_a_redirect_url_that_is_neither_https_nor_of_this_machine_is_none(stage: Stage, bot: StageBot) -> None:
    with pytest.raises(ActFailed, match="is not https"):
        await stage.install(url_of(stage, redirect_uri=None))


@on_stage()
async def test_an_app_without_redirect_urls_cannot_be_installed(stage: Stage, bot: StageBot) -> None:
    with pytest.raises(ActFailed, match="the manifest has no redirect_urls"):
        await stage.install(url_of(stage))


@with_oauth
async def test_it_is_slacks_page_and_somebody_who_may(stage: Stage, bot: StageBot) -> None:
    stage.add_person("gus", "Gus Guest", is_guest=True)
    for by, url, problem in (
        ("gus", url_of(stage), "gus may not install apps"),
        ("nobody", url_of(stage), "nobody called 'nobody'"),
        ("ana", "https://slack.com/oauth/v2/authorize?client_id=1", "is not Slack's page"),
        ("ana", url_of(stage, team="T0ELSEWHERE"), "into T0ELSEWHERE, not T0TEST"),
    ):
        with pytest.raises(ActFailed, match=problem):
            await stage.install(url, by=by)


@with_oauth
async def test_on_the_page_one_chooses_the_workspace_and_allows_or_cancels(stage: Stage, bot: StageBot) -> None:
    stage.add_workspace()
    stage.add_person("mal", '<b onclick="x">Mal</b>')
    status, page = await send(url_of(stage))
    assert status == 200
    assert "Folkmoot asks to come into a workspace" in page
    assert "<li>chat:write</li><li>commands</li>" in page
    assert '<option value="T0ELSEWHERE U0ELSEWHEREEVA">Elsewhere, as Eva Novak</option>' in page
    assert "<b onclick" not in page
    only = (await send(url_of(stage, team="T0ELSEWHERE")))[1]
    assert ("T0ELSEWHERE " in only, "T0TEST " in only) == (True, False)
    async with aiohttp.ClientSession() as session:
        for answer, told in (("allow", "code"), ("cancel", "error")):
            form = {"who": "T0ELSEWHERE U0ELSEWHEREEVA", "answer": answer}
            async with session.post(url_of(stage), data=form, allow_redirects=False) as sent:
                assert (sent.status, told in said(sent.headers["Location"])) == (302, True)
        async with session.post(url_of(stage), data={"who": "T0TEST U0ANA"}, allow_redirects=False) as sent:
            assert sent.status == 400
        foreign = {"Origin": "http://evil.example"}
        async with session.post(url_of(stage), data=form, headers=foreign, allow_redirects=False) as sent:
            assert sent.status == 403


@with_oauth
async def test_installed_again_it_has_the_same_token_and_more_scopes(stage: Stage, bot: StageBot) -> None:
    first = await exchanged(stage, await code_for(stage, stage, scope="chat:write"))
    again = await exchanged(stage, await code_for(stage, stage, scope="commands,users:read"))
    assert again["access_token"] == first["access_token"]
    assert again["scope"] == "chat:write,commands,users:read"


@on_both(redirect_urls=[BACK])
async def test_an_app_that_is_taken_out_is_told_in_two_events_and_its_token_is_worth_nothing(
    stage: Stage, bot: StageBot
) -> None:
    elsewhere = stage.add_workspace(alike=True, installed=True)
    token = elsewhere.backstage.bot_token
    await elsewhere.access.uninstall()
    await elsewhere.act({"as": "ana", "do": "say", "text": "unheard"})
    with pytest.raises(ActFailed, match="/topic is not a valid command"):
        await elsewhere.act({"as": "ana", "do": "command", "text": "/topic x"})
    await stage.settle()
    assert [event["type"] for event in bot.events] == ["tokens_revoked", "app_uninstalled"]
    assert {body["team_id"] for body in bot.deliveries} == {"T0ELSEWHERE"}
    assert bot.events[0]["tokens"] == {"oauth": [], "bot": [elsewhere.bot.id]}
    assert await refusal(stage, token) == "account_inactive"
    assert elsewhere.bot.id not in elsewhere.home.members
    assert (await bot.api.chat_postMessage(channel=HOME, text="still here"))["ok"]


@on_both()
async def test_the_two_events_may_come_the_other_way_round_and_twice(stage: Stage, bot: StageBot) -> None:
    await stage.access.uninstall(first="app_uninstalled", twice=True, error="token_revoked")
    await stage.settle()
    assert [event["type"] for event in bot.events] == ["app_uninstalled", "tokens_revoked"] * 2
    assert len({body["event_id"] for body in bot.deliveries}) == 2
    assert await refusal(stage, bot.environment["SLACK_BOT_TOKEN"]) == "token_revoked"


@on_stage(redirect_urls=[BACK])
async def test_installed_after_its_end_it_has_a_new_token_and_has_to_be_invited(stage: Stage, bot: StageBot) -> None:
    old = bot.environment["SLACK_BOT_TOKEN"]
    await stage.access.uninstall()
    answer = await exchanged(stage, await code_for(stage, stage))
    assert answer["access_token"] != old
    assert await refusal(stage, old) == "account_inactive"
    api = api_of(stage, answer["access_token"])
    assert (await error_of(api.chat_postMessage(channel=HOME, text="x")))["error"] == "not_in_channel"
    await stage.act({"as": "folkmoot", "do": "join"})
    assert (await api.chat_postMessage(channel=HOME, text="x"))["ok"]


@on_stage()
async def test_a_response_url_ends_with_the_installation(stage: Stage, bot: StageBot) -> None:
    urls: list[str] = []

    async def answer(body: Json) -> None:
        urls.append(body["response_url"])

    bot.answer = answer
    await stage.act({"as": "ana", "do": "command", "text": "/topic"})
    await stage.access.uninstall()
    status, _ = await send(urls[0], "POST", json={"text": "too late"})
    assert status == 404


@on_stage()
async def test_the_app_may_give_its_token_up(stage: Stage, bot: StageBot) -> None:
    assert (await bot.api.auth_revoke(test=True))["revoked"] is False
    assert (await bot.api.auth_revoke())["revoked"] is True
    await stage.settle()
    assert [event["type"] for event in bot.events] == ["tokens_revoked"]
    assert (await error_of(bot.api.auth_test()))["error"] == "token_revoked"


@on_stage()
async def test_the_app_may_take_itself_out(stage: Stage, bot: StageBot) -> None:
    environment = stage.bot_environment(oauth=True)
    client = {"client_id": environment["SLACK_CLIENT_ID"], "client_secret": environment["SLACK_CLIENT_SECRET"]}
    wrong = await error_of(bot.api.apps_uninstall(**client | {"client_secret": "guessed"}))
    assert wrong["error"] == "bad_client_secret"
    assert (await bot.api.apps_uninstall(**client))["ok"]
    await stage.settle()
    assert [event["type"] for event in bot.events] == ["tokens_revoked", "app_uninstalled"]
    assert (await error_of(bot.api.auth_test()))["error"] == "account_inactive"


@on_stage()
async def test_a_workspace_may_take_it_out_over_http(stage: Stage, bot: StageBot) -> None:
    elsewhere = stage.add_workspace(installed=True)
    body = {"workspace": "Elsewhere", "uninstall": True}
    assert await send(f"{stage.url}/stage/access", "POST", json=body) == (200, {"ok": True})
    assert await refusal(stage, elsewhere.backstage.bot_token) == "account_inactive"
    assert (await bot.api.auth_test())["ok"]
