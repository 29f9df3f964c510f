"""How the stage brings the bot what happens, over Socket Mode and over signed HTTP."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from stage_bot import HOME, StageBot, actions, button, error_of, on_stage, run, served

from rehearsal.server import ActFailed, NotSettled, Stage

NOW = (0.0, 0.0, 0.0)


def manifest(folder: Path, **changes: Any) -> Path:
    """A manifest with few rights."""
    content = {
        "display_information": {"name": "Folkmoot"},
        "features": {
            "bot_user": {"display_name": "folkmoot"},
            "slash_commands": [{"command": "/topic", "description": "…", "should_escape": True}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "channels:history", "reactions:read"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
    }
    path = folder / "manifest.yaml"
    path.write_text(yaml.safe_dump(content | changes))
    return path


@on_stage()
async def test_what_people_say_reaches_the_bot_as_an_event_of_play_time(stage: Stage, bot: StageBot) -> None:
    said = await stage.act({"as": "ana", "do": "say", "text": "hello"})
    await stage.settle()
    [body] = bot.deliveries
    assert body["team_id"] == "T0TEST"
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"][0]["user_id"] == stage.bot.id
    event = body["event"]
    assert (event["type"], event["text"], event["user"]) == ("message", "hello", "U0ANA")
    assert (event["channel"], event["channel_type"], event["ts"]) == (HOME, "channel", said["ts"])
    assert event["ts"].startswith(f"{stage.now_us // 1_000_000}.")


@on_stage()
async def test_the_bot_hears_its_own_messages_and_reactions_too(stage: Stage, bot: StageBot) -> None:
    posted = await bot.api.chat_postMessage(channel=HOME, text="a card")
    await bot.api.reactions_add(channel=HOME, timestamp=posted["ts"], name="thumbsup")
    await stage.settle()
    [message] = bot.events_of("message")
    [reaction] = bot.events_of("reaction_added")
    assert message["bot_id"] == stage.bot.bot_id
    assert (reaction["user"], reaction["reaction"]) == (stage.bot.id, "+1")
    assert reaction["item"] == {"type": "message", "channel": HOME, "ts": posted["ts"]}


@on_stage()
async def test_edits_and_deletions_come_as_subtypes_with_what_was_before(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "ana", "do": "say", "text": "frist"})
    await stage.act({"as": "ana", "do": "edit", "on": "frist", "text": "first"})
    await stage.act({"as": "ana", "do": "delete", "on": "first"})
    await stage.settle()
    _, changed, deleted = bot.events
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["text"] == "first"
    assert changed["message"]["edited"]["user"] == "U0ANA"
    assert changed["previous_message"]["text"] == "frist"
    assert deleted["subtype"] == "message_deleted"
    assert deleted["previous_message"]["text"] == "first"


@on_stage()
async def test_the_bot_is_told_nothing_of_channels_that_it_is_not_in(stage: Stage, bot: StageBot) -> None:
    await stage.act({"as": "ana", "do": "say", "text": "behind its back", "channel": "other"})
    await stage.settle()
    assert bot.deliveries == []


@on_stage(retry_delays=NOW, patience_s=0.5)
async def test_an_event_that_is_not_acknowledged_comes_again(stage: Stage, bot: StageBot) -> None:
    bot.deaf = 1
    await stage.act({"as": "ana", "do": "say", "text": "hello?"})
    await stage.settle()
    assert bot.retries == [(0, ""), (1, "timeout")]
    assert len(bot.deliveries) == 1


@on_stage(retry_delays=NOW, patience_s=0.05)
async def test_after_four_tries_an_event_is_lost(stage: Stage, bot: StageBot) -> None:
    bot.deaf = 9
    await stage.act({"as": "ana", "do": "say", "text": "hello?"})
    await stage.settle()
    assert len(bot.retries) == 4
    [lost] = stage.backstage.carrier.lost
    assert lost["event"]["text"] == "hello?"


@on_stage()
async def test_settling_names_what_it_waits_for(stage: Stage, bot: StageBot) -> None:
    bot.deaf = 9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rehearsal.settling.SETTLE_SECONDS", 0.05)
        await stage.act({"as": "ana", "do": "say", "text": "hello?"})
        with pytest.raises(NotSettled, match="deliveries \\(message event Ev"):
            await stage.settle()


@on_stage(patience_s=0.05)
async def test_a_command_that_is_not_answered_in_time_fails_and_says_so(stage: Stage, bot: StageBot) -> None:
    bot.deaf = 1
    with pytest.raises(ActFailed, match="operation_timeout"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    [seen] = stage.messages(person="ana")
    assert seen["is_ephemeral"]
    assert "operation_timeout" in seen["text"]


@on_stage()
async def test_a_closed_connection_is_told_to_go(stage: Stage, bot: StageBot) -> None:
    await stage.disconnect_bot()
    with pytest.raises(ActFailed, match="dispatch_failed"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic x"})


def test_only_what_the_manifest_asks_for_is_delivered(tmp_path: Path) -> None:
    @on_stage(manifest=manifest(tmp_path))
    async def scene(stage: Stage, bot: StageBot) -> None:
        await stage.act({"as": "ana", "do": "say", "text": "hello"})
        await stage.act({"as": "ben", "do": "react", "on": "hello", "emoji": "+1"})
        await stage.settle()
        assert [event["type"] for event in bot.events] == ["message"]

    scene()


def test_methods_outside_the_scopes_say_what_they_need(tmp_path: Path) -> None:
    @on_stage(manifest=manifest(tmp_path))
    async def scene(stage: Stage, bot: StageBot) -> None:
        await bot.api.chat_postMessage(channel=HOME, text="allowed")
        refused = await error_of(bot.api.users_info(user="U0ANA"))
        assert refused["error"] == "missing_scope"
        assert refused["needed"] == "users:read"
        assert refused["provided"] == "channels:history,chat:write,commands,reactions:read"
        by_kind = await error_of(bot.api.conversations_info(channel=HOME))
        assert by_kind["needed"] == "channels:read"

    scene()


def test_an_app_without_interactivity_is_told_of_no_clicks(tmp_path: Path) -> None:
    @on_stage(manifest=manifest(tmp_path))
    async def scene(stage: Stage, bot: StageBot) -> None:
        blocks = [actions(button("Go", "go"))]
        await bot.api.chat_postMessage(channel=HOME, text="card", blocks=blocks)
        with pytest.raises(ActFailed, match="not configured to handle interactive responses"):
            await stage.act({"as": "ana", "do": "click", "on": "last", "button": "Go"})

    scene()


@on_stage()
async def test_a_private_channel_is_seen_only_from_inside(stage: Stage, bot: StageBot) -> None:
    inside = stage.add_channel("inner-circle", private=True)
    outside = stage.add_channel("closed", private=True, with_bot=False)
    await stage.act({"as": "ana", "do": "say", "text": "hello", "channel": "inner-circle"})
    await stage.settle()
    assert bot.events[0]["channel_type"] == "group"
    assert (await bot.api.conversations_info(channel=inside.id))["channel"]["is_private"]
    assert (await error_of(bot.api.conversations_info(channel=outside.id)))["error"] == "channel_not_found"


def test_an_undeclared_command_is_not_a_valid_command(tmp_path: Path) -> None:
    @on_stage(manifest=manifest(tmp_path))
    async def scene(stage: Stage, bot: StageBot) -> None:
        with pytest.raises(ActFailed, match="/tropic is not a valid command"):
            await stage.act({"as": "ana", "do": "command", "text": "/tropic x"})
        assert bot.deliveries == []

    scene()


class HttpBot:
    """A server for signed requests; `status` and `answer` are what it says."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.answer: Any = None

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.text()))
        status = self.statuses.pop(0) if self.statuses else 200
        if self.answer is not None:
            return web.json_response(self.answer, status=status)
        return web.Response(status=status, headers=self.headers)


