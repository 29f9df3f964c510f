"""Fault plans in files, faults ordered over HTTP, and what is reported of them."""

from pathlib import Path
from typing import Any

import pytest
from stage_bot import HOME, StageBot, error_of, on_stage, run, send
from typer.testing import CliRunner

from bot.cli.commands import app
from rehearsal.faults import FaultPlan, PlanError, Rule, load_plan
from rehearsal.server import Stage

PLAN = """\
seed: 11
rules:
- fault: drop
  event: reaction_added
  by: ben
  emoji: +1
  nth: [1, 2]
- fault: delay
  event: message
  seconds: 2.5
  probability: 0.5
- fault: slow
  method: chat.*
  seconds: 1
  real: true
- fault: disconnect
  at: +0:10
  meanwhile: lost
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "faults.yaml"
    path.write_text(text)
    return path


def test_a_plan_is_read_from_yaml(tmp_path: Path) -> None:
    assert load_plan(written(tmp_path, PLAN)) == FaultPlan(
        (
            Rule("drop", event="reaction_added", by="ben", emoji="+1", nth=(1, 2)),
            Rule("delay", event="message", seconds=2.5, probability=0.5),
            Rule("slow", method="chat.*", seconds=1, real=True),
            Rule("disconnect", at="+0:10", meanwhile="lost"),
        ),
        seed=11,
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- fault: explode", "rule 1: There is no fault 'explode'; there are: drop, double,"),
        ("- fault: drop\n- event: message", "rule 2: A rule is a mapping that names a fault."),
        ("- fault: drop\n  method: chat.update", "drop does not take method."),
        ("- fault: error\n  by: ana", "error does not take by."),
        ("- fault: drop\n  colour: red", "A rule has no colour."),
        ("- fault: delay", "delay: say how many seconds."),
        ("- fault: delay\n  seconds: soon", "seconds is a number, not 'soon'."),
        ("- fault: wrong_clock", "wrong_clock: say how many seconds."),
        ("- fault: drop\n  probability: 2", "a probability is above 0 and at most 1"),
        ("- fault: drop\n  emoji: thumsup", "there is no emoji thumsup"),
        ("- fault: reorder\n  order: odd", "the order is reversed or shuffled"),
        ("- fault: slow\n  seconds: 1\n  real: 1", "real is true or false"),
        ("seed: x\nrules: []", "the seed is a number"),
        ("hello", "a plan is a list of rules"),
        ("{", "faults.yaml: "),
    ],
)
def test_a_plan_that_makes_no_sense_says_where(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PlanError) as wrong:
        load_plan(written(tmp_path, text))
    assert sentence in str(wrong.value)


def test_a_stage_takes_its_faults_from_a_file(tmp_path: Path) -> None:
    plan = written(tmp_path, "- fault: drop\n  by: ana\n")

    @on_stage(faults=plan)
    async def scene(stage: Stage, bot: StageBot) -> None:
        await stage.act({"as": "ana", "do": "say", "text": "hello"})
        await stage.act({"as": "ben", "do": "say", "text": "hello"})
        await stage.settle()
        assert [event["user"] for event in bot.events] == ["U0BEN"]

    scene()


def test_a_time_that_is_none_is_refused_at_the_start() -> None:
    async def scene() -> None:
        with pytest.raises(PlanError, match="'soon' is no time"):
            await Stage.start(faults=FaultPlan((Rule("drop", after="soon"),)))

    run(scene())


def test_the_command_line_says_what_is_wrong_with_a_plan_before_anything_starts(tmp_path: Path) -> None:
    plan = written(tmp_path, "- fault: explode")
    order = ["rehearse", "--no-page", "--out", str(tmp_path / "out"), "--faults"]
    wrong = CliRunner().invoke(app, [*order, str(plan)])
    assert (wrong.exit_code, wrong.stderr.split(";")[0]) == (1, "faults.yaml: rule 1: There is no fault 'explode'")
    assert CliRunner().invoke(app, [*order, str(tmp_path / "none.yaml")]).exit_code == 2


async def faults(stage: Stage, **order: Any) -> tuple[int, Any]:
    return await send(f"{stage.url}/stage/faults", "POST", json=order)


@on_stage()
async def test_faults_are_ordered_released_and_reported_over_http(stage: Stage, bot: StageBot) -> None:
    hold = {"fault": "hold", "event": "message", "by": "ana"}
    assert await faults(stage, add=hold) == (200, {"ok": True, "numbers": [1]})
    assert (await faults(stage, add=[{"fault": "drop", "by": "ben"}, {"fault": "error"}]))[1]["numbers"] == [2, 3]
    await stage.act({"as": "ana", "do": "say", "text": "hello"})
    await stage.act({"as": "ben", "do": "say", "text": "hello"})
    await stage.settle()
    assert bot.deliveries == []
    status, report = await send(f"{stage.url}/stage/faults")
    assert status == 200
    assert report["seed"] == stage.faults.seed
    assert report["rules"][0] == {"number": 1, "rule": hold, "matched": 1, "fired": 1, "kept": 1, "lifted": False}
    assert (await faults(stage, release=1))[0] == 200
    await stage.settle()
    assert [event["user"] for event in bot.events] == ["U0ANA"]
    assert not (await error_of(bot.api.auth_test()))["ok"]
    assert (await faults(stage, clear=True))[0] == 200
    assert (await bot.api.auth_test())["ok"]


@on_stage()
async def test_orders_that_make_no_sense_are_refused_with_a_sentence(stage: Stage, bot: StageBot) -> None:
    assert await faults(stage, add={"fault": "explode"}) == (400, await said(stage, add={"fault": "explode"}))
    assert "There is no fault 'explode'" in (await said(stage, add={"fault": "explode"}))["error"]
    assert (await said(stage))["error"] == "Give one of add, clear, release."
    assert (await send(f"{stage.url}/stage/access", "POST", json={"scope": "x"}))[0] == 400


async def said(stage: Stage, **order: Any) -> dict[str, Any]:
    status, answer = await faults(stage, **order)
    assert status == 400
    assert isinstance(answer, dict)
    return answer


@on_stage()
async def test_access_and_the_bots_clock_are_changed_over_http(stage: Stage, bot: StageBot) -> None:
    access = f"{stage.url}/stage/access"
    await send(access, "POST", json={"revoked": True})
    assert (await error_of(bot.api.auth_test()))["error"] == "token_revoked"
    await send(access, "POST", json={"revoked": False, "withhold": ["chat:write"]})
    assert (await error_of(bot.api.chat_postMessage(channel=HOME, text="x")))["error"] == "missing_scope"
    await send(access, "POST", json={"grant": ["chat:write"]})
    assert (await bot.api.chat_postMessage(channel=HOME, text="x"))["ok"]
    await send(f"{stage.url}/stage/clock", "POST", json={"skew_s": 3600})
    assert bot.frames[-1]["now_us"] == stage.now_us + 3_600_000_000


@on_stage()
async def test_a_seed_that_was_drawn_is_told_as_soon_as_chance_has_a_part(stage: Stage, bot: StageBot) -> None:
    with pytest.MonkeyPatch.context() as patch:
        told: list[str] = []
        patch.setattr("rehearsal.faults.desk.log.warning", lambda line, *values: told.append(line % values))
        stage.faults.add("drop", by="ana")
        assert told == []
        stage.faults.add("drop", by="ana", probability=0.5)
        assert told == [f"Faults by chance: their seed is {stage.faults.seed}."]
