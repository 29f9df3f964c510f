"""The small notations of Slack's wire: JSON objects, timestamps and identifiers."""

import secrets
import string
from typing import Any

Json = dict[str, Any]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

_CAPITALS = string.ascii_uppercase + string.digits


def ts_of(microseconds: int) -> str:
    """Slack's message timestamp for a moment in microseconds since the epoch."""
    seconds, rest = divmod(microseconds, SECOND)
    return f"{seconds}.{rest:06d}"


def us_of(ts: str) -> int:
    """The moment of a timestamp; `ValueError` when it is not one. Slack also takes whole seconds."""
    seconds, _, rest = ts.partition(".")
    if not (seconds.isdecimal() and (rest.isdecimal() or not rest) and len(rest) <= 6):
        raise ValueError(f"not a timestamp: {ts!r}")
    return int(seconds) * SECOND + int(rest.ljust(6, "0"))


def id_part(name: str) -> str:
    """What of a name can stand in a Slack id, which is capitals and digits only."""
    return "".join(letter for letter in name.upper() if letter in _CAPITALS)


class Ids:
    """Identifiers that are new in every run: a bot that kept its database must not meet one twice."""

    def __init__(self) -> None:
        self._run = "".join(secrets.choice(_CAPITALS) for _ in range(5))
        self._count = 0

    def new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}0{self._run}{self._count:05d}"
