"""All that stands behind a workspace, for those who answer the bot or act for the people."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rehearsal.agenda import Agenda
from rehearsal.delivery.carrier import Carrier
from rehearsal.faults.deliveries import Dispatch
from rehearsal.faults.desk import FaultDesk
from rehearsal.interactions.dialogs import Dialogs
from rehearsal.interactions.homes import Homes
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.manifest import Manifest
from rehearsal.people import Person
from rehearsal.slack_app import SlackApp
from rehearsal.workspace import Workspace


@dataclass
class Backstage:
    """`manifest` is what of the app's this workspace has granted; `bot_token` is empty where it is not installed.

    `refused` are tokens that are good no more, each with the error that a call with it gets.
    """

    app: SlackApp
    workspace: Workspace
    manifest: Manifest
    responses: ResponseUrls
    dialogs: Dialogs
    homes: Homes
    bot_token: str = ""
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        """Whether the app is there, with a token that works."""
        return bool(self.bot_token) and self.bot_token not in self.refused

    def new_trigger(self, person: Person) -> str:
        return self.app.triggers.new(self.workspace.team.id, person.id)

    def use_trigger(self, trigger_id: str) -> str:
        """The person whose trigger it is. Raises `TriggerRefused`."""
        return self.app.triggers.use(self.workspace.team.id, trigger_id)

    # What it shares with the other workspaces

    @property
    def agenda(self) -> Agenda:
        return self.app.agenda

    @property
    def faults(self) -> FaultDesk:
        return self.app.faults

    @property
    def carrier(self) -> Carrier:
        return self.app.carrier

    @property
    def dispatch(self) -> Dispatch:
        return self.app.dispatch

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret


class Backstages:
    """Those of all workspaces; the first is the stage's own."""

    def __init__(self, first: Backstage) -> None:
        self.first = first
        self._all = [first]

    def __iter__(self) -> Iterator[Backstage]:
        return iter(self._all)

    def add(self, stage: Backstage) -> None:
        self._all.append(stage)

    def of_token(self, token: str) -> Backstage | None:
        """Whose bot token it is, or was."""
        return next((each for each in self._all if token and token in (each.bot_token, *each.refused)), None)
