"""Putting together what stands behind the stage."""

import secrets
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
from rehearsal.interactions.responses import ResponseUrls
from rehearsal.interactions.triggers import Triggers
from rehearsal.manifest import load_manifest
from rehearsal.people import Channel
from rehearsal.play import Play
from rehearsal.scenery import set_scene

Delivery = Literal["socket", "http"]


def build(
    play: Play | None,
    *,
    manifest: Path | None,
    delivery: Delivery,
    request_url: str | None,
    rate: float,
    retry_delays: tuple[float, ...],
    faults: FaultPlan | Path | None,
) -> tuple[Backstage, Channel]:
    """Everything for a play, or for the tests' small workspace, and its home channel. Raises `PlanError`."""
    plan = load_plan(faults) if isinstance(faults, Path) else faults or FaultPlan()
    app_manifest = load_manifest(manifest)
    workspace, home = set_scene(play, app_manifest, rate)
    agenda, secret = Agenda(workspace.clock), secrets.token_hex(16)
    if delivery == "socket":
        carrier: Carrier = SocketMode(retry_delays, agenda, workspace.team.app_id)
    elif request_url:
        carrier = SignedHttp(retry_delays, agenda, request_url, secret)
    else:
        raise ValueError("HTTP delivery needs the bot's request_url")
    triggers, desk = Triggers(workspace.ids), FaultDesk(workspace.clock, plan.seed)
    backstage = Backstage(
        workspace,
        app_manifest,
        agenda,
        desk,
        carrier,
        Dispatch(workspace, carrier, triggers, agenda, desk),
        triggers,
        ResponseUrls(workspace),
        Dialogs(workspace),
        bot_token=f"xoxb-rehearsal-{secrets.token_hex(12)}",
        app_token=f"xapp-rehearsal-{secrets.token_hex(12)}",
        signing_secret=secret,
    )
    for rule in plan.rules:
        desk.add(rule)
    return backstage, home
