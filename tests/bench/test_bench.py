"""The benchmark works: it loses nothing that was acknowledged, and tells what it found. No figure is judged."""

import json
import subprocess
import sys
from pathlib import Path

from tests.process.running import PATIENCE, ROOT


def test_a_short_pass_tells_each_row_with_its_ratio(tmp_path: Path) -> None:
    """As a process, because it keeps to one core."""
    told = tmp_path / "rows.json"
    rows = "vote-full,bystander,command"

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--short", "--rows", rows, "--json", str(told)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(told.read_text())
    assert [row["name"] for row in found] == ["vote-full", "bystander", "command", "command-p99"]
    assert all(row["ratio"] == row["ours"] / row["theirs"] > 0 for row in found)
    assert {name for row in found for name in row} == {"name", "ours", "theirs", "ratio", "goal", "limit"}
    assert "vote-full" in done.stdout
