"""Slash commands."""

from rehearsal.backstage import Backstage
from rehearsal.composer import composed
from rehearsal.delivery.carrier import NotAnswered
from rehearsal.interactions.responses import ResponseRefused
from rehearsal.manifest import SlashCommand
from rehearsal.messages import Message
from rehearsal.people import Channel, Person
from rehearsal.wire import Json

SLACKBOT = "USLACKBOT"
_CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}


class CommandFailed(Exception):
    """The sentence that Slack shows to the person instead of an answer."""


async def run_command(stage: Backstage, person: Person, channel: Channel, typed: str) -> Message | None:
    """Send a command as typed and show its answer; the message that was the answer, if there was one."""
    name, _, text = typed.strip().partition(" ")
    command = stage.manifest.command(name)
    if command is None or not stage.installed or not stage.manifest.grants("commands"):
        raise _failed(stage, person, channel, f"{name} is not a valid command.")
    payload = _payload(stage, person, channel, command, text.strip())
    try:
        answer = await stage.dispatch.ask("slash_commands", payload)
        return stage.responses.answer(channel, person.id, answer) if answer else None
    except (NotAnswered, ResponseRefused) as problem:
        raise _failed(stage, person, channel, f'{name} failed with the error "{problem}"') from None


def _payload(stage: Backstage, person: Person, channel: Channel, command: SlashCommand, text: str) -> Json:
    workspace = stage.workspace
    return {
        "token": "deprecated",
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": _CHANNEL_NAMES.get(channel.kind, channel.name),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command.command,
        "text": composed(workspace, text, broadcasts=False) if command.should_escape else text,
        "api_app_id": workspace.team.app_id,
        "is_enterprise_install": "false",
        "response_url": stage.responses.new(channel, person.id),
        "trigger_id": stage.new_trigger(person),
    }


def _failed(stage: Backstage, person: Person, channel: Channel, sentence: str) -> CommandFailed:
    stage.workspace.whisper(channel, person.id, SLACKBOT, sentence)
    return CommandFailed(sentence)
