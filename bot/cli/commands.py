"""The command line: `folkmoot run`, and commands that read, copy or erase what is stored."""

import typer

from bot.cli import backing_up, checking, doctoring, forgetting, keys, naming, reading, recounting, rehearsing, running

app = typer.Typer(
    name="folkmoot",
    help="Keeps the minutes of open gatherings in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals hold tokens
)
app.command("run")(running.run)
app.command("web")(running.web)
app.command("worker")(running.worker)
app.command("upgrade")(running.upgrade)
app.command("manifest")(naming.manifest)
app.command("commands")(naming.commands)
app.command("doctor")(doctoring.doctor)
app.command("rehearse")(rehearsing.rehearse)
app.command("sessions")(reading.sessions)
app.command("recap")(reading.recap)
app.command("proposals")(reading.proposals)
app.command("recount")(recounting.recount)
app.command("check")(checking.check)
app.command("backup")(backing_up.backup)
app.command("forget")(forgetting.forget)
app.command("new-key")(keys.new_key)
app.command("rekey")(keys.rekey)
