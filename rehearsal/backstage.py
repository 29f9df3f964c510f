"""All that stands behind the stage, for those who answer the bot or act for the people."""

from dataclasses import dataclass

from rehearsal.agenda import Agenda
from rehearsal.delivery.carrier import Carrier
from rehearsal.faults.deliveries import Dispatch
from rehearsal.faults.desk import FaultDesk
from rehearsal.interactions.dialogs import Dialogs
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import Manifest
from rehearsal.workspace import Workspace


@dataclass
class Backstage:
    """`dispatch` takes what is delivered past the fault rules to the carrier; `revoked` is the bot's token."""

    workspace: Workspace
    manifest: Manifest
    agenda: Agenda
    faults: FaultDesk
    carrier: Carrier
    dispatch: Dispatch
    triggers: Triggers
    responses: ResponseUrls
    dialogs: Dialogs
    bot_token: str
    app_token: str
    signing_secret: str
    revoked: bool = False
