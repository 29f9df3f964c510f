"""`folkmoot rehearse`: a stand-in Slack, the bot as a process of its own exactly as in production, and a play."""

from pathlib import Path
from typing import Annotated

import typer

FOLLOWABLE = 40.0
"""Times real time: the three hours of the Kata play in four and a half minutes."""


def rehearse(
    play: Annotated[str, typer.Option(help="A play's name, a YAML file, or a plain meeting log.")] = "kata-ptg-2021",
    speed: Annotated[str, typer.Option(help="Times real time, or max.")] = f"{FOLLOWABLE:g}",
    port: Annotated[int, typer.Option(help="Where the page is, on 127.0.0.1.")] = 8420,
    no_page: Annotated[bool, typer.Option("--no-page", help="Play to the end, write the results and exit.")] = False,
    out: Annotated[Path, typer.Option(help="Where recap.md, channel.json and folkmoot.db go.")] = Path("rehearsal-out"),
    faults: Annotated[
        Path | None, typer.Option(help="A YAML list of what is to go wrong.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Play a gathering against a stand-in Slack on this machine. Nothing leaves it."""
    # Whoever runs the bot does not wait until a whole rehearsal is loaded.
    from bot.cli.staging import hold

    hold(play, speed, port=port, page=not no_page, out=out, faults=faults)
