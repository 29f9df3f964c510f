"""Ports for servers of tests."""

import socket
import sys

_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port of 127.0.0.1 that nobody else is given while these tests run, however many run beside them.

    It stays bound, and a server may listen there all the same: both say SO_REUSEADDR, and only one listens. Other
    systems than Linux refuse that, so there the port is free when it is asked for, and no more.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    if sys.platform == "linux":
        _HELD.append(held)
    else:
        held.close()
    return port
