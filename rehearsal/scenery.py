"""The workspaces as they are when the curtain rises: that of a play, or a small one for tests, and a second one."""

from datetime import UTC, datetime

from rehearsal.clock import PlayClock, Timestamps
from rehearsal.manifest import Manifest
from rehearsal.people import Channel
from rehearsal.playbook import Play, Role
from rehearsal.wire import SECOND, id_part
from rehearsal.workspace import Team, Workspace

_TEST_START_US = int(datetime(2026, 4, 14, 13, tzinfo=UTC).timestamp()) * SECOND
_TEST_TEAM = Team("T0TEST", "Testville", "testville")
_TEST_PEOPLE = (
    Role("ana", "Ana Ruiz", "Europe/Madrid"),
    Role("ben", "Ben Ortega", "America/New_York"),
    Role("chen", "Chen Wei", "Asia/Shanghai"),
    Role("dia", "Dia Sharma", "Asia/Kolkata"),
)
_OTHER_PEOPLE = (
    Role("ana", "Ana Lindqvist", "Europe/Stockholm"),
    Role("eva", "Eva Novak", "Europe/Prague"),
    Role("finn", "Finn Byrne", "Europe/Dublin"),
)
_OTHER_HOME = "town-hall"


def set_scene(play: Play | None, manifest: Manifest, rate: float) -> tuple[Workspace, Channel]:
    """The workspace and its home channel."""
    return _test_scene(manifest, rate) if play is None else _scene_of(play, manifest, rate)


def set_another_scene(
    name: str, first: Workspace, first_home: Channel, manifest: Manifest, *, alike: bool
) -> tuple[Workspace, Channel]:
    """A second workspace of other people, and its home channel.

    `alike`: whoever and whatever has the same name, the bot and the home channel have the ids that they have in the
    first workspace, and timestamps are given anew, so that messages of the two can have the same one.
    """
    part = id_part(name)
    mark = "" if alike else part
    team = Team(f"T0{part}", name, name.lower().replace(" ", "-"))
    workspace = Workspace(team, first.clock, url=first.url, ids=first.ids, mark=mark)
    if alike:
        workspace.stamps = Timestamps(first.clock)
    people = _enter(workspace, manifest, _OTHER_PEOPLE)
    home = first_home.id if alike else workspace.channel_id(_OTHER_HOME)
    return workspace, workspace.add_channel(home, _OTHER_HOME, "channel", [*people, workspace.bot.id])


def _test_scene(manifest: Manifest, rate: float) -> tuple[Workspace, Channel]:
    workspace = Workspace(_TEST_TEAM, PlayClock(_TEST_START_US, rate))
    people = _enter(workspace, manifest, _TEST_PEOPLE)
    home = workspace.add_channel("C0MOOT", "general-moot", "channel", [*people, workspace.bot.id])
    workspace.add_channel("C0OTHER", "other", "channel", people)
    return workspace, home


def _scene_of(play: Play, manifest: Manifest, rate: float) -> tuple[Workspace, Channel]:
    team = Team(f"T0{id_part(play.domain)}", play.workspace, play.domain)
    workspace = Workspace(team, PlayClock(play.start_us, rate))
    people = _enter(workspace, manifest, play.people)
    members = [*people, workspace.bot.id]
    channels = [workspace.add_channel(f"C0{id_part(name)}", name, "channel", list(members)) for name in play.channels]
    return workspace, channels[0]


def _enter(workspace: Workspace, manifest: Manifest, roles: tuple[Role, ...]) -> list[str]:
    workspace.add_bot(manifest.bot_name, manifest.app_name)
    people = [workspace.add_person(role.handle, role.name, role.tz, is_bot=role.is_bot) for role in roles]
    return [person.id for person in people]
