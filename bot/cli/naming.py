"""`folkmoot manifest` and `folkmoot commands`: the app, and what people type in it, by the names in force."""

import json
import os
import sys
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.reading import fail
from bot.cli.running import load_environment
from bot.command_names import CommandNames
from bot.manifest import manifest as app_manifest
from bot.manifest import public_address
from bot.render.usage import usage_lines
from bot.settings import SettingsWrong, command_names

HEAD = "# The Slack app, as `folkmoot manifest` writes it; what each line is for stands in bot/manifest.py.\n"


def manifest(
    url: Annotated[str | None, typer.Option(help="The bot's public https:// address: Slack calls it there.")] = None,
    commands_prefix: Annotated[
        str | None, typer.Option(help="What every command's name begins with, such as ptg-; else COMMANDS_PREFIX.")
    ] = None,
    socket: Annotated[
        bool, typer.Option("--socket", help="Socket Mode: the default, and the same beside --url.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="As JSON instead of YAML.")] = False,
) -> None:
    """Write the manifest from which Slack makes the app. The commands are called as the settings say."""
    address = None if url is None else public_address(url)
    if url is not None and address is None:
        fail("--url takes the address at which Slack reaches the bot, such as https://moot.example.org.")
    names = _names(commands_prefix)
    if names != _names(None):
        sys.stderr.write(f"Set COMMANDS_PREFIX={commands_prefix} for the bot too: it answers to these names alone.\n")
    written = app_manifest(names, url=address, socket=socket or address is None)
    sys.stdout.write(json.dumps(written, indent=2) + "\n" if json_ else as_yaml(written))


def commands() -> None:
    """List what people type, by the names that the settings give the commands."""
    load_environment()
    table = Table("What to type", "What it does")
    for typed, does in usage_lines("all", _names(None)):
        table.add_row(Text(typed), Text(does))
    Console().print(table)


def as_yaml(written: dict[str, Any]) -> str:
    return HEAD + yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000)


class _Dumper(yaml.SafeDumper):
    """YAML as people write it here: lists are indented, and what needs quotes has double ones."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if style == "'" else style


def _names(prefix: str | None) -> CommandNames:
    load_environment()
    try:
        return command_names(os.environ, prefix)
    except SettingsWrong as wrong:
        fail("\n".join(wrong.problems))
