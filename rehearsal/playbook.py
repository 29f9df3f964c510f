"""What a play is made of, wherever it was read from."""

from dataclasses import dataclass

from rehearsal.wire import Json


class PlayError(Exception):
    """A play that cannot be read or performed, with a sentence that says where and why."""


@dataclass(frozen=True)
class Role:
    handle: str
    name: str
    tz: str = "UTC"
    is_bot: bool = False


@dataclass(frozen=True)
class Line:
    """One act at a time; `as_id` names the message that comes of it for later lines."""

    number: int
    at_us: int
    who: str
    act: Json
    as_id: str = ""

    def __str__(self) -> str:
        """Who does what, in few words."""
        words = str(self.act.get("text") or self.act.get("emoji") or self.act.get("button") or "")
        first = words.strip().partition("\n")[0]
        return f"{self.who} {self.act['do']} {first[:60]}".rstrip()


@dataclass(frozen=True)
class Play:
    """`skipped` counts what a meeting log holds besides speech."""

    title: str
    note: str
    workspace: str
    domain: str
    channels: tuple[str, ...]
    start_us: int
    people: tuple[Role, ...]
    lines: tuple[Line, ...]
    skipped: int = 0
