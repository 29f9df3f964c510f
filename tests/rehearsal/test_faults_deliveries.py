"""Deliveries that go wrong on purpose: lost, doubled, late, out of order, renamed; over both ways of delivery."""

import asyncio

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from stage_bot import (
    HOME,
    StageBot,
    actions,
    button,
    connected,
    error_of,
    on_both,
    on_stage,
    play_http_scene,
    run,
)

from rehearsal.faults import FaultPlan, Rule
from rehearsal.server import ActFailed, NotSettled, Stage

SECOND = 1_000_000


async def ballot(stage: Stage, bot: StageBot) -> str:
    """A message to react to; what came of posting it is forgotten."""
    posted = await bot.api.chat_postMessage(channel=HOME, text="ballot", blocks=[actions(button("Close now", "close"))])
    await stage.settle()
    bot.deliveries.clear()
    bot.retries.clear()
    return str(posted["ts"])


async def reacts(stage: Stage, who: str, emoji: str = "+1", do: str = "react") -> None:
    await stage.act({"as": who, "do": do, "on": "ballot", "emoji": emoji})
    await stage.settle()


async def passes(stage: Stage, seconds: float) -> None:
    await stage.advance_to(stage.now_us + round(seconds * SECOND))


def voters(bot: StageBot) -> list[str]:
    return [event["user"] for event in bot.events]


