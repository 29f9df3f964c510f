"""Events that keep coming over signed HTTP, each with an id, and what became of each of them."""

import http.client
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from storage.engine import reading_engine
from tests.process.running import SECRET, post, signed, wait_until

AT_ONCE = 4


class Load:
    """`acknowledged` were answered 200, `refused` with the status that stands beside them; 0 is no answer at all."""

    def __init__(self, port: int, *, team: str = "T0MOOT", secret: str = SECRET, now: float | None = None) -> None:
        self._port, self._team, self._secret = port, team, secret
        self._now = time.time() if now is None else now
        self._numbers = itertools.count()
        self._over = threading.Event()
        self.acknowledged: set[str] = set()
        self.refused: dict[str, int] = {}

    def send(self, number: int) -> bool:
        """One event, such as Slack sends it; True where it was acknowledged."""
        name = f"Ev{number}"
        stamp = f"{int(self._now)}.{number:06}"
        said = {"type": "message", "channel": "C0MOOT", "user": "U0BEN", "ts": stamp}
        said["text"] = f"#info kept {name}"
        body = json.dumps({"type": "event_callback", "team_id": self._team, "event_id": name, "event": said}).encode()
        try:
            status, _ = post(self._port, body, signed(body, secret=self._secret))
        except (OSError, http.client.HTTPException):
            status = 0
        if status == 200:
            self.acknowledged.add(name)
        else:
            self.refused[name] = status
        return status == 200

    @contextmanager
    def going_on(self) -> Iterator["Load"]:
        self._over.clear()
        threads = [threading.Thread(target=self._go_on, daemon=True) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join(30)

    def more(self, events: int = 20) -> None:
        """Wait until so many more are acknowledged."""
        before = len(self.acknowledged)
        wait_until(lambda: len(self.acknowledged) >= before + events)

    def until_refused(self, events: int = 5) -> None:
        """Wait until so many more were refused."""
        before = len(self.refused)
        wait_until(lambda: len(self.refused) >= before + events)

    def again(self) -> None:
        """Slack tries again what was refused: by now all of it is taken."""
        for name in list(self.refused):
            assert self.send(int(name.removeprefix("Ev"))), name

    def _go_on(self) -> None:
        while not self._over.is_set():
            if not self.send(next(self._numbers)):
                self._over.wait(0.05)  # Slack waits a minute


def kept(address: str) -> set[str]:
    """The events that are in the database; each has its entry, and each entry its event, noted by its message."""
    engine = reading_engine(address)
    with engine.connect() as connection:
        noted = connection.execute(text("SELECT key FROM inbox WHERE key LIKE 'C0MOOT:%'")).scalars()
        events = {f"Ev{int(key.rpartition('.')[2])}" for key in noted}
        entries = [
            words.split()[-1]
            for words in connection.execute(text("SELECT text FROM entries WHERE text LIKE 'kept Ev%'")).scalars()
        ]
    engine.dispose()
    assert sorted(entries) == sorted(events), "an event was half written, or twice"
    return events
