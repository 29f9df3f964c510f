"""All that stands behind the stage, for those who answer the bot or act for the people."""

from dataclasses import dataclass

from rehearsal.delivery.carrier import Carrier
from rehearsal.interactions.dialogs import Dialogs
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import Manifest
from rehearsal.workspace import Workspace


@dataclass
class Backstage:
    workspace: Workspace
    manifest: Manifest
    carrier: Carrier
    triggers: Triggers
    responses: ResponseUrls
    dialogs: Dialogs
    bot_token: str
    app_token: str
