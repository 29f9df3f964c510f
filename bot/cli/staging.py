"""Holding a rehearsal: the stage, the bot as a process of its own, and what they leave behind."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import typer

from bot.cli.reading import all_records, fail
from bot.render.recap import recap_book
from bot.settings import VARIABLES
from rehearsal.faults import FaultPlan, PlanError, load_plan
from rehearsal.play import Play, PlayError, load_play
from rehearsal.player import perform
from rehearsal.server import NotSettled, Stage

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
STOP_WITHIN = 5


def hold(play: str, speed: str, *, port: int, page: bool, out: Path, faults: Path | None) -> None:
    """Play a gathering; `speed` is times real time, or max. What is in the way is told, and ends the program."""
    try:
        _clear(out)
        plan = load_plan(faults) if faults else None
        door = port if page else 0
        asyncio.run(_rehearse(load_play(play), _speed(speed), door, out.absolute(), page=page, faults=plan))
    except (PlanError, PlayError, NotSettled) as problem:
        fail(str(problem))
    except TimeoutError:  # an OSError too, that says nothing
        fail("The rehearsal did not get on in time. Is this machine very busy? Try it again.")
    except OSError as problem:
        fail(f"The rehearsal could not start: {problem.strerror}. Is port {port} taken? Choose another with --port.")


def _clear(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for left_over in out.glob("folkmoot.db*"):
        left_over.unlink()


async def _rehearse(
    play: Play, speed: float | None, port: int, out: Path, *, page: bool, faults: FaultPlan | None
) -> None:
    database, told_to_stop = out / "folkmoot.db", _told_to_stop()
    stage = await Stage.start(play, port=port, manifest=MANIFEST, page=page, faults=faults)
    try:
        async with _bot(stage, database, out / "bot.log") as bot:
            await stage.wait_for_bot()
            if page:
                typer.echo(f"Open {stage.url} in a browser. Stop with Ctrl-C.")
            await _play_or_fall(stage, play, speed, bot, out / "bot.log", told_to_stop)
            _write_channel(stage, out)
            if faults:
                _tell_faults(stage)
            if page:
                await stage.set_rate(1)
                typer.echo("The play is over; the page stays. Act as anyone in it. Stop with Ctrl-C.")
                await told_to_stop.wait()
    finally:
        await stage.close()
    (out / "recap.md").write_bytes(recap_book(all_records(f"sqlite:///{database}")))
    typer.echo(f"The recap is in {out / 'recap.md'}.")


@asynccontextmanager
async def _bot(stage: Stage, database: Path, log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in its own process. It runs in the results' folder, so that nobody's own `.env` reaches it."""
    ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment = ours | stage.bot_environment() | {"DATABASE_URL": f"sqlite:///{database}"}
    with log.open("wb") as written:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, cwd=log.parent, stdout=written, stderr=written
        )
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.send_signal(signal.SIGTERM)
            await asyncio.wait_for(bot.wait(), STOP_WITHIN)


async def _play_or_fall(
    stage: Stage,
    play: Play,
    speed: float | None,
    bot: asyncio.subprocess.Process,
    log: Path,
    told_to_stop: asyncio.Event,
) -> None:
    """Perform the play; a bot that ends meanwhile, or somebody who stops it, ends the rehearsal."""
    playing = asyncio.ensure_future(perform(stage, play, speed=speed))
    fallen = asyncio.ensure_future(bot.wait())
    stopped = asyncio.ensure_future(told_to_stop.wait())
    await asyncio.wait({playing, fallen, stopped}, return_when=asyncio.FIRST_COMPLETED)
    for other in (fallen, stopped):
        other.cancel()
    if not playing.done():
        playing.cancel()
        raise PlayError(
            "The rehearsal was stopped before the play was over."
            if told_to_stop.is_set()
            else f"The bot ended with status {bot.returncode}; its log is {log}."
        )
    await playing


def _told_to_stop() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM, so that the bot's process is never left behind."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told


def _write_channel(stage: Stage, out: Path) -> None:
    messages = stage.channel_export()
    (out / "channel.json").write_text(json.dumps(messages, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _tell_faults(stage: Stage) -> None:
    """What went wrong how often, and the seed with which it does so again."""
    report = stage.faults.report()
    for each in report["rules"]:
        rule = " ".join(f"{name}={value}" for name, value in each["rule"].items() if name != "fault")
        typer.echo(f"Fault {each['rule']['fault']} {rule}: {each['fired']} of {each['matched']}.")
    typer.echo(f"Their seed: {report['seed']}.")


def _speed(given: str) -> float | None:
    if given == "max":
        return None
    try:
        speed = float(given)
    except ValueError:
        speed = 0
    if not 0 < speed <= 100_000:
        fail("--speed takes a number above 0, such as 40, or max.")
    return speed
