"""Who is let in, and what the page gets."""

import asyncio
import json
from typing import Any

import aiohttp
from stage_bot import HOME, Json, StageBot, on_stage, send

from rehearsal.server import Stage


async def act(stage: Stage, act: Json, **headers: str) -> tuple[int, Any]:
    return await send(f"{stage.url}/stage/act", "POST", json=act, headers=headers)


HELLO = {"as": "ana", "do": "say", "text": "hello"}


@on_stage()
async def test_only_this_machine_by_its_own_name_is_let_in(stage: Stage, bot: StageBot) -> None:
    rebound = await send(f"{stage.url}/stage/state", headers={"Host": "evil.example:80"})
    assert rebound[0] == 403
    assert (await act(stage, HELLO, Origin="https://evil.example"))[0] == 403
    assert (await act(stage, HELLO, Origin="null"))[0] == 403
    form = await send(f"{stage.url}/stage/act", "POST", data=json.dumps(HELLO))
    assert form == (400, {"ok": False, "error": "Send JSON."})
    assert stage.messages() == []
    assert (await act(stage, HELLO, Origin=stage.url))[0] == 200


@on_stage(page=True)
async def test_the_page_may_load_nothing_from_elsewhere(stage: Stage, bot: StageBot) -> None:
    async with aiohttp.ClientSession() as session, session.get(stage.url) as page:
        assert page.status == 200
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert page.content_type == "text/html"
    for name in ("..%2Fserver.py", "server.py", "%2e%2e/plays", "none.js"):
        assert (await send(f"{stage.url}/static/{name}"))[0] == 404


@on_stage()
async def test_without_the_page_there_is_none(stage: Stage, bot: StageBot) -> None:
    assert (await send(stage.url))[0] == 404


@on_stage()
async def test_the_page_learns_what_there_is(stage: Stage, bot: StageBot) -> None:
    _, state = await send(f"{stage.url}/stage/state")
    assert state["team"] == {"id": "T0TEST", "name": "Testville"}
    assert state["you_can_act_as"][0]["name"] == "ana"
    assert state["bot"]["id"] == stage.bot.id
    assert state["channels"][0] == {"id": HOME, "name": "general-moot", "topic": ""}
    assert state["clock"] == {"now_us": stage.now_us, "rate": 0}
    assert state["play"]["state"] == "idle"


@on_stage()
async def test_the_page_acts_and_sees_what_that_person_sees(stage: Stage, bot: StageBot) -> None:
    assert (await act(stage, HELLO))[1]["ok"]
    await bot.api.chat_postEphemeral(channel=HOME, user="U0ANA", text="only you")
    seen = await send(f"{stage.url}/stage/channels/{HOME}/messages?as=U0ANA")
    others = await send(f"{stage.url}/stage/channels/{HOME}/messages?as=ben")
    assert [message["text"] for message in seen[1]["messages"]] == ["hello", "only you"]
    assert [message["text"] for message in others[1]["messages"]] == ["hello"]
    refused = await act(stage, {**HELLO, "as": "zoe"})
    assert refused == (400, {"ok": False, "error": "There is nobody called 'zoe'."})
    exported = await send(f"{stage.url}/stage/channel.json")
    assert [message["text"] for message in exported[1]] == ["hello"]
    private = await send(f"{stage.url}/stage/channels/@folkmoot/messages?as=ana")
    assert private[1] == {"messages": [], "channel": "D0ANA"}
    assert await send(f"{stage.url}/stage/views?as=ana") == (200, {"view": None, "errors": {}})


@on_stage()
async def test_the_page_adds_people_and_moves_the_clock(stage: Stage, bot: StageBot) -> None:
    eve = {"handle": "eve", "name": "Eve Adams", "tz": "Europe/Paris"}
    assert (await send(f"{stage.url}/stage/people", "POST", json=eve))[1] == {"ok": True, "id": "U0EVE"}
    again = await send(f"{stage.url}/stage/people", "POST", json=eve)
    assert again == (400, {"ok": False, "error": "there is already somebody called eve"})
    before = stage.now_us
    moved = await send(f"{stage.url}/stage/clock", "POST", json={"advance_s": 90})
    assert moved == (200, {"now_us": before + 90_000_000})
    refused = await send(f"{stage.url}/stage/clock", "POST", json={"rate": "fast"})
    assert refused[0] == 400
    settled = await send(f"{stage.url}/stage/settle", "POST", json={})
    assert settled == (200, {"now_us": before + 90_000_000, "next_due_us": None})


@on_stage()
async def test_every_change_that_can_be_seen_is_told_to_the_page(stage: Stage, bot: StageBot) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{stage.url}/stage/stream") as stream,
    ):
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        said = await stage.act(HELLO)
        await stage.act({"as": "ben", "do": "react", "on": "hello", "emoji": "+1"})
        await stage.act({"as": "ben", "do": "say", "text": "reply", "thread": "hello"})
        await bot.api.chat_postEphemeral(channel=HOME, user="U0ANA", text="only you")
        await stage.advance_to(stage.now_us + 1_000_000)
        notices = [await next_notice(stream) for _ in range(6)]
    kinds = [notice["type"] for notice in notices]
    assert kinds == ["message", "reactions", "message", "message_changed", "ephemeral", "clock"]
    assert notices[1]["message"]["reactions"][0]["count"] == 1
    assert (notices[3]["ts"], notices[3]["message"]["reply_count"]) == (said["ts"], 1)
    assert notices[4]["as"] == "U0ANA"


async def next_notice(stream: aiohttp.ClientResponse) -> Json:
    line = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), timeout=5)
    notice: Json = json.loads(line.removeprefix(b"data: "))
    return notice
