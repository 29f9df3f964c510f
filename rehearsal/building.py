"""Putting together what stands behind the stage."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rehearsal.agenda import Agenda
from rehearsal.backstage import Backstage
from rehearsal.delivery.carrier import Carrier
from rehearsal.delivery.signed_http import SignedHttp
from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.faults.deliveries import Dispatch
from rehearsal.faults.desk import FaultDesk
from rehearsal.faults.plan import FaultPlan, load_plan
from rehearsal.interactions.dialogs import Dialogs
from rehearsal.interactions.homes import Homes
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import Manifest, load_manifest
from rehearsal.oauth.codes import Codes
from rehearsal.people import Channel
from rehearsal.play import Play
from rehearsal.scenery import set_scene
from rehearsal.slack_app import SlackApp
from rehearsal.workspace import Workspace

Delivery = Literal["socket", "http"]


def build(
    play: Play | None,
    *,
    manifest: Path | None,
    redirect_urls: Sequence[str],
    delivery: Delivery,
    request_url: str | Sequence[str] | None,
    rate: float,
    retry_delays: tuple[float, ...],
    patience_s: float,
    faults: FaultPlan | Path | None,
) -> tuple[Backstage, Channel]:
    """Everything for a play, or for the tests' small workspace, and its home channel. Raises `PlanError`."""
    plan = load_plan(faults) if isinstance(faults, Path) else faults or FaultPlan()
    read = load_manifest(manifest)
    app_manifest = replace(read, redirect_urls=(*read.redirect_urls, *redirect_urls))
    workspace, home = set_scene(play, app_manifest, rate)
    agenda, secret = Agenda(workspace.clock), secrets.token_hex(16)
    if delivery == "socket":
        carrier: Carrier = SocketMode(retry_delays, agenda, patience_s, workspace.team.app_id)
    elif request_url:
        urls = (request_url,) if isinstance(request_url, str) else tuple(request_url)
        carrier = SignedHttp(retry_delays, agenda, patience_s, urls, secret)
    else:
        raise ValueError("HTTP delivery needs the bot's request_url")
    desk = FaultDesk(workspace.clock, plan.seed)
    backstage = behind(workspace, _app(workspace, app_manifest, agenda, desk, carrier, secret, patience_s))
    for rule in plan.rules:
        desk.add(rule)
    return backstage, home


def _app(
    workspace: Workspace,
    manifest: Manifest,
    agenda: Agenda,
    desk: FaultDesk,
    carrier: Carrier,
    signing_secret: str,
    patience_s: float,
) -> SlackApp:
    ids, workspaces = workspace.ids, dict[str, Workspace]()
    triggers = Triggers(ids, patience_s)
    return SlackApp(
        workspace.team.app_id,
        manifest,
        workspace.clock,
        ids,
        agenda,
        desk,
        carrier,
        Dispatch(workspaces, carrier, triggers, agenda, desk, ids),
        triggers,
        Codes(workspace.clock),
        workspaces,
        app_token=f"xapp-rehearsal-{secrets.token_hex(12)}",
        signing_secret=signing_secret,
        client_id=f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}",
        client_secret=secrets.token_hex(16),
    )


def behind(workspace: Workspace, app: SlackApp) -> Backstage:
    """What stands behind a workspace, in which the app is not installed yet."""
    app.workspaces[workspace.team.id] = workspace
    return Backstage(app, workspace, app.manifest, ResponseUrls(workspace), Dialogs(workspace), Homes(workspace))
