"""Measures of the bot's processes, as the kernel tells them, and what is told of a soak."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

TICKS = os.sysconf("SC_CLK_TCK")
WARM_UP = 0.2
MB = 1024


@dataclass(frozen=True)
class Sample:
    """After so many events: resident memory of each process in MB, and what the last chunk cost in seconds."""

    events: int
    memory: tuple[float, ...]
    cpu_s: float
    real_s: float
    chunk: int


@dataclass
class Told:
    """What came of a soak; `complaints` are to be none. `waited` is in milliseconds."""

    samples: list[Sample] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    gathering_s: float = 0
    passing_s: float = 0
    passing_cpu_s: float = 0
    bytes_each: float = 0

    @property
    def events(self) -> int:
        return self.samples[-1].events

    @property
    def growth(self) -> float:
        """MB from the warm-up to the end, of the process that has grown most."""
        return self._growth(WARM_UP)

    @property
    def late_growth(self) -> float:
        """The same in the second half alone."""
        return self._growth(0.5)

    @property
    def slower(self) -> float:
        """What an event costs in the last quarter, as a share of what it cost in the one after the warm-up."""
        at, quarter = int(len(self.samples) * WARM_UP), max(1, len(self.samples) // 4)
        return _cost(self.samples[-quarter:]) / _cost(self.samples[at : at + quarter])

    def _growth(self, since: float) -> float:
        kept = self.samples[int(len(self.samples) * since) :]
        return max(last - first for first, last in zip(kept[0].memory, kept[-1].memory, strict=True))

    def __str__(self) -> str:
        real, cpu = (sum(getattr(each, name) for each in self.samples) for name in ("real_s", "cpu_s"))
        percent = quantiles(self.waited, n=100)
        memory = ", ".join(
            f"{a:.0f} to {b:.0f}" for a, b in zip(self.samples[0].memory, self.samples[-1].memory, strict=True)
        )
        return (
            f"{self.events:,} events in {real:.0f} s ({self.events / real:.0f} a second), acknowledged within "
            f"{percent[49]:.1f} ms (half) and {percent[98]:.1f} ms (99 of 100), {cpu / self.events * 1000:.2f} ms of "
            f"processor each; late ones cost {self.slower:.2f} of early ones\n"
            f"beside that {self.gathering_s:.0f} s of gathering, and {self.passing_s:.0f} s at Slack's pace "
            f"({self.passing_cpu_s:.0f} s of processor)\n"
            f"memory in MB: {memory}; {self.growth:+.1f} since the warm-up, {self.late_growth:+.1f} in the last half; "
            f"{self.bytes_each:.0f} bytes of database for each event"
        )


def _cost(samples: Sequence[Sample]) -> float:
    return median(each.cpu_s / each.chunk for each in samples)


def memory(pid: int) -> float:
    """Resident, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / MB


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
