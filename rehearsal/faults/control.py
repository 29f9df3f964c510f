"""Faults and access over HTTP, for whoever is not in this process."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from rehearsal.faults.rule import PlanError
from rehearsal.page_api import body_of, said
from rehearsal.wire import Json

if TYPE_CHECKING:
    from rehearsal.server import Stage

_ORDERS = {"add", "clear", "release"}
_ACCESS = {"revoked", "withhold", "grant", "uninstall", "workspace"}


class FaultControl:
    """`POST /stage/faults` {add | release | clear}, `GET /stage/faults`, `POST /stage/access`."""

    def __init__(self, stage: "Stage") -> None:
        self._stage = stage

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/stage/faults", said(self._report))
        app.router.add_post("/stage/faults", said(self._order))
        app.router.add_post("/stage/access", said(self._access))

    async def _report(self, request: web.Request) -> Json:
        """The seed, and what fired how often."""
        return self._stage.faults.report()

    async def _order(self, request: web.Request) -> Json:
        """`add`: a rule or a list; `release`: a rule's number, or true for all; `clear`: true."""
        body = await body_of(request)
        if not body or set(body) - _ORDERS:
            raise PlanError(f"Give one of {', '.join(sorted(_ORDERS))}.")
        added = body.get("add", [])
        numbers = [self._stage.faults.add(rule).number for rule in (added if isinstance(added, list) else [added])]
        if body.get("release"):
            await self._stage.faults.release(None if body["release"] is True else int(body["release"]))
        if body.get("clear"):
            await self._stage.faults.clear()
        return {"ok": True, "numbers": numbers}

    async def _access(self, request: web.Request) -> Json:
        """`revoked`: whether the bot's token is; `withhold` and `grant`: lists of scopes; `uninstall`: true.

        `workspace`: where, unless it is in the first.
        """
        body = await body_of(request)
        if not body or set(body) - _ACCESS:
            raise PlanError(f"Give one of {', '.join(sorted(_ACCESS))}.")
        access = (self._stage.site(str(body["workspace"])) if "workspace" in body else self._stage).access
        access.withhold_scopes(*_scopes(body.get("withhold")))
        access.grant_scopes(*_scopes(body.get("grant")))
        if "revoked" in body:
            await (access.revoke_token() if body["revoked"] else access.restore_token())
        if body.get("uninstall"):
            await access.uninstall()
        return {"ok": True}


def _scopes(given: Any) -> list[str]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise PlanError("Scopes are a list.")
    return [str(scope) for scope in given]
