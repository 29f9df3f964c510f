"""Where the bytes of files go in and come out."""

import json

from aiohttp import web

from rehearsal.backstage import Backstage, Backstages
from rehearsal.interactions.responses import ResponseRefused
from rehearsal.messages import SharedFile
from rehearsal.settling import Settling


class FileDoors:
    """Uploads and downloads, and the response URLs, which are likewise keyed by what is in the path."""

    def __init__(self, stages: Backstages, settling: Settling) -> None:
        self._stages = stages
        self._settling = settling

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes, raw or as a form's file; they must be exactly as long as was said."""
        _, file = self._found(request)
        if file is None or file.content:
            raise web.HTTPNotFound(text="no such upload")
        with self._settling.call("an upload URL"):
            content = await _content(request)
        if len(content) != file.size:
            raise web.HTTPBadRequest(text=f"expected {file.size} bytes, got {len(content)}")
        file.content = content
        return web.Response(text=f"OK - {file.size}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """For the bot by its token; for people by the page that they are on, as by Slack's cookie."""
        stage, file = self._found(request)
        allowed = _from_own_page(request) or _has_token(request, stage)
        if file is None or not file.complete or not allowed:
            raise web.HTTPNotFound(text="no such file")
        headers = {
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        }
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    def _found(self, request: web.Request) -> tuple[Backstage, SharedFile | None]:
        """A file's name is new in all workspaces."""
        name = request.match_info["file"]
        stage = next((each for each in self._stages if name in each.workspace.files), self._stages.first)
        return stage, stage.workspace.files.get(name)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """An answer to a response URL."""
        try:
            with self._settling.call("a response URL"):
                body = await request.json()
                if not isinstance(body, dict):
                    raise ResponseRefused("invalid_payload")
                name = request.match_info["name"]
                stage = next((each for each in self._stages if each.responses.knows(name)), self._stages.first)
                stage.responses.use(name, body)
        except json.JSONDecodeError:
            raise web.HTTPBadRequest(text="invalid_payload") from None
        except ResponseRefused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=404)
        return web.Response(text="ok")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    files = [part for part in form.values() if isinstance(part, web.FileField)]
    if len(files) != 1:
        raise web.HTTPBadRequest(text="expected one file")
    return files[0].file.read()


def _has_token(request: web.Request, stage: Backstage) -> bool:
    given = request.headers.get("Authorization", "")
    allowed = stage.installed and stage.manifest.grants("files:read")
    return allowed and given == f"Bearer {stage.bot_token}"


def _from_own_page(request: web.Request) -> bool:
    """Browsers say where a request comes from, and no page can make them say otherwise."""
    return request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}
