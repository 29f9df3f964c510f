"""The command line: `folkmoot run`, and commands that read what is stored."""

import typer

from bot.cli import reading, recounting, rehearsing, running

app = typer.Typer(
    name="folkmoot",
    help="Keeps the minutes of open gatherings in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals hold tokens
)
app.command("run")(running.run)
app.command("rehearse")(rehearsing.rehearse)
app.command("sessions")(reading.sessions)
app.command("recap")(reading.recap)
app.command("proposals")(reading.proposals)
app.command("recount")(recounting.recount)