async def http_scene(bot: HttpBot, scene: Any) -> None:
    app = web.Application()
    app.router.add_post("/slack/events", bot.take)
    runner, url = await served(app)
    stage = await Stage.start(delivery="http", request_url=f"{url}/slack/events", page=False, retry_delays=NOW)
    try:
        await stage.wait_for_bot(clocks=0)
        bot.requests.clear()
        await scene(stage)
    finally:
        await stage.close()
        await runner.cleanup()


def test_http_requests_are_signed() -> None:
    bot = HttpBot()

    async def scene(stage: Stage) -> None:
        await stage.act({"as": "ana", "do": "say", "text": "héllo"})
        await stage.settle()
        [(headers, body)] = bot.requests
        base = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
        secret = stage.bot_environment()["SLACK_SIGNING_SECRET"].encode()
        assert headers["X-Slack-Signature"] == f"v0={hmac.new(secret, base, hashlib.sha256).hexdigest()}"
        assert json.loads(body)["event"]["text"] == "héllo"

    run(http_scene(bot, scene))


def test_an_event_that_failed_over_http_is_tried_again_with_the_reason() -> None:
    bot = HttpBot()

    async def scene(stage: Stage) -> None:
        bot.statuses = [500, 500]
        await stage.act({"as": "ana", "do": "say", "text": "hello"})
        await stage.settle()
        tries = [headers.get("x-slack-retry-num") for headers, _ in bot.requests]
        assert tries == [None, "1", "2"]
        assert bot.requests[-1][0]["x-slack-retry-reason"] == "http_error"

    run(http_scene(bot, scene))


def test_a_bot_may_ask_for_no_more_tries() -> None:
    bot = HttpBot()

    async def scene(stage: Stage) -> None:
        bot.statuses, bot.headers = [500], {"x-slack-no-retry": "1"}
        await stage.act({"as": "ana", "do": "say", "text": "hello"})
        await stage.settle()
        assert len(bot.requests) == 1
        assert len(stage.backstage.carrier.lost) == 1

    run(http_scene(bot, scene))


def test_a_command_over_http_is_a_form_and_its_answer_is_shown() -> None:
    bot = HttpBot()
    bot.answer = {"text": "noted"}

    async def scene(stage: Stage) -> None:
        done = await stage.act({"as": "ana", "do": "command", "text": "/topic A & B"})
        assert done["answer"]["text"] == "noted"
        assert "command=%2Ftopic" in bot.requests[0][1]
        assert "text=A+%26amp%3B+B" in bot.requests[0][1]

    run(http_scene(bot, scene))
