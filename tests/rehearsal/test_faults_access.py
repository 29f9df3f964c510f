"""A clock that is wrong, and an app that loses its channel, its token or its scopes."""

import time
from pathlib import Path

import pytest
from stage_bot import HOME, StageBot, error_of, on_both, on_stage, play_http_scene, run, until

from rehearsal.server import ActFailed, Stage

SECOND = 1_000_000
FIVE_HOURS = 5 * 3600


@on_both(clock_skew_s=FIVE_HOURS)
async def test_the_bots_clock_may_be_ahead_of_slacks(stage: Stage, bot: StageBot) -> None:
    start, done = stage.now_us, []

    async def remind() -> None:
        done.append((stage.now_us, bot.frames[-1]["now_us"]))

    assert bot.frames[0]["now_us"] == start + FIVE_HOURS * SECOND
    bot.due = [(start + (FIVE_HOURS + 60) * SECOND, remind)]
    await stage.settle()
    assert stage.next_due_us == start + 60 * SECOND
    said = await stage.act({"as": "ana", "do": "say", "text": "hello"})
    await stage.advance_to(start + 3600 * SECOND)
    assert done == [(start + 60 * SECOND, start + (FIVE_HOURS + 60) * SECOND)]
    assert said["ts"] == bot.events[0]["event_ts"] == f"{start // SECOND}.000000"


@on_stage()
async def test_the_bots_clock_may_be_put_wrong_and_right_while_it_runs(stage: Stage, bot: StageBot) -> None:
    bot.due = [(stage.now_us + 60 * SECOND, lambda: bot.api.auth_test())]
    await stage.set_clock_skew(-30)
    assert bot.frames[-1]["now_us"] == stage.now_us - 30 * SECOND
    assert stage.next_due_us == stage.now_us + 90 * SECOND
    await stage.set_clock_skew(0)
    assert bot.frames[-1]["now_us"] == stage.now_us
    assert stage.next_due_us == stage.now_us + 60 * SECOND


def test_over_http_a_wrong_clock_is_seen_in_every_signature() -> None:
    async def scene(stage: Stage, bot: StageBot) -> None:
        await stage.set_clock_skew(FIVE_HOURS)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("rehearsal.delivery.signed_http.time.time", lambda: 1_000_000.5)
            await stage.act({"as": "ana", "do": "say", "text": "hello"})
            await stage.settle()
        assert bot.stamps[-1] == 1_000_000 - FIVE_HOURS

    run(play_http_scene(scene, {}))


