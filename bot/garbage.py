"""Garbage: Python looks for circles among its values, again and again, and few of ours stand in any."""

import gc

YOUNG = 20_000
"""So many new values before it looks at those; by default 700, and a third of the time in which a long record is read
goes into looking.
"""


def collect_seldom() -> None:
    """Look less often, and never again at what is there by now: it stays to the end."""
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    gc.enable()
