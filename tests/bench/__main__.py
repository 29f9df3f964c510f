"""`make bench`: a table of medians and ratios. `make bench ARGS="--rows vote-full,start --json FILE"`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.row import Effort, Row
from tests.bench.rows import ROWS
from tests.bench.server import spread

SHORT = Effort(seconds=0.5, rounds=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print; the status is 0 whatever comes out, and 1 where something acknowledged was lost."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--rows", default=",".join(ROWS), help="some of: %(default)s")
    asked.add_argument("--rounds", type=int, default=Effort.rounds)
    asked.add_argument("--seconds", type=float, default=Effort.seconds, help="of each turn")
    asked.add_argument("--short", action="store_true", help="only to see that it works: the figures mean nothing")
    asked.add_argument("--json", type=Path, help="write the rows to this file, too")
    given = asked.parse_args(arguments)
    names = given.rows.split(",")
    if unknown := sorted(set(names) - set(ROWS)):
        asked.error(f"there is no row {', '.join(unknown)}")
    spread()
    effort = SHORT if given.short else Effort(given.seconds, given.rounds)
    rows = list[Row]()
    for name in names:
        print(f"{name} …", file=sys.stderr)
        rows += ROWS[name](effort)
    Console().print(_table(rows))
    if given.json is not None:
        given.json.write_text(json.dumps([_told(row) for row in rows], indent=1), encoding="utf-8")
    return 0


def _told(row: Row) -> dict[str, object]:
    figures = {"ours": row.ours, "theirs": row.theirs, "ratio": row.ratio, "goal": row.goal, "limit": row.limit}
    return {"name": row.name, **figures}


def _table(rows: Sequence[Row]) -> Table:
    table = Table("row", "ours", "theirs", "unit", "ratio", "goal", "")
    for row in rows:
        goal = f"{'≥' if row.at_least else '≤'} {row.goal:g}"
        figures = (f"{row.ours:,.3g}" if row.ours < 100 else f"{row.ours:,.0f}" for row in [row])
        theirs = f"{row.theirs:,.3g}" if row.theirs < 100 else f"{row.theirs:,.0f}"
        table.add_row(row.name, *figures, theirs, row.unit, f"{row.ratio:.2f}", goal, "yes" if row.reached else "no")
    return table


if __name__ == "__main__":
    sys.exit(main())
