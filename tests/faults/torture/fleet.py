"""The bot's processes, in all their lives."""

from pathlib import Path

from tests.process.nursery import Forked, Nursery

READY = "Folkmoot is running"


class Member:
    """One process by its command (`run`, `web` or `worker`); each life has a log of its own."""

    def __init__(self, nursery: Nursery, command: str, environment: dict[str, str], folder: Path, name: str) -> None:
        self._nursery, self._command, self._environment = nursery, command, environment
        self._folder, self.name = folder, name
        self.lives = 0
        self.is_ready = False
        self._process: Forked | None = None

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        self.lives += 1
        said = f"{self.name}.{self.lives}.log"
        self._process = self._nursery.start(
            self._command, environment=self._environment, folder=self._folder, said=said
        )

    async def ready(self) -> None:
        """Wait until it runs; one that ended by itself is an error, told with its last words."""
        assert self._process
        await self._process.until(READY)
        assert self._process.alive, f"{self.name} ended by itself: {self.log[-2000:]}"
        self.is_ready = True

    async def soon_ready(self) -> None:
        """The same where nobody minds that it may be killed before."""
        process = self._process
        assert process
        await process.until(READY)
        if process is self._process and process.alive:
            self.is_ready = True

    def kill(self) -> None:
        self.is_ready = False
        if self._process:
            self._process.kill()

    @property
    def log(self) -> str:
        return self._process.log if self._process else ""

    def tracebacks(self) -> list[str]:
        """The logs, of all lives, in which something went wrong that nobody had thought of."""
        logs = sorted(self._folder.glob(f"{self.name}.*.log"))
        return [f"{log.name}: {log.read_text()[-3000:]}" for log in logs if "Traceback" in log.read_text()]
