"""What ptgbot does where a track moves on: the whole of its JSON file, anew, without fsync: `FILE TRACKS TIMES`.

In the shape, and of the size, that its file has with so many tracks.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any


def data(tracks: int) -> dict[str, Any]:
    names = [f"track{number:04}" for number in range(tracks)]
    etherpads = {name: f"https://etherpad.opendev.org/p/ptg-april-2026-{name}" for name in names}
    now = {name: f"discussing what {name} does in the next cycle, and with whom" for name in names}
    upcoming = {name: ["stable branches", "onboarding"] for name in names}
    return {"tracks": names, "etherpads": etherpads, "now": now, "next": upcoming, "location": {}, "motd": []}


def main(file: Path, tracks: int, times: int) -> None:
    kept = data(tracks)
    spent = list[float]()
    for number in range(times):
        begun = time.perf_counter()
        kept["now"][f"track{number * 7 % tracks:04}"] = f"Topic {number}"
        with file.open("w", encoding="utf-8") as written:
            json.dump(kept, written)
        spent.append(time.perf_counter() - begun)
    json.dump({"seconds": statistics.median(spent)}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