@on_stage()
async def test_a_rule_puts_the_bots_clock_wrong_for_a_time(stage: Stage, bot: StageBot) -> None:
    start = stage.now_us
    ahead: list[tuple[int, int]] = []

    async def look() -> None:
        ahead.append(((stage.now_us - start) // SECOND, (bot.frames[-1]["now_us"] - stage.now_us) // SECOND))

    rule = stage.faults.add("wrong_clock", seconds=-300, after="+0:01:00", until="+0:02:00")
    for minute in range(3):
        await stage.advance_to(start + minute * 60 * SECOND)
        await look()
    assert ahead == [(0, 0), (60, -300), (120, 0)]
    assert rule.fired == 1
    now = stage.faults.add("wrong_clock", seconds=FIVE_HOURS)
    await stage.settle()
    assert bot.frames[-1]["now_us"] == stage.now_us + FIVE_HOURS * SECOND
    await stage.faults.release(now)
    await stage.settle()
    assert bot.frames[-1]["now_us"] == stage.now_us


@on_stage(rate=1)
async def test_a_clock_that_runs_is_put_wrong_at_once(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("wrong_clock", seconds=FIVE_HOURS)
    await until(lambda: bot.frames[-1]["now_us"] > stage.now_us + (FIVE_HOURS - 60) * SECOND)


def test_over_http_a_rule_that_puts_the_clock_wrong_makes_signatures_old() -> None:
    async def scene(stage: Stage, bot: StageBot) -> None:
        stage.faults.add("wrong_clock", seconds=FIVE_HOURS, until="+0:01:00")
        for _ in range(2):
            await stage.act({"as": "ana", "do": "say", "text": "hello"})
            await stage.advance_to(stage.now_us + 60 * SECOND)
        old, right = (time.time() - stamp for stamp in bot.stamps)
        assert FIVE_HOURS <= old < FIVE_HOURS + 60
        assert -1 < right < 60

    run(play_http_scene(scene, {}))


@on_stage()
async def test_an_archived_channel_takes_nothing_new(stage: Stage, bot: StageBot) -> None:
    ts = (await bot.api.chat_postMessage(channel=HOME, text="ballot"))["ts"]
    await stage.act({"as": "ana", "do": "archive"})
    await stage.settle()
    [archived] = bot.events_of("channel_archive")
    assert (archived["channel"], archived["user"]) == (HOME, "U0ANA")
    assert (await bot.api.conversations_info(channel=HOME))["channel"]["is_archived"]
    for call in (
        bot.api.chat_postMessage(channel=HOME, text="x"),
        bot.api.chat_update(channel=HOME, ts=ts, text="x"),
        bot.api.reactions_add(channel=HOME, timestamp=ts, name="+1"),
    ):
        assert (await error_of(call))["error"] == "is_archived"
    with pytest.raises(ActFailed, match="#general-moot is archived"):
        await stage.act({"as": "ben", "do": "react", "on": ts, "emoji": "+1"})
    await stage.act({"as": "ben", "do": "unarchive"})
    await stage.settle()
    assert [event["user"] for event in bot.events_of("channel_unarchive")] == ["U0BEN"]
    assert (await bot.api.chat_postMessage(channel=HOME, text="x"))["ok"]


@on_stage()
async def test_a_bot_that_is_removed_is_told_and_hears_no_more(stage: Stage, bot: StageBot) -> None:
    ts = (await bot.api.chat_postMessage(channel=HOME, text="ballot"))["ts"]
    await stage.settle()
    await stage.act({"as": "folkmoot", "do": "leave"})
    await stage.act({"as": "ana", "do": "react", "on": ts, "emoji": "+1"})
    await stage.settle()
    told = [event["type"] for event in bot.events]
    assert told[-2:] == ["member_left_channel", "channel_left"]
    assert (await error_of(bot.api.reactions_get(channel=HOME, timestamp=ts)))["error"] == "not_in_channel"
    await stage.act({"as": "folkmoot", "do": "join"})
    await stage.settle()
    assert [event["user"] for event in bot.events_of("member_joined_channel")] == [stage.bot.id]
    assert (await bot.api.reactions_get(channel=HOME, timestamp=ts))["ok"]


@on_stage()
async def test_a_private_channel_tells_of_itself_by_other_names(stage: Stage, bot: StageBot) -> None:
    stage.add_channel("inner-circle", private=True)
    await stage.act({"as": "ana", "do": "archive", "channel": "inner-circle"})
    await stage.act({"as": "ana", "do": "unarchive", "channel": "inner-circle"})
    await stage.act({"as": "folkmoot", "do": "leave", "channel": "inner-circle"})
    await stage.settle()
    told = {event["type"] for event in bot.events}
    assert {"group_archive", "group_unarchive", "group_left"} <= told


@on_both()
async def test_with_a_revoked_token_nothing_works_until_it_is_restored(stage: Stage, bot: StageBot) -> None:
    await stage.access.revoke_token()
    assert (await error_of(bot.api.auth_test()))["error"] == "token_revoked"
    assert (await error_of(bot.api.chat_postMessage(channel=HOME, text="x")))["error"] == "token_revoked"
    await stage.act({"as": "ana", "do": "say", "text": "unheard"})
    with pytest.raises(ActFailed, match="/topic is not a valid command"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    await stage.access.restore_token()
    await stage.act({"as": "ana", "do": "say", "text": "heard"})
    await stage.settle()
    assert (await bot.api.auth_test())["ok"]
    assert [event["type"] for event in bot.events] == ["tokens_revoked", "message"]


def test_scopes_may_be_withheld_and_given_back(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        "oauth_config: {scopes: {bot: [chat:write, reactions:read]}}\n"
        "settings: {event_subscriptions: {bot_events: [reaction_added]}}\n"
    )

    @on_stage(manifest=manifest)
    async def scene(stage: Stage, bot: StageBot) -> None:
        ts = (await bot.api.chat_postMessage(channel=HOME, text="ballot"))["ts"]
        stage.access.withhold_scopes("reactions:read")
        await stage.act({"as": "ana", "do": "react", "on": ts, "emoji": "+1"})
        refused = await error_of(bot.api.reactions_get(channel=HOME, timestamp=ts))
        assert (refused["error"], refused["provided"]) == ("missing_scope", "chat:write")
        stage.access.grant_scopes("reactions:read")
        await stage.act({"as": "ben", "do": "react", "on": ts, "emoji": "+1"})
        await stage.settle()
        assert [event["user"] for event in bot.events] == ["U0BEN"]
        assert (await bot.api.reactions_get(channel=HOME, timestamp=ts))["ok"]

    scene()
