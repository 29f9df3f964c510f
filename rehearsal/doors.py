"""Who may come in: only this machine's own programs and pages; and what a page may then load."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = {"127.0.0.1", "localhost"}
_PAGE = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A name that was rebound to 127.0.0.1 still comes as a foreign Host, and a foreign page as an Origin."""
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        raise web.HTTPForbidden(text="The stage answers to 127.0.0.1 and localhost only.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="The stage answers to its own page only.")
    return await handler(request)


async def index(request: web.Request) -> web.StreamResponse:
    return _page_file("index.html")


async def static(request: web.Request) -> web.StreamResponse:
    return _page_file(request.match_info["name"])


def _page_file(name: str) -> web.StreamResponse:
    path = _PAGE / name
    # The name comes from a URL: it must be that of a file right there.
    if path.parent != _PAGE or path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound(text="There is no such page.")
    headers = {**PAGE_HEADERS, "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8"}
    return web.FileResponse(path, headers=headers)
