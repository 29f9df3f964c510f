"""How Python keeps house in a process: how often it looks for garbage, and of whom it has its memory."""

import ctypes
import gc
from contextlib import suppress

YOUNG = 20_000
"""So many new values before it looks at those; by default 700, and a third of the time in which a long record is read
goes into looking.
"""
_ARENAS, _MMAP_FROM = -8, -3
"""glibc's numbers for what can be asked of its memory (`mallopt`)."""
_LARGE = 128 * 1024


def collect_seldom() -> None:
    """Look for circles among values less often, and never again at what is there by now: it stays to the end."""
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    gc.enable()


def give_back() -> None:
    """One heap for all threads, and large blocks beside it, from where they go back to the system.

    glibc has a heap for each thread, of which most stays empty, and keeps more and more for large blocks. Elsewhere
    there is nothing to ask.
    """
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_ARENAS, 1)
        libc.mallopt(_MMAP_FROM, _LARGE)
