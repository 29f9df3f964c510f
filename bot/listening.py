"""Listening: a server of our own on an address, or a sentence on why not."""

import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError


class CannotListen(Exception):
    """The address of our own is not to be had; the message names its variables, and says which and why."""


async def listen(server: web.Application, host: str, port: int, variable: str = "PORT") -> web.AppRunner:
    """Serve until the runner that this returns is cleaned up; raises CannotListen.

    What comes compressed stays so (Slack sends nothing of the kind): a small body must not become a large one.
    """
    runner = web.AppRunner(
        server, access_log=None, logger=_LOG, shutdown_timeout=1, auto_decompress=False, lingering_time=2
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as failure:
        await runner.cleanup()
        raise CannotListen(f"HOST and {variable}: cannot listen on {host}:{port} ({failure.strerror})") from None
    return runner


class _WithoutHeaders(logging.Filter):
    """aiohttp quotes what it cannot read as HTTP, and that may be a signature."""

    def filter(self, record: logging.LogRecord) -> bool:
        failure = record.exc_info[1] if record.exc_info else None
        if isinstance(failure, HttpProcessingError):
            record.msg, record.args, record.exc_info = "request refused: it cannot be read as HTTP", (), None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.__dict__["status"] = failure.code
        return True


_LOG = logging.getLogger(__name__)
_LOG.addFilter(_WithoutHeaders())
