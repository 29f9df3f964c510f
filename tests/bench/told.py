"""What a process tells of itself when it has done what is measured."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path


def timed(*works: Callable[[], object]) -> None:
    """Do it, and print the seconds that it took and the most memory, in bytes, that the process has had by then.

    Besides, `loaded` is the memory before, and `parts` are the seconds of each of the works.
    """
    loaded, parts = _peak(), list[float]()
    for work in works:
        begun = time.perf_counter()
        work()
        parts.append(time.perf_counter() - begun)
    json.dump({"seconds": sum(parts), "peak": _peak(), "loaded": loaded, "parts": parts}, sys.stdout)


def _peak() -> int:
    """Of this program alone: what `getrusage` says begins with the memory of whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
