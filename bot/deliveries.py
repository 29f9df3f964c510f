"""Deliveries: Bolt's app, told in one line for each thing that Slack delivers, whichever way it came."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

UNKNOWN = "unknown"
"""Under this name a listener of last resort leaves in the request's context that nothing else answers it."""
log = logging.getLogger(__name__)


ShortWay = Callable[[dict[str, Any]], Awaitable[int | None]]
"""Answers a body, past Bolt, with an HTTP status; None where it is Bolt's to answer."""


class DeliveryApp(AsyncApp):
    """`on_answered(kind, status)` is called for each; `last_at` is the monotonic second of the last one."""

    on_answered: Callable[[str, int], None] = staticmethod(lambda kind, status: None)
    last_at: float | None = None
    short_way: ShortWay | None = None

    async def in_short(self, body: dict[str, Any], retry: str | None) -> int | None:
        """Take the short way with a body of Slack's form, where there is one; `retry` is which try of Slack's it is."""
        if self.short_way is None:
            return None
        began = monotonic()
        status = await self.short_way(body)
        if status is not None:
            self.last_at = began
            where = (body.get("team_id"), _place(body["event"]), body["event"].get("user"))
            self._answered(body, status, *where, retry, began)
        return status

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        retry = next(iter(req.headers.get("x-slack-retry-num", ())), None)
        if (status := await self.in_short(req.body, retry)) is not None:
            return BoltResponse(status=status, body="")
        began = self.last_at = monotonic()
        response = await super().async_dispatch(req)
        context = req.context
        where = (context.team_id, context.channel_id, context.user_id)
        self._answered(req.body, response.status, *where, retry, began, known=UNKNOWN not in context)
        return response

    def _answered(
        self,
        body: dict[str, Any],
        status: int,
        team: str | None,
        channel: str | None,
        user: str | None,
        retry: str | None,
        began: float,
        *,
        known: bool = True,
    ) -> None:
        kind = kind_of(body)
        self.on_answered(kind if known else UNKNOWN, status)
        level = logging.INFO if known and status < 400 else logging.WARNING
        if log.isEnabledFor(level):
            told = "delivery" if known else "delivery that nothing here answers"
            ids: dict[str, object] = {"kind": kind, "delivery": _name(body)}
            ids |= {"team": team, "channel": channel, "user": user, "retry": retry, "status": status}
            log.log(level, told, extra=ids | {"ms": round((monotonic() - began) * 1000, 1)})


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


def _place(event: dict[str, Any]) -> str | None:
    item = event.get("item")
    return item.get("channel") if isinstance(item, dict) else None


def _name(body: dict[str, Any]) -> str | None:
    """An event's own name; of everything else a digest of its trigger, which is a secret while it is good."""
    trigger = body.get("trigger_id")
    if trigger is None:
        return body.get("event_id")
    return hashlib.sha256(str(trigger).encode(errors="replace")).hexdigest()[:12]


def _first(actions: Any) -> dict[str, Any]:
    return actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
