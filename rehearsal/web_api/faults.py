"""Ways in which Slack fails, to be ordered in advance for the next calls of a method."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["error", "status", "hang_up_before", "hang_up_after"]


@dataclass(frozen=True)
class Fault:
    """`hang_up_after` does what was asked and then drops the connection: the ambiguous failure.

    `error` is the code of an `ok: false`; `status` an HTTP status, with `retry_after` seconds if any.
    """

    kind: FaultKind
    error: str = "internal_error"
    status: int = 503
    retry_after: int | None = None


class Faults:
    def __init__(self) -> None:
        self._next: dict[str, deque[Fault]] = {}

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        self._next.setdefault(method, deque()).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        waiting = self._next.get(method)
        return waiting.popleft() if waiting else None
