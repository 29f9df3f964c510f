"""Deliveries: Bolt's app, told in one line for each thing that Slack delivers, whichever way it came."""

import hashlib
import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

UNKNOWN = "unknown"
"""Under this name a listener of last resort leaves in the request's context that nothing else answers it."""
log = logging.getLogger(__name__)


class DeliveryApp(AsyncApp):
    """`on_answered(kind, status)` is called for each; `last_at` is the monotonic second of the last one."""

    on_answered: Callable[[str, int], None] = staticmethod(lambda kind, status: None)
    last_at: float | None = None

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        began = self.last_at = monotonic()
        response = await super().async_dispatch(req)
        known = UNKNOWN not in req.context
        kind = kind_of(req.body)
        self.on_answered(kind if known else UNKNOWN, response.status)
        level = logging.INFO if known and response.status < 400 else logging.WARNING
        if log.isEnabledFor(level):
            told = "delivery" if known else "delivery that nothing here answers"
            log.log(level, told, extra=_ids(req, kind, response.status, monotonic() - began))
        return response


def is_of_slacks_form(body: Any) -> bool:
    """Whether it has the parts by which Bolt finds who is to answer it: it stumbles where they are of another kind."""
    if not isinstance(body, dict) or not isinstance(body.get("type", ""), str):
        return False
    event, view, actions = body.get("event"), body.get("view"), body.get("actions")
    if event is not None or body.get("type") == "event_callback":
        return isinstance(event, dict) and isinstance(event.get("type"), str)
    if view is not None and not (isinstance(view, dict) and isinstance(view.get("type"), str)):
        return False
    return actions is None or bool(_first(actions))


def kind_of(body: dict[str, Any]) -> str:
    """Slack's own name for what it is: `reaction_added`, `/topic`, `click:sign_in`, `dialog:propose`."""
    event = body.get("event")
    if isinstance(event, dict):
        return str(event.get("type"))
    if "command" in body:
        return str(body["command"])
    what = str(body.get("type"))
    if what == "block_actions":
        return f"click:{_first(body.get('actions')).get('action_id')}"
    if what == "view_submission":
        return f"dialog:{body['view'].get('callback_id')}" if isinstance(body.get("view"), dict) else "dialog"
    return what


def _ids(req: AsyncBoltRequest, kind: str, status: int, seconds: float) -> dict[str, Any]:
    context, retry = req.context, req.headers.get("x-slack-retry-num")
    return {
        "kind": kind,
        "delivery": _name(req.body),
        "team": context.team_id,
        "channel": context.channel_id,
        "user": context.user_id,
        "retry": retry[0] if retry else None,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }


def _name(body: dict[str, Any]) -> str | None:
    """An event's own name; of everything else a digest of its trigger, which is a secret while it is good."""
    trigger = body.get("trigger_id")
    if trigger is None:
        return body.get("event_id")
    return hashlib.sha256(str(trigger).encode(errors="replace")).hexdigest()[:12]


def _first(actions: Any) -> dict[str, Any]:
    return actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
