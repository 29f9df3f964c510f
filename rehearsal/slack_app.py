"""The app of a stage: its secrets, the way to it, and whatever else its workspaces have in common."""

from dataclasses import dataclass

from rehearsal.agenda import Agenda
from rehearsal.clock import PlayClock
from rehearsal.delivery.carrier import Carrier
from rehearsal.faults.deliveries import Dispatch
from rehearsal.faults.desk import FaultDesk
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import Manifest
from rehearsal.oauth.codes import Codes
from rehearsal.wire import Ids
from rehearsal.workspace import Workspace


@dataclass
class SlackApp:
    """One app id, one signing secret, one way of delivery; `dispatch` takes deliveries past the fault rules to it.

    `workspaces` are all that there are, by their ids, whether or not the app is installed there.
    """

    id: str
    manifest: Manifest
    clock: PlayClock
    ids: Ids
    agenda: Agenda
    faults: FaultDesk
    carrier: Carrier
    dispatch: Dispatch
    triggers: Triggers
    codes: Codes
    workspaces: dict[str, Workspace]
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str