@on_both()
async def test_a_dropped_event_never_comes(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    rule = stage.faults.add("drop", event="reaction_added", by="ben")
    for who in ("ana", "ben", "chen"):
        await reacts(stage, who)
    await passes(stage, 3600)
    assert voters(bot) == ["U0ANA", "U0CHEN"]
    assert (rule.matched, rule.fired) == (1, 1)
    assert [lost["event"]["user"] for lost in stage.backstage.carrier.lost] == ["U0BEN"]


@on_both()
async def test_an_event_may_come_twice_with_the_same_id(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("double", emoji="+1", seconds=90)
    await reacts(stage, "ana")
    await reacts(stage, "ben", "-1")
    assert voters(bot) == ["U0ANA", "U0BEN"]
    await passes(stage, 89)
    assert len(bot.deliveries) == 2
    await passes(stage, 1)
    assert voters(bot) == ["U0ANA", "U0BEN", "U0ANA"]
    assert bot.deliveries[0] == bot.deliveries[2]


@on_both()
async def test_the_second_may_say_that_it_is_a_retry(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("double", retry=True)
    await reacts(stage, "ana")
    assert sorted(bot.retries) == [(0, ""), (1, stage.backstage.carrier.timed_out)]


@on_both()
async def test_a_retry_may_be_the_only_delivery(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("retry", seconds=60)
    await reacts(stage, "ana")
    assert bot.deliveries == []
    await passes(stage, 60)
    assert voters(bot) == ["U0ANA"]
    assert bot.retries == [(1, stage.backstage.carrier.timed_out)]


@on_both()
async def test_slack_connect_tells_the_same_again_in_another_envelope(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("connect_double")
    await reacts(stage, "ana")
    one, other = bot.deliveries
    assert one["event"] == other["event"]
    assert one["event_id"] != other["event_id"]
    assert sorted(body["is_ext_shared_channel"] for body in bot.deliveries) == [False, True]


@on_both()
async def test_a_delayed_event_comes_at_its_moment_of_play_time(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("delay", event="reaction_*", seconds=30)
    start = stage.now_us
    await reacts(stage, "ana")
    assert bot.deliveries == []
    assert stage.next_due_us == start + 30 * SECOND
    await passes(stage, 3600)
    assert voters(bot) == ["U0ANA"]
    assert start + 30 * SECOND in {frame["now_us"] for frame in bot.frames}
    assert bot.events[0]["event_ts"] < f"{start // SECOND + 1}"


@on_stage(rate=1000)
async def test_where_time_runs_a_delayed_event_comes_by_itself(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("delay", seconds=30)
    start = stage.now_us
    await reacts(stage, "ana")
    await stage.clock.until(start + 40 * SECOND)
    await stage.settle()
    assert voters(bot) == ["U0ANA"]


@on_both()
async def test_what_is_held_comes_in_order_when_it_is_released(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    rule = stage.faults.add("hold", event="reaction_added")
    await reacts(stage, "ana")
    await reacts(stage, "ana", do="unreact")
    await reacts(stage, "ben")
    await passes(stage, 3600)
    assert [event["type"] for event in bot.events] == ["reaction_removed"]
    assert len(rule.kept) == 2
    await stage.faults.release(rule)
    await stage.settle()
    await reacts(stage, "chen")
    assert voters(bot)[1:] == ["U0ANA", "U0BEN", "U0CHEN"]


@on_both()
async def test_two_events_may_change_places(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("swap", event="reaction_*", by="ana")
    await reacts(stage, "ana")
    await reacts(stage, "ben")
    await reacts(stage, "ana", do="unreact")
    told = [(event["user"], event["type"]) for event in bot.events]
    assert told == [("U0BEN", "reaction_added"), ("U0ANA", "reaction_removed"), ("U0ANA", "reaction_added")]


@on_both()
async def test_what_finds_nothing_to_change_places_with_comes_after_all(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("swap", seconds=20)
    await reacts(stage, "ana")
    assert voters(bot) == []
    await passes(stage, 20)
    assert voters(bot) == ["U0ANA"]


@on_both()
async def test_all_events_of_a_window_may_be_turned_round(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("reorder", seconds=10)
    for who in ("ana", "ben", "chen"):
        await reacts(stage, who)
    await passes(stage, 10)
    assert voters(bot) == ["U0CHEN", "U0BEN", "U0ANA"]


@on_stage()
async def test_events_may_call_an_emoji_by_its_alias(stage: Stage, bot: StageBot) -> None:
    ts = await ballot(stage, bot)
    stage.faults.add("alias", emoji="+1")
    stage.faults.add("alias", by="dia", to="thumbsup_all")
    for who, emoji in (("ana", "+1"), ("ben", "+1::skin-tone-3"), ("chen", "-1"), ("dia", "-1")):
        await reacts(stage, who, emoji)
    names = [event["reaction"] for event in bot.events]
    assert names == ["thumbsup", "thumbsup::skin-tone-3", "-1", "thumbsup_all"]
    held = (await bot.api.reactions_get(channel=HOME, timestamp=ts))["message"]["reactions"]
    assert [reaction["name"] for reaction in held] == ["+1", "+1::skin-tone-3", "-1"]


@on_stage()
async def test_a_click_on_a_group_of_tones_takes_them_all_back(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    await reacts(stage, "ana", "+1::skin-tone-2")
    await reacts(stage, "ana", "+1::skin-tone-5")
    await stage.act({"as": "ana", "do": "unreact", "on": "ballot", "emoji": "+1", "all_tones": True})
    await stage.settle()
    removed = [event["reaction"] for event in bot.events_of("reaction_removed")]
    assert removed == ["+1::skin-tone-2", "+1::skin-tone-5"]
    with pytest.raises(ActFailed, match="has not reacted with :\\+1:"):
        await stage.act({"as": "ana", "do": "unreact", "on": "ballot", "emoji": "+1", "all_tones": True})


@on_both()
async def test_a_late_command_has_timed_out_for_the_person_and_comes_all_the_same(stage: Stage, bot: StageBot) -> None:
    stage.faults.add("delay", command="/topic", seconds=5)
    with pytest.raises(ActFailed, match="operation_timeout"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    await stage.settle()
    assert bot.deliveries == []
    await passes(stage, 5)
    [command] = bot.deliveries
    assert (command["command"], command["user_id"]) == ("/topic", "U0ANA")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Too late"}, "blocks": []}
    refused = await error_of(bot.api.views_open(trigger_id=command["trigger_id"], view=view))
    assert refused["error"] == "expired_trigger_id"


@on_both()
async def test_a_command_may_come_twice_and_the_first_answer_counts(stage: Stage, bot: StageBot) -> None:
    async def number(body: dict[str, str]) -> dict[str, str]:
        return {"text": f"answer {len(bot.deliveries)}"}

    bot.answer = number
    stage.faults.add("double", command="/t*", times=1)
    done = await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    await stage.settle()
    await stage.act({"as": "ana", "do": "command", "text": "/topic y"})
    assert done["answer"]["text"] == "answer 1"
    assert [body["text"] for body in bot.deliveries] == ["x", "x", "y"]
    assert bot.deliveries[0]["trigger_id"] == bot.deliveries[1]["trigger_id"]
    assert [each["text"] for each in stage.messages(person="ana")] == ["answer 1", "answer 3"]


@on_both()
async def test_a_dropped_click_times_out(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("drop", action="close", by="ana")
    click = {"do": "click", "on": "ballot", "button": "Close now"}
    with pytest.raises(ActFailed, match="operation_timeout"):
        await stage.act({"as": "ana", **click})
    await stage.act({"as": "ben", **click})
    assert [body["user"]["id"] for body in bot.deliveries] == ["U0BEN"]


@on_stage()
async def test_rules_strike_the_nth_so_many_times_and_within_a_time(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    nth = stage.faults.add("drop", emoji="+1", nth=[1, 3])
    once = stage.faults.add("drop", emoji="-1", times=1)
    later = stage.faults.add("drop", emoji="tada", after="+0:01", until="+0:02:00")
    for who in ("ana", "ben", "chen", "dia"):
        await reacts(stage, who)
        await reacts(stage, who, "-1")
    assert [event["user"] for event in bot.events if event["reaction"] == "+1"] == ["U0BEN", "U0DIA"]
    assert [event["user"] for event in bot.events if event["reaction"] == "-1"] == ["U0BEN", "U0CHEN", "U0DIA"]
    for who in ("ana", "ben", "chen"):
        await reacts(stage, who, "tada")
        await passes(stage, 60)
    assert [event["user"] for event in bot.events if event["reaction"] == "tada"] == ["U0ANA", "U0CHEN"]
    assert (nth.fired, once.fired, later.fired) == (2, 1, 1)


@on_stage()
async def test_rules_follow_one_another(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("double", by="ana")
    stage.faults.add("delay", channel="general-moot", seconds=10)
    await reacts(stage, "ana")
    await passes(stage, 10)
    assert voters(bot) == ["U0ANA", "U0ANA"]


def test_the_same_seed_strikes_the_same_ones() -> None:
    heard: list[list[str]] = []

    @on_stage(faults=FaultPlan((Rule("drop", event="reaction_added", probability=0.5),), seed=7))
    async def scene(stage: Stage, bot: StageBot) -> None:
        voters = stage.crowd(20)
        await bot.api.chat_postMessage(channel=HOME, text="ballot")
        await stage.react_as([(who, "+1") for who in voters])
        await stage.settle()
        heard.append([event["user"] for event in bot.events_of("reaction_added")])
        assert stage.faults.report()["seed"] == 7

    scene()
    scene()
    assert heard[0] == heard[1]
    assert 2 < len(heard[0]) < 18


@on_stage()
async def test_events_of_an_outage_come_as_retries_when_the_bot_is_back(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("disconnect", by="ben", times=1, seconds=60)
    for who in ("ana", "ben", "chen"):
        await reacts(stage, who)
    assert voters(bot) == ["U0ANA"]
    back = asyncio.create_task(returns(stage, bot, stage.now_us + 60 * SECOND))
    await passes(stage, 60)
    await (await back).close()
    assert voters(bot) == ["U0ANA", "U0BEN", "U0CHEN"]
    assert bot.retries[1:] == [(1, "connection_failed"), (1, "connection_failed")]


async def returns(stage: Stage, bot: StageBot, at_us: int) -> SocketModeClient:
    """The bot connects again, once it can."""
    await stage.clock.until(at_us)
    return await connected(bot)


@on_stage()
async def test_a_frozen_connection_stays_open_and_is_dead(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    url = (await bot.api.apps_connections_open(app_token=bot.environment["SLACK_APP_TOKEN"]))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url, autoping=False) as socket:
        assert (await socket.receive_json(timeout=5))["type"] == "hello"
        await socket.ping(b"before")
        assert (await socket.receive(timeout=5)).data == b"before"
        stage.faults.add("freeze", event="reaction_added", by="ben", times=1)
        await stage.act({"as": "ben", "do": "react", "on": "ballot", "emoji": "+1"})
        with pytest.raises(ActFailed, match="dispatch_failed"):
            await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
        await socket.ping(b"after")
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.2)
        assert (socket.closed, voters(bot)) == (False, [])
        client = await connected(bot)
        await stage.settle()
        await client.close()
    assert voters(bot) == ["U0BEN"]
    assert bot.retries[-1] == (1, "connection_failed")


@on_both()
async def test_events_of_an_outage_may_be_lost_for_good(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("disconnect", at="+0:00:30", seconds=60, meanwhile="lost")
    await reacts(stage, "ana")
    await passes(stage, 30)
    await reacts(stage, "ben")
    with pytest.raises(ActFailed, match="dispatch_failed"):
        await stage.act({"as": "ana", "do": "command", "text": "/topic x"})
    assert voters(bot) == ["U0ANA"]
    assert len(stage.backstage.carrier.lost) == 1


@on_stage()
async def test_during_an_outage_nobody_can_connect_and_after_it_the_bot_is_waited_for(
    stage: Stage, bot: StageBot
) -> None:
    await ballot(stage, bot)
    stage.faults.add("disconnect", by="ana", seconds=60)
    await reacts(stage, "ana")
    with pytest.raises(NotSettled, match="takes no deliveries"):
        await stage.wait_for_bot(timeout=0.05)
    url = (await bot.api.apps_connections_open(app_token=bot.environment["SLACK_APP_TOKEN"]))["url"]
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await session.ws_connect(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rehearsal.settling.SETTLE_SECONDS", 0.1)
        with pytest.raises(NotSettled, match="deliveries \\(the bot's new connection\\)"):
            await passes(stage, 60)
    client = await connected(bot)
    await stage.settle()
    await client.close()
    assert voters(bot) == ["U0ANA"]


@on_stage()
async def test_slack_gives_up_on_an_outage_of_more_than_six_minutes(stage: Stage, bot: StageBot) -> None:
    await ballot(stage, bot)
    stage.faults.add("disconnect", by="ana", seconds=3600)
    await reacts(stage, "ana")
    await passes(stage, 60)
    await reacts(stage, "ben")
    await passes(stage, 300)
    assert [body["event"]["user"] for body in stage.backstage.carrier.lost] == ["U0ANA"]
    await passes(stage, 60)
    assert [body["event"]["user"] for body in stage.backstage.carrier.lost] == ["U0ANA", "U0BEN"]


def test_over_http_an_outage_ends_by_itself() -> None:
    async def scene(stage: Stage, bot: StageBot) -> None:
        await ballot(stage, bot)
        stage.faults.add("disconnect", by="ana", seconds=60, times=1)
        await reacts(stage, "ana")
        await passes(stage, 59)
        assert bot.deliveries == []
        await passes(stage, 1)
        assert voters(bot) == ["U0ANA"]
        assert bot.retries == [(1, "connection_failed")]

    run(play_http_scene(scene, {}))
