"""Every address of the stage, and who answers there."""

from typing import TYPE_CHECKING

from aiohttp import web

from rehearsal import doors
from rehearsal.delivery.socket_mode import SocketMode
from rehearsal.faults.control import FaultControl
from rehearsal.file_doors import FileDoors
from rehearsal.oauth.door import AuthorizeDoor
from rehearsal.page_api import PageApi
from rehearsal.settling import Settling

if TYPE_CHECKING:
    from rehearsal.server import Stage

_MOST_BODY = 100 * 1024 * 1024


def application(stage: "Stage", settling: Settling, *, page: bool) -> web.Application:
    app = web.Application(middlewares=[doors.only_this_machine], client_max_size=_MOST_BODY)
    files = FileDoors(stage.backstages, settling)
    app.router.add_route("*", "/api/{method}", stage.web_api.answer)
    app.router.add_get("/clock", settling.connect)
    if isinstance(stage.backstage.carrier, SocketMode):
        app.router.add_get("/link/", stage.backstage.carrier.connect)
    app.router.add_post("/response/{name}", files.respond)
    app.router.add_post("/upload/{file}", files.upload)
    app.router.add_get("/files/{file}/{name}", files.download)
    AuthorizeDoor(stage.backstages).add_to(app)
    PageApi(stage).add_to(app)
    FaultControl(stage).add_to(app)
    if page:
        app.router.add_get("/", doors.index)
        app.router.add_get("/static/{name}", doors.static)
    return app
